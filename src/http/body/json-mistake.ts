import { type JsonExpected, scanJson } from '../../base/json-scan';

export interface JsonMistake {
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 code units. */
  readonly column: number;
  /** What could have stood there. */
  readonly expected: string;
}

/** How the caller is told what may come next. */
const WORDS: Readonly<Record<JsonExpected, string>> = {
  value: 'a JSON value',
  'first element': 'a JSON value or a closing bracket',
  key: 'a key in double quotes',
  'first key': 'a key in double quotes or a closing brace',
  colon: 'a colon',
  'after element': 'a comma or a closing bracket',
  'after member': 'a comma or a closing brace',
  end: 'the end',
};

/**
 * Finds where text is not JSON (RFC 8259); undefined when it is. `JSON.parse` does not say it on every Node, and quotes
 * the text.
 */
export function findJsonMistake(text: string): JsonMistake | undefined {
  const mistake = scanJson(text);
  return mistake && { line: mistake.line, column: mistake.column, expected: WORDS[mistake.expected] };
}
