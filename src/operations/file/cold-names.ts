import { createHash } from 'node:crypto';
import { keyOf, pathOf } from '../key-path';

/**
 * Where the files of cold keys are: a folder for each part of a key but the last, which is the file's name. A name that would
 * be too long is cut, and ends in a digest; then the file alone says the rest of its key.
 */

/** Some file systems take `A` for `a`. */
export const NAMING = { caseless: true } as const;

/** Between what is left of a name and the digest; no name that is whole holds it before two hex digits and an end. */
const CUT = '~~';
const DIGEST_LETTERS = 40;

/** Gives the place of a key's file, with slashes, below the folder of the register. */
export function placeOf(key: string): string {
  const path = pathOf(key, NAMING);
  const folders = pathOf(key.slice(0, key.lastIndexOf('/')), NAMING).slice(0, -1);
  const name = path.slice(folders.length + 1);
  const end = name.indexOf('/');
  if (end === -1) return path;
  const digest = createHash('sha256').update(key).digest('hex').slice(0, DIGEST_LETTERS);
  return `${folders}/${name.slice(0, end)}${CUT}${digest}`;
}

/**
 * Gives what the paths of all keys begin with that the file at a place may be of: for a name that is whole its own, for one that
 * was cut what is left of it. Undefined for what is no file of a register.
 */
export function beginOf(place: string): string | undefined {
  if (isWhole(place)) return place;
  const cut = place.lastIndexOf(CUT);
  return cut >= 0 && cut === place.length - CUT.length - DIGEST_LETTERS ? place.slice(0, cut) : undefined;
}

/** Tells whether the name of a file says the whole of its key. */
export const isWhole = (place: string): boolean => place.endsWith('!');

/** Reads the key of a file whose name is whole; undefined when it is none that `placeOf` gives. */
export const keyOfWhole = (place: string): string | undefined => keyOf(place, NAMING);
