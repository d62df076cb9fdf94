import { types } from 'node:util';

/**
 * Jest runs tests in a context with an `Error` of its own, so errors that Node makes (ECONNREFUSED, a cut stream) are no
 * `instanceof Error` there. The SDK wraps such things and drops their code, which it never does in production. This
 * makes `instanceof Error` say in tests what it says in production; subclasses are judged as ever.
 */
Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, value: unknown): boolean {
    if (this === Error && types.isNativeError(value)) return true;
    return Function.prototype[Symbol.hasInstance].call(this as typeof Error, value);
  },
});
