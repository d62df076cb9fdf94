import { GetObjectLockConfigurationCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { UPLOADS } from '../support/e2e/settings';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { type Reply, startWorld, type World } from '../support/e2e/world';

/** Object lock and its default retention, as a setting of a bucket. */

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
const onSandbox = { more: SANDBOX_ONLY.faults };

const lock = (retention?: object) => ({
  ObjectLockEnabled: 'Enabled',
  ...(retention && { Rule: { DefaultRetention: retention } }),
});
const MONTH = lock({ Mode: 'GOVERNANCE', Days: 30 });
const YEARS = lock({ Mode: 'COMPLIANCE', Years: 2 });

async function newBucket(locked: boolean, more: object = {}): Promise<string> {
  const bucket = world.name('locked');
  const BucketInput = { Bucket: bucket, ObjectLockEnabledForBucket: locked };
  expect((await world.api('POST', '/demo/buckets', { BucketInput, ...more })).status).toBe(202);
  return bucket;
}
const put = (bucket: string, body: unknown): Promise<Reply> => world.api('PUT', `/demo/buckets/${bucket}`, body);
const shown = async (bucket: string): Promise<unknown> =>
  (await world.api('GET', `/demo/buckets/${bucket}?include=objectLock`)).body['ObjectLock'];
/** What the store itself says; moto gives 0 for the one of Days and Years that was not set. */
const told = async (Bucket: string): Promise<unknown> => {
  const { ObjectLockConfiguration } = await world.auditor.s3.send(new GetObjectLockConfigurationCommand({ Bucket }));
  return JSON.parse(JSON.stringify(ObjectLockConfiguration, (_, value: unknown) => (value === 0 ? undefined : value)));
};
const DONE = { status: 200, body: {} };

describe('a bucket that is made with object lock', () => {
  skippable('gets a default retention with it, another one later, and loses it by Remove', async () => {
    const bucket = await newBucket(true, { ObjectLock: MONTH });
    expect([await shown(bucket), await told(bucket)]).toEqual([MONTH, MONTH]);
    expect(await put(bucket, { ObjectLock: YEARS })).toMatchObject(DONE);
    expect([await shown(bucket), await told(bucket)]).toEqual([YEARS, YEARS]);
    expect(await put(bucket, { Remove: ['ObjectLock'] })).toMatchObject(DONE);
    expect([await shown(bucket), await told(bucket)]).toEqual([lock(), lock()]);
    // What is not there may be removed, too.
    expect(await put(bucket, { Remove: ['ObjectLock'] })).toMatchObject(DONE);
  });

  skippable('keeps its retention when what is shown is sent back, and when Rule is left out', async () => {
    const bucket = await newBucket(true, { ObjectLock: MONTH });
    for (const ObjectLock of [await shown(bucket), lock(), { ...lock(), Rule: null }, null]) {
      expect(await put(bucket, { ObjectLock, Versioning: { Status: 'Enabled' } })).toMatchObject(DONE);
      expect(await told(bucket)).toEqual(MONTH);
    }
  });

  skippable(
    'has its former retention back when another setting fails',
    async () => {
      const bucket = await newBucket(true, { ObjectLock: MONTH });
      const handle = world.faults.add({ kind: 'refuse', operation: 'PutBucketCors' });
      const { status } = await put(bucket, { ObjectLock: YEARS, CORS: UPLOADS });
      handle.remove();
      expect({ status, lock: await told(bucket) }).toEqual({ status: 403, lock: MONTH });
    },
    onSandbox,
  );
});

describe('a bucket that is made without object lock', () => {
  skippable('shows null, and gets it together with versioning, which goes first', async () => {
    const bucket = await newBucket(false);
    expect(await shown(bucket)).toBeNull();
    expect(await put(bucket, { ObjectLock: MONTH, Versioning: { Status: 'Enabled' } })).toMatchObject(DONE);
    expect(await told(bucket)).toEqual(MONTH);
  });

  skippable('gets it later when it has versioning, without a retention as well', async () => {
    const bucket = await newBucket(false, { Versioning: { Status: 'Enabled' } });
    expect(await put(bucket, { ObjectLock: lock() })).toMatchObject(DONE);
    expect(await told(bucket)).toEqual(lock());
  });

  skippable('without versioning is refused by AWS: 409, and nothing has changed', async () => {
    const bucket = await newBucket(false);
    expect(await put(bucket, { ObjectLock: MONTH, CORS: UPLOADS })).toMatchObject({
      status: 409,
      body: { code: 'InvalidBucketState' },
    });
    const { body } = await world.api('GET', `/demo/buckets/${bucket}?include=cors,objectLock`);
    expect(body).toMatchObject({ CORS: null, ObjectLock: null });
  });

  skippable('has nothing to remove', async () => {
    expect(await put(await newBucket(false), { Remove: ['ObjectLock'] })).toMatchObject(DONE);
  });

  skippable(
    'gets it after everything else, as AWS cannot turn it off again',
    async () => {
      const bucket = await newBucket(false);
      await world.auditor.s3.send(
        new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Suspended' } }),
      );
      const handle = world.faults.add({ kind: 'refuse', operation: 'PutBucketCors' });
      const { status } = await put(bucket, { ObjectLock: MONTH, Versioning: { Status: 'Enabled' }, CORS: UPLOADS });
      handle.remove();
      expect({ status, lock: await shown(bucket) }).toEqual({ status: 403, lock: null });
    },
    onSandbox,
  );
});

describe('refused with 400', () => {
  test.each([
    ['neither Days nor Years', lock({ Mode: 'GOVERNANCE' }), '/ObjectLock/Rule/DefaultRetention'],
    ['both', lock({ Mode: 'GOVERNANCE', Days: 1, Years: 1 }), '/ObjectLock/Rule/DefaultRetention'],
    ['no day', lock({ Mode: 'GOVERNANCE', Days: 0 }), '/ObjectLock/Rule/DefaultRetention/Days'],
    ['more than 100 years', lock({ Mode: 'GOVERNANCE', Years: 101 }), '/ObjectLock/Rule/DefaultRetention/Years'],
    ['another mode', lock({ Mode: 'LEGAL', Days: 1 }), '/ObjectLock/Rule/DefaultRetention/Mode'],
    ['the lock turned off', { ObjectLockEnabled: 'Disabled' }, '/ObjectLock/ObjectLockEnabled'],
    ['nothing', {}, '/ObjectLock'],
  ])('a retention with %s', async (_, ObjectLock, pointer) => {
    expect(await put('field-notes', { ObjectLock })).toMatchObject({ status: 400, body: { pointer } });
  });

  test('a retention of a new bucket that is made without object lock', async () => {
    const reply = await world.api('POST', '/demo/buckets', {
      BucketInput: { Bucket: world.name('unlocked') },
      ObjectLock: MONTH,
    });
    expect(reply).toMatchObject({ status: 400, body: { pointer: '/ObjectLock' } });
  });
});

skippable(
  'a store that knows no object lock is done with a warning, and shows null with one',
  async () => {
    const store = await startWorld({
      sandbox: {
        plain: {
          lacks: [
            {
              operations: ['GetObjectLockConfiguration', 'PutObjectLockConfiguration'],
              status: 501,
              code: 'NotImplemented',
              message: 'no',
            },
          ],
        },
      },
    });
    try {
      const path = `/demo/buckets/${store.name('store')}`;
      await store.api('POST', '/demo/buckets', { BucketInput: { Bucket: path.split('/')[3] } });
      const warning = (call: string) => `this store has no object lock: it answered ${call} with NotImplemented`;
      expect(await store.api('PUT', path, { ObjectLock: MONTH })).toMatchObject({
        status: 200,
        body: { warnings: [warning('PutObjectLockConfiguration')] },
      });
      expect((await store.api('GET', `${path}?include=objectLock`)).body).toMatchObject({
        ObjectLock: null,
        warnings: [warning('GetObjectLockConfiguration')],
      });
    } finally {
      await store.stop();
    }
  },
  { more: SANDBOX_ONLY.stores },
);
