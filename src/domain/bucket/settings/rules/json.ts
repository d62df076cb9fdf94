import { jsonExcess } from '../../../../base/json-excess';
import { scanJson } from '../../../../base/json-scan';

/** JSON text that a caller sends inside JSON. */

const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads the value, or tells why the text cannot be taken: nested too deeply, too many values, no JSON, a key that
 * stands twice in one object, or one that reaches a prototype.
 */
export function parseStrictly(text: string): { readonly value: unknown } | { readonly problem: string } {
  const excess = jsonExcess(text);
  if (excess !== undefined) return { problem: excess };
  let problem: string | undefined;
  const mistake = scanJson(text, ({ key, repeated }) => {
    if (FORBIDDEN.has(key)) problem ??= `has the key "${key}", which is not allowed`;
    else if (repeated) problem ??= 'has a key twice in one object';
  });
  if (mistake !== undefined) return { problem: 'is not valid JSON' };
  return problem === undefined ? { value: JSON.parse(text) } : { problem };
}
