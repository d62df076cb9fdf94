import { fail } from '../../base/errors';
import type { JsonValue } from '../../base/json';

/**
 * What stands in an object of the register: a record with a number used once, by which its writer knows it again; or a
 * gravestone, that number alone, which says that the record is gone.
 */
export type Content =
  | { readonly type: 'record'; readonly value: JsonValue; readonly nonce: string }
  | { readonly type: 'gravestone'; readonly nonce: string };

/** Longer than a gravestone, whose number is a UUID, and shorter than the shortest record: a list tells sizes only. */
const GRAVESTONE_BYTES = 44;

export const textOfRecord = (value: JsonValue, nonce: string): string => JSON.stringify({ value, nonce });
export const textOfGravestone = (nonce: string): string => JSON.stringify(nonce);

/** Tells whether an object of that size is a gravestone. */
export const isGravestone = (bytes: number): boolean => bytes <= GRAVESTONE_BYTES;

/**
 * Reads an object.
 * @throws {unforeseen} it is no whole record: something else has written there
 */
export function contentOf(name: string, text: string): Content {
  const read = parsed(text);
  if (typeof read === 'string') return { type: 'gravestone', nonce: read };
  if (
    typeof read !== 'object' ||
    read === null ||
    !('value' in read) ||
    !('nonce' in read) ||
    typeof read.nonce !== 'string'
  )
    return fail({
      kind: 'unforeseen',
      detail: 'a record of operations is damaged',
      cause: new Error(`the object ${name} is no whole record of an operation: something else has written there`),
    });
  // What JSON.parse gives is JSON.
  return { type: 'record', value: read.value as JsonValue, nonce: read.nonce };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
