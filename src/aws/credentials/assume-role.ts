import { AssumeRoleCommand, type AssumeRoleCommandInput, type Credentials, type STSClient } from '@aws-sdk/client-sts';
import type { Clock } from '../../base/clock';
import type { AccountConfig } from '../../config/types';
import { type DomainError, DomainFailure, fail } from '../../base/errors';
import { createCredentialSource, type CredentialSource, type Identity, type Lease } from './source';
import { sessionName } from './session-name';
import { partitionOf } from '../../base/partitions';
import type { Send } from '../types';
import type { SessionScope } from '../session-scope';

export interface AssumeRoleOptions {
  readonly account: AccountConfig;
  /** Name or ARN, from the configuration. */
  readonly role: string;
  readonly scope: SessionScope | undefined;
  /** Of the token that asks for what will be done; undefined for what is nobody's operation. */
  readonly tokenId?: string | undefined;
  /** Value of the session tag `spinup:org`. */
  readonly org: string;
  readonly clock: Clock;
  /** Sends to STS with the account's own credentials. */
  readonly sts: Send<STSClient>;
}

/** The setting to blame when sessions of that length are not to be had. */
const SESSION_SECONDS = '.sessionSeconds';

/** Characters of an inline session policy that STS takes. */
const POLICY_LIMIT = 2_048;

/**
 * Keeps a session of the account's role, with its own inline policy, renewed before it ends.
 * @throws {misconfigured | unavailable | throttled} as `assumption`
 */
export function roleCredentials(options: AssumeRoleOptions): CredentialSource {
  const assume = assumption(options);
  return createCredentialSource(() => assume(options.account.sessionSeconds), options.clock);
}

/**
 * Assumes the account's role for a number of seconds. `PackedPolicyTooLarge` is answered with the scope's wider policy,
 * from then on at once.
 * @throws {misconfigured} naming the role; nothing was sent to the account then, as with the others
 * @throws {unavailable | throttled} when STS is
 */
export function assumption(options: AssumeRoleOptions): (seconds: number) => Promise<Lease> {
  const { account, scope, clock } = options;
  const roleArn = roleArnOf(account, options.role);
  let fallsBack = scope !== undefined && scope.policy.length > POLICY_LIMIT;

  const assume = async (seconds: number): Promise<Lease> => {
    // Counted from before the call and by this clock, and never later than STS says: some give less than they were asked for.
    const askedAt = clock.now();
    const policy = fallsBack ? scope?.fallbackPolicy : scope?.policy;
    const { Credentials: given } = await options.sts(
      new AssumeRoleCommand({ ...inputOf(options, roleArn, policy), DurationSeconds: seconds }),
    );
    const identity = identityOf(given) ?? fail(roleMistake(account, 'STS answered AssumeRole without credentials'));
    return { identity, validUntil: Math.min(askedAt + seconds * 1_000, given?.Expiration?.getTime() ?? Infinity) };
  };

  return async (seconds) => {
    try {
      return await assume(seconds);
    } catch (error) {
      if (fallsBack || scope === undefined || !isTooLarge(error)) return explain(error, account);
      fallsBack = true;
      return assume(seconds).catch((second: unknown) => explain(second, account));
    }
  };
}

/** Turns what STS issued into what a signer takes; undefined when it is not whole. */
export function identityOf(given: Credentials | undefined): Required<Identity> | undefined {
  if (!given?.AccessKeyId || !given.SecretAccessKey || !given.SessionToken) return undefined;
  return { accessKeyId: given.AccessKeyId, secretAccessKey: given.SecretAccessKey, sessionToken: given.SessionToken };
}

/** Tells whether `assumption` failed because neither the role nor role chaining allows sessions that long. */
export function isTooLong(thrown: unknown): boolean {
  const error = thrown instanceof DomainFailure ? thrown.error : undefined;
  return error?.kind === 'misconfigured' && error.setting.endsWith(SESSION_SECONDS);
}

/**
 * Makes the role's ARN; a bare name needs the configured account id.
 * @throws {misconfigured} without it, or when the ARN is of another account than the configured one
 */
function roleArnOf(account: AccountConfig, role: string): string {
  const { partition } = partitionOf(account.region);
  const owner = accountIdOfRole(role);
  if (owner !== undefined) {
    if (account.id !== undefined && account.id !== owner) {
      fail(
        misconfiguredRole(
          account,
          `The role of the account ${account.name} belongs to another account than its id says.`,
        ),
      );
    }
    return role;
  }
  if (account.id === undefined) {
    fail({
      kind: 'misconfigured',
      setting: `accounts.${account.name}.id`,
      detail: `The account ${account.name} names its role without an ARN; then its id must be configured.`,
    });
  }
  return `arn:${partition}:iam::${account.id}:role/${role.replace(/^\//, '')}`;
}

/** Reads the account id inside a role's ARN; undefined for a bare name. */
export function accountIdOfRole(role: string): string | undefined {
  return /^arn:[\w-]+:iam::(\d{12}):role\/.+$/.exec(role)?.[1];
}

function inputOf(
  options: AssumeRoleOptions,
  roleArn: string,
  policy: string | undefined,
): Omit<AssumeRoleCommandInput, 'DurationSeconds'> {
  const { account, org } = options;
  const name = sessionName(account.name, options.tokenId);
  return {
    RoleArn: roleArn,
    RoleSessionName: name,
    ...(account.sourceIdentity && { SourceIdentity: name }),
    Tags: [{ Key: 'spinup:org', Value: org }],
    ...(account.externalId !== undefined && { ExternalId: account.externalId }),
    ...(policy !== undefined && { Policy: policy }),
  };
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof DomainFailure && /^PackedPolicyTooLarge/.test(error.error.origin?.code ?? '');

/** What a failed AssumeRole means to the operator; the call it was made for was not sent, so that one had no effect. */
function explain(thrown: unknown, account: AccountConfig): never {
  if (!(thrown instanceof DomainFailure)) throw thrown;
  const { error } = thrown;
  const unsent = { ...error, origin: { ...error.origin, effect: 'none' } } as DomainError;
  switch (error.kind) {
    case 'denied':
    case 'not-found':
      return fail(
        roleMistake(
          account,
          `STS refused AssumeRole: the role must exist, trust this service (${trustedActions(account)}) and want the configured external id`,
          error,
        ),
      );
    case 'invalid': {
      if (/DurationSeconds|MaxSessionDuration/i.test(error.detail)) {
        return fail({
          ...roleMistake(account, 'The role does not allow sessions of sessionSeconds', error),
          setting: `accounts.${account.name}${SESSION_SECONDS}`,
        });
      }
      // Both documents are ours: the operator can do nothing about them.
      if (/^(MalformedPolicyDocument|PackedPolicyTooLarge)/.test(error.origin?.code ?? '')) {
        return fail({
          kind: 'unforeseen',
          detail: 'STS did not take the session policy.',
          cause: thrown,
          ...(unsent.origin && { origin: unsent.origin }),
        });
      }
      return fail(roleMistake(account, 'STS did not take the request to assume the role', error));
    }
    default:
      return fail(unsent);
  }
}

const trustedActions = ({ sourceIdentity }: AccountConfig): string =>
  sourceIdentity ? 'sts:AssumeRole, sts:TagSession and sts:SetSourceIdentity' : 'sts:AssumeRole and sts:TagSession';

type Misconfigured = Extract<DomainError, { kind: 'misconfigured' }>;

function roleMistake(account: AccountConfig, what: string, error?: DomainError): Misconfigured {
  return {
    ...misconfiguredRole(account, `${what}.`),
    origin: { ...error?.origin, service: 'sts', call: 'AssumeRole', effect: 'none' },
  };
}

function misconfiguredRole(account: AccountConfig, detail: string): Misconfigured {
  return { kind: 'misconfigured', setting: `accounts.${account.name}.role`, detail };
}
