import { type JsonValue, textOfTime } from '../../base/json';
import { isSecret } from '../../base/secret';

/** Tells whether a value has members of its own, which are not a list's. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date) && !isSecret(value)
  );
}

/**
 * Encodes a value that the document leaves open: whatever it holds, times as text, nothing as `null`. `order` gives the
 * members' order.
 * @throws Error on a secret, and on what JSON cannot hold; `at` says where in openapi.yaml.
 */
export function openValue(value: unknown, at: string, order: (names: string[]) => string[]): JsonValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (value instanceof Date) return textOfTime(value);
  if (isSecret(value)) return refuseSecret(at);
  if (Array.isArray(value)) return value.map((element) => openValue(element, at, order));
  if (!isRecord(value)) throw new Error(`openapi.yaml ${at}: JSON cannot hold a ${typeof value}`);
  const names = order(Object.keys(value).filter((name) => value[name] !== undefined));
  return Object.fromEntries(names.map((name) => [name, openValue(value[name], at, order)]));
}

/** @throws Error always: the document does not allow a secret there, so a mistake of ours must not show it. */
export function refuseSecret(at: string): never {
  throw new Error(`openapi.yaml ${at}: a secret may stand only where the document has x-secret`);
}
