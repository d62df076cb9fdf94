import { createCache } from '../base/cache';
import type { Clock } from '../base/clock';
import type { AccountConfig } from '../config/types';
import { runningOperation } from '../base/running-operation';
import { findAccountId } from './credentials/account-id';
import { roleCredentials } from './credentials/assume-role';
import { baseCredentials } from './credentials/base-credentials';
import { createHttpHandler, type HttpHandler } from './wire/http-handler';
import type { CallListener } from './wire/instrument';
import { partitionOf } from '../base/partitions';
import { createPresigner } from './presign/presign';
import { roleLeases } from './presign/leases';
import type { PresignRequest, Presigned } from './presign/types';
import type { Environment } from './wire/proxy';
import { sendersOf } from './senders';
import type { AwsSession, Sessions } from './types';
import type { SessionScope } from './session-scope';

export interface SessionsOptions {
  readonly clock: Clock;
  /** Value of the session tag `spinup:org` on every assumed role. */
  readonly org: string;
  /** Told of every request over the wire. */
  readonly onCall?: CallListener;
  /**
   * The process's environment: proxies, the certificate bundle and the places of the default chain are taken from it.
   * Default: none.
   */
  readonly env?: Environment;
  /** Milliseconds. Defaults: 3,000 to connect, 12,000 for the whole answer, 1,500 for a metadata service. */
  readonly timeouts?: { readonly connectMs?: number; readonly requestMs?: number; readonly metadataMs?: number };
}

/**
 * Sessions kept per account, each for one scope and one token; the one used longest ago is forgotten and opened anew when it
 * is needed.
 */
const SESSIONS_PER_ACCOUNT = 100;

/**
 * Opens the way to AWS for everything else. Clients, connections, credentials and account ids are shared; failures are not
 * kept.
 * @throws {misconfigured} when the environment names an unusable proxy or certificate bundle
 */
export function createSessions(options: SessionsOptions): Sessions {
  const { connectMs, requestMs } = options.timeouts ?? {};
  const handler = createHttpHandler({
    env: options.env ?? {},
    ...(connectMs !== undefined && { connectionTimeoutMs: connectMs }),
    ...(requestMs !== undefined && { requestTimeoutMs: requestMs }),
  });
  // By the account object itself: it is frozen, so it stands for every setting, and a reloaded configuration has new ones.
  const opened = new WeakMap<AccountConfig, OpenAccount>();
  const openOnce = (account: AccountConfig): OpenAccount => {
    const open = opened.get(account) ?? openAccount(account, handler, options);
    opened.set(account, open);
    return open;
  };
  return {
    // Async, so that whatever goes wrong is a rejection.
    open: async (account, scope, tokenId = runningOperation()?.tokenId) => openOnce(account).session(scope, tokenId),
    presign: async (account, request) => openOnce(account).presign(request),
    partitionOf: ({ region }) => partitionOf(region).partition,
    credentialsFrom: async (account) => openOnce(account).credentialsFrom(),
    destroy: () => handler.destroy(),
  };
}

interface OpenAccount {
  readonly session: (scope: SessionScope | undefined, tokenId: string | undefined) => Promise<AwsSession>;
  readonly presign: (request: PresignRequest) => Promise<Presigned>;
  readonly credentialsFrom: () => Promise<string>;
}

/** Sessions of one account by scope and token; the key holds the whole text of both policies. */
function openAccount(account: AccountConfig, handler: HttpHandler, options: SessionsOptions): OpenAccount {
  const { clock, org, onCall } = options;
  const { role } = account;
  const sessions = createCache<Promise<AwsSession>>({ most: SESSIONS_PER_ACCOUNT });
  const base = baseCredentials(account, {
    clock,
    requestHandler: handler,
    env: options.env ?? {},
    metadataMs: options.timeouts?.metadataMs,
  });
  const own = sendersOf({ account, credentials: base, handler, clock, onCall });
  const accountId = onceFulfilled(() => findAccountId(account, own.sts));

  const make = async (scope: SessionScope | undefined, tokenId: string | undefined): Promise<AwsSession> => {
    const credentials =
      role === undefined ? base : roleCredentials({ account, role, scope, tokenId, org, clock, sts: own.sts });
    const senders = role === undefined ? own : sendersOf({ account, credentials, handler, clock, onCall });
    // Fetched now, so that an account that cannot be reached says so before anything is planned.
    const [id] = await Promise.all([accountId(), credentials.get()]);
    const { partition } = partitionOf(account.region);
    return Object.freeze({ account, accountId: id, partition, region: account.region, ...senders });
  };

  const leases = role === undefined ? () => base.lease() : roleLeases({ account, role, org, clock, sts: own.sts });

  const session: OpenAccount['session'] = (scope, tokenId) => {
    const key = role === undefined ? '' : JSON.stringify([scope?.policy, scope?.fallbackPolicy, tokenId]);
    const known = sessions.get(key);
    if (known) return known;
    const opening = make(scope, tokenId);
    sessions.set(key, opening);
    opening.catch(() => {
      if (sessions.peek(key) === opening) sessions.delete(key);
    });
    return opening;
  };
  return {
    session,
    presign: createPresigner({ account, leases, handler, clock }),
    credentialsFrom: async () => (await base.lease()).foundBy ?? '',
  };
}

/** Runs `work` once for all callers; a rejection is forgotten, so that the next caller tries again. */
function onceFulfilled<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= work().catch((error: unknown) => {
      running = undefined;
      throw error;
    });
    return running;
  };
}
