import { CreateAccessKeyCommand, CreateUserCommand, DeleteAccessKeyCommand } from '@aws-sdk/client-iam';
import { addKey, inUse, type IssuedKey, newKeyedUser, type ShownKey, type UsedKey } from '../support/e2e/keys';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { startWorld, type World } from '../support/e2e/world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const keysOf = async (user: string, bucket: string) => (await world.snapshot(bucket)).users[user]?.keys;

describe('a rotation with overlap', () => {
  skippable(
    'the old key works beside the new one until it is removed, and then fails at once',
    async () => {
      const { bucket, path, key } = await newKeyedUser(world, { Groups: ['BktROGrp'] });
      const old = inUse(world, bucket, key);
      expect(await old.list()).toBe('ok');
      const added = await addKey(world, path);
      const fresh = inUse(world, bucket, added);
      expect([await old.list(), await fresh.list()]).toEqual(['ok', 'ok']);
      expect((await world.api('DELETE', `${path}/keys/${key.AccessKeyId}`)).body).toEqual({});
      expect([await old.list(), await fresh.list()]).toEqual(['InvalidAccessKeyId', 'ok']);
    },
    { more: SANDBOX_ONLY.policies },
  );

  skippable('a second key is made beside the first; its secret is in this answer and in no other', async () => {
    const { bucket, user, path, key } = await newKeyedUser(world);
    const reply = await world.api<{ readonly AccessKey: IssuedKey & ShownKey }>('POST', `${path}/keys`);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('cache-control')).toContain('no-store');
    const { AccessKey } = reply.body;
    expect(AccessKey).toMatchObject({ Status: 'Active', UserName: user });
    expect(AccessKey.SecretAccessKey.length).toBeGreaterThan(30);
    expect(await keysOf(user, bucket)).toEqual({ [key.AccessKeyId]: 'Active', [AccessKey.AccessKeyId]: 'Active' });
    for (const asked of [`${path}/keys`, path, '/demo/keys']) {
      expect((await world.api('GET', asked)).text).not.toContain(AccessKey.SecretAccessKey);
    }
  });

  skippable('a third key is 409 naming the two, and says how to go on', async () => {
    const { bucket, user, path, key } = await newKeyedUser(world);
    const second = await addKey(world, path);
    await world.api('PATCH', `${path}/keys/${key.AccessKeyId}`, { Status: 'Inactive' });
    const { status, body, headers } = await world.api('POST', `${path}/keys`);
    expect(status).toBe(409);
    expect(headers.has('retry-after')).toBe(false);
    expect(body).toMatchObject({ retryable: false, type: 'urn:mallard:problem:conflict' });
    expect(body['detail']).toContain(`${key.AccessKeyId} (Inactive)`);
    expect(body['detail']).toMatch(/Delete the one .* or reset/);
    expect(await keysOf(user, bucket)).toEqual({ [key.AccessKeyId]: 'Inactive', [second.AccessKeyId]: 'Active' });
  });

  skippable('a user without keys gets one', async () => {
    const { bucket, user, path, key } = await newKeyedUser(world);
    await world.auditor.iam.send(new DeleteAccessKeyCommand({ UserName: user, AccessKeyId: key.AccessKeyId }));
    const added = await addKey(world, path);
    expect(await keysOf(user, bucket)).toEqual({ [added.AccessKeyId]: 'Active' });
  });
});

describe('the list of keys', () => {
  skippable('shows them without secrets, unused ones with a LastUsed of null', async () => {
    const { user, path, key } = await newKeyedUser(world);
    const second = await addKey(world, path);
    const { status, body } = await world.api<readonly UsedKey[]>('GET', `${path}/keys`);
    expect(status).toBe(200);
    expect(body.map(({ AccessKeyId }) => AccessKeyId).sort()).toEqual([key.AccessKeyId, second.AccessKeyId].sort());
    for (const one of body)
      expect(one).toEqual({
        AccessKeyId: one.AccessKeyId,
        CreateDate: expect.any(String),
        Status: 'Active',
        UserName: user,
        LastUsed: null,
      });
  });

  skippable('shows when, where and for which service a key was last used', async () => {
    const { bucket, path, key } = await newKeyedUser(world);
    await addKey(world, path);
    expect(await inUse(world, bucket, key).list()).toBe('ok');
    const { body } = await world.api<readonly UsedKey[]>('GET', `${path}/keys`);
    const used = body.find(({ AccessKeyId }) => AccessKeyId === key.AccessKeyId);
    expect(used?.LastUsed).toEqual({ LastUsedDate: expect.any(String), ServiceName: 's3', Region: 'us-east-1' });
    expect(body.filter(({ LastUsed }) => LastUsed === null)).toHaveLength(1);
  });

  skippable('is empty for a user without keys', async () => {
    const { user, path, key } = await newKeyedUser(world);
    await world.auditor.iam.send(new DeleteAccessKeyCommand({ UserName: user, AccessKeyId: key.AccessKeyId }));
    expect((await world.api('GET', `${path}/keys`)).body).toEqual([]);
  });
});

describe('one key', () => {
  skippable(
    'turned off fails with the very next request, turned on works again',
    async () => {
      const { bucket, user, path, key } = await newKeyedUser(world);
      const { list } = inUse(world, bucket, key);
      const turn = (Status: string) => world.api('PATCH', `${path}/keys/${key.AccessKeyId}`, { Status });
      expect(await list()).toBe('ok');
      expect((await turn('Inactive')).body).toEqual({
        AccessKeyId: key.AccessKeyId,
        CreateDate: expect.any(String),
        Status: 'Inactive',
        UserName: user,
      });
      expect(await list()).toBe('InvalidAccessKeyId');
      expect(await turn('Active')).toMatchObject({ status: 200, body: { Status: 'Active' } });
      expect(await list()).toBe('ok');
    },
    { more: SANDBOX_ONLY.policies },
  );

  skippable('is changed and deleted as asked, and the other one stays', async () => {
    const { bucket, user, path, key } = await newKeyedUser(world);
    const second = await addKey(world, path);
    for (const Status of ['Inactive', 'Inactive', 'Active', 'Active']) {
      expect(await world.api('PATCH', `${path}/keys/${key.AccessKeyId}`, { Status })).toMatchObject({
        status: 200,
        body: { Status },
      });
      expect(await keysOf(user, bucket)).toEqual({ [key.AccessKeyId]: Status, [second.AccessKeyId]: 'Active' });
    }
    expect(await world.api('DELETE', `${path}/keys/${key.AccessKeyId}`)).toMatchObject({ status: 200, body: {} });
    expect(await keysOf(user, bucket)).toEqual({ [second.AccessKeyId]: 'Active' });
    expect((await world.api('DELETE', `${path}/keys/${key.AccessKeyId}`)).status).toBe(404);
  });

  for (const [method, body] of [
    ['PATCH', { Status: 'Inactive' }],
    ['DELETE', undefined],
  ] as const) {
    skippable(
      `${method} on a key of another user of the bucket, or of a stranger, is 404 and leaves it alone`,
      async () => {
        const mine = await newKeyedUser(world);
        const neighbour = await newKeyedUser(world, { bucket: mine.bucket });
        const stranger = world.name('stranger');
        await world.auditor.iam.send(new CreateUserCommand({ UserName: stranger }));
        const { AccessKey } = await world.auditor.iam.send(new CreateAccessKeyCommand({ UserName: stranger }));
        const before = [await world.snapshot(mine.bucket), await world.snapshot(stranger)];
        for (const id of [neighbour.key.AccessKeyId, AccessKey?.AccessKeyId ?? '', 'AKIANOBODYSKEY000000']) {
          expect((await world.api(method, `${mine.path}/keys/${id}`, body)).status).toBe(404);
        }
        expect([await world.snapshot(mine.bucket), await world.snapshot(stranger)]).toEqual(before);
      },
    );
  }
});

skippable('revoking deletes every key, and names them; a repetition finds none', async () => {
  const { bucket, user, path, key } = await newKeyedUser(world);
  const second = await addKey(world, path);
  const { status, body } = await world.api<{ readonly DeletedKeyIds: readonly string[] }>('DELETE', `${path}/keys`);
  expect(status).toBe(200);
  expect([...body.DeletedKeyIds].sort()).toEqual([key.AccessKeyId, second.AccessKeyId].sort());
  expect(await keysOf(user, bucket)).toEqual({});
  expect(await world.api('DELETE', `${path}/keys`)).toMatchObject({ status: 200, body: { DeletedKeyIds: [] } });
});

describe('who is not the bucket’s is 404, and nothing is changed', () => {
  const KEY = 'AKIAXXXXXXXXXXXXXXXX';
  const requests = [
    ['GET', '/keys', undefined],
    ['POST', '/keys', undefined],
    ['DELETE', '/keys', undefined],
    ['PATCH', `/keys/${KEY}`, { Status: 'Active' }],
    ['DELETE', `/keys/${KEY}`, undefined],
    ['PATCH', '', { Status: 'Inactive' }],
    ['PATCH', '', { Groups: ['BktAdmGrp'] }],
  ] as const;
  for (const [method, below, body] of requests) {
    skippable(`${method} …/users/{user}${below} ${body === undefined ? '' : JSON.stringify(body)}`.trim(), async () => {
      const [mine, theirs] = [await newKeyedUser(world), await newKeyedUser(world)];
      await world.auditor.iam.send(new CreateUserCommand({ UserName: mine.bucket }));
      const before = [await world.snapshot(mine.bucket), await world.snapshot(theirs.bucket)];
      for (const user of [theirs.user, mine.bucket, world.name('nobody')]) {
        const at = `/demo/buckets/${mine.bucket}/users/${user}${below.replace(KEY, theirs.key.AccessKeyId)}`;
        expect({ user, status: (await world.api(method, at, body)).status }).toEqual({ user, status: 404 });
      }
      expect(
        (await world.api(method, `/demo/buckets/${world.name('none')}/users/${mine.user}${below}`, body)).status,
      ).toBe(404);
      expect([await world.snapshot(mine.bucket), await world.snapshot(theirs.bucket)]).toEqual(before);
    });
  }
});
