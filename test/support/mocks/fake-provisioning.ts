import type { AccountConfig } from '../../../src/config/types';
import type { Performed } from '../../../src/engine/recipe';
import { DomainFailure, type DomainError } from '../../../src/base/errors';
import { asBucket, asWebsite, type Subject } from '../../../src/domain/shared/subject';
import type { ObjectUrl } from '../../../src/domain/object/rules/shapes';
import type { ObjectSubject, Provisioning } from './provisioning';
import type { GroupShape, NewAccessKeyShape, PolicyShape, Tag, UserShape } from '../../../src/domain/shared/shapes';
import type { CleanerReport } from '../../../src/domain/website/rules/shapes';
import { secret } from '../../../src/base/secret';
import { DISTRIBUTION, DNS_CHANGE, RECORD_SETS } from '../aws-documents';
import { fakeKeys, type FakeRest } from './fake-keys';
import { fakeSettings } from './fake-settings';

/** Must never be seen but in the answer of the call that made the key. */
export const CANARY = 'canary/SECRET+sssshimsupersekretdonttellanyone';

interface FakeBucket {
  tags: readonly Tag[];
  readonly users: Map<string, { user: UserShape; keys: NewAccessKeyShape[] }>;
}

export interface FakeProvisioning extends Provisioning {
  /** Keys whose secret reached nobody. */
  readonly withdrawn: readonly string[];
  /** What a cleaner run was asked to remove, run by run. */
  readonly cleaned: readonly (readonly string[])[];
}

/** What the cleaner finds until it has run. */
export const LEFT: CleanerReport = {
  distributions: [{ id: 'ABCDEFGHIJKLMNOP', site: 'foobar.bulldogs.cloud', state: 'deletable', reason: 'bucket-gone' }],
  orphans: [
    { type: 'group', name: 'foobar.bulldogs.cloud-BktAdmGrp', bucket: 'foobar.bulldogs.cloud', ageSeconds: 86_400 },
    { type: 'record', name: 'foobar.bulldogs.cloud', bucket: 'foobar.bulldogs.cloud', ageSeconds: undefined },
  ],
  nextRun: '2026-11-22T16:20:00.000Z',
};

const MADE = new Date('2019-03-01T15:33:52Z');

/** Buckets, websites and users of all accounts in memory, by AWS's rules as far as the contract shows them. */
export function createFakeProvisioning(): FakeProvisioning {
  const buckets = new Map<string, FakeBucket>();
  const withdrawn: string[] = [];
  const cleaned: (readonly string[])[] = [];
  let operations = 0;
  let keys = 0;

  const end = (error: DomainError): never => {
    throw new DomainFailure(error);
  };
  /** A plain bucket is no website, nor the other way round: each family must ask for its own. */
  const keyOf = (account: string, { kind, bucket }: Subject): string => `${account}/${kind}/${bucket}`;
  const subjectOf = (account: string, subject: Subject): FakeBucket =>
    buckets.get(keyOf(account, subject)) ??
    end({
      kind: 'not-found',
      detail: `there is no ${subject.kind} ${subject.bucket}`,
      origin: { code: 'NoSuchBucket' },
    });
  const userOf = (account: string, subject: Subject, name: string) =>
    subjectOf(account, subject).users.get(name) ??
    end({
      kind: 'not-found',
      detail: `${subject.kind} ${subject.bucket} has no user ${name}`,
      origin: { code: 'NoSuchEntity' },
    });
  const namesOf = (account: string, kind: Subject['kind']): readonly string[] => {
    const prefix = `${account}/${kind}/`;
    return [...buckets.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length))
      .sort();
  };
  const make = (account: string, subject: Subject, tags: readonly Tag[] = []): void => {
    const key = keyOf(account, subject);
    if (buckets.has(key))
      end({
        kind: 'exists',
        detail: `a ${subject.kind} ${subject.bucket} exists`,
        origin: { code: 'BucketAlreadyOwnedByYou' },
      });
    buckets.set(key, { tags, users: new Map() });
  };
  const update = (account: string, subject: Subject, tags: readonly Tag[] | undefined): void => {
    const found = subjectOf(account, subject);
    if (tags) found.tags = tags;
  };
  const remove = (account: string, subject: Subject): void => {
    subjectOf(account, subject);
    buckets.delete(keyOf(account, subject));
  };
  const detailsOf = (account: string, subject: Subject) => ({
    Tags: subjectOf(account, subject).tags,
    Logging: {
      TargetBucket: 'foobar-buckets-access-logs',
      TargetPrefix: `s3/${subject.bucket}/`,
    },
    Empty: true,
  });
  const write = async <T>(work: () => T): Promise<Performed<T>> => {
    const operationId = `op-${++operations}`;
    try {
      return { operationId, outcome: { state: 'succeeded', value: work() } };
    } catch (thrown) {
      if (!(thrown instanceof DomainFailure)) throw thrown;
      return { operationId, outcome: { state: 'failed', error: thrown.error, left: [] } };
    }
  };
  const hand: FakeRest['hand'] = async (performing, deliver) => {
    const performed = await performing;
    const { operationId, outcome } = performed;
    if (outcome.state !== 'succeeded' || !deliver || (await deliver(outcome.value, operationId))) return performed;
    withdrawn.push(outcome.value.AccessKey.AccessKeyId);
    return performed;
  };
  /** The URL shows what was asked for, so that a test can read it there. */
  const signed = async (
    { name }: AccountConfig,
    { kind, bucket }: ObjectSubject,
    key: string,
    asked: object,
  ): Promise<ObjectUrl> => {
    subjectOf(name, { kind, bucket });
    const url = `https://${bucket}.s3.us-east-1.amazonaws.com/?${new URLSearchParams({ key, asked: JSON.stringify(asked), 'X-Amz-Signature': CANARY }).toString()}`;
    return {
      url: secret(url),
      fields: undefined,
      headers: undefined,
      expiresAt: MADE,
      limitedBy: 'form' in asked ? undefined : 'credentials',
    };
  };
  const newKey = (UserName: string): NewAccessKeyShape => ({
    AccessKeyId: `AKIA${String(++keys).padStart(16, '0')}`,
    CreateDate: MADE,
    SecretAccessKey: secret(CANARY),
    Status: 'Active',
    UserName,
  });

  return {
    withdrawn,
    cleaned,
    listBuckets: async ({ name }) => namesOf(name, 'bucket'),
    requireBucket: async (account, bucket) => void subjectOf(account.name, asBucket(bucket)),
    showBucket: async (account, bucket, include) => ({
      ...detailsOf(account.name, asBucket(bucket)),
      settings: fakeSettings(include),
    }),
    createBucket: (account, { Tags, BucketInput: { Bucket } }) =>
      write(() => {
        make(account.name, asBucket(Bucket), Tags);
        return { Bucket: `/${Bucket}`, Policy: policyShape(Bucket), Group: groupShape(Bucket) };
      }),
    updateBucket: (account, bucket, { Tags }) =>
      write(() => {
        update(account.name, asBucket(bucket), Tags ?? undefined);
        return {};
      }),
    deleteBucket: (account, bucket) =>
      write(() => {
        remove(account.name, asBucket(bucket));
        return {};
      }),

    listWebsites: async ({ name }) => namesOf(name, 'website'),
    requireWebsite: async (account, site) => void subjectOf(account.name, asWebsite(site)),
    showWebsite: async (account, site, include) => ({
      ...detailsOf(account.name, asWebsite(site)),
      settings: fakeSettings(include),
      DNSRecord: RECORD_SETS.alias,
      Distribution: DISTRIBUTION,
    }),
    createWebsite: (account, { Tags, BucketInput: { Bucket } }) =>
      write(() => {
        make(account.name, asWebsite(Bucket), Tags);
        const [Policies, Groups] = [
          siteRoles.map((role) => policyShape(Bucket, role)),
          siteRoles.map((role) => groupShape(Bucket, role)),
        ];
        const admin = { Policy: policyShape(Bucket), Group: groupShape(Bucket) };
        return { Bucket: `/${Bucket}`, ...admin, Policies, Groups, Distribution: DISTRIBUTION, DnsChange: DNS_CHANGE };
      }),
    updateWebsite: (account, site, { Tags }) => write(() => update(account.name, asWebsite(site), Tags ?? undefined)),
    invalidate: (account, site, Items) =>
      write(() => {
        subjectOf(account.name, asWebsite(site));
        return {
          Invalidation: {
            Id: 'GGHHIIJJKKLLOO',
            Status: 'InProgress',
            CreateTime: MADE,
            InvalidationBatch: { CallerReference: 'op-1', Paths: { Items, Quantity: Items.length } },
          },
          Location:
            'https://cloudfront.amazonaws.com/2020-05-31/distribution/ABCDEFGHIJKLMNOP/invalidation/GGHHIIJJKKLLOO',
        };
      }),
    deleteWebsite: (account, site) =>
      write(() => {
        const { users } = subjectOf(account.name, asWebsite(site));
        remove(account.name, asWebsite(site));
        return {
          Website: site,
          Users: [...users.keys()],
          Policies: siteRoles.map((role) => policyShape(site, role).PolicyName),
          Groups: siteRoles.map((role) => groupShape(site, role).GroupName),
          DNSRecord: RECORD_SETS.alias,
          Distribution: DISTRIBUTION,
          DnsChange: DNS_CHANGE,
        };
      }),
    previewCleaner: async () => (cleaned.length === 0 ? LEFT : { distributions: [], orphans: [], nextRun: undefined }),
    runCleaner: (_account, orphans) =>
      write(() => {
        cleaned.push(orphans);
        return { ...LEFT, orphans: LEFT.orphans.filter(({ type, name }) => orphans.includes(`${type}/${name}`)) };
      }),

    bookmark: async (account, subject, { path = '', user }) => {
      subjectOf(account.name, subject);
      const key = user === undefined ? '' : (userOf(account.name, subject, user).keys[0]?.AccessKeyId ?? '');
      return `<plist><string>/${subject.bucket}/${path}</string><string>${key}</string></plist>`;
    },
    clientFile: async (account, subject, tool, { path = '' }) => {
      subjectOf(account.name, subject);
      if (tool !== 'mc')
        return { name: `${tool}.conf`, type: 'text/plain; charset=utf-8', text: `${subject.bucket}/${path}\n` };
      const alias = {
        comment: '',
        url: 'https://s3.amazonaws.com',
        accessKey: 'A',
        secretKey: 'REPLACE_WITH_SECRET_ACCESS_KEY',
        api: 's3v4',
        path: 'auto',
      };
      return { name: `${subject.bucket}.json`, type: 'application/json; charset=utf-8', text: JSON.stringify(alias) };
    },
    listUsers: async (account, subject) =>
      [...subjectOf(account.name, subject).users.values()].map(({ user, keys: own }) => ({
        ...user,
        Groups: [],
        Status: 'Active' as const,
        AccessKeys: own.map(({ AccessKeyId, CreateDate, Status, UserName }) => ({
          AccessKeyId,
          CreateDate,
          Status,
          UserName,
        })),
      })),
    showUser: async (account, subject, name) => {
      const { user, keys: own } = userOf(account.name, subject, name);
      return {
        User: user,
        AccessKeys: own.map(({ AccessKeyId, CreateDate, Status, UserName }) => ({
          AccessKeyId,
          CreateDate,
          Status,
          UserName,
        })),
        Groups: [groupShape(subject.bucket)],
        Policies: [{ Arn: policyShape(subject.bucket).Arn, PolicyName: policyShape(subject.bucket).PolicyName }],
      };
    },
    createUser: (account, subject, { User: { UserName, Path, Tags } }, deliver) => {
      const creation = write(() => {
        const { users } = subjectOf(account.name, subject);
        if (users.has(UserName))
          end({ kind: 'exists', detail: `a user ${UserName} exists`, origin: { code: 'EntityAlreadyExists' } });
        const made = { user: userShape(UserName, Tags, Path), keys: [newKey(UserName)] as [NewAccessKeyShape] };
        users.set(UserName, made);
        return { User: made.user, AccessKey: made.keys[0] };
      });
      return hand(creation, deliver);
    },
    resetKeys: (account, subject, name, deliver) => {
      const reset = write(() => {
        const found = userOf(account.name, subject, name);
        const DeletedKeyIds = found.keys.map(({ AccessKeyId }) => AccessKeyId);
        const AccessKey = newKey(name);
        found.keys = [AccessKey];
        return { DeletedKeyIds, AccessKey };
      });
      return hand(reset, deliver);
    },
    deleteUser: (account, subject, name) =>
      write(() => {
        userOf(account.name, subject, name);
        subjectOf(account.name, subject).users.delete(name);
        return {};
      }),
    uploadUrl: async (account, subject, input, seconds) =>
      signed(account, subject, input.filename, { seconds, ...input }),
    downloadUrl: async (account, subject, key, options) => signed(account, subject, key, options),
    deleteUrl: async (account, subject, key, seconds) => signed(account, subject, key, { seconds }),
    ...fakeKeys({ write, hand, end, userOf, newKey, groupOf: groupShape }),
  };
}

const siteRoles = ['BktAdm', 'WebAdm'];

function policyShape(bucket: string, role = 'BktAdm'): PolicyShape {
  return {
    Arn: `arn:aws:iam::123456789012:policy/${bucket}-${role}Plc`,
    AttachmentCount: 0,
    CreateDate: MADE,
    DefaultVersionId: 'v1',
    Description: undefined,
    IsAttachable: true,
    Path: '/',
    PermissionsBoundaryUsageCount: 0,
    PolicyId: 'ABCDEFGHI12345678',
    PolicyName: `${bucket}-${role}Plc`,
    UpdateDate: MADE,
  };
}

function groupShape(bucket: string, role = 'BktAdm'): GroupShape {
  return {
    Arn: `arn:aws:iam::123456789012:group/${bucket}-${role}Grp`,
    CreateDate: MADE,
    GroupId: 'GROUPID123',
    GroupName: `${bucket}-${role}Grp`,
    Path: '/',
  };
}

function userShape(UserName: string, Tags: readonly Tag[] | undefined, Path = '/'): UserShape {
  return {
    Arn: `arn:aws:iam::123456789012:user${Path}${UserName}`,
    CreateDate: MADE,
    PasswordLastUsed: undefined,
    Path,
    PermissionsBoundary: undefined,
    Tags,
    UserId: 'AIDAJJSBBEAVOQLFAAUCG',
    UserName,
  };
}
