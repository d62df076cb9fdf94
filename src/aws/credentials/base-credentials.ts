import type { Clock } from '../../base/clock';
import type { AccountConfig } from '../../config/types';
import { DomainFailure, fail } from '../../base/errors';
import { defaultChain, sharedFiles } from './chain';
import { listTried, type Search, search } from './link';
import type { MetadataBounds } from './profile';
import { isLocal, statusOf, whyNot } from './reasons';
import { createCredentialSource, type CredentialSource, fixedCredentials, type Lease } from './source';
import { toFailure } from '../errors/map';
import type { HttpHandler } from '../wire/http-handler';
import type { Environment } from '../wire/proxy';

export interface BaseCredentialsOptions {
  readonly clock: Clock;
  readonly requestHandler: HttpHandler;
  /** The process's environment, which the SDK's providers read by themselves. */
  readonly env: Environment;
  /** Milliseconds that a metadata service (EC2, ECS, EKS) has for all it is asked. Default 1,500. */
  readonly metadataMs?: number | undefined;
}

/**
 * Where there is no metadata service its address stays silent. Within two seconds the caller shall know, and there is
 * more to a request than this; EC2's service is asked twice in the time, for a token and then without one.
 */
const METADATA_MS = 1_500;
const boundsOf = (totalMs: number): MetadataBounds => ({ totalMs, answerMs: Math.floor(totalMs / 2) });

/** Seconds after which a service that has given credentials before is asked again. */
const OUTAGE_PAUSE = 10;

/**
 * Keeps the credentials an account is configured with, before any role is assumed: static, a profile of the shared files, or
 * the SDK's default chain (environment, shared files, IRSA, Pod Identity, ECS, EC2).
 * @throws {misconfigured} listing what was tried, when there are none to use
 * @throws {unavailable | throttled} when the place they come from is
 */
export function baseCredentials(account: AccountConfig, options: BaseCredentialsOptions): CredentialSource {
  const { credentials } = account;
  if (credentials.kind === 'static') {
    const identity = {
      accessKeyId: credentials.akid,
      secretAccessKey: credentials.secret.reveal(),
      ...(credentials.sessionToken && { sessionToken: credentials.sessionToken.reveal() }),
    };
    return fixedCredentials(
      identity,
      credentials.sessionToken ? 'session keys of the configuration' : 'access keys of the configuration',
    );
  }
  const { env, requestHandler } = options;
  const bounds = boundsOf(options.metadataMs ?? METADATA_MS);
  const chain = { account, env, requestHandler, bounds };
  let worked = false;

  return createCredentialSource(async () => {
    // New links each time: providers keep what they found by the system's clock, and a refusal could not make them let go.
    const links =
      credentials.kind === 'profile' ? [await sharedFiles(chain, credentials.profile)] : await defaultChain(chain);
    const outcome = await search(links, whyNot);
    if (outcome.found === undefined) return explain(outcome, account, worked);
    worked = true;
    return leaseOf(outcome);
  }, options.clock);
}

function leaseOf({ found, place }: Extract<Search, { place: string }>): Lease {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = found;
  return {
    identity: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    validUntil: expiration?.getTime(),
    foundBy: place,
  };
}

/**
 * Unless somebody else is down, the operator has to mend something. A metadata service that cannot be reached may never
 * have been there; but what gave credentials before is configured well, and its silence is an outage.
 */
function explain(
  { tried, cause, asked }: Extract<Search, { found: undefined }>,
  account: AccountConfig,
  worked: boolean,
): never {
  const { credentials, name } = account;
  const detail = `No usable AWS credentials were found for the account ${name}. ${listTried(tried)}`;
  const call = { service: 'sts', operation: 'credentials', accountName: name, renewsCredentials: false } as const;
  const { error } = toFailure(cause, call);
  const origin = {
    ...(error.origin?.code !== undefined && { code: error.origin.code }),
    service: 'sts',
    effect: 'none',
  } as const;
  if (asked?.mayBeAbsent === true || isLocal(cause)) {
    const status = statusOf(cause) ?? 0;
    if (worked || status >= 500 || status === 429)
      return fail({ kind: 'unavailable', retryAfterSeconds: OUTAGE_PAUSE, detail, origin });
  } else if (error.kind === 'unavailable' || error.kind === 'throttled') {
    throw new DomainFailure({ ...error, detail, origin });
  }
  const setting = credentials.kind === 'profile' ? `accounts.${name}.profile` : `accounts.${name}`;
  return fail({ kind: 'misconfigured', setting, detail, origin });
}
