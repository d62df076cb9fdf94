/**
 * Wildcards and policy variables.
 * Source: IAM User Guide, "IAM policy elements: Variables and tags" and "Resource".
 */

/** Context keys of one call, by lower-case name. */
export type ContextKeys = ReadonlyMap<string, readonly string[]>;

const ANY_RUN = Symbol('*');
const ANY_ONE = Symbol('?');
type Token = string | typeof ANY_RUN | typeof ANY_ONE;

const VARIABLE = /\$\{([^}]*)\}/y;

/**
 * The value of `${expression}`: `${*}`, `${?}` and `${$}` are the characters themselves, `${key, 'x'}` has a default.
 * undefined when the call has no such key, or several values for it.
 */
function variable(expression: string, keys: ContextKeys): string | undefined {
  if (expression === '*' || expression === '?' || expression === '$') return expression;
  const [, name = '', fallback] = /^\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(expression) ?? [];
  const values = keys.get(name.toLowerCase());
  return values?.length === 1 ? values[0] : fallback;
}

/** undefined when a variable has no value: such a pattern matches nothing. */
function tokenize(pattern: string, keys: ContextKeys | undefined, wildcards: boolean): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let index = 0; index < pattern.length;) {
    VARIABLE.lastIndex = index;
    const found = keys === undefined ? null : VARIABLE.exec(pattern);
    if (found !== null && keys !== undefined) {
      const value = variable(found[1] ?? '', keys);
      if (value === undefined) return undefined;
      tokens.push(...value.split(''));
      index = VARIABLE.lastIndex;
      continue;
    }
    const character = pattern.charAt(index);
    tokens.push(wildcards && character === '*' ? ANY_RUN : wildcards && character === '?' ? ANY_ONE : character);
    index += 1;
  }
  return tokens;
}

/** Greedy match that goes back to the last `*` only: linear in practice, never exponential. */
function matchTokens(tokens: readonly Token[], text: string): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    const current = tokens[token];
    if (current === ANY_RUN) {
      star = token;
      resume = at;
      token += 1;
    } else if (current === ANY_ONE || (current !== undefined && current === text.charAt(at))) {
      token += 1;
      at += 1;
    } else if (star >= 0) {
      token = star + 1;
      resume += 1;
      at = resume;
    } else {
      return false;
    }
  }
  while (tokens[token] === ANY_RUN) token += 1;
  return token === tokens.length;
}

export interface PatternOptions {
  /** Replace policy variables from these keys; absent in documents of the version without variables. */
  readonly keys?: ContextKeys | undefined;
  readonly ignoreCase?: boolean;
  /** Default true. */
  readonly wildcards?: boolean;
}

/** Tells whether `text` matches `pattern` with `*` (any run, also of none) and `?` (exactly one). */
export function matches(pattern: string, text: string, options: PatternOptions = {}): boolean {
  const tokens = tokenize(pattern, options.keys, options.wildcards ?? true);
  if (tokens === undefined) return false;
  if (options.ignoreCase !== true) return matchTokens(tokens, text);
  const lower = tokens.map((token) => (typeof token === 'string' ? token.toLowerCase() : token));
  return matchTokens(lower, text.toLowerCase());
}

/** Matches as `ArnLike` does: each of the six colon-separated parts by itself, so that `*` never spans parts. */
export function matchesArn(pattern: string, arn: string, options: PatternOptions = {}): boolean {
  const split = (text: string): string[] => {
    const parts = text.split(':');
    return [...parts.slice(0, 5), parts.slice(5).join(':')];
  };
  if (pattern === '*') return true;
  // A variable holds a colon of its own (`${aws:username}`): hide it while splitting.
  const hidden = pattern.replace(/\$\{[^}]*\}/g, (found) => found.replaceAll(':', '\u0000'));
  const patterns = split(hidden).map((part) => part.replaceAll('\u0000', ':'));
  const parts = split(arn);
  return patterns.every((part, index) => matches(part, parts[index] ?? '', options));
}
