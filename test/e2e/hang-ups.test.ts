import { SANDBOX_ONLY, skippable } from '../support/e2e-skips';
import { isAuditor } from '../support/e2e-target';
import { startWorld } from '../support/e2e-world';
import type { World } from '../support/e2e-world';

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
  const started = JSON.parse(await world.logged(`${name}","claims"`)) as { readonly operationId: string };
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
    'during a creation of a user: the user stays, its key is withdrawn',
    async () => {
      const bucket = await newBucket();
      const user = `${bucket}-user`;
      await world.hangUp('POST', `/demo/buckets/${bucket}/users`, { User: { UserName: user } }, hold('CreateAccessKey'));
      expect(await ended(`Create user ${user} of bucket ${bucket}`)).toMatchObject({ state: 'succeeded' });
      await world.logged('its key is withdrawn');
      const { users } = await world.snapshot(bucket);
      expect(users[user]).toMatchObject({ keys: {}, groups: [`${bucket}-BktAdmGrp`] });
      world.faults.clear();
      // The way out that is left to whoever hung up.
      const again = await world.api<{ readonly AccessKey: { readonly AccessKeyId: string } }>('PUT', `/demo/buckets/${bucket}/users/${user}`);
      expect(again.status).toBe(200);
      expect((await world.snapshot(bucket)).users[user]?.keys).toEqual({ [again.body.AccessKey.AccessKeyId]: 'Active' });
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
    expect(service.lines.join('')).toContain('its key is withdrawn');
    expect((await world.snapshot(bucket)).users[user]).toMatchObject({ keys: {} });
  },
  onSandbox,
);
