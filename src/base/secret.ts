import { inspect } from 'node:util';

/**
 * A value that must reach exactly one reader. JSON and inspection show `[secret]`, so it can ride through
 * answers, events and the journal; only the response encoder calls `reveal`.
 */
export interface Secret {
  readonly reveal: () => string;
  readonly toJSON: () => '[secret]';
}

/** What is shown in place of a secret. */
export const HIDDEN = '[secret]';

/** Wraps `value`; the plain text is reachable through `reveal()` alone. */
export function secret(value: string): Secret {
  return Object.freeze({
    reveal: () => value,
    toJSON: () => HIDDEN,
    toString: () => HIDDEN,
    [inspect.custom]: () => HIDDEN,
  } as const);
}

export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && 'reveal' in value && typeof value.reveal === 'function';
}
