import {
  CreateBucketCommand,
  GetObjectLockConfigurationCommand,
  type ObjectLockConfiguration,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
} from '@aws-sdk/client-s3';
import { type Harness, refusal, startHarness } from './harness';

/** Object lock of a bucket and its default rule; on objects it has no effect. */

let on: Harness;
beforeAll(async () => {
  on = await startHarness();
});
afterAll(() => on.stop());

const put = (Bucket: string, ObjectLockConfiguration?: ObjectLockConfiguration): Promise<unknown> =>
  on.s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
const told = async (Bucket: string): Promise<unknown> =>
  (await on.s3.send(new GetObjectLockConfigurationCommand({ Bucket }))).ObjectLockConfiguration;
const versioning = (Bucket: string, Status: 'Enabled' | 'Suspended'): Promise<unknown> =>
  on.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
const lock = (retention: object): ObjectLockConfiguration => ({
  ObjectLockEnabled: 'Enabled',
  Rule: { DefaultRetention: retention },
});
const MONTH = lock({ Mode: 'GOVERNANCE', Days: 30 });

test('the default rule of a locked bucket is kept, replaced and taken away by a document without it', async () => {
  await on.s3.send(new CreateBucketCommand({ Bucket: 'lock-rules', ObjectLockEnabledForBucket: true }));
  for (const document of [MONTH, lock({ Mode: 'COMPLIANCE', Years: 1 }), { ObjectLockEnabled: 'Enabled' } as const]) {
    await put('lock-rules', document);
    expect(await told('lock-rules')).toEqual(document);
  }
});

test('a bucket that is there gets object lock once it has versioning, and then keeps both', async () => {
  const Bucket = await on.bucket();
  expect((await refusal(told(Bucket))).code).toBe('ObjectLockConfigurationNotFoundError');
  expect(await refusal(put(Bucket, MONTH))).toMatchObject({ code: 'InvalidBucketState', status: 409 });
  await versioning(Bucket, 'Suspended');
  expect((await refusal(put(Bucket, MONTH))).code).toBe('InvalidBucketState');
  await versioning(Bucket, 'Enabled');
  await put(Bucket, MONTH);
  expect(await told(Bucket)).toEqual(MONTH);
  expect((await refusal(versioning(Bucket, 'Suspended'))).code).toBe('InvalidBucketState');
});

test.each([
  ['no period', lock({ Mode: 'GOVERNANCE' }), 'MalformedXML'],
  ['two periods', lock({ Mode: 'GOVERNANCE', Days: 1, Years: 1 }), 'MalformedXML'],
  ['another mode', lock({ Mode: 'LEGAL', Days: 1 }), 'MalformedXML'],
  ['no mode', lock({ Days: 1 }), 'MalformedXML'],
  ['a lock that is turned off', { ObjectLockEnabled: 'Disabled' as 'Enabled' }, 'MalformedXML'],
  ['no lock', {}, 'MalformedXML'],
  ['no day', lock({ Mode: 'GOVERNANCE', Days: 0 }), 'InvalidRetentionPeriod'],
  ['more than 100 years', lock({ Mode: 'GOVERNANCE', Years: 101 }), 'InvalidRetentionPeriod'],
])('a document with %s is refused', async (_, document, code) => {
  expect(await refusal(put(await on.bucket(), document))).toMatchObject({ code, status: 400 });
});
