/** Makes a map that cannot be changed: `Object.freeze` alone does not reach a Map's entries. */
export function frozenMap<V>(entries: Iterable<readonly [string, V]>): ReadonlyMap<string, V> {
  const map = new Map(entries);
  const refuse = (): never => {
    throw new TypeError('this map is read-only');
  };
  return Object.freeze(
    Object.defineProperties(map, { set: { value: refuse }, delete: { value: refuse }, clear: { value: refuse } }),
  );
}

/** Freezes plain data, all the way down; values of maps included. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  const children: Iterable<unknown> = value instanceof Map ? value.values() : Object.values(value);
  for (const child of children) deepFreeze(child);
  return Object.freeze(value);
}
