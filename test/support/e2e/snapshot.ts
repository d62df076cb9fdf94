import {
  GetGroupCommand,
  GetLoginProfileCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListAttachedGroupPoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupPoliciesCommand,
  ListGroupsCommand,
  ListGroupsForUserCommand,
  ListMFADevicesCommand,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  ListServiceSpecificCredentialsCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import { type AwsClients, targetName } from './target';

type Tags = Readonly<Record<string, string>>;

export interface BucketState {
  readonly tags: Tags;
  /** The algorithm, e.g. `AES256`. */
  readonly encryption: string | undefined;
  readonly publicAccessBlock: Readonly<Record<string, boolean | undefined>>;
  /** `bucket/prefix`. */
  readonly logging: string | undefined;
  readonly lifecycle: readonly unknown[];
  readonly versioning: string | undefined;
  readonly objectLock: boolean;
  /** Keys of versions and delete markers. */
  readonly objects: readonly string[];
}

export interface UserState {
  readonly id: string;
  readonly tags: Tags;
  /** Status by key id. */
  readonly keys: Readonly<Record<string, string>>;
  readonly groups: readonly string[];
  readonly attached: readonly string[];
  readonly inline: readonly string[];
  /** Login profile, devices, certificates, SSH keys, service credentials: how many of each. */
  readonly belongings: Readonly<Record<string, number>>;
}

export interface GroupState {
  readonly id: string;
  readonly path: string;
  readonly members: readonly string[];
  readonly attached: readonly string[];
  readonly inline: readonly string[];
}

export interface PolicyState {
  readonly id: string;
  readonly tags: Tags;
  /** Document by version. */
  readonly versions: Readonly<Record<string, unknown>>;
  readonly defaultVersion: string;
  readonly attachments: number;
}

/** An account as plain, comparable data, each kind by name. */
export interface Snapshot {
  readonly buckets: Readonly<Record<string, BucketState>>;
  readonly users: Readonly<Record<string, UserState>>;
  readonly groups: Readonly<Record<string, GroupState>>;
  readonly policies: Readonly<Record<string, PolicyState>>;
}

/** Everything in the account whose name contains `part`, as an auditor sees it. */
export async function snapshotOf(clients: AwsClients, part: string): Promise<Snapshot> {
  const { s3, iam } = clients;
  const chosen = (names: readonly (string | undefined)[]) =>
    names.filter((name) => name !== undefined && name.includes(part)) as string[];
  const named = async () =>
    chosen((await s3.send(new ListBucketsCommand({ MaxBuckets: 10_000 }))).Buckets?.map(({ Name }) => Name) ?? []);
  if (targetName === 'plain') {
    const states = await Promise.all(
      (await named()).map(async (name) => [name, await bucketState(clients, name)] as const),
    );
    return { buckets: Object.fromEntries(states), users: {}, groups: {}, policies: {} };
  }
  const [buckets, users, groups, policies] = await Promise.all([
    named(),
    pages(
      (Marker) => iam.send(new ListUsersCommand(Marker)),
      (page) => chosen((page.Users ?? []).map(({ UserName }) => UserName)),
    ),
    pages(
      (Marker) => iam.send(new ListGroupsCommand(Marker)),
      (page) => chosen((page.Groups ?? []).map(({ GroupName }) => GroupName)),
    ),
    pages(
      (Marker) => iam.send(new ListPoliciesCommand({ Scope: 'Local', ...Marker })),
      (page) =>
        (page.Policies ?? []).flatMap(({ PolicyName = '', Arn = '' }) =>
          PolicyName.includes(part) ? [{ name: PolicyName, arn: Arn }] : [],
        ),
    ),
  ]);
  const [bucketStates, userStates, groupStates, policyStates] = await Promise.all([
    Promise.all(buckets.map(async (name) => [name, await bucketState(clients, name)] as const)),
    Promise.all(users.map(async (name) => [name, await userState(clients, name)] as const)),
    Promise.all(groups.map(async (name) => [name, await groupState(clients, name)] as const)),
    Promise.all(policies.map(async ({ name, arn }) => [name, await policyState(clients, arn)] as const)),
  ]);
  return {
    buckets: Object.fromEntries(bucketStates),
    users: Object.fromEntries(userStates),
    groups: Object.fromEntries(groupStates),
    policies: Object.fromEntries(policyStates),
  };
}

async function bucketState({ s3 }: AwsClients, Bucket: string): Promise<BucketState> {
  const [tags, encryption, block, logging, lifecycle, versioning, lock, objects] = await Promise.all([
    absentAs(undefined, s3.send(new GetBucketTaggingCommand({ Bucket }))),
    absentAs(undefined, s3.send(new GetBucketEncryptionCommand({ Bucket }))),
    absentAs(undefined, s3.send(new GetPublicAccessBlockCommand({ Bucket }))),
    s3.send(new GetBucketLoggingCommand({ Bucket })),
    absentAs(undefined, s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))),
    s3.send(new GetBucketVersioningCommand({ Bucket })),
    absentAs(undefined, s3.send(new GetObjectLockConfigurationCommand({ Bucket }))),
    s3.send(new ListObjectVersionsCommand({ Bucket })),
  ]);
  const target = logging.LoggingEnabled;
  return {
    tags: tagMap(tags?.TagSet),
    encryption:
      encryption?.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
    publicAccessBlock: { ...block?.PublicAccessBlockConfiguration },
    logging: target && `${target.TargetBucket ?? ''}/${target.TargetPrefix ?? ''}`,
    lifecycle: lifecycle?.Rules ?? [],
    versioning: versioning.Status,
    objectLock: lock?.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled',
    objects: [...(objects.Versions ?? []), ...(objects.DeleteMarkers ?? [])].map(({ Key }) => Key ?? '').sort(),
  };
}

async function userState({ iam }: AwsClients, UserName: string): Promise<UserState> {
  const of = { UserName };
  const [user, keys, groups, attached, inline, login, mfa, certificates, ssh, credentials] = await Promise.all([
    iam.send(new GetUserCommand(of)),
    iam.send(new ListAccessKeysCommand(of)),
    iam.send(new ListGroupsForUserCommand(of)),
    iam.send(new ListAttachedUserPoliciesCommand(of)),
    iam.send(new ListUserPoliciesCommand(of)),
    absentAs(undefined, iam.send(new GetLoginProfileCommand(of))),
    absentAs(undefined, iam.send(new ListMFADevicesCommand(of))),
    absentAs(undefined, iam.send(new ListSigningCertificatesCommand(of))),
    absentAs(undefined, iam.send(new ListSSHPublicKeysCommand(of))),
    absentAs(undefined, iam.send(new ListServiceSpecificCredentialsCommand(of))),
  ]);
  return {
    id: user.User?.UserId ?? '',
    tags: tagMap(user.User?.Tags),
    keys: Object.fromEntries(
      (keys.AccessKeyMetadata ?? []).map(({ AccessKeyId, Status }) => [AccessKeyId ?? '', Status ?? '']),
    ),
    groups: sorted(groups.Groups?.map(({ GroupName }) => GroupName)),
    attached: sorted(attached.AttachedPolicies?.map(({ PolicyName }) => PolicyName)),
    inline: sorted(inline.PolicyNames),
    belongings: {
      loginProfile: login === undefined ? 0 : 1,
      mfaDevices: mfa?.MFADevices?.length ?? 0,
      signingCertificates: certificates?.Certificates?.length ?? 0,
      sshPublicKeys: ssh?.SSHPublicKeys?.length ?? 0,
      serviceCredentials: credentials?.ServiceSpecificCredentials?.length ?? 0,
    },
  };
}

async function groupState({ iam }: AwsClients, GroupName: string): Promise<GroupState> {
  const [group, attached, inline] = await Promise.all([
    iam.send(new GetGroupCommand({ GroupName })),
    iam.send(new ListAttachedGroupPoliciesCommand({ GroupName })),
    iam.send(new ListGroupPoliciesCommand({ GroupName })),
  ]);
  return {
    id: group.Group?.GroupId ?? '',
    path: group.Group?.Path ?? '',
    members: sorted(group.Users?.map(({ UserName }) => UserName)),
    attached: sorted(attached.AttachedPolicies?.map(({ PolicyName }) => PolicyName)),
    inline: sorted(inline.PolicyNames),
  };
}

async function policyState({ iam }: AwsClients, PolicyArn: string): Promise<PolicyState> {
  const [{ Policy }, { Versions = [] }] = await Promise.all([
    iam.send(new GetPolicyCommand({ PolicyArn })),
    iam.send(new ListPolicyVersionsCommand({ PolicyArn })),
  ]);
  const documents = await Promise.all(
    Versions.map(async ({ VersionId }) => {
      const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
      return [VersionId ?? '', JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? 'null')) as unknown] as const;
    }),
  );
  return {
    id: Policy?.PolicyId ?? '',
    tags: tagMap(Policy?.Tags),
    versions: Object.fromEntries(documents),
    defaultVersion: Policy?.DefaultVersionId ?? '',
    attachments: Policy?.AttachmentCount ?? 0,
  };
}

async function pages<P extends { IsTruncated?: boolean | undefined; Marker?: string | undefined }, T>(
  fetch: (marker: { readonly Marker?: string }) => Promise<P>,
  items: (page: P) => readonly T[],
): Promise<T[]> {
  const all: T[] = [];
  let marker: { readonly Marker?: string } = {};
  for (;;) {
    const page = await fetch(marker);
    all.push(...items(page));
    if (page.IsTruncated !== true || page.Marker === undefined) return all;
    marker = { Marker: page.Marker };
  }
}

/** What an answer of 404 means, or one of an emulator that does not know the call: there is none. */
async function absentAs<T>(nothing: undefined, call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (thrown) {
    const { name, message, $metadata } = thrown as Error & {
      readonly $metadata?: { readonly httpStatusCode?: number };
    };
    const isUnknown =
      name === 'InvalidAction' || message.includes('XML parse error') || $metadata?.httpStatusCode === 501;
    if ($metadata?.httpStatusCode === 404 || (targetName !== 'sandbox' && isUnknown)) return nothing;
    throw thrown;
  }
}

const sorted = (names: readonly (string | undefined)[] | undefined): string[] =>
  (names ?? []).map((name) => name ?? '').sort();

const tagMap = (tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined): Tags =>
  Object.fromEntries(
    (tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
