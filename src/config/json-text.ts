import { pointerTo } from './problems';

/** Where JSON text goes wrong, counted from 1. The text itself is not quoted: it may hold secrets. */
export interface JsonSyntaxError {
  readonly line: number;
  readonly column: number;
  /** What should have stood there. */
  readonly expected: string;
}

export type ParsedJson =
  | { readonly ok: true; readonly value: unknown; readonly duplicates: readonly string[] }
  | { readonly ok: false; readonly error: JsonSyntaxError };

const SPACE = /[ \t\r\n]*/y;
// eslint-disable-next-line no-control-regex -- RFC 8259 forbids exactly these in strings
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"/y;
const SCALAR = /(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)(?![\w.+-])/y;

/**
 * Parses JSON (RFC 8259), saying line and column of a mistake and the pointers of keys that stand twice in one object.
 * `JSON.parse` alone quotes the text around a mistake, which may be a secret, and silently drops the first of two keys.
 */
export function parseJson(text: string): ParsedJson {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  const duplicates: string[] = [];
  let at = 0;

  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(body)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const next = (): string => {
    take(SPACE);
    return body.charAt(at);
  };

  /** Reads one value; gives what was expected instead where there is none. */
  const value = (pointer: string): string | undefined => {
    const first = next();
    if (first === '{') return members(pointer);
    if (first === '[') return elements(pointer);
    if (first === '"') return take(STRING) === undefined ? 'a string that ends on its line, with valid escapes' : undefined;
    return take(SCALAR) === undefined ? 'a JSON value' : undefined;
  };

  const members = (pointer: string): string | undefined => {
    const seen = new Set<string>();
    at++;
    if (next() === '}') {
      at++;
      return undefined;
    }
    for (;;) {
      next();
      const quoted = take(STRING);
      if (quoted === undefined) return 'a key in double quotes';
      const key = String(JSON.parse(quoted));
      if (seen.has(key)) duplicates.push(pointerTo(pointer, key));
      seen.add(key);
      if (next() !== ':') return 'a colon after the key';
      at++;
      const wrong = value(pointerTo(pointer, key));
      if (wrong !== undefined) return wrong;
      const separator = next();
      if (separator !== ',' && separator !== '}') return 'a comma or a closing brace';
      at++;
      if (separator === '}') return undefined;
    }
  };

  const elements = (pointer: string): string | undefined => {
    at++;
    if (next() === ']') {
      at++;
      return undefined;
    }
    for (let index = 0; ; index++) {
      const wrong = value(pointerTo(pointer, index));
      if (wrong !== undefined) return wrong;
      const separator = next();
      if (separator !== ',' && separator !== ']') return 'a comma or a closing bracket';
      at++;
      if (separator === ']') return undefined;
    }
  };

  const expected = value('') ?? (next() === '' ? undefined : 'the end of the file');
  if (expected === undefined) return { ok: true, value: JSON.parse(body), duplicates };
  const before = body.slice(0, at).split('\n');
  return { ok: false, error: { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, expected } };
}
