import { type JsonExpected, scanJson } from '../base/json-scan';
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

/** How whoever wrote the file is told: closing at once is allowed, but hardly what was meant. */
const WORDS: Readonly<Record<JsonExpected, string>> = {
  value: 'a JSON value',
  'first element': 'a JSON value',
  key: 'a key in double quotes',
  'first key': 'a key in double quotes',
  colon: 'a colon after the key',
  'after element': 'a comma or a closing bracket',
  'after member': 'a comma or a closing brace',
  end: 'the end of the file',
};

/**
 * Parses JSON (RFC 8259), saying line and column of a mistake and the pointers of keys that stand twice in one object.
 */
export function parseJson(text: string): ParsedJson {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  const duplicates: string[] = [];
  const mistake = scanJson(body, ({ repeated, path }) => {
    if (repeated) duplicates.push(pointerTo('', ...path()));
  });
  if (mistake === undefined) return { ok: true, value: JSON.parse(body), duplicates };
  const { line, column, found } = mistake;
  const inValue = mistake.expected === 'value' || mistake.expected === 'first element';
  const expected =
    inValue && found === '"' ? 'a string that ends on its line, with valid escapes' : WORDS[mistake.expected];
  return { ok: false, error: { line, column, expected } };
}
