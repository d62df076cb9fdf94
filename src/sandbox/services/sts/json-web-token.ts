/** Tokens of OpenID Connect providers. Sources: RFC 7515 (JWS), RFC 7518 (algorithms), RFC 7519 (claims). */
import { type JsonWebKey, createPublicKey, verify } from 'node:crypto';

/** Claims that AWS asks for, and those a trust policy may speak of. */
export interface Claims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: readonly string[];
  /** Whom the token was made for where `aud` names several. */
  readonly azp: string | undefined;
  /** Seconds since the epoch. */
  readonly exp: number;
  readonly nbf: number | undefined;
}

export interface Token {
  readonly claims: Claims;
  readonly algorithm: string;
  readonly keyId: string | undefined;
  readonly signed: Buffer;
  readonly signature: Buffer;
}

type Json = Readonly<Record<string, unknown>>;

const PART = /^[A-Za-z0-9_-]+$/;

function jsonOf(part: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the token in `text`, unverified, or tells what it lacks. */
export function readToken(text: string): Token | { readonly problem: string } {
  const parts = text.split('.');
  const [head = '', body = '', signature = ''] = parts;
  const header = jsonOf(head);
  const claims = jsonOf(body);
  if (parts.length !== 3 || !parts.every((part) => PART.test(part)) || header === undefined || claims === undefined) {
    return {
      problem: 'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    };
  }
  const { iss, sub, exp, iat, azp, nbf } = claims;
  const aud = (Array.isArray(claims['aud']) ? claims['aud'] : [claims['aud']]).filter(
    (one): one is string => typeof one === 'string',
  );
  const missing = Object.entries({
    iss: typeof iss === 'string',
    sub: typeof sub === 'string',
    aud: aud.length > 0,
    exp: typeof exp === 'number',
    iat: typeof iat === 'number',
  });
  const lacking = missing.find(([, there]) => !there);
  if (typeof iss !== 'string' || typeof sub !== 'string' || typeof exp !== 'number' || lacking !== undefined) {
    return { problem: `Missing a required claim: ${lacking?.[0] ?? ''}` };
  }
  return {
    claims: {
      iss,
      sub,
      aud,
      exp,
      azp: typeof azp === 'string' ? azp : undefined,
      nbf: typeof nbf === 'number' ? nbf : undefined,
    },
    algorithm: String(header['alg']),
    keyId: typeof header['kid'] === 'string' ? header['kid'] : undefined,
    signed: Buffer.from(`${head}.${body}`),
    signature: Buffer.from(signature, 'base64url'),
  };
}

const HASHES: Readonly<Record<string, { readonly hash: string; readonly kty: string }>> = {
  RS256: { hash: 'sha256', kty: 'RSA' },
  RS384: { hash: 'sha384', kty: 'RSA' },
  RS512: { hash: 'sha512', kty: 'RSA' },
  ES256: { hash: 'sha256', kty: 'EC' },
  ES384: { hash: 'sha384', kty: 'EC' },
  ES512: { hash: 'sha512', kty: 'EC' },
};

/**
 * Tells whether one of the provider's published keys made the signature. `none` and shared-secret algorithms never do.
 */
export function isSignedBy(token: Token, keys: readonly JsonWebKey[]): boolean {
  const algorithm = Object.hasOwn(HASHES, token.algorithm) ? HASHES[token.algorithm] : undefined;
  if (algorithm === undefined) return false;
  const candidates = keys.filter(
    (key) =>
      key.kty === algorithm.kty &&
      (token.keyId === undefined || key['kid'] === undefined || key['kid'] === token.keyId),
  );
  return candidates.some((key) =>
    verify(
      algorithm.hash,
      token.signed,
      { key: createPublicKey({ key, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
      token.signature,
    ),
  );
}
