/** One mistake in a configuration file. Neither text ever holds a secret's value. */
export interface ConfigProblem {
  /** JSON pointer (RFC 6901) into the file; empty for the whole file. */
  readonly pointer: string;
  /** What stands there, e.g. `the number 7`. */
  readonly found: string;
  /** What may stand there. */
  readonly allowed: string;
}

/** Extends `parent` by member names or indexes, escaped as RFC 6901 asks. */
export function pointerTo(parent: string, ...keys: readonly (string | number)[]): string {
  return keys.reduce<string>(
    (pointer, key) => `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`,
    parent,
  );
}

/** Reads the member names of a pointer, unescaped. */
export function keysOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Writes a problem as one line for people: where, what was found, what is allowed. */
export function formatProblem(problem: ConfigProblem): string {
  return `${problem.pointer === '' ? '(whole file)' : problem.pointer}: found ${problem.found}; allowed: ${problem.allowed}`;
}

/** Writes `value` as words; strings longer than 80 characters are cut. Never call it with a secret. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `an array of ${value.length}`;
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty object' : 'an object';
  if (typeof value === 'string')
    return value === '' ? 'an empty string' : JSON.stringify(value.length > 80 ? `${value.slice(0, 79)}…` : value);
  return `the ${typeof value} ${JSON.stringify(value)}`;
}

/** Tells what may be said about a value that is, or stands where there should be, a secret. */
export function describeHidden(value: unknown): string {
  if (typeof value === 'string' && value !== '' && value.trim() === '') return 'white space alone';
  return typeof value === 'string' && value !== ''
    ? 'a string (not shown: it is a secret)'
    : typeof value === 'number'
      ? 'a number (not shown: it is a secret)'
      : describe(value);
}
