import { fromIni, fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { Clock } from '../clock';
import type { AccountConfig } from '../config/types';
import { DomainFailure, fail } from '../errors';
import type { CredentialSource, Lease } from './credential-source';
import { createCredentialSource, fixedCredentials } from './credential-source';
import { toFailure } from './error-map';
import type { HttpHandler } from './http-handler';

/** Milliseconds that a metadata service (EC2, ECS) has for each of its answers; where there is none, it stays silent. */
const METADATA_TIMEOUT_MS = 1_000;

/**
 * The credentials an account is configured with, before any role is assumed: static, a profile of the shared files, or
 * the SDK's default chain (environment, shared files, IRSA, Pod Identity, ECS, EC2).
 * Rejects with `misconfigured` when there are none to use, `unavailable`, `throttled`.
 */
export function baseCredentials(account: AccountConfig, clock: Clock, requestHandler: HttpHandler): CredentialSource {
  const { credentials } = account;
  if (credentials.kind === 'static') {
    return fixedCredentials({
      accessKeyId: credentials.akid,
      secretAccessKey: credentials.secret.reveal(),
      ...(credentials.sessionToken && { sessionToken: credentials.sessionToken.reveal() }),
    });
  }
  // Web identity, SSO and roles named in profiles are fetched by clients of the providers' own.
  const clientConfig = { region: account.region, requestHandler, maxAttempts: 1 };
  const setting = credentials.kind === 'profile' ? `accounts.${account.name}.profile` : `accounts.${account.name}`;

  return createCredentialSource(async () => {
    // A new provider each time: they keep what they found by the system's clock, and a refusal could not make them let go.
    const provider =
      credentials.kind === 'profile'
        ? fromIni({ profile: credentials.profile, clientConfig })
        : fromNodeProviderChain({ clientConfig, timeout: METADATA_TIMEOUT_MS, maxRetries: 0 });
    try {
      const identity = await provider();
      return { identity, validUntil: identity.expiration?.getTime() } satisfies Lease;
    } catch (error) {
      return explain(error, account, setting);
    }
  }, clock);
}

/** Whatever a provider throws, unless AWS is down, the operator has to mend the configuration. */
function explain(thrown: unknown, account: AccountConfig, setting: string): never {
  const call = { service: 'sts', operation: 'credentials', accountName: account.name, renewsCredentials: false } as const;
  const { error } = toFailure(thrown, call);
  if (error.kind === 'unavailable' || error.kind === 'throttled') {
    throw new DomainFailure({ ...error, origin: { ...error.origin, effect: 'none' } });
  }
  return fail({
    kind: 'misconfigured',
    setting,
    detail: `No usable AWS credentials were found for the account ${account.name}.`,
    origin: { ...(error.origin?.code !== undefined && { code: error.origin.code }), service: 'sts', effect: 'none' },
  });
}
