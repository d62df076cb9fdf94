import {
  CreateBucketCommand,
  DeleteBucketTaggingCommand,
  GetBucketAbacCommand,
  GetBucketTaggingCommand,
  PutBucketAbacCommand,
  PutBucketTaggingCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { S3ControlClient } from '../../../src/aws/s3-control';
import { allow, type Harness, OWNER, refusal, startHarness, STRANGER } from '../s3/harness';
import { connections, controlOf, refused } from './control';

let harness: Harness;
let control: S3ControlClient;
const wires = connections();
beforeAll(async () => {
  harness = await startHarness();
  control = controlOf(harness, harness.s3, wires);
});
afterAll(async () => {
  wires.destroy();
  await harness.stop();
});

type Tags = readonly { readonly Key: string; readonly Value: string }[];

const of = (Bucket: string, AccountId = OWNER.id) => ({ AccountId, Bucket, ResourceArn: `arn:aws:s3:::${Bucket}` });
const add = (Bucket: string, Tags: Tags, by = control) =>
  by.send({ operation: 'TagResource', input: { ...of(Bucket), Tags } });
const remove = (Bucket: string, TagKeys: readonly string[], by = control) =>
  by.send({ operation: 'UntagResource', input: { ...of(Bucket), TagKeys } });

async function tagsOf(Bucket: string): Promise<unknown> {
  return (await harness.s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet;
}

const put = (Bucket: string, TagSet: Tags) =>
  harness.s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [...TagSet] } }));
const turn = (Bucket: string, Status: 'Enabled' | 'Disabled') =>
  harness.s3.send(new PutBucketAbacCommand({ Bucket, AbacStatus: { Status } }));

const A = { Key: 'a', Value: '1' };
const B = { Key: 'b', Value: '' };

describe('a bucket with ABAC', () => {
  test('has none at first, and keeps what it is told', async () => {
    const Bucket = await harness.bucket();
    const status = async () => (await harness.s3.send(new GetBucketAbacCommand({ Bucket }))).AbacStatus?.Status;
    expect(await status()).toBe('Disabled');
    await turn(Bucket, 'Enabled');
    expect(await status()).toBe('Enabled');
  });

  test('refuses to have its tags replaced or taken away in one, and still shows them', async () => {
    const Bucket = await harness.bucket();
    await put(Bucket, [A]);
    await turn(Bucket, 'Enabled');
    const replaced = await put(Bucket, [B]).catch((thrown: unknown) => thrown);
    expect(replaced).toMatchObject({
      name: 'BadRequest',
      $metadata: { httpStatusCode: 400 },
      message:
        'This S3 general purpose bucket has attribute-based access control (ABAC) enabled. To add tags to this bucket, initiate a TagResource request. To delete tags from this bucket, initiate an UntagResource request.',
    });
    const removed = await harness.s3
      .send(new DeleteBucketTaggingCommand({ Bucket }))
      .catch((thrown: unknown) => thrown);
    expect(removed).toBeInstanceOf(S3ServiceException);
    expect(removed).toMatchObject({ name: 'BadRequest', $metadata: { httpStatusCode: 400 } });
    expect(await tagsOf(Bucket)).toEqual([A]);
    await turn(Bucket, 'Disabled');
    await put(Bucket, [B]);
    expect(await tagsOf(Bucket)).toEqual([B]);
  });
});

describe('tags by the bucket’s ARN', () => {
  test.each(['Enabled', 'Disabled'] as const)('are added, changed and removed with ABAC %s', async (Status) => {
    const Bucket = await harness.bucket();
    await turn(Bucket, Status);
    await add(Bucket, [A]);
    await add(Bucket, [{ ...A, Value: '2' }, B]);
    expect(await tagsOf(Bucket)).toEqual([{ ...A, Value: '2' }, B]);
    await remove(Bucket, ['a', 'never']);
    expect(await tagsOf(Bucket)).toEqual([B]);
    await remove(Bucket, ['b']);
    expect((await refusal(tagsOf(Bucket))).code).toBe('NoSuchTagSet');
  });

  test.each([
    ['of another alphabet', [{ Key: 'a', Value: '$' }], 'InvalidTag'],
    ['of AWS itself', [{ Key: 'aws:a', Value: '' }], 'InvalidTag'],
    ['that are too many', Array.from({ length: 51 }, (_, n) => ({ Key: `k${String(n)}`, Value: '' })), 'BadRequest'],
  ])('%s are refused', async (_, tags, code) => {
    const Bucket = await harness.bucket();
    expect(await refused(add(Bucket, tags))).toEqual({ code, status: 400 });
  });

  test('that are too many with those that are there are refused', async () => {
    const Bucket = await harness.bucket();
    await add(
      Bucket,
      Array.from({ length: 50 }, (_, n) => ({ Key: `k${String(n)}`, Value: '' })),
    );
    expect(await refused(add(Bucket, [A]))).toEqual({ code: 'BadRequest', status: 400 });
  });

  test('need permission for the tags that are meant', async () => {
    const Bucket = await harness.bucket();
    const onlyA = { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' } };
    const user = await harness.userWith(allow(['s3:TagResource', 's3:UntagResource'], `arn:aws:s3:::${Bucket}`, onlyA));
    const mine = controlOf(harness, user, wires);
    await add(Bucket, [A], mine);
    expect(await refused(add(Bucket, [B], mine))).toEqual({ code: 'AccessDenied', status: 403 });
    expect(await refused(remove(Bucket, ['b'], mine))).toEqual({ code: 'AccessDenied', status: 403 });
    await remove(Bucket, ['a'], mine);
  });

  test('of nobody’s, another account’s and another region’s bucket are refused', async () => {
    expect(await refused(add('never-made', [A]))).toEqual({ code: 'NoSuchBucket', status: 404 });
    const Bucket = await harness.bucket();
    const stranger = controlOf(harness, harness.stranger, wires);
    const denied = { code: 'AccessDenied', status: 403 };
    expect(await refused(add(Bucket, [A], stranger))).toEqual(denied);
    const asOwner = stranger.send({ operation: 'TagResource', input: { ...of(Bucket, STRANGER.id), Tags: [A] } });
    expect(await refused(asOwner)).toEqual(denied);
    const away = 'in-ireland';
    await harness
      .client(OWNER, 'eu-west-1')
      .send(new CreateBucketCommand({ Bucket: away, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
    expect(await refused(add(away, [A]))).toEqual({ code: 'PermanentRedirect', status: 301 });
  });

  test('of what is no bucket are not implemented', async () => {
    const input = { ...of('b'), ResourceArn: 'arn:aws:s3:us-east-1:111111111111:storage-lens-group/x', TagKeys: ['a'] };
    expect(await refused(control.send({ operation: 'UntagResource', input }))).toEqual({
      code: 'NotImplemented',
      status: 501,
    });
  });
});
