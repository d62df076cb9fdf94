import type { Deliver, Performed } from '../../../src/engine/recipe';
import type { DomainError } from '../../../src/base/errors';
import type { Subject } from '../../../src/domain/shared/subject';
import type { Provisioning } from './provisioning';
import type { KeyStatus } from '../../../src/domain/user/keys/rules/shapes';
import type { GroupShape, NewAccessKeyShape, UserShape } from '../../../src/domain/shared/shapes';

interface FakeUser {
  readonly user: UserShape;
  keys: NewAccessKeyShape[];
  status?: KeyStatus;
}

/** What the keys have of the fake around them. */
export interface FakeRest {
  readonly write: <T>(work: () => T) => Promise<Performed<T>>;
  /** Hands a new key out. */
  readonly hand: <T extends { readonly AccessKey: NewAccessKeyShape }>(
    performing: Promise<Performed<T>>,
    deliver?: Deliver<T>,
  ) => Promise<Performed<T>>;
  readonly end: (error: DomainError) => never;
  readonly userOf: (account: string, subject: Subject, name: string) => FakeUser;
  readonly newKey: (user: string) => NewAccessKeyShape;
  readonly groupOf: (bucket: string, role?: string) => GroupShape;
}

const shown = ({ AccessKeyId, CreateDate, Status, UserName }: NewAccessKeyShape) => ({
  AccessKeyId,
  CreateDate,
  Status,
  UserName,
});

const USED = { LastUsedDate: new Date('2019-06-01T08:00:00Z'), ServiceName: 's3', Region: undefined };

/** Keys of the fake's users, by AWS's rules as far as the contract shows them; the first key of each was used. */
type KeyCalls = Pick<
  Provisioning,
  'addKey' | 'listKeys' | 'setKeyStatus' | 'deleteKey' | 'revokeKeys' | 'changeUser' | 'reportKeys'
>;

export function fakeKeys({ write, hand, end, userOf, newKey, groupOf }: FakeRest): KeyCalls {
  const keyOf = ({ keys }: FakeUser, id: string): NewAccessKeyShape =>
    keys.find(({ AccessKeyId }) => AccessKeyId === id) ?? end({ kind: 'not-found', detail: `there is no key ${id}` });
  const replace = (user: FakeUser, key: NewAccessKeyShape): void => {
    user.keys = user.keys.map((one) => (one.AccessKeyId === key.AccessKeyId ? key : one));
  };

  return {
    addKey: (account, subject, name, deliver) => {
      const addition = write(() => {
        const user = userOf(account.name, subject, name);
        if (user.keys.length >= 2) end({ kind: 'conflict', detail: `user ${name} has two access keys` });
        if (user.status === 'Inactive') end({ kind: 'conflict', detail: `user ${name} is Inactive` });
        const AccessKey = newKey(name);
        user.keys = [...user.keys, AccessKey];
        return { AccessKey };
      });
      return hand(addition, deliver);
    },
    listKeys: async (account, subject, name) =>
      userOf(account.name, subject, name).keys.map((key, n) => ({
        ...shown(key),
        LastUsed: n === 0 ? USED : undefined,
      })),
    setKeyStatus: (account, subject, { user: name, id }, Status) =>
      write(() => {
        const user = userOf(account.name, subject, name);
        const key = { ...keyOf(user, id), Status };
        if (Status === 'Active' && user.status === 'Inactive')
          end({ kind: 'conflict', detail: `user ${name} is Inactive` });
        replace(user, key);
        return shown(key);
      }),
    deleteKey: (account, subject, { user: name, id }) =>
      write(() => {
        const user = userOf(account.name, subject, name);
        keyOf(user, id);
        user.keys = user.keys.filter(({ AccessKeyId }) => AccessKeyId !== id);
      }),
    revokeKeys: (account, subject, name) =>
      write(() => {
        const user = userOf(account.name, subject, name);
        const DeletedKeyIds = user.keys.map(({ AccessKeyId }) => AccessKeyId);
        user.keys = [];
        return { DeletedKeyIds };
      }),
    changeUser: (account, subject, name, { Status, Groups = ['BktAdmGrp'] }) =>
      write(() => {
        const user = userOf(account.name, subject, name);
        if (Status !== undefined) {
          user.status = Status;
          for (const key of user.keys) replace(user, { ...key, Status });
        }
        const roles = Groups.map((group) => group.replace(/Grp$/, ''));
        return {
          User: user.user,
          AccessKeys: user.keys.map(shown),
          Groups: roles.map((role) => groupOf(subject.bucket, role)),
          Policies: [],
        };
      }),
    reportKeys: async (_account, { olderThan = 'all', limit = 100, marker }) => ({
      Keys: [
        {
          AccessKeyId: 'AKIAJTGA5ITTTJ7WOR7A',
          CreateDate: new Date('2019-03-19T18:31:14Z'),
          Status: 'Active',
          UserName: `${olderThan}-${String(limit)}`,
          LastUsed: undefined,
          ageDays: undefined,
          Bucket: 'foobarbucketname',
        },
      ],
      Marker: marker,
    }),
  };
}
