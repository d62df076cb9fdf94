import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import type { AccountConfig } from '../../config/types';
import { type DomainError, DomainFailure, fail } from '../../base/errors';
import { accountIdOfRole } from './assume-role';
import type { Send } from '../types';

/**
 * Finds the account's 12 digits: as configured, from the role's ARN, or STS's word on whose credentials these are. A store
 * without IAM has no STS either: an empty string.
 * @throws {misconfigured} when STS does not say
 * @throws {unavailable | throttled} when STS is
 */
export async function findAccountId(account: AccountConfig, sts: Send<STSClient>): Promise<string> {
  const configured = account.id ?? (account.role === undefined ? undefined : accountIdOfRole(account.role));
  if (configured !== undefined) return configured;
  if (!account.iam) return '';
  const identity = await sts(new GetCallerIdentityCommand({})).catch((error: unknown) => explain(error, account));
  return identity.Account ?? fail(nobodyKnows(account));
}

/** GetCallerIdentity needs no permission and no input: an endpoint that refuses it has no STS. */
function explain(thrown: unknown, account: AccountConfig): never {
  if (!(thrown instanceof DomainFailure)) throw thrown;
  const { kind, origin } = thrown.error;
  if (kind === 'misconfigured' || kind === 'unavailable' || kind === 'throttled') throw thrown;
  return fail({ ...nobodyKnows(account), ...(origin && { origin }) });
}

const nobodyKnows = (account: AccountConfig): DomainError => ({
  kind: 'misconfigured',
  setting: `accounts.${account.name}.id`,
  detail: `STS did not say which account ${account.name} is: its id, or "iam": false for an S3-compatible store, must be configured.`,
});
