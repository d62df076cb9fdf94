import type { Clock } from '../../base/clock';
import type { AccountConfig } from '../../config/types';
import { fail } from '../../base/errors';
import { secret } from '../../base/secret';
import { type Clients, createClients } from '../clients';
import { fixedCredentials, type Identity, type Lease } from '../credentials/source';
import { toFailure } from '../errors/map';
import type { HttpHandler } from '../wire/http-handler';
import type { Life, PresignRequest, Presigned } from './types';
import type { SigningLeases } from './leases';

export interface PresignerOptions {
  readonly account: AccountConfig;
  readonly leases: SigningLeases;
  readonly handler: HttpHandler;
  readonly clock: Clock;
}

const CALLS = { upload: 'PutObject', form: 'PutObject', download: 'GetObject', delete: 'DeleteObject' } as const;

/**
 * Signs URLs of objects, with the very credentials whose end it tells: a client that renews its own could sign with
 * others than were looked at.
 */
export function createPresigner({
  account,
  leases,
  handler,
  clock,
}: PresignerOptions): (request: PresignRequest) => Promise<Presigned> {
  // By the identity, which is one object as long as it is kept.
  const known = new WeakMap<Identity, Clients>();
  const clientsOf = ({ identity, foundBy }: Lease): Clients => {
    const clients = known.get(identity) ?? createClients(account, fixedCredentials(identity, foundBy ?? ''), handler);
    known.set(identity, clients);
    return clients;
  };

  return async (request) => {
    const { scope, seconds: asked, region, use } = request;
    const lease = await leases(scope, asked);
    // Loaded with the first URL: most of a service's life is spent without.
    const { signUrl } = await import('./url');
    const life = lifeOf(lease, asked, clock.now());
    try {
      const { url, fields } = await signUrl(await clientsOf(lease)('s3', region), request, life, account);
      return {
        url: secret(url),
        fields: fields && Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, secret(value)])),
        expiresAt: new Date(life.signedAt.getTime() + life.seconds * 1_000),
        limitedBy: life.limitedBy,
      };
    } catch (thrown) {
      throw toFailure(thrown, {
        service: 's3',
        operation: CALLS[use.kind],
        accountName: account.name,
        renewsCredentials: false,
      });
    }
  };
}

/**
 * Says from when to when a URL is good.
 * @throws {unavailable} for credentials in their last second
 */
export function lifeOf({ identity, validUntil }: Lease, asked: number, now: number): Life {
  const signedAt = Math.floor(now / 1_000) * 1_000;
  const left = validUntil === undefined ? Infinity : Math.floor((validUntil - signedAt) / 1_000);
  if (left < 1) {
    fail({
      kind: 'unavailable',
      retryAfterSeconds: 1,
      detail: 'The credentials to sign with are ending; new ones are being fetched.',
    });
  }
  return {
    signedAt: new Date(signedAt),
    seconds: Math.min(asked, left),
    limitedBy: left < asked ? 'credentials' : isTemporary(identity) && validUntil === undefined ? 'unknown' : undefined,
  };
}

const isTemporary = ({ sessionToken }: Identity): boolean => sessionToken !== undefined && sessionToken !== '';
