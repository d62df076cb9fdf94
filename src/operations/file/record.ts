import type { JsonValue } from '../../base/json';
import type { Entry } from '../../engine/register';

/** What stands in the file of a record: its key, first of all, and its value. */

export const textOf = (key: string, value: JsonValue): string => `${JSON.stringify({ key, value })}\n`;

/** Reads a file; undefined when it is no whole record. */
export function entryOf(text: string): Pick<Entry, 'key' | 'value'> | undefined {
  try {
    const read = JSON.parse(text) as unknown;
    if (typeof read !== 'object' || read === null || !('key' in read) || !('value' in read)) return undefined;
    // What JSON.parse gives is JSON.
    return typeof read.key === 'string' ? { key: read.key, value: read.value as JsonValue } : undefined;
  } catch {
    return undefined;
  }
}

/** Bytes at the beginning of a file within which its key ends. */
export const HEAD_BYTES = 8_192;

/** Reads the key at the beginning of a file; undefined when none is there. */
export function keyAtHead(head: string): string | undefined {
  const [, text] = /^\{"key":("(?:[^"\\]|\\.)*"),/.exec(head) ?? [];
  try {
    return text === undefined ? undefined : (JSON.parse(text) as string);
  } catch {
    return undefined;
  }
}
