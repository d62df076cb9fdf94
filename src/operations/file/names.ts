import { createHash } from 'node:crypto';

const SUFFIX = '.json';
/** Most file systems take 255 bytes. */
const LONGEST = 180;

/** How files begin that are being written; those that are found at start were never finished. */
export const UNFINISHED = '.new-';

/**
 * The name of a key's file: its letters where every file system tells them apart, percent-encoded bytes for the rest. What is
 * too long ends in a digest; the file itself says its key.
 */
export function fileNameOf(key: string): string {
  const plain = [...Buffer.from(key)]
    .map((byte) => {
      const letter = String.fromCharCode(byte);
      return /[a-z0-9_-]/.test(letter) ? letter : `%${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
  if (plain.length <= LONGEST) return plain + SUFFIX;
  return `${plain.slice(0, LONGEST - 65)}~${createHash('sha256').update(key).digest('hex')}${SUFFIX}`;
}

export const isRecordFile = (name: string): boolean => name.endsWith(SUFFIX) && !name.startsWith('.');
