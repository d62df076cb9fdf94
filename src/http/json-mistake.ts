export interface JsonMistake {
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 code units. */
  readonly column: number;
  /** What could have stood there. */
  readonly expected: string;
}

const SPACE = /[ \t\r\n]*/y;
const KEY = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"/y;
const SCALAR = new RegExp(`${KEY.source}|-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?(?![\\w.+-])|(?:true|false|null)(?!\\w)`, 'y');

/** What may come next, and how the caller is told. */
const EXPECTED = {
  value: 'a JSON value',
  'first element': 'a JSON value or a closing bracket',
  key: 'a key in double quotes',
  'first key': 'a key in double quotes or a closing brace',
  colon: 'a colon',
  'after element': 'a comma or a closing bracket',
  'after member': 'a comma or a closing brace',
  end: 'the end',
} as const;

/**
 * Where text is not JSON (RFC 8259); undefined when it is. `JSON.parse` does not say it on every Node, and quotes the text.
 * Keeps a stack of its own, because callers decide how deep the text is nested.
 */
export function findJsonMistake(text: string): JsonMistake | undefined {
  const open: ('{' | '[')[] = [];
  let at = 0;
  let state: keyof typeof EXPECTED = 'value';

  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.test(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const afterValue = (): typeof state => {
    const container = open.at(-1);
    if (container === undefined) return 'end';
    return container === '{' ? 'after member' : 'after element';
  };
  const enter = (container: '{' | '[', next: typeof state): typeof state => {
    at++;
    open.push(container);
    return next;
  };
  const leave = (): typeof state => {
    at++;
    open.pop();
    return afterValue();
  };
  const skip = (next: typeof state): typeof state => {
    at++;
    return next;
  };

  /** The state after the next token; undefined when none fits. */
  const step = (token: string): typeof state | undefined => {
    switch (state) {
      case 'first element':
      case 'value':
        if (token === ']' && state === 'first element') return leave();
        if (token === '{') return enter('{', 'first key');
        if (token === '[') return enter('[', 'first element');
        return take(SCALAR) ? afterValue() : undefined;
      case 'first key':
      case 'key':
        if (token === '}' && state === 'first key') return leave();
        return take(KEY) ? 'colon' : undefined;
      case 'colon':
        return token === ':' ? skip('value') : undefined;
      case 'after element':
        if (token === ',') return skip('value');
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
    const next = step(text.charAt(at));
    if (next === undefined) return { ...position(text, at), expected: EXPECTED[state] };
    state = next;
  }
}

function position(text: string, at: number): { readonly line: number; readonly column: number } {
  const lines = text.slice(0, at).split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
