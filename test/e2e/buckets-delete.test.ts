import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreatePolicyVersionCommand,
  CreateUserCommand,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { skippable } from '../support/e2e/skips';
import { hasIam } from '../support/e2e/target';
import { startWorld, type World } from '../support/e2e/world';

const NOTHING = { buckets: {}, users: {}, groups: {}, policies: {} };

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

async function newBucket(bucket = world.name('doomed')): Promise<string> {
  const { status } = await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } });
  expect(status).toBe(202);
  return bucket;
}

async function newUser(bucket: string, user: string, Groups?: readonly string[]): Promise<void> {
  const { status } = await world.api('POST', `/demo/buckets/${bucket}/users`, {
    User: { UserName: user },
    ...(Groups && { Groups }),
  });
  expect(status).toBe(200);
}

const remove = (bucket: string) => world.api('DELETE', `/demo/buckets/${bucket}`);

describe('a bucket that is not empty is 409, and nothing is touched', () => {
  const refused = async (bucket: string, fill: () => Promise<unknown>): Promise<void> => {
    if (hasIam) await newUser(bucket, `${bucket}-user`, ['BktRWGrp']);
    await fill();
    const before = await world.snapshot(bucket);
    const { status, body, headers } = await remove(bucket);
    expect(status).toBe(409);
    expect(body).toMatchObject({ type: 'urn:mallard:problem:not-empty', retryable: false });
    expect(headers.has('retry-after')).toBe(false);
    expect(await world.snapshot(bucket)).toEqual(before);
  };
  const put = (Bucket: string, Key: string) => world.auditor.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
  const unput = (Bucket: string, Key: string) => world.auditor.s3.send(new DeleteObjectCommand({ Bucket, Key }));
  const versioned = (Bucket: string) =>
    world.auditor.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));

  skippable('an object', async () => {
    const bucket = await newBucket();
    await refused(bucket, () => put(bucket, 'a'));
  });

  skippable('a version behind a delete marker', async () => {
    const bucket = await newBucket();
    await refused(bucket, async () => {
      await versioned(bucket);
      await put(bucket, 'a');
      await unput(bucket, 'a');
    });
  });

  skippable('a delete marker alone', async () => {
    const bucket = await newBucket();
    await refused(bucket, async () => {
      await versioned(bucket);
      const { VersionId } = await put(bucket, 'a');
      await unput(bucket, 'a');
      await world.auditor.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'a', VersionId }));
    });
  });
});

describe('what goes with a bucket', () => {
  skippable('the groups and policies of all three roles, and the users that belong to nothing else', async () => {
    const bucket = await newBucket();
    await newUser(bucket, `${bucket}-a`);
    await newUser(bucket, `${bucket}-b`, ['BktRWGrp']);
    await newUser(bucket, `${bucket}-c`, ['BktAdmGrp', 'BktRWGrp', 'BktROGrp']);
    expect(Object.keys((await world.snapshot(bucket)).groups)).toHaveLength(3);
    const { status, body } = await remove(bucket);
    expect({ status, body }).toEqual({ status: 200, body: {} });
    expect(await world.snapshot(bucket)).toEqual(NOTHING);
  });

  skippable('policies with several versions', async () => {
    const bucket = await newBucket();
    const PolicyArn = `arn:aws:iam::${world.accountId}:policy/${bucket}-BktAdmPlc`;
    for (const Action of ['s3:Get*', 's3:List*', 's3:Put*']) {
      const PolicyDocument = JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action, Resource: `arn:aws:s3:::${bucket}` }],
      });
      await world.auditor.iam.send(
        new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: Action === 's3:List*' }),
      );
    }
    expect((await remove(bucket)).status).toBe(200);
    expect(await world.snapshot(bucket)).toEqual(NOTHING);
  });

  skippable('a policy that somebody attached to another user, who stays', async () => {
    const bucket = await newBucket();
    const UserName = world.name('guest');
    await world.auditor.iam.send(new CreateUserCommand({ UserName }));
    const PolicyArn = `arn:aws:iam::${world.accountId}:policy/${bucket}-BktAdmPlc`;
    await world.auditor.iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
    expect((await remove(bucket)).status).toBe(200);
    expect(await world.snapshot(bucket)).toEqual(NOTHING);
    expect((await world.snapshot(UserName)).users[UserName]).toMatchObject({ attached: [] });
  });

  skippable('the predecessor’s user, named like the bucket', async () => {
    const bucket = await newBucket();
    await world.auditor.iam.send(new CreateUserCommand({ UserName: bucket }));
    const PolicyArn = `arn:aws:iam::${world.accountId}:policy/${bucket}-BktAdmPlc`;
    await world.auditor.iam.send(new AttachUserPolicyCommand({ UserName: bucket, PolicyArn }));
    expect((await remove(bucket)).status).toBe(200);
    expect(await world.snapshot(bucket)).toEqual(NOTHING);
  });

  skippable('a bucket that the service did not make', async () => {
    const bucket = world.name('older');
    await world.auditor.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    expect((await remove(bucket)).status).toBe(200);
    expect(await world.snapshot(bucket)).toEqual(NOTHING);
  });
});

describe('what stays', () => {
  skippable('users who belong elsewhere, too: out of this bucket, with their keys', async () => {
    const [bucket, other] = [await newBucket(), await newBucket()];
    const user = world.name('shared');
    await newUser(bucket, user);
    await world.auditor.iam.send(new AddUserToGroupCommand({ UserName: user, GroupName: `${other}-BktAdmGrp` }));
    const before = await world.snapshot(user);
    expect((await remove(bucket)).status).toBe(200);
    const after = await world.snapshot(user);
    expect(after.users[user]).toEqual({ ...before.users[user], groups: [`${other}-BktAdmGrp`] });
    expect(await world.snapshot(bucket)).toEqual(NOTHING);
  });

  skippable('a user named like the bucket who never had its policy', async () => {
    const bucket = await newBucket();
    await world.auditor.iam.send(new CreateUserCommand({ UserName: bucket }));
    expect((await remove(bucket)).status).toBe(200);
    const left = await world.snapshot(bucket);
    expect(Object.keys(left.users)).toEqual([bucket]);
    expect({ ...left, users: {} }).toEqual(NOTHING);
  });

  skippable('names that contain this one or begin with it', async () => {
    const stem = world.name('site');
    const neighbours = [`my${stem}`, `${stem}-extra`, `${stem}.example.org`];
    for (const bucket of [stem, ...neighbours]) {
      await newBucket(bucket);
      await newUser(bucket, `user-of-${bucket}`, ['BktAdmGrp', 'BktRWGrp', 'BktROGrp']);
    }
    const only = (all: Awaited<ReturnType<World['snapshot']>>) => ({
      buckets: Object.fromEntries(Object.entries(all.buckets).filter(([name]) => name !== stem)),
      users: Object.fromEntries(Object.entries(all.users).filter(([name]) => name !== `user-of-${stem}`)),
      groups: Object.fromEntries(Object.entries(all.groups).filter(([name]) => !new RegExp(`^${stem}-Bkt`).test(name))),
      policies: Object.fromEntries(
        Object.entries(all.policies).filter(([name]) => !new RegExp(`^${stem}-Bkt`).test(name)),
      ),
    });
    const before = only(await world.snapshot(stem));
    expect(Object.keys(before.groups)).toHaveLength(9);
    expect((await remove(stem)).status).toBe(200);
    expect(await world.snapshot(stem)).toEqual(before);
  });

  skippable('a group of that name under another path', async () => {
    const bucket = await newBucket();
    await world.auditor.iam.send(new CreateGroupCommand({ GroupName: `${bucket}-BktROGrp`, Path: '/elsewhere/' }));
    expect((await remove(bucket)).status).toBe(200);
    const left = await world.snapshot(bucket);
    expect(left).toMatchObject({
      buckets: {},
      users: {},
      policies: {},
      groups: { [`${bucket}-BktROGrp`]: { path: '/elsewhere/' } },
    });
    expect(Object.keys(left.groups)).toHaveLength(1);
  });
});

describe('a deletion that is repeated', () => {
  skippable('is 404 when nothing is left', async () => {
    const bucket = await newBucket();
    expect((await remove(bucket)).status).toBe(200);
    expect((await remove(bucket)).status).toBe(404);
  });

  skippable('is 404 for what never was', async () => {
    expect((await remove(world.name('none'))).status).toBe(404);
  });

  skippable('finishes what is left of a bucket that is gone', async () => {
    const bucket = await newBucket();
    await newUser(bucket, `${bucket}-user`);
    await world.auditor.s3.send(new DeleteBucketCommand({ Bucket: bucket }));
    expect((await remove(bucket)).status).toBe(200);
    expect(await world.snapshot(bucket)).toEqual(NOTHING);
    expect((await remove(bucket)).status).toBe(404);
  });

  skippable('makes the name free for a new bucket', async () => {
    const bucket = await newBucket();
    if (hasIam) await newUser(bucket, `${bucket}-user`);
    expect((await remove(bucket)).status).toBe(200);
    await newBucket(bucket);
    expect((await world.snapshot(bucket)).users).toEqual({});
  });
});

skippable('a bucket of somebody else is 403 and stays', async () => {
  const bucket = world.name('theirs');
  await world.rival.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  expect((await remove(bucket)).status).toBe(403);
  expect((await world.api('HEAD', `/other/buckets/${bucket}`)).status).toBe(200);
});
