/** JSON text that a caller sends inside JSON. */

const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** The value, or why the text cannot be taken: no JSON, a key that stands twice in one object, or one that reaches a prototype. */
export function parseStrictly(text: string): { readonly value: unknown } | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'is not valid JSON' };
  }
  const problem = keyProblem(text);
  return problem === undefined ? { value } : { problem };
}

/** Of text that is known to be JSON. `JSON.parse` itself drops the first of two keys in silence. */
function keyProblem(text: string): string | undefined {
  /** The keys of every object that is open at this point; undefined stands for an array. */
  const open: (Set<string> | undefined)[] = [];
  for (const { token, isKey } of tokensOf(text)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (isKey) {
      const key = String(JSON.parse(token));
      const keys = open.at(-1);
      if (FORBIDDEN.has(key)) return `has the key "${key}", which is not allowed`;
      if (keys?.has(key) === true) return 'has a key twice in one object';
      keys?.add(key);
    }
  }
  return undefined;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]]/g;
const COLON = /[ \t\r\n]*:/y;

/** Brackets and strings; a string before a colon is a key. */
function* tokensOf(text: string): Generator<{ readonly token: string; readonly isKey: boolean }> {
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    COLON.lastIndex = index + token.length;
    yield { token, isKey: token.startsWith('"') && COLON.test(text) };
  }
}
