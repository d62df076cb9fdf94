import { CreateAccessKeyCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { inUse, type IssuedKey } from '../support/e2e/keys';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { isAuditor } from '../support/e2e/target';
import { startWorld, type World } from '../support/e2e/world';

let world: World;
beforeAll(async () => {
  world = await startWorld({ logLevel: 'debug' });
});
afterEach(() => world.target.sandbox?.faults.clear());
afterAll(() => world.stop());

const onSandbox = { more: SANDBOX_ONLY.faults };

/** Calls `arrived` when the service makes the first call of an operation, and holds that call for a moment. */
const hold =
  (operation: string, ms = 100) =>
  (arrived: () => void): void => {
    world.faults.add({
      kind: 'latency',
      ms,
      count: 1,
      operation,
      matching: ({ request }) => {
        if (isAuditor(request.headers['user-agent'])) return false;
        arrived();
        return true;
      },
    });
  };

async function newBucket(): Promise<string> {
  const bucket = world.name('left');
  expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(202);
  return bucket;
}

/** The log line that ends the operation about `name`. */
async function ended(name: string): Promise<Readonly<Record<string, unknown>>> {
  const started = JSON.parse(await world.logged(name.startsWith('Reset') ? name : `${name}","claims"`)) as {
    readonly operationId: string;
  };
  const line = await logged(started.operationId, 'operation ended');
  return line;
}

async function logged(operationId: string, message: string): Promise<Readonly<Record<string, unknown>>> {
  const isIt = (line: string) => line.includes(operationId) && line.includes(message);
  let found = world.lines.find(isIt);
  while (found === undefined) {
    await new Promise((resolve) => setImmediate(resolve));
    found = world.lines.find(isIt);
  }
  return JSON.parse(found) as Readonly<Record<string, unknown>>;
}

describe('a client that hangs up', () => {
  for (const operation of ['HeadBucket', 'CreateBucket', 'PutBucketEncryption', 'CreatePolicy']) {
    skippable(
      `during ${operation} of a creation: the bucket is whole in the end`,
      async () => {
        const reference = await newBucket();
        const bucket = world.name('left');
        await world.hangUp('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } }, hold(operation));
        expect(await ended(bucket)).toMatchObject({ state: 'succeeded' });
        world.faults.clear();
        const plain = async (name: string) =>
          JSON.stringify(await world.snapshot(name))
            .replaceAll(name, 'NAME')
            .replace(/"id":"\w+"/g, '"id":""')
            .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'UUID');
        expect(await plain(bucket)).toBe(await plain(reference));
      },
      onSandbox,
    );
  }

  skippable(
    'during a creation of a user, and asks again with its Idempotency-Key, gets the user with the one key it then has',
    async () => {
      const bucket = await newBucket();
      const user = `${bucket}-user`;
      const path = `/demo/buckets/${bucket}/users`;
      const key = { 'Idempotency-Key': user };
      const body = { User: { UserName: user } };
      await world.hangUp('POST', path, body, hold('CreateAccessKey'), key);
      const { operationId } = await ended(`Create user ${user} of bucket ${bucket}`);
      world.faults.clear();
      const again = await world.api<{ readonly AccessKey: { readonly AccessKeyId: string } }>('POST', path, body, key);
      expect(again.status).toBe(200);
      expect(again.headers.get('X-Operation-Id')).toBe(operationId);
      expect((await world.snapshot(bucket)).users[user]).toMatchObject({
        keys: { [again.body.AccessKey.AccessKeyId]: 'Active' },
        groups: [`${bucket}-BktAdmGrp`],
      });
      const shown = await world.api('GET', `/demo/operations/${String(operationId)}`);
      expect(shown.body).toMatchObject({ state: 'succeeded', attempt: 2 });
      // Told once.
      expect((await world.api('POST', path, body, key)).status).toBe(409);
    },
    onSandbox,
  );

  skippable(
    'during a creation of a user: the user stays, its key is withdrawn',
    async () => {
      const bucket = await newBucket();
      const user = `${bucket}-user`;
      await world.hangUp(
        'POST',
        `/demo/buckets/${bucket}/users`,
        { User: { UserName: user } },
        hold('CreateAccessKey'),
      );
      expect(await ended(`Create user ${user} of bucket ${bucket}`)).toMatchObject({
        state: 'failed',
        error: { detail: expect.stringContaining('the user stays without one') as unknown },
      });
      const { users } = await world.snapshot(bucket);
      expect(users[user]).toMatchObject({ keys: {}, groups: [`${bucket}-BktAdmGrp`] });
      world.faults.clear();
      // The way out that is left to whoever hung up.
      const again = await world.api<{ readonly AccessKey: { readonly AccessKeyId: string } }>(
        'PUT',
        `/demo/buckets/${bucket}/users/${user}`,
      );
      expect(again.status).toBe(200);
      expect((await world.snapshot(bucket)).users[user]?.keys).toEqual({
        [again.body.AccessKey.AccessKeyId]: 'Active',
      });
    },
    onSandbox,
  );

  skippable(
    'during a deletion: the bucket is gone with everything of its own',
    async () => {
      const bucket = await newBucket();
      await world.api('POST', `/demo/buckets/${bucket}/users`, { User: { UserName: `${bucket}-user` } });
      await world.hangUp('DELETE', `/demo/buckets/${bucket}`, undefined, hold('DeleteBucket'));
      expect(await ended(`Delete bucket ${bucket}`)).toMatchObject({ state: 'succeeded' });
      expect(await world.snapshot(bucket)).toEqual({ buckets: {}, users: {}, groups: {}, policies: {} });
    },
    onSandbox,
  );
});

/** A user with keys that somebody holds: the first of the service, the others made by an administrator. */
async function userWithKeys(...others: readonly ('Active' | 'Inactive')[]) {
  const bucket = await newBucket();
  const user = `${bucket}-user`;
  const path = `/demo/buckets/${bucket}/users/${user}`;
  const { body } = await world.api<{ readonly AccessKey: IssuedKey }>('POST', `/demo/buckets/${bucket}/users`, {
    User: { UserName: user },
  });
  const made: string[] = [];
  for (const Status of others) {
    const { AccessKey } = await world.auditor.iam.send(new CreateAccessKeyCommand({ UserName: user }));
    const AccessKeyId = AccessKey?.AccessKeyId ?? '';
    if (Status === 'Inactive')
      await world.auditor.iam.send(new UpdateAccessKeyCommand({ UserName: user, AccessKeyId, Status }));
    made.push(AccessKeyId);
  }
  const keys = async () => (await world.snapshot(bucket)).users[user]?.keys ?? {};
  return {
    bucket,
    user,
    path,
    key: body.AccessKey,
    others: made,
    keys,
    title: `Reset the access keys of user ${user}`,
  };
}

describe('a client that hangs up during a reset', () => {
  skippable(
    'keeps the key it has: the new one is withdrawn',
    async () => {
      const { bucket, path, key, keys, title } = await userWithKeys();
      await world.hangUp('PUT', path, undefined, hold('CreateAccessKey'));
      expect(await ended(title)).toMatchObject({
        level: 'info',
        state: 'failed',
        error: { kind: 'conflict', detail: expect.stringContaining(key.AccessKeyId) as unknown },
      });
      expect(await keys()).toEqual({ [key.AccessKeyId]: 'Active' });
      expect(await inUse(world, bucket, key).list()).toBe('ok');
      world.faults.clear();
      const again = await world.api<{ readonly AccessKey: IssuedKey }>('PUT', path);
      expect(again).toMatchObject({ status: 200, body: { DeletedKeyIds: [key.AccessKeyId] } });
      await ended(`${title} of bucket`);
    },
    onSandbox,
  );

  skippable(
    'with two keys keeps the one that is in use: that which made room is gone, the new one is withdrawn',
    async () => {
      const { bucket, path, key, keys, title, others } = await userWithKeys('Active');
      expect(await inUse(world, bucket, key).list()).toBe('ok');
      await world.hangUp('PUT', path, undefined, hold('CreateAccessKey'));
      expect(await ended(title)).toMatchObject({ state: 'failed' });
      expect(others).toHaveLength(1);
      expect(await keys()).toEqual({ [key.AccessKeyId]: 'Active' });
      expect(await inUse(world, bucket, key).list()).toBe('ok');
    },
    onSandbox,
  );

  skippable(
    'whose keys are all inactive is left with the new one, and told by the log to reset again',
    async () => {
      const { path, user, key, keys, title, others } = await userWithKeys('Inactive');
      await world.auditor.iam.send(
        new UpdateAccessKeyCommand({ UserName: user, AccessKeyId: key.AccessKeyId, Status: 'Inactive' }),
      );
      await world.hangUp('PUT', path, undefined, hold('CreateAccessKey'));
      expect(await ended(title)).toMatchObject({
        state: 'failed',
        error: { detail: expect.stringContaining('reset again') as unknown },
      });
      const left = await keys();
      expect(Object.values(left).sort()).toEqual(['Active', 'Inactive']);
      const active = Object.keys(left).filter((id) => left[id] === 'Active');
      expect([key.AccessKeyId, ...others]).not.toContain(active[0]);
    },
    onSandbox,
  );

  skippable(
    'when AWS is too busy to withdraw the new key: it is withdrawn all the same, and until then the user is busy',
    async () => {
      const { path, key, keys, title } = await userWithKeys();
      world.faults.add({ kind: 'throttle', operation: 'DeleteAccessKey' });
      await world.hangUp('PUT', path, undefined, hold('CreateAccessKey'));
      await world.logged('operation goes on in the background');
      expect(await world.api('PUT', path)).toMatchObject({
        status: 409,
        body: { type: 'urn:mallard:problem:busy', retryable: true },
      });
      world.faults.clear();
      expect(await ended(title)).toMatchObject({ state: 'failed', error: { kind: 'conflict' } });
      expect(await keys()).toEqual({ [key.AccessKeyId]: 'Active' });
    },
    onSandbox,
  );
});

describe('the old key of a reset', () => {
  skippable(
    'works until the answer with the new one is out, and goes then, however long AWS takes',
    async () => {
      const { bucket, path, key, keys, title } = await userWithKeys();
      world.faults.add({ kind: 'throttle', operation: 'DeleteAccessKey' });
      const reset = await world.api<{ readonly DeletedKeyIds: readonly string[]; readonly AccessKey: IssuedKey }>(
        'PUT',
        path,
      );
      const fresh = reset.body.AccessKey;
      expect(reset).toMatchObject({ status: 200, body: { DeletedKeyIds: [key.AccessKeyId] } });
      expect(await keys()).toEqual({ [key.AccessKeyId]: 'Active', [fresh.AccessKeyId]: 'Active' });
      expect([await inUse(world, bucket, key).list(), await inUse(world, bucket, fresh).list()]).toEqual(['ok', 'ok']);
      expect(await world.api('POST', `${path}/keys`)).toMatchObject({
        status: 409,
        body: { type: 'urn:mallard:problem:busy' },
      });
      world.faults.clear();
      expect(await ended(title)).toMatchObject({ state: 'succeeded' });
      expect(await keys()).toEqual({ [fresh.AccessKeyId]: 'Active' });
    },
    onSandbox,
  );

  skippable(
    'that AWS refuses to delete stays beside the new one, and the log says so at error',
    async () => {
      const { path, key, keys, title } = await userWithKeys();
      world.faults.add({ kind: 'refuse', operation: 'DeleteAccessKey' });
      const { status, body } = await world.api<{ readonly AccessKey: IssuedKey }>('PUT', path);
      expect(status).toBe(200);
      expect(await ended(title)).toMatchObject({
        level: 'error',
        state: 'failed',
        left: [expect.stringContaining(key.AccessKeyId)],
        error: { code: 'AccessDenied' },
      });
      expect(await keys()).toEqual({ [key.AccessKeyId]: 'Active', [body.AccessKey.AccessKeyId]: 'Active' });
    },
    onSandbox,
  );

  skippable(
    'is gone before a service that is told to stop ends',
    async () => {
      const { path, key, keys } = await userWithKeys();
      const service = await world.another();
      world.faults.add({ kind: 'throttle', operation: 'DeleteAccessKey', count: 30 });
      const { status, body } = await service.api<{ readonly AccessKey: IssuedKey }>('PUT', path);
      expect(status).toBe(200);
      expect(service.app.leftBehind()).toMatchObject([
        { kind: 'reset-keys', left: [`Delete access key ${key.AccessKeyId} of user ${path.split('/').at(-1) ?? ''}`] },
      ]);
      await service.stop();
      expect(await keys()).toEqual({ [body.AccessKey.AccessKeyId]: 'Active' });
    },
    onSandbox,
  );
});

skippable(
  'a service that is told to stop finishes what runs, and takes nothing new',
  async () => {
    const service = await world.another();
    const bucket = world.name('draining');
    const arrived = new Promise<void>((resolve) => hold('CreateBucket', 1000)(resolve));
    const running = service.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } });
    await arrived;
    const stopped = service.stop();
    const [ready, write, read] = await Promise.all([
      service.api('GET', '/health/ready'),
      service.api('POST', '/demo/buckets', { BucketInput: { Bucket: world.name('late') } }),
      service.api('GET', '/demo/buckets'),
    ]);
    expect([ready.status, write.status, read.status]).toEqual([503, 503, 200]);
    expect([ready, write].map(({ headers }) => headers.get('retry-after'))).toEqual(['5', '5']);
    expect((await running).status).toBe(202);
    await stopped;
    await expect(service.api('GET', '/demo/buckets')).rejects.toThrow('fetch failed');
    const seen = await world.snapshot(bucket);
    expect(seen.buckets[bucket]).toMatchObject({ encryption: 'AES256' });
    expect(seen.groups[`${bucket}-BktAdmGrp`]?.attached).toEqual([`${bucket}-BktAdmPlc`]);
  },
  onSandbox,
);

skippable(
  'a service that is told to stop takes back the key of a client that hung up, before it ends',
  async () => {
    const service = await world.another();
    const bucket = await newBucket();
    const user = `${bucket}-user`;
    let stopped = Promise.resolve();
    hold('DeleteAccessKey')(() => undefined);
    await service.hangUp('POST', `/demo/buckets/${bucket}/users`, { User: { UserName: user } }, (leave) =>
      hold('CreateAccessKey')(() => {
        stopped = service.stop();
        leave();
      }),
    );
    await stopped;
    expect(service.lines.join('')).toContain('answer not delivered');
    expect((await world.snapshot(bucket)).users[user]).toMatchObject({ keys: {} });
  },
  onSandbox,
);
