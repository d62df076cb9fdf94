import {
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { startSandbox } from '../../../src/sandbox/start';
import { blockAccount, unblockAccount } from '../../support/account-block';
import { allow, type Harness, OWNER, publicRead, refusal, startHarness, STRANGER } from '../s3/harness';
import { connections, controlOf, refused } from './control';

let harness: Harness;
const wires = connections();
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.stop());
afterAll(() => wires.destroy());

const read = (by = harness.s3, AccountId = OWNER.id) =>
  controlOf(harness, by, wires).send({ operation: 'GetPublicAccessBlock', input: { AccountId } });

/** A bucket whose own block is off. */
async function open(): Promise<string> {
  const Bucket = await harness.bucket();
  await harness.s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: {} }));
  return Bucket;
}

const letEveryoneRead = (Bucket: string) =>
  harness.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: publicRead(Bucket) }));

test('an account has no block at first, then what it was given, then none', async () => {
  const none = { code: 'NoSuchPublicAccessBlockConfiguration', status: 404 };
  expect(await refused(read())).toEqual(none);
  await blockAccount(harness.s3, OWNER.id, { RestrictPublicBuckets: false });
  expect((await read()).PublicAccessBlockConfiguration).toEqual({
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: false,
  });
  await unblockAccount(harness.s3, OWNER.id);
  expect(await refused(read())).toEqual(none);
});

test('BlockPublicPolicy of the account refuses public policies of all its buckets, and of no others', async () => {
  const Bucket = await open();
  await blockAccount(harness.stranger, STRANGER.id);
  await letEveryoneRead(Bucket);
  await blockAccount(harness.s3, OWNER.id);
  expect(await refusal(letEveryoneRead(Bucket))).toEqual({ code: 'AccessDenied', status: 403 });
});

test('RestrictPublicBuckets of the account cuts off what a public policy gave to strangers', async () => {
  const Bucket = await open();
  await letEveryoneRead(Bucket);
  await harness.s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'a' }));
  const get = () => harness.stranger.send(new GetObjectCommand({ Bucket, Key: 'a' }));
  await expect(get()).resolves.toBeDefined();
  await blockAccount(harness.s3, OWNER.id, { BlockPublicPolicy: false });
  expect(await refusal(get())).toEqual({ code: 'AccessDenied', status: 403 });
  await expect(harness.s3.send(new GetObjectCommand({ Bucket, Key: 'a' }))).resolves.toBeDefined();
});

test('needs permission, and is no other account’s business', async () => {
  const user = await harness.userWith(allow('s3:GetAccountPublicAccessBlock', '*'));
  await blockAccount(harness.s3, OWNER.id);
  await expect(read(user)).resolves.toBeDefined();
  const denied = { code: 'AccessDenied', status: 403 };
  expect(await refused(unblockAccount(user, OWNER.id))).toEqual(denied);
  expect(await refused(read(await harness.userWith(allow('s3:GetObject', '*'))))).toEqual(denied);
  expect(await refused(read(harness.stranger))).toEqual(denied);
});

test('an organization’s block shows as the account’s, which cannot change it', async () => {
  const sandbox = await startSandbox({ accounts: [{ ...OWNER, organizationBlocksPublicAccess: true }] });
  const s3 = new S3Client({
    endpoint: sandbox.endpoint,
    region: 'us-east-1',
    credentials: OWNER,
    forcePathStyle: true,
    maxAttempts: 1,
  });
  try {
    const input = { AccountId: OWNER.id };
    const answer = await controlOf({ sandbox }, s3, wires).send({ operation: 'GetPublicAccessBlock', input });
    expect(answer.PublicAccessBlockConfiguration).toMatchObject({
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
    for (const change of [blockAccount, unblockAccount])
      expect(await refused(change(s3, OWNER.id))).toEqual({ code: 'AccessDenied', status: 403 });
  } finally {
    s3.destroy();
    await sandbox.stop();
  }
});

test('is part of the state that is kept', async () => {
  await blockAccount(harness.s3, OWNER.id);
  const taken = harness.sandbox.state.take();
  await unblockAccount(harness.s3, OWNER.id);
  harness.sandbox.state.restore(taken);
  expect((await read()).PublicAccessBlockConfiguration).toMatchObject({ BlockPublicPolicy: true });
});
