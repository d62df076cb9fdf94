import { fail } from '../../base/errors';
import { jsonExcess, MOST_DEPTH } from '../../base/json-excess';
import { findJsonMistake } from './json-mistake';

const utf8 = new TextDecoder('utf-8', { fatal: true });
/** Tab and line breaks are fine: policies are text. */
// eslint-disable-next-line no-control-regex -- control characters are what it is about
const NOT_IN_XML = /[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]/;
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** A body of more bytes is read in several turns of the event loop, between which others are answered. */
const LONG = 65_536;

/**
 * Reads the object a body holds.
 * @throws {invalid} when it is empty, not UTF-8, nested too deeply, too large, not JSON (naming line and column), no
 *   object, or has forbidden keys
 */
export async function parseBody(bytes: Buffer): Promise<Readonly<Record<string, unknown>>> {
  const breathe = (): Promise<void> | undefined =>
    bytes.length > LONG ? new Promise((resolve) => setImmediate(resolve)) : undefined;
  const text = bodyText(bytes);
  await breathe();
  const excess = jsonExcess(text);
  if (excess !== undefined) return fail({ kind: 'invalid', detail: `the body ${excess}` });
  await breathe();
  const value = parse(text);
  await breathe();
  return checkedObject(value);
}

/**
 * Reads the text of a body.
 * @throws {invalid} when it is empty or not UTF-8
 */
export function bodyText(bytes: Buffer): string {
  const text = decode(bytes);
  if (text.trim() === '') fail({ kind: 'invalid', detail: 'the body is empty; this request needs a JSON object' });
  return text;
}

/**
 * Checks that a parsed body is the object it must be.
 * @throws {invalid} when it is no object, is nested too deeply, or has forbidden keys or characters that are none
 */
export function checkedObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fail({ kind: 'invalid', pointer: '', detail: `the body must be a JSON object, not ${nameOf(value)}` });
  }
  checkContents(value);
  return value as Record<string, unknown>;
}

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return fail({ kind: 'invalid', detail: 'the body is not valid UTF-8' });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const mistake = findJsonMistake(text);
    const where = mistake ? `: line ${mistake.line}, column ${mistake.column} should be ${mistake.expected}` : '';
    return fail({ kind: 'invalid', detail: `the body is not valid JSON${where}` });
  }
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}

/**
 * No key may reach a prototype, and no text may hold half a character, or one that XML has no form for: AWS would refuse it
 * in words about XML, or store something else than was sent. https://www.w3.org/TR/xml/#charsets
 */
function checkContents(root: object): void {
  const pending: { readonly value: unknown; readonly depth: number }[] = [{ value: root, depth: 1 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string') checkText(value);
    if (typeof value !== 'object' || value === null) continue;
    if (depth > MOST_DEPTH)
      fail({ kind: 'invalid', detail: `the body is nested more than ${String(MOST_DEPTH)} deep` });
    for (const [key, member] of Object.entries(value)) {
      if (FORBIDDEN_KEYS.has(key)) fail({ kind: 'invalid', detail: `the key "${key}" is not allowed in a body` });
      checkText(key);
      pending.push({ value: member, depth: depth + 1 });
    }
  }
}

function checkText(text: string): void {
  if (/\p{Surrogate}/u.test(text))
    fail({ kind: 'invalid', detail: 'a string in the body holds half a surrogate pair, which is no character' });
  if (NOT_IN_XML.test(text))
    fail({
      kind: 'invalid',
      detail: 'a string in the body holds a control character, U+FFFE or U+FFFF, which are not taken',
    });
}
