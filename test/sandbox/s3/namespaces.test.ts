import {
  CreateBucketCommand,
  type CreateBucketCommandInput,
  DeleteBucketCommand,
  HeadBucketCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { allow, type Harness, OWNER, refusal, startHarness, STRANGER } from './harness';

/** AWS-FACTS: account-regional bucket namespace; S3 User Guide, "Namespaces for general purpose buckets". */

let on: Harness;
beforeAll(async () => {
  on = await startHarness();
});
afterAll(() => on.stop());

const OWN = `-${OWNER.id}-us-east-1-an`;
const regional: Partial<CreateBucketCommandInput> = { BucketNamespace: 'account-regional' };

const create = (client: S3Client, Bucket: string, more: Partial<CreateBucketCommandInput> = {}): Promise<unknown> =>
  client.send(new CreateBucketCommand({ Bucket, ...more }));
test('the owner of the suffix makes the bucket, with the header, and uses it like any other', async () => {
  await create(on.s3, `photos${OWN}`, regional);
  await on.s3.send(new HeadBucketCommand({ Bucket: `photos${OWN}` }));
  const hosted = new URL(on.sandbox.endpoint);
  const answer = await on.sandbox.dispatch(
    {
      method: 'GET',
      rawPath: '/key',
      query: new URLSearchParams(),
      headers: {},
      host: `photos${OWN}.localhost:${hosted.port}`,
      body: Buffer.alloc(0),
    },
    '127.0.0.1',
  );
  // Found, and closed to strangers; a bucket called `key` would be 404.
  expect(answer).toMatchObject({ status: 403 });
});

test('nobody else makes it, not even when it is gone', async () => {
  await create(on.s3, `mine${OWN}`, regional);
  await on.s3.send(new DeleteBucketCommand({ Bucket: `mine${OWN}` }));
  expect(await refusal(create(on.stranger, `mine${OWN}`, regional))).toEqual({
    code: 'InvalidBucketNamespace',
    status: 400,
  });
  expect(await refusal(create(on.stranger, `mine${OWN}`))).toEqual({ code: 'MissingNamespaceHeader', status: 400 });
  await create(on.s3, `mine${OWN}`, regional);
});

test.each<[string, string, Partial<CreateBucketCommandInput>, string]>([
  ['without the header', `a${OWN}`, {}, 'MissingNamespaceHeader'],
  ['with the header of the other namespace', `a${OWN}`, { BucketNamespace: 'global' }, 'InvalidNamespaceHeader'],
  ['with a header that is none', 'plain', { BucketNamespace: 'mine' as 'global' }, 'InvalidArgument'],
  ['with the header and another name', 'plain', regional, 'InvalidNamespaceHeader'],
  ['for another account', `a-${STRANGER.id}-us-east-1-an`, regional, 'InvalidBucketNamespace'],
  ['for another region', `a-${OWNER.id}-eu-west-1-an`, regional, 'InvalidBucketNamespace'],
  ['that only ends in -an', 'quinn-an', {}, 'InvalidBucketName'],
  ['that is too long with its suffix', `${'x'.repeat(38)}${OWN}`, regional, 'InvalidBucketName'],
])('a name %s is refused', async (_, name, more, expected) => {
  expect(await refusal(create(on.s3, name, more))).toEqual({ code: expected, status: 400 });
});

test('the longest name has 37 characters before the suffix of us-east-1', async () => {
  await create(on.s3, `${'x'.repeat(37)}${OWN}`, regional);
});

test('the region is that of the bucket, and the owner gets BucketAlreadyOwnedByYou in every region', async () => {
  const frankfurt = on.client(OWNER, 'eu-central-1');
  const there = {
    ...regional,
    CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' as const },
  };
  await create(frankfurt, `a-${OWNER.id}-eu-central-1-an`, structuredClone(there));
  await create(on.s3, `again${OWN}`, regional);
  expect(await refusal(create(on.s3, `again${OWN}`, regional))).toEqual({
    code: 'BucketAlreadyOwnedByYou',
    status: 409,
  });
});

test('Bahrain and the UAE have none', async () => {
  const bahrain = on.client(OWNER, 'me-south-1');
  const there = { ...regional, CreateBucketConfiguration: { LocationConstraint: 'me-south-1' as const } };
  expect(await refusal(create(bahrain, `a-${OWNER.id}-me-south-1-an`, there))).toMatchObject({ status: 400 });
});

test('a policy can demand the namespace (s3:x-amz-bucket-namespace)', async () => {
  const user = await on.userWith(allow('s3:CreateBucket', '*'), {
    Effect: 'Deny',
    Action: 's3:CreateBucket',
    Resource: '*',
    Condition: { StringNotEquals: { 's3:x-amz-bucket-namespace': 'account-regional' } },
  });
  expect(await refusal(create(user, 'demanded'))).toEqual({ code: 'AccessDenied', status: 403 });
  await create(user, `demanded${OWN}`, regional);
});
