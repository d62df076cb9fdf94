import {
  AddUserToGroupCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { BELONGINGS, give } from '../support/e2e/belongings';
import { skippable } from '../support/e2e/skips';
import { startWorld, type World } from '../support/e2e/world';

interface Key {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
}

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

async function newUser(
  Groups?: readonly string[],
): Promise<{ readonly bucket: string; readonly user: string; readonly path: string; readonly key: Key }> {
  const bucket = world.name('team');
  const user = `${bucket}-user`;
  expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(202);
  const { status, body } = await world.api<{ readonly AccessKey: Key }>('POST', `/demo/buckets/${bucket}/users`, {
    User: { UserName: user },
    ...(Groups && { Groups }),
  });
  expect(status).toBe(200);
  return { bucket, user, path: `/demo/buckets/${bucket}/users/${user}`, key: body.AccessKey };
}

const reset = (path: string) =>
  world.api<{ readonly DeletedKeyIds: readonly string[]; readonly AccessKey: Key }>('PUT', path);

async function secondKey(UserName: string): Promise<string> {
  const { AccessKey } = await world.auditor.iam.send(new CreateAccessKeyCommand({ UserName }));
  return AccessKey?.AccessKeyId ?? '';
}

describe('reset leaves one new, working key and names what it deleted', () => {
  skippable('of a user without keys', async () => {
    const { bucket, user, path, key } = await newUser();
    await world.auditor.iam.send(new DeleteAccessKeyCommand({ UserName: user, AccessKeyId: key.AccessKeyId }));
    const { status, body, headers } = await reset(path);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toContain('no-store');
    expect(body.DeletedKeyIds).toEqual([]);
    expect((await world.snapshot(bucket)).users[user]?.keys).toEqual({ [body.AccessKey.AccessKeyId]: 'Active' });
  });

  skippable('of a user with one key', async () => {
    const { bucket, user, path, key } = await newUser();
    const { status, body } = await reset(path);
    expect(status).toBe(200);
    expect(body.DeletedKeyIds).toEqual([key.AccessKeyId]);
    expect(body.AccessKey.SecretAccessKey).not.toBe(key.SecretAccessKey);
    expect((await world.snapshot(bucket)).users[user]?.keys).toEqual({ [body.AccessKey.AccessKeyId]: 'Active' });
  });

  skippable('of a user with two keys', async () => {
    const { bucket, user, path, key } = await newUser();
    const second = await secondKey(user);
    const { status, body } = await reset(path);
    expect(status).toBe(200);
    expect([...body.DeletedKeyIds].sort()).toEqual([key.AccessKeyId, second].sort());
    expect((await world.snapshot(bucket)).users[user]?.keys).toEqual({ [body.AccessKey.AccessKeyId]: 'Active' });
  });

  skippable('of a user with two keys, both switched off', async () => {
    const { bucket, user, path, key } = await newUser();
    for (const AccessKeyId of [key.AccessKeyId, await secondKey(user)]) {
      await world.auditor.iam.send(new UpdateAccessKeyCommand({ UserName: user, AccessKeyId, Status: 'Inactive' }));
    }
    const { status, body } = await reset(path);
    expect(status).toBe(200);
    expect(body.DeletedKeyIds).toHaveLength(2);
    expect((await world.snapshot(bucket)).users[user]?.keys).toEqual({ [body.AccessKey.AccessKeyId]: 'Active' });
  });

  skippable('and changes nothing else', async () => {
    const { bucket, user, path } = await newUser(['BktRWGrp']);
    const before = await world.snapshot(bucket);
    const { body } = await reset(path);
    const after = await world.snapshot(bucket);
    expect(after).toEqual({
      ...before,
      users: { [user]: { ...before.users[user], keys: { [body.AccessKey.AccessKeyId]: 'Active' } } },
    });
  });
});

describe('delete takes the user away', () => {
  skippable('with its key and memberships, and nothing else', async () => {
    const { bucket, user, path } = await newUser(['BktAdmGrp', 'BktROGrp']);
    const { status, body } = await world.api('DELETE', path);
    expect({ status, body }).toEqual({ status: 200, body: {} });
    const after = await world.snapshot(bucket);
    expect(after.users).toEqual({});
    expect(Object.values(after.groups).map(({ members }) => members)).toEqual([[], []]);
    expect(Object.keys(after.policies)).toHaveLength(2);
    expect(Object.keys(after.buckets)).toEqual([bucket]);
    expect((await world.api('DELETE', path)).status).toBe(404);
    expect(user).not.toBe('');
  });

  for (const what of BELONGINGS) {
    skippable(`that has: ${what}`, async () => {
      const { bucket, user, path } = await newUser();
      await give(world.auditor, user, what);
      expect((await world.api('DELETE', path)).status).toBe(200);
      expect((await world.snapshot(bucket)).users).toEqual({});
    });
  }

  skippable('that has two keys', async () => {
    const { bucket, user, path } = await newUser();
    await secondKey(user);
    expect((await world.api('DELETE', path)).status).toBe(200);
    expect((await world.snapshot(bucket)).users).toEqual({});
  });

  skippable('only out of this bucket when it belongs elsewhere, too', async () => {
    const { bucket, user, path } = await newUser(['BktAdmGrp', 'BktRWGrp']);
    const elsewhere = world.name('elsewhere');
    await world.auditor.iam.send(new CreateGroupCommand({ GroupName: elsewhere }));
    await world.auditor.iam.send(new AddUserToGroupCommand({ GroupName: elsewhere, UserName: user }));
    const before = await world.snapshot(bucket);
    expect((await world.api('DELETE', path)).status).toBe(200);
    expect((await world.snapshot(bucket)).users[user]).toEqual({ ...before.users[user], groups: [elsewhere] });
  });
});

describe('who is not the bucket’s is 404 and stays as it is', () => {
  const methods = ['GET', 'PUT', 'DELETE'] as const;

  for (const method of methods) {
    skippable(`${method} on a user of another bucket`, async () => {
      const [mine, theirs] = [await newUser(), await newUser()];
      const before = await world.snapshot(theirs.bucket);
      expect((await world.api(method, `/demo/buckets/${mine.bucket}/users/${theirs.user}`)).status).toBe(404);
      expect(await world.snapshot(theirs.bucket)).toEqual(before);
    });

    skippable(`${method} on a user of nobody, named like the bucket`, async () => {
      const { bucket } = await newUser();
      await world.auditor.iam.send(new CreateUserCommand({ UserName: bucket }));
      const before = await world.snapshot(bucket);
      expect((await world.api(method, `/demo/buckets/${bucket}/users/${bucket}`)).status).toBe(404);
      expect(await world.snapshot(bucket)).toEqual(before);
    });

    skippable(`${method} on a member of a group whose name contains the bucket’s`, async () => {
      const { bucket } = await newUser();
      const user = world.name('stranger');
      await world.auditor.iam.send(new CreateUserCommand({ UserName: user }));
      for (const GroupName of [`my${bucket}-BktAdmGrp`, `${bucket}-BktAdmGrp-old`, `${bucket}x-BktAdmGrp`]) {
        await world.auditor.iam.send(new CreateGroupCommand({ GroupName }));
        await world.auditor.iam.send(new AddUserToGroupCommand({ GroupName, UserName: user }));
      }
      const before = await world.snapshot(user);
      expect((await world.api(method, `/demo/buckets/${bucket}/users/${user}`)).status).toBe(404);
      expect(await world.snapshot(user)).toEqual(before);
    });

    skippable(`${method} on a member of the bucket’s group name under another path`, async () => {
      const { bucket } = await newUser();
      const user = world.name('stranger');
      const GroupName = `${bucket}-BktROGrp`;
      await world.auditor.iam.send(new CreateUserCommand({ UserName: user }));
      await world.auditor.iam.send(new CreateGroupCommand({ GroupName, Path: '/elsewhere/' }));
      await world.auditor.iam.send(new AddUserToGroupCommand({ GroupName, UserName: user }));
      const before = await world.snapshot(user);
      expect((await world.api(method, `/demo/buckets/${bucket}/users/${user}`)).status).toBe(404);
      expect(await world.snapshot(user)).toEqual(before);
    });

    skippable(`${method} on a user that is not there`, async () => {
      const { bucket } = await newUser();
      expect((await world.api(method, `/demo/buckets/${bucket}/users/${world.name('nobody')}`)).status).toBe(404);
    });
  }
});
