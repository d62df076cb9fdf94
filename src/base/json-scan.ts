/** What may come next at some place of a JSON text. */
export type JsonExpected =
  'value' | 'first element' | 'key' | 'first key' | 'colon' | 'after element' | 'after member' | 'end';

/** Where text stops being JSON. The text itself is not quoted: it may hold secrets. */
export interface JsonMistake {
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 code units. */
  readonly column: number;
  readonly expected: JsonExpected;
  /** The character that stands there; empty at the end of the text. */
  readonly found: string;
}

/** A key of an object, where it stands. */
export interface JsonKey {
  readonly key: string;
  /** It stood in the same object before. */
  readonly repeated: boolean;
  /** Keys and indexes from the whole text down to it. */
  readonly path: () => readonly (string | number)[];
}

interface Frame {
  /** Keys so far; undefined for an array. */
  readonly keys: Set<string> | undefined;
  /** The member or element that is being read. */
  at: string | number;
}

const SPACE = /[ \t\r\n]*/y;
/** What a string may hold up to its end or a backslash, and what may follow one. */
const PLAIN = /[ !#-[\]-\uffff]*/y;
const ESCAPED = /["\\/bfnrt]|u[0-9A-Fa-f]{4}/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w)/y;

/**
 * Reads JSON (RFC 8259) for what `JSON.parse` does not say: where a mistake is, without quoting the text around it, and
 * keys that stand twice in one object, of which it drops the first in silence. Gives the mistake; undefined for JSON.
 * Keeps a stack of its own, because callers decide how deep the text is nested.
 */
export function scanJson(text: string, onKey?: (found: JsonKey) => void): JsonMistake | undefined {
  const open: Frame[] = [];
  let at = 0;
  let state: JsonExpected = 'value';

  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  /** Piece by piece: one pattern for a whole string would keep each of its characters in mind. */
  const takeString = (): string | undefined => {
    const from = at;
    if (text[at] !== '"') return undefined;
    at++;
    for (;;) {
      take(PLAIN);
      const end = text[at++];
      if (end === '"') return text.slice(from, at);
      if (end !== '\\' || take(ESCAPED) === undefined) {
        at = from;
        return undefined;
      }
    }
  };
  const afterValue = (): JsonExpected => {
    const frame = open.at(-1);
    if (frame === undefined) return 'end';
    return frame.keys === undefined ? 'after element' : 'after member';
  };
  const enter = (keys: Set<string> | undefined): JsonExpected => {
    at++;
    open.push({ keys, at: 0 });
    return keys === undefined ? 'first element' : 'first key';
  };
  const leave = (): JsonExpected => {
    at++;
    open.pop();
    return afterValue();
  };
  const skip = (next: JsonExpected): JsonExpected => {
    at++;
    return next;
  };
  const readKey = (quoted: string): JsonExpected => {
    const frame = open.at(-1);
    const key = String(JSON.parse(quoted));
    if (frame?.keys !== undefined) {
      frame.at = key;
      onKey?.({ key, repeated: frame.keys.has(key), path: () => open.map((one) => one.at) });
      frame.keys.add(key);
    }
    return 'colon';
  };
  const nextElement = (): JsonExpected => {
    const frame = open.at(-1);
    if (typeof frame?.at === 'number') frame.at++;
    return skip('value');
  };

  /** The state after the next token; undefined when none fits. */
  const step = (token: string): JsonExpected | undefined => {
    switch (state) {
      case 'first element':
      case 'value':
        if (token === ']' && state === 'first element') return leave();
        if (token === '{') return enter(new Set());
        if (token === '[') return enter(undefined);
        return (takeString() ?? take(SCALAR)) === undefined ? undefined : afterValue();
      case 'first key':
      case 'key': {
        if (token === '}' && state === 'first key') return leave();
        const quoted = takeString();
        return quoted === undefined ? undefined : readKey(quoted);
      }
      case 'colon':
        return token === ':' ? skip('value') : undefined;
      case 'after element':
        if (token === ',') return nextElement();
        return token === ']' ? leave() : undefined;
      case 'after member':
        if (token === ',') return skip('key');
        return token === '}' ? leave() : undefined;
      case 'end':
        return undefined;
    }
  };

  for (;;) {
    take(SPACE);
    if (state === 'end' && at === text.length) return undefined;
    const found = text.charAt(at);
    const next = step(found);
    if (next === undefined) return { ...position(text, at), expected: state, found };
    state = next;
  }
}

function position(text: string, at: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let begin = 0;
  for (let next = text.indexOf('\n'); next !== -1 && next < at; next = text.indexOf('\n', begin)) {
    line++;
    begin = next + 1;
  }
  return { line, column: at - begin + 1 };
}
