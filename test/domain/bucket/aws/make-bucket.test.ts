import {
  DeleteBucketCommand,
  GetBucketTaggingCommand,
  GetObjectLockConfigurationCommand,
  HeadBucketCommand,
} from '@aws-sdk/client-s3';
import { confirmObjectLock, deleteBucket } from '../../../../src/domain/bucket/aws/make-bucket';
import { confirmTags, replaceTags } from '../../../../src/domain/bucket/settings/aws/tags';
import type { Tag } from '../../../../src/domain/shared/shapes';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import { OPERATION, changes, stepAlone } from '../../../support/steps';

const ExpectedBucketOwner = '123456789012';
const operationTag = (Value: string): Tag => ({ Key: 'mallard:operation', Value });
const tags = [{ Key: 'spinup:org', Value: 'acme' }, operationTag(OPERATION)];
const tagged = (aws: MockedAws, ...TagSet: Tag[]) => aws.s3.on(GetBucketTaggingCommand).resolves({ TagSet });
const done = { state: 'done', result: undefined };

describe('the tags of a new bucket', () => {
  const confirming = ({ context }: MockedAws) => stepAlone(context, confirmTags(context, 'b', tags));
  const put = { PutBucketTagging: [{ Bucket: 'b', Tagging: { TagSet: tags }, ExpectedBucketOwner }] };

  test.each([
    ['are there, in whatever order', [...tags].reverse(), {}],
    ['were dropped by the store', [], put],
    ['are there in part', [operationTag(OPERATION)], put],
    ['are those of a bucket that this process has deleted', [operationTag('op-0')], put],
  ])('%s', async (_, found, sent) => {
    const aws = await mockedAws();
    aws.context.deletedBuckets.add('op-0');
    tagged(aws, ...found);
    await confirming(aws).run();
    expect(changes(aws.s3)).toEqual(sent);
  });

  test('of another maker mean that we were too late, though CreateBucket said 200 to both', async () => {
    const aws = await mockedAws();
    tagged(aws, operationTag('op-0'));
    await expect(confirming(aws).run()).rejects.toMatchObject({
      error: { kind: 'exists', detail: 'a bucket b exists already' },
    });
    expect(changes(aws.s3)).toEqual({});
  });

  test('are replaced, and back after the undo', async () => {
    const aws = await mockedAws();
    const before = [{ Key: 'former', Value: '1' }];
    const step = stepAlone(aws.context, replaceTags(aws.context, 'b', before, tags));
    await step.run();
    await step.undo();
    const put = (TagSet: readonly Tag[]) => ({ Bucket: 'b', Tagging: { TagSet }, ExpectedBucketOwner });
    expect(changes(aws.s3)).toEqual({ PutBucketTagging: [put(tags), put(before)] });
  });
});

describe('an object lock that was asked for', () => {
  const confirming = async (world: (aws: MockedAws) => unknown) => {
    const aws = await mockedAws({ iam: false });
    world(aws);
    return stepAlone(aws.context, confirmObjectLock(aws.context, 'b')).run();
  };
  const telling = (answer: object) => (aws: MockedAws) => aws.s3.on(GetObjectLockConfigurationCommand).resolves(answer);
  const refusing = (code: string, status: number) => (aws: MockedAws) =>
    aws.s3.on(GetObjectLockConfigurationCommand).rejects(awsError(code, status));

  test('is there', async () => {
    await expect(
      confirming(telling({ ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } })),
    ).resolves.toBeUndefined();
  });

  test.each([
    ['nothing', telling({}), 'unsupported'],
    ['a lock that is not on', telling({ ObjectLockConfiguration: {} }), 'unsupported'],
    ['that there is none', refusing('ObjectLockConfigurationNotFoundError', 404), 'unsupported'],
    ['that it knows no locks', refusing('NotImplemented', 501), 'unsupported'],
    ['that we may not look', refusing('AccessDenied', 403), 'denied'],
  ])('is missing or unknown when the store tells %s', async (_, world, kind) => {
    await expect(confirming(world)).rejects.toMatchObject({ error: { kind } });
  });
});

describe('the deletion of a bucket', () => {
  const deleting = ({ context }: MockedAws, maker: string | undefined = 'op-0') =>
    stepAlone(context, deleteBucket(context, 'b', maker));

  test.each([
    ['there', (aws: MockedAws) => aws.s3.on(DeleteBucketCommand).resolves({})],
    ['gone already', (aws: MockedAws) => aws.s3.on(DeleteBucketCommand).rejects(awsError('NoSuchBucket', 404))],
  ])('succeeds with a bucket that is %s, and forgets its maker', async (_, world) => {
    const aws = await mockedAws();
    world(aws);
    expect(await deleting(aws).perform()).toEqual(done);
    expect(aws.context.deletedBuckets.has('op-0')).toBe(true);
  });

  test('fails with a bucket that something has arrived in', async () => {
    const aws = await mockedAws();
    aws.s3.on(DeleteBucketCommand).rejects(awsError('BucketNotEmpty', 409));
    expect(await deleting(aws).perform()).toMatchObject({ state: 'refused', error: { kind: 'not-empty' } });
    expect(aws.context.deletedBuckets.has('op-0')).toBe(false);
  });

  test.each([
    ['still there', (aws: MockedAws) => aws.s3.on(HeadBucketCommand).resolves({}), undefined],
    [
      'gone',
      (aws: MockedAws) => aws.s3.on(HeadBucketCommand).rejects(awsError('NotFound', 404)),
      { result: undefined },
    ],
    [
      'somebody else’s by now',
      (aws: MockedAws) => aws.s3.on(HeadBucketCommand).rejects(awsError('Forbidden', 403)),
      { result: undefined },
    ],
  ])('has happened or not: the bucket is %s', async (_, world, expected) => {
    const aws = await mockedAws();
    world(aws);
    expect(await deleting(aws).alreadyDone()).toEqual(expected);
  });
});
