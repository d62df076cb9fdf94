import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateUserCommand,
} from '@aws-sdk/client-iam';
import { inUse, newBucket, newKeyedUser } from '../support/e2e/keys';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { type Reply, startWorld, type World } from '../support/e2e/world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

interface Details {
  readonly Groups: readonly { readonly GroupName: string }[];
  readonly Policies: readonly { readonly PolicyName: string }[];
}

const regroup = (path: string, ...Groups: readonly string[]): Promise<Reply<Details>> =>
  world.api<Details>('PATCH', path, { Groups });
const groupsOf = async (user: string, bucket: string) => (await world.snapshot(bucket)).users[user]?.groups.toSorted();

skippable(
  'a reader who becomes a writer may write with the next request, and a writer who becomes a reader may not',
  async () => {
    const { bucket, path, key } = await newKeyedUser(world, { Groups: ['BktROGrp'] });
    const { list, put } = inUse(world, bucket, key);
    expect([await list(), await put()]).toEqual(['ok', 'AccessDenied']);
    expect((await regroup(path, 'BktRWGrp')).status).toBe(200);
    expect([await list(), await put()]).toEqual(['ok', 'ok']);
    expect((await regroup(path, 'BktROGrp')).status).toBe(200);
    expect([await list(), await put()]).toEqual(['ok', 'AccessDenied']);
  },
  { more: SANDBOX_ONLY.policies },
);

skippable(
  'the groups are those asked for, roles nobody had yet included, and the answer is what GET shows',
  async () => {
    const { bucket, user, path } = await newKeyedUser(world);
    for (const wanted of [
      ['BktROGrp'],
      ['BktRWGrp', 'BktROGrp'],
      ['BktAdmGrp'],
      ['BktAdmGrp', 'BktRWGrp', 'BktROGrp'],
      ['BktRWGrp'],
    ]) {
      const { status, body } = await regroup(path, ...wanted);
      expect(status).toBe(200);
      const names = wanted.map((group) => `${bucket}-${group}`).sort();
      expect(await groupsOf(user, bucket)).toEqual(names);
      expect(body.Groups.map(({ GroupName }) => GroupName).sort()).toEqual(names);
      const shown = (await world.api<Details>('GET', path)).body;
      const sorted = ({ Groups, Policies, ...rest }: Details) => ({
        ...rest,
        Groups: Groups.toSorted((a, b) => (a.GroupName < b.GroupName ? -1 : 1)),
        Policies: Policies.toSorted((a, b) => (a.PolicyName < b.PolicyName ? -1 : 1)),
      });
      expect(sorted(body)).toEqual(sorted(shown));
    }
    const { groups, policies } = await world.snapshot(bucket);
    expect(Object.keys(groups).sort()).toEqual(
      ['BktAdmGrp', 'BktROGrp', 'BktRWGrp'].map((group) => `${bucket}-${group}`),
    );
    expect(Object.keys(policies)).toHaveLength(3);
  },
);

skippable('asked for what it is already, a user stays as it is', async () => {
  const { bucket, path } = await newKeyedUser(world, { Groups: ['BktROGrp'] });
  const before = await world.snapshot(bucket);
  expect((await regroup(path, 'BktROGrp')).status).toBe(200);
  expect(await world.snapshot(bucket)).toEqual(before);
});

skippable('groups of other buckets, and of strangers, are not touched', async () => {
  const { bucket, user, path } = await newKeyedUser(world);
  const other = await newBucket(world);
  const { iam } = world.auditor;
  const lookalike = `my${bucket}-BktROGrp`;
  await iam.send(new CreateGroupCommand({ GroupName: lookalike }));
  for (const GroupName of [`${other}-BktAdmGrp`, lookalike])
    await iam.send(new AddUserToGroupCommand({ GroupName, UserName: user }));
  const { status, body } = await regroup(path, 'BktROGrp');
  expect(status).toBe(200);
  const names = [`${bucket}-BktROGrp`, `${other}-BktAdmGrp`, lookalike].sort();
  expect(await groupsOf(user, bucket)).toEqual(names);
  expect(body.Groups.map(({ GroupName }) => GroupName).sort()).toEqual(names);
});

skippable('groups and status change in one request, or not at all', async () => {
  const { bucket, user, path, key } = await newKeyedUser(world);
  const { status } = await world.api('PATCH', path, { Status: 'Inactive', Groups: ['BktROGrp'] });
  expect(status).toBe(200);
  expect((await world.snapshot(bucket)).users[user]).toMatchObject({
    groups: [`${bucket}-BktROGrp`],
    keys: { [key.AccessKeyId]: 'Inactive' },
  });
});

skippable('a group of that name that is somebody else’s is 409, and nothing is changed', async () => {
  const { bucket, path } = await newKeyedUser(world);
  await world.auditor.iam.send(new CreateGroupCommand({ GroupName: `${bucket}-BktROGrp`, Path: '/elsewhere/' }));
  const before = await world.snapshot(bucket);
  expect(await regroup(path, 'BktROGrp')).toMatchObject({ status: 409, body: { retryable: false } });
  expect(await world.snapshot(bucket)).toEqual(before);
});

describe('a policy of the bucket that is attached to the user itself', () => {
  skippable('would outlive the change: it is detached', async () => {
    const { bucket, user, path } = await newKeyedUser(world, { Groups: ['BktROGrp'] });
    const PolicyArn = `arn:aws:iam::${world.accountId}:policy/${bucket}-BktAdmPlc`;
    await world.auditor.iam.send(new AttachUserPolicyCommand({ UserName: user, PolicyArn }));
    const { body } = await regroup(path, 'BktROGrp');
    expect(body.Policies.map(({ PolicyName }) => PolicyName)).toEqual([`${bucket}-BktROPlc`]);
    expect((await world.snapshot(bucket)).users[user]?.attached).toEqual([]);
  });

  skippable('makes the legacy user, which the change moves into groups; it stays the bucket’s', async () => {
    const bucket = await newBucket(world);
    const { iam } = world.auditor;
    await iam.send(new CreateUserCommand({ UserName: bucket }));
    await iam.send(
      new AttachUserPolicyCommand({
        UserName: bucket,
        PolicyArn: `arn:aws:iam::${world.accountId}:policy/${bucket}-BktAdmPlc`,
      }),
    );
    const path = `/demo/buckets/${bucket}/users/${bucket}`;
    const { status, body } = await regroup(path, 'BktRWGrp');
    expect(status).toBe(200);
    expect(body.Policies.map(({ PolicyName }) => PolicyName)).toEqual([`${bucket}-BktRWPlc`]);
    expect((await world.snapshot(bucket)).users[bucket]).toMatchObject({
      groups: [`${bucket}-BktRWGrp`],
      attached: [],
    });
    expect((await world.api('GET', path)).status).toBe(200);
  });

  skippable('is told by what it says where its name does not tell; policies of strangers stay', async () => {
    const bucket = await newBucket(world);
    const { iam } = world.auditor;
    const policy = async (PolicyName: string, Resource: string): Promise<void> => {
      const PolicyDocument = JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 's3:*', Resource }],
      });
      const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument }));
      await iam.send(new AttachUserPolicyCommand({ UserName: bucket, PolicyArn: Policy?.Arn }));
    };
    await iam.send(new CreateUserCommand({ UserName: bucket }));
    await policy(bucket, `arn:aws:s3:::${bucket}/*`);
    await policy(`${bucket}-elsewhere`, 'arn:aws:s3:::elsewhere/*');
    expect((await regroup(`/demo/buckets/${bucket}/users/${bucket}`, 'BktROGrp')).status).toBe(200);
    expect((await world.snapshot(bucket)).users[bucket]?.attached).toEqual([`${bucket}-elsewhere`]);
  });
});

describe('when AWS fails', () => {
  skippable(
    'on the way out of the old group, the user is where it was, and the role made on the way is gone',
    async () => {
      const { bucket, path } = await newKeyedUser(world);
      const before = await world.snapshot(bucket);
      world.faults.add({ kind: 'refuse', operation: 'RemoveUserFromGroup', count: 1 });
      const reply = await regroup(path, 'BktROGrp');
      world.faults.clear();
      expect(reply).toMatchObject({
        status: 403,
        body: { state: 'rolled-back', failedStep: expect.stringContaining('out of group') },
      });
      expect(await world.snapshot(bucket)).toEqual(before);
    },
    { more: SANDBOX_ONLY.faults },
  );
});
