import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { allow, type Harness, publicRead, refusal, startHarness, STRANGER } from './harness';

let on: Harness;
let Bucket: string;
let bucketArn: string;
let objects: string;
beforeAll(async () => {
  on = await startHarness();
});
beforeEach(async () => {
  Bucket = await on.bucket();
  bucketArn = `arn:aws:s3:::${Bucket}`;
  objects = `${bucketArn}/*`;
  await on.s3.send(new PutObjectCommand({ Bucket, Key: 'docs/a', Body: 'hello', Tagging: 'class=open' }));
});
afterAll(() => on.stop());

const get = (client: S3Client, Key: string): Promise<unknown> => client.send(new GetObjectCommand({ Bucket, Key }));
const denied = { code: 'AccessDenied', status: 403 };

test('a read-only user cannot write, delete or tag', async () => {
  const reader = await on.userWith(allow('s3:ListBucket', bucketArn), allow('s3:GetObject', objects));
  await get(reader, 'docs/a');
  await reader.send(new ListObjectsV2Command({ Bucket }));
  expect(await refusal(reader.send(new PutObjectCommand({ Bucket, Key: 'x', Body: 'x' })))).toEqual(denied);
  expect(await refusal(reader.send(new DeleteObjectCommand({ Bucket, Key: 'docs/a' })))).toEqual(denied);
  const tagging = { TagSet: [{ Key: 'a', Value: 'b' }] };
  expect(await refusal(reader.send(new PutBucketTaggingCommand({ Bucket, Tagging: tagging })))).toEqual(denied);
  expect(await refusal(reader.send(new ListBucketsCommand({})))).toEqual(denied);
});

test('a missing object is 404 with ListBucket and 403 without', async () => {
  const blind = await on.userWith(allow('s3:GetObject', objects));
  expect(await refusal(get(blind, 'missing'))).toEqual(denied);
  expect((await refusal(blind.send(new HeadObjectCommand({ Bucket, Key: 'missing' })))).status).toBe(403);
  const seeing = await on.userWith(allow('s3:GetObject', objects), allow('s3:ListBucket', bucketArn));
  expect((await refusal(get(seeing, 'missing'))).code).toBe('NoSuchKey');
});

test('s3:prefix confines listing', async () => {
  const scoped = await on.userWith(
    allow('s3:ListBucket', bucketArn, { StringLike: { 's3:prefix': ['docs/*', 'docs/'] } }),
  );
  await scoped.send(new ListObjectsV2Command({ Bucket, Prefix: 'docs/' }));
  expect(await refusal(scoped.send(new ListObjectsV2Command({ Bucket, Prefix: 'other/' })))).toEqual(denied);
  expect(await refusal(scoped.send(new ListObjectsV2Command({ Bucket })))).toEqual(denied);
});

test('CopyObject needs GetObject on the source and PutObject on the target, tags more', async () => {
  const copy = (client: S3Client, more: object = {}): Promise<unknown> =>
    client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/docs/a`, ...more }));
  const writer = await on.userWith(allow('s3:PutObject', objects));
  expect(await refusal(copy(writer))).toEqual(denied);
  const both = await on.userWith(allow(['s3:PutObject', 's3:GetObject'], objects));
  expect(await refusal(copy(both))).toEqual(denied);
  await copy(both, { TaggingDirective: 'REPLACE' });
  const all = await on.userWith(allow(['s3:PutObject', 's3:GetObject', 's3:*ObjectTagging'], objects));
  await copy(all);
});

test('DeleteObjects answers key by key (AWS-FACTS: 200 with per-key Errors[])', async () => {
  const scoped = await on.userWith(allow('s3:DeleteObject', `${bucketArn}/docs/*`));
  const answer = await scoped.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'docs/a' }, { Key: 'other' }] } }),
  );
  expect(answer.Deleted).toEqual([{ Key: 'docs/a' }]);
  expect(answer.Errors).toMatchObject([{ Key: 'other', Code: 'AccessDenied' }]);
});

test('deleting a version needs DeleteObjectVersion', async () => {
  await on.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const { VersionId } = await on.s3.send(new PutObjectCommand({ Bucket, Key: 'v', Body: 'x' }));
  const deleter = await on.userWith(allow('s3:DeleteObject', objects));
  expect(await refusal(deleter.send(new DeleteObjectCommand({ Bucket, Key: 'v', VersionId })))).toEqual(denied);
  await deleter.send(new DeleteObjectCommand({ Bucket, Key: 'v' }));
});

test('writing with tags needs PutObjectTagging; comparing with an etag needs GetObject', async () => {
  const writer = await on.userWith(allow(['s3:PutObject', 's3:DeleteObject'], objects));
  const put = (more: object): Promise<unknown> =>
    writer.send(new PutObjectCommand({ Bucket, Key: 'docs/a', Body: 'x', ...more }));
  expect(await refusal(put({ Tagging: 'a=b' }))).toEqual(denied);
  expect(await refusal(put({ IfMatch: '"x"' }))).toEqual(denied);
  expect(await refusal(writer.send(new DeleteObjectCommand({ Bucket, Key: 'docs/a', IfMatch: '"x"' })))).toEqual(
    denied,
  );
  await writer.send(new DeleteObjectCommand({ Bucket, Key: 'docs/a', IfMatch: '*' }));
  await put({});
});

test('tags at creation need s3:TagResource (AWS-FACTS)', async () => {
  const creator = await on.userWith(allow('s3:CreateBucket', '*'));
  const tagged = { CreateBucketConfiguration: { Tags: [{ Key: 'a', Value: 'b' }] } };
  const create = (name: string, more: object = {}): Promise<unknown> =>
    creator.send(new CreateBucketCommand({ Bucket: name, ...more }));
  expect(await refusal(create('made-with-tags', tagged))).toEqual(denied);
  await create('made-without-tags');
  const tagger = await on.userWith(allow(['s3:CreateBucket', 's3:TagResource'], '*'));
  await tagger.send(new CreateBucketCommand({ Bucket: 'made-with-tags', ...tagged }));
});

test('existing object tags can decide', async () => {
  const reader = await on.userWith(
    allow('s3:GetObject', objects, { StringEquals: { 's3:ExistingObjectTag/class': 'open' } }),
  );
  await get(reader, 'docs/a');
  await on.s3.send(new PutObjectCommand({ Bucket, Key: 'docs/a', Body: 'x', Tagging: 'class=closed' }));
  expect(await refusal(get(reader, 'docs/a'))).toEqual(denied);
});

describe('bucket policies', () => {
  const unblock = (RestrictPublicBuckets: boolean): Promise<unknown> =>
    on.s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { RestrictPublicBuckets } }));
  const anonymous = (key: string): Promise<Response> => fetch(`${on.sandbox.endpoint}/${Bucket}/${key}`);

  test('a public policy lets anyone read, and nothing more', async () => {
    expect((await anonymous('docs/a')).status).toBe(403);
    await unblock(false);
    await on.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: publicRead(Bucket) }));
    expect(await (await anonymous('docs/a')).text()).toBe('hello');
    expect((await anonymous('missing')).status).toBe(403);
    expect((await fetch(`${on.sandbox.endpoint}/${Bucket}/docs/a`, { method: 'DELETE' })).status).toBe(403);
    expect((await fetch(`${on.sandbox.endpoint}/${Bucket}/docs/a?response-content-type=x/y`)).status).toBe(400);
    await get(on.stranger, 'docs/a');
  });

  test('RestrictPublicBuckets cuts strangers off from a public policy, not the own account', async () => {
    await unblock(false);
    await on.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: publicRead(Bucket) }));
    await unblock(true);
    expect((await anonymous('docs/a')).status).toBe(403);
    expect(await refusal(get(on.stranger, 'docs/a'))).toEqual(denied);
    await get(await on.userWith(allow('s3:ListBucket', bucketArn)), 'docs/a');
  });

  test('Deny wins over a user’s Allow', async () => {
    const reader = await on.userWith(allow('s3:*', '*'));
    const deny = { Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: `${bucketArn}/docs/*` };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [deny] });
    await on.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    expect(await refusal(get(reader, 'docs/a'))).toEqual(denied);
  });

  test('another account needs the bucket’s policy too', async () => {
    expect(await refusal(get(on.stranger, 'docs/a'))).toEqual(denied);
    const grant = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${STRANGER.id}:root` },
      Action: 's3:GetObject',
      Resource: objects,
    };
    await on.s3.send(
      new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement: [grant] }) }),
    );
    await get(on.stranger, 'docs/a');
    expect(await refusal(on.stranger.send(new ListObjectsV2Command({ Bucket })))).toEqual(denied);
  });
});

test('NoSuchBucket comes before AccessDenied', async () => {
  const nobody = await on.userWith(allow('iam:GetUser', '*'));
  const missing = nobody.send(new ListObjectsV2Command({ Bucket: 'there-is-no-such-bucket' }));
  expect((await refusal(missing)).code).toBe('NoSuchBucket');
});
