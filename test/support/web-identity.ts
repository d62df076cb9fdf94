import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { IdentityProvider } from '../../src/sandbox/services/sts/web-identity';

/** An OpenID Connect provider of a cluster: what is registered of it, and tokens as it gives them to pods. */
export interface Issuer {
  readonly provider: IdentityProvider;
  /** The issuer without its scheme, as ARNs and condition keys have it. */
  readonly name: string;
  /** A token of one hour for the service account `storage:mallard`, with other claims and headers where they are given. */
  readonly token: (claims?: Readonly<Record<string, unknown>>, header?: Readonly<Record<string, unknown>>) => string;
}

export interface IssuerOptions {
  readonly name?: string;
  readonly algorithm?: 'RS256' | 'ES256';
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

export const SUBJECT = 'system:serviceaccount:storage:mallard';

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export function createIssuer({
  name = 'oidc.example.org/id/CLUSTER',
  algorithm = 'ES256',
  now = Date.now,
}: IssuerOptions = {}): Issuer {
  const { publicKey, privateKey } =
    algorithm === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = `https://${name}`;
  const signature = (text: string, key: KeyObject): string =>
    sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return {
    name,
    provider: {
      issuer,
      clientIds: ['sts.amazonaws.com'],
      keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one' }],
    },
    token: (claims = {}, header = {}) => {
      const seconds = Math.floor(now() / 1000);
      const usual = { iss: issuer, sub: SUBJECT, aud: ['sts.amazonaws.com'], iat: seconds, exp: seconds + 3600 };
      const text = `${encoded({ alg: algorithm, kid: 'one', typ: 'JWT', ...header })}.${encoded({ ...usual, ...claims })}`;
      return `${text}.${signature(text, privateKey)}`;
    },
  };
}

/** A trust policy that lets in one service account of the issuer. */
export const trustOf = (issuer: Issuer, accountId: string, subject = SUBJECT): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${accountId}:oidc-provider/${issuer.name}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${issuer.name}:sub`]: subject, [`${issuer.name}:aud`]: 'sts.amazonaws.com' } },
      },
    ],
  });
