import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  ListUserTagsCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { addKey, inUse, newKeyedUser, type ShownKey } from '../support/e2e/keys';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { type Reply, startWorld, type World } from '../support/e2e/world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

interface Details {
  readonly User: Readonly<Record<string, unknown>>;
  readonly AccessKeys: readonly ShownKey[];
}

const turn = (path: string, Status: string): Promise<Reply<Details>> => world.api<Details>('PATCH', path, { Status });
const keysOf = async (user: string, bucket: string) => (await world.snapshot(bucket)).users[user]?.keys;
const statusTag = async (UserName: string): Promise<string | undefined> => {
  const { Tags = [] } = await world.auditor.iam.send(new ListUserTagsCommand({ UserName }));
  return Tags.find(({ Key }) => Key === 'mallard:status')?.Value;
};

skippable(
  'an Inactive user is out with the very next request, with every key, and back in when Active',
  async () => {
    const { bucket, path, key } = await newKeyedUser(world);
    const [first, second] = [inUse(world, bucket, key), inUse(world, bucket, await addKey(world, path))];
    const verdicts = async () => [await first.list(), await second.list()];
    expect(await verdicts()).toEqual(['ok', 'ok']);
    expect((await turn(path, 'Inactive')).status).toBe(200);
    expect(await verdicts()).toEqual(['InvalidAccessKeyId', 'InvalidAccessKeyId']);
    expect((await turn(path, 'Active')).status).toBe(200);
    expect(await verdicts()).toEqual(['ok', 'ok']);
  },
  { more: SANDBOX_ONLY.policies },
);

skippable('answers with the user as it is then, which is what GET shows', async () => {
  const { path, key } = await newKeyedUser(world, { Groups: ['BktROGrp', 'BktRWGrp'] });
  const second = await addKey(world, path);
  for (const Status of ['Inactive', 'Active']) {
    const { status, body } = await turn(path, Status);
    expect(status).toBe(200);
    expect(body.AccessKeys.map((one) => [one.AccessKeyId, one.Status]).sort()).toEqual(
      [
        [key.AccessKeyId, Status],
        [second.AccessKeyId, Status],
      ].sort(),
    );
    expect(body).toEqual((await world.api('GET', path)).body);
  }
});

skippable('the tag that remembers it is nobody’s to see, and goes with it', async () => {
  const { user, path, key } = await newKeyedUser(world);
  await turn(path, 'Inactive');
  expect(await statusTag(user)).toBe(`Inactive ${key.AccessKeyId}`);
  expect((await world.api('GET', path)).text).not.toContain('mallard:');
  await turn(path, 'Active');
  expect(await statusTag(user)).toBeUndefined();
});

describe('while a user is Inactive', () => {
  skippable('it gets no keys, by POST nor by PUT, and none is turned on: 409, nothing is changed', async () => {
    const { bucket, path, key } = await newKeyedUser(world);
    await turn(path, 'Inactive');
    const before = await world.snapshot(bucket);
    for (const [method, below, body] of [
      ['POST', '/keys', undefined],
      ['PUT', '', undefined],
      ['PATCH', `/keys/${key.AccessKeyId}`, { Status: 'Active' }],
    ] as const) {
      const reply = await world.api(method, `${path}${below}`, body);
      expect(reply).toMatchObject({
        status: 409,
        body: { retryable: false, detail: expect.stringContaining('is Inactive') },
      });
      expect(reply.headers.has('retry-after')).toBe(false);
    }
    expect(await world.snapshot(bucket)).toEqual(before);
  });

  skippable('its keys can be deleted, and it can be Active again without any', async () => {
    const { bucket, user, path } = await newKeyedUser(world);
    await turn(path, 'Inactive');
    expect((await world.api('DELETE', `${path}/keys`)).status).toBe(200);
    expect(await turn(path, 'Active')).toMatchObject({ status: 200, body: { AccessKeys: [] } });
    const added = await addKey(world, path);
    expect(await keysOf(user, bucket)).toEqual({ [added.AccessKeyId]: 'Active' });
  });

  skippable('it can be deleted', async () => {
    const { bucket, path } = await newKeyedUser(world);
    await turn(path, 'Inactive');
    expect((await world.api('DELETE', path)).status).toBe(200);
    expect((await world.snapshot(bucket)).users).toEqual({});
  });
});

describe('a key that was off by itself stays off', () => {
  skippable('when its user is turned off and on', async () => {
    const { bucket, user, path, key } = await newKeyedUser(world);
    const second = await addKey(world, path);
    await world.api('PATCH', `${path}/keys/${key.AccessKeyId}`, { Status: 'Inactive' });
    await turn(path, 'Inactive');
    await turn(path, 'Active');
    expect(await keysOf(user, bucket)).toEqual({ [key.AccessKeyId]: 'Inactive', [second.AccessKeyId]: 'Active' });
  });

  skippable('when it was turned off while its user was off already', async () => {
    const { bucket, user, path, key } = await newKeyedUser(world);
    const second = await addKey(world, path);
    await turn(path, 'Inactive');
    expect(await world.api('PATCH', `${path}/keys/${key.AccessKeyId}`, { Status: 'Inactive' })).toMatchObject({
      status: 200,
      body: { Status: 'Inactive' },
    });
    await turn(path, 'Active');
    expect(await keysOf(user, bucket)).toEqual({ [key.AccessKeyId]: 'Inactive', [second.AccessKeyId]: 'Active' });
  });

  skippable('when Active is asked for a user that is Active', async () => {
    const { bucket, user, path, key } = await newKeyedUser(world);
    await world.api('PATCH', `${path}/keys/${key.AccessKeyId}`, { Status: 'Inactive' });
    await turn(path, 'Active');
    expect(await keysOf(user, bucket)).toEqual({ [key.AccessKeyId]: 'Inactive' });
  });
});

describe('asked again', () => {
  skippable('Inactive turns off what somebody turned on or made elsewhere meanwhile, and still knows all', async () => {
    const { bucket, user, path, key } = await newKeyedUser(world);
    const { iam } = world.auditor;
    await turn(path, 'Inactive');
    await iam.send(new UpdateAccessKeyCommand({ UserName: user, AccessKeyId: key.AccessKeyId, Status: 'Active' }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: user }));
    const other = AccessKey?.AccessKeyId ?? '';
    await turn(path, 'Inactive');
    expect(await keysOf(user, bucket)).toEqual({ [key.AccessKeyId]: 'Inactive', [other]: 'Inactive' });
    await turn(path, 'Active');
    expect(await keysOf(user, bucket)).toEqual({ [key.AccessKeyId]: 'Active', [other]: 'Active' });
  });

  skippable('Inactive twice is one state, and a key that is gone meanwhile is no obstacle to Active', async () => {
    const { bucket, user, path, key } = await newKeyedUser(world);
    const second = await addKey(world, path);
    await turn(path, 'Inactive');
    const before = await world.snapshot(bucket);
    expect((await turn(path, 'Inactive')).status).toBe(200);
    expect(await world.snapshot(bucket)).toEqual(before);
    await world.auditor.iam.send(new DeleteAccessKeyCommand({ UserName: user, AccessKeyId: key.AccessKeyId }));
    await turn(path, 'Active');
    expect(await keysOf(user, bucket)).toEqual({ [second.AccessKeyId]: 'Active' });
  });
});

describe('when AWS fails', () => {
  skippable(
    'halfway through turning off, everything is turned on again, and the answer says so',
    async () => {
      const { bucket, path, key } = await newKeyedUser(world);
      const second = await addKey(world, path);
      const before = await world.snapshot(bucket);
      world.faults.add({
        kind: 'refuse',
        operation: 'UpdateAccessKey',
        matching: ({ request }) => request.body.includes(second.AccessKeyId),
        count: 1,
      });
      const reply = await turn(path, 'Inactive');
      world.faults.clear();
      expect(reply).toMatchObject({
        status: 403,
        body: { state: 'rolled-back', code: 'AccessDenied', failedStep: expect.stringContaining(second.AccessKeyId) },
      });
      expect(await world.snapshot(bucket)).toEqual(before);
      expect(key.AccessKeyId).not.toBe(second.AccessKeyId);
    },
    { more: SANDBOX_ONLY.faults },
  );
});
