import { hash, timingSafeEqual } from 'node:crypto';
import type { TokenConfig } from '../../config/types';

export type Matcher = (digest: Buffer) => TokenConfig | undefined;

/** Hashes a header by SHA-256 as it came over the wire: Node hands out its bytes as Latin-1. */
export function digestOf(header: string): Buffer {
  return hash('sha256', Buffer.from(header, 'latin1'), 'buffer');
}

/**
 * Finds the token of a digest. Every token is compared, and each in the same time, so that the time an answer takes says
 * nothing about how near a guess was or which token it met.
 */
export function tokenMatcher(tokens: readonly TokenConfig[]): Matcher {
  const known = tokens.map((token) => ({ token, digest: Buffer.from(token.sha256, 'hex') }));
  return (digest) => {
    let found: TokenConfig | undefined;
    for (const entry of known) {
      if (timingSafeEqual(digest, entry.digest)) found = entry.token;
    }
    return found;
  };
}

/** Tells whether a token has expired: `expires` is the first moment at which it is not good any more. */
export function isExpired(token: TokenConfig, now: number): boolean {
  return token.expires !== undefined && token.expires <= now;
}
