import { randomBytes } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function random(length: number): string {
  // 32 letters: five bits of each byte, without bias.
  return [...randomBytes(length)].map((byte) => ALPHABET.charAt(byte & 31)).join('');
}

/** Source: IAM User Guide, "IAM identifiers", "Understanding unique ID prefixes". */
export type IdPrefix = 'AIDA' | 'AGPA' | 'AROA' | 'ANPA' | 'APKA' | 'ACCA';

/** Makes a unique id as IAM does, e.g. `AIDA` and 17 more. */
export function newId(prefix: IdPrefix): string {
  return prefix + random(17);
}

/** Makes `AKIA…` for lasting, `ASIA…` for temporary keys; 20 characters. */
export function newAccessKeyId(prefix: 'AKIA' | 'ASIA'): string {
  return prefix + random(16);
}

/** Makes a secret of 40 characters. */
export function newSecret(): string {
  return randomBytes(30).toString('base64');
}

/** Makes a base-32 seed for authenticator applications, 64 characters. */
export function newSeed(): string {
  return random(64);
}
