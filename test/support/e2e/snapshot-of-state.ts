import type { BucketState, GroupState, PolicyState, Snapshot, UserState } from './snapshot';

/** A snapshot read from the sandbox's state: the same as an auditor's, without his ten calls for every user. */

type Pair = { readonly Key: string; readonly Value: string };
type Named = { readonly name: string };

interface TakenBucket extends Named {
  readonly ownerId: string;
  readonly objectLock: boolean;
  readonly versioning?: string;
  readonly config: {
    readonly tags?: readonly Pair[];
    readonly publicAccessBlock?: Readonly<Record<string, boolean>>;
    readonly logging?: { readonly TargetBucket?: string; readonly TargetPrefix?: string };
    readonly encryption?: {
      readonly Rule: readonly { readonly ApplyServerSideEncryptionByDefault?: { readonly SSEAlgorithm?: string } }[];
    };
    readonly lifecycle?: { readonly Rule: readonly Readonly<Record<string, unknown>>[] };
  };
  readonly objects: readonly (readonly [key: string, versions: readonly unknown[]])[];
}

interface TakenUser extends Named {
  readonly id: string;
  readonly tags: readonly Pair[];
  readonly keys: readonly { readonly id: string; readonly active: boolean }[];
  readonly groups: readonly string[];
  readonly attached: readonly string[];
  readonly inline: Readonly<Record<string, string>>;
  readonly loginProfile?: object;
  readonly mfa: readonly object[];
  readonly certificates: readonly object[];
  readonly sshKeys: readonly object[];
  readonly serviceCredentials: readonly object[];
}

interface TakenGroup extends Named {
  readonly id: string;
  readonly path: string;
  readonly attached: readonly string[];
  readonly inline: Readonly<Record<string, string>>;
}

interface TakenPolicy extends Named {
  readonly arn: string;
  readonly id: string;
  readonly tags: readonly Pair[];
  readonly versions: readonly { readonly id: string; readonly document: string }[];
  readonly defaultVersion: string;
}

interface TakenAccount {
  readonly id: string;
  readonly users: readonly TakenUser[];
  readonly groups: readonly TakenGroup[];
  readonly policies: readonly TakenPolicy[];
  readonly roles: readonly { readonly attached: readonly string[] }[];
}

interface Taken {
  readonly s3: { readonly buckets: readonly TakenBucket[] };
  readonly iam: readonly TakenAccount[];
}

/** Everything in the account whose name contains `part`; `taken` is the sandbox's state. */
export function snapshotOfState(taken: string, accountId: string, part: string): Snapshot {
  // Written by the sandbox of this very process.
  const { s3, iam } = JSON.parse(taken) as Taken;
  const account = iam.find(({ id }) => id === accountId);
  if (account === undefined) throw new Error(`the sandbox has no account ${accountId}`);
  const byName = <T extends Named, S>(all: readonly T[], stateOf: (one: T) => S): Readonly<Record<string, S>> =>
    Object.fromEntries(all.filter(({ name }) => name.includes(part)).map((one) => [one.name, stateOf(one)]));
  return {
    buckets: byName(
      s3.buckets.filter(({ ownerId }) => ownerId === accountId),
      bucketState,
    ),
    users: byName(account.users, userState),
    groups: byName(account.groups, (group) => groupState(group, account)),
    policies: byName(account.policies, (policy) => policyState(policy, account)),
  };
}

function bucketState({ config, versioning, objectLock, objects }: TakenBucket): BucketState {
  const { logging } = config;
  return {
    tags: tagMap(config.tags ?? []),
    encryption: config.encryption?.Rule[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? 'AES256',
    publicAccessBlock: { ...config.publicAccessBlock },
    logging: logging && `${logging.TargetBucket ?? ''}/${logging.TargetPrefix ?? ''}`,
    lifecycle: (config.lifecycle?.Rule ?? []).map(lifecycleRule),
    versioning,
    objectLock,
    objects: objects.flatMap(([key, versions]) => versions.map(() => key)).sort(),
  };
}

/** Lists have other names on the wire than in the SDK. */
function lifecycleRule({ Transition, NoncurrentVersionTransition, ...rest }: Readonly<Record<string, unknown>>) {
  const some = (list: unknown): boolean => Array.isArray(list) && list.length > 0;
  return {
    ...rest,
    ...(some(Transition) && { Transitions: Transition }),
    ...(some(NoncurrentVersionTransition) && { NoncurrentVersionTransitions: NoncurrentVersionTransition }),
  };
}

function userState(user: TakenUser): UserState {
  return {
    id: user.id,
    tags: tagMap(user.tags),
    keys: Object.fromEntries(user.keys.map(({ id, active }) => [id, active ? 'Active' : 'Inactive'])),
    groups: [...user.groups].sort(),
    attached: policyNames(user.attached),
    inline: Object.keys(user.inline).sort(),
    belongings: {
      loginProfile: user.loginProfile === undefined ? 0 : 1,
      mfaDevices: user.mfa.length,
      signingCertificates: user.certificates.length,
      sshPublicKeys: user.sshKeys.length,
      serviceCredentials: user.serviceCredentials.length,
    },
  };
}

function groupState({ id, name, path, attached, inline }: TakenGroup, { users }: TakenAccount): GroupState {
  return {
    id,
    path,
    members: users
      .filter(({ groups }) => groups.includes(name))
      .map((user) => user.name)
      .sort(),
    attached: policyNames(attached),
    inline: Object.keys(inline).sort(),
  };
}

function policyState({ id, arn, tags, versions, defaultVersion }: TakenPolicy, account: TakenAccount): PolicyState {
  const holders = [...account.users, ...account.groups, ...account.roles];
  return {
    id,
    tags: tagMap(tags),
    versions: Object.fromEntries(versions.map((version) => [version.id, JSON.parse(version.document) as unknown])),
    defaultVersion,
    attachments: holders.filter(({ attached }) => attached.includes(arn)).length,
  };
}

const policyNames = (arns: readonly string[]): string[] => arns.map((arn) => arn.replace(/^.*\//, '')).sort();

const tagMap = (tags: readonly Pair[]): Readonly<Record<string, string>> =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
