import type { Plain } from '../../../shared/settings-shapes';

/** Turns an SDK shape into JSON: times as ISO-8601 in UTC, absent members left out. */
export function plain(value: unknown): Plain {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return value.toISOString().replace(/\.000Z$/, 'Z');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object') {
    const given = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(given.map(([name, member]) => [name, plain(member)]));
  }
  // SDK shapes hold nothing else: streams are not settings.
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string' ? value : null;
}

/**
 * Tells whether two JSON values say the same, whatever the order of their members; goes no deeper than the shallower
 * one.
 */
export function samePlain(left: unknown, right: unknown): boolean {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return left === right;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const ours = new Map<string, unknown>(Object.entries(left));
  const theirs = Object.entries(right);
  return (
    ours.size === theirs.length && theirs.every(([name, member]) => ours.has(name) && samePlain(ours.get(name), member))
  );
}

/** Tells whether two JSON texts say the same; what is no JSON is compared as text. */
export function sameJson(left: string, right: string): boolean {
  if (left === right) return true;
  try {
    return samePlain(JSON.parse(left), JSON.parse(right));
  } catch {
    return false;
  }
}
