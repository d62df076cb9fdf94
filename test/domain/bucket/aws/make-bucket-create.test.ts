import {
  CreateBucketCommand,
  GetBucketTaggingCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import type { AccountConfig } from '../../../../src/config/types';
import { createBucket } from '../../../../src/domain/bucket/aws/make-bucket';
import type { Tag } from '../../../../src/domain/shared/shapes';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import { OPERATION, changes, stepAlone } from '../../../support/steps';

const ExpectedBucketOwner = '123456789012';
const operationTag = (Value: string): Tag => ({ Key: 'mallard:operation', Value });
const tags = [{ Key: 'spinup:org', Value: 'acme' }, operationTag(OPERATION)];
const tagged = (aws: MockedAws, ...TagSet: Tag[]) => aws.s3.on(GetBucketTaggingCommand).resolves({ TagSet });
const lost = awsError('InternalError', 500);
const done = { state: 'done', result: undefined };

describe('a new bucket', () => {
  const creating = ({ context, clock }: MockedAws, objectLock = false) =>
    stepAlone(context, createBucket(context, { bucket: 'b', tags, objectLock, lookedAt: clock.now() }));
  const location = { LocationConstraint: 'eu-west-1' };

  test.each<[string, Partial<AccountConfig>, boolean, object]>([
    ['in us-east-1, which must not be named', {}, false, { CreateBucketConfiguration: { Tags: tags } }],
    [
      'in any other region',
      { region: 'eu-west-1' },
      true,
      { CreateBucketConfiguration: { ...location, Tags: tags }, ObjectLockEnabledForBucket: true },
    ],
    [
      'of another store, without tags',
      { region: 'eu-west-1', iam: false },
      false,
      { CreateBucketConfiguration: location },
    ],
    ['of another store, about which there is nothing to say', { iam: false }, false, {}],
    [
      'in the namespace of its account, which must be said',
      { bucketNamespace: 'account-regional' },
      false,
      { BucketNamespace: 'account-regional', CreateBucketConfiguration: { Tags: tags } },
    ],
  ])('%s', async (_, account, objectLock, sent) => {
    const aws = await mockedAws(account);
    await creating(aws, objectLock).run();
    expect(changes(aws.s3)).toEqual({ CreateBucket: [{ Bucket: 'b', ...sent }] });
  });

  test.each(['InvalidBucketNamespace', 'InvalidNamespaceHeader', 'MissingNamespaceHeader'])(
    'that is not of the account’s namespace (%s) is the operator’s mistake',
    async (code) => {
      const aws = await mockedAws({ bucketNamespace: 'account-regional' });
      aws.s3.on(CreateBucketCommand).rejects(awsError(code, 400));
      expect(await creating(aws).perform()).toMatchObject({
        error: { kind: 'misconfigured', setting: 'bucketNamespace', origin: { code } },
      });
    },
  );

  test('is believed by its tags after a lost reply, and not asked for again', async () => {
    const aws = await mockedAws();
    aws.s3.on(CreateBucketCommand).rejects(lost);
    tagged(aws, ...tags);
    expect(await creating(aws).perform()).toEqual(done);
    expect(aws.s3.commandCalls(CreateBucketCommand)).toHaveLength(1);
  });

  test('is not asked for again when somebody else’s has come meanwhile: us-east-1 would reset its ACLs', async () => {
    const aws = await mockedAws();
    aws.s3.on(CreateBucketCommand).rejects(lost);
    tagged(aws, operationTag('op-0'));
    expect(await creating(aws).perform()).toMatchObject({
      state: 'unclear',
      effect: 'absent',
      error: { kind: 'exists', detail: 'a bucket b exists already' },
    });
    expect(aws.s3.commandCalls(CreateBucketCommand)).toHaveLength(1);
  });

  test.each([
    ['a store that says so after a lost reply', false, [lost], done],
    ['a store that says so at once', false, [], { state: 'refused', error: { kind: 'exists' } }],
    ['AWS, where tags tell', true, [lost], { state: 'unclear', effect: 'absent', error: { kind: 'exists' } }],
  ])('that is ours already: %s', async (_, iam, before, end) => {
    const aws = await mockedAws({ iam });
    aws.s3.on(GetBucketTaggingCommand).rejects(awsError('NoSuchBucket', 404));
    const creation = aws.s3.on(CreateBucketCommand);
    for (const error of before) creation.rejectsOnce(error);
    creation.rejects(awsError('BucketAlreadyOwnedByYou', 409));
    expect(await creating(aws).perform()).toMatchObject(end);
  });

  test('is taken back when this operation has made it, and its tag names nobody from then on', async () => {
    const aws = await mockedAws();
    tagged(aws, ...tags);
    await creating(aws).undo();
    expect(changes(aws.s3)).toEqual({ DeleteBucket: [{ Bucket: 'b', ExpectedBucketOwner }] });
    expect(aws.context.deletedBuckets.has(OPERATION)).toBe(true);
  });

  test('is taken back, too, when its tags cannot be read but its creation was acknowledged', async () => {
    const aws = await mockedAws();
    aws.s3.on(GetBucketTaggingCommand).rejects(awsError('AccessDenied', 403));
    aws.s3.on(ListBucketsCommand).resolves({ Buckets: [{ Name: 'b', CreationDate: new Date(aws.clock.now()) }] });
    const creation = creating(aws);
    await creation.perform();
    await creation.undo();
    expect(changes(aws.s3)).toMatchObject({ DeleteBucket: [{ Bucket: 'b', ExpectedBucketOwner }] });
  });

  test.each([
    [
      'it never came to be',
      (aws: MockedAws) => aws.s3.on(GetBucketTaggingCommand).rejects(awsError('NoSuchBucket', 404)),
    ],
    ['it is somebody else’s', (aws: MockedAws) => tagged(aws, operationTag('op-0'))],
  ])('is left alone by the undo when %s', async (_, world) => {
    const aws = await mockedAws();
    world(aws);
    await creating(aws).undo();
    expect(changes(aws.s3)).toEqual({});
    expect(aws.context.deletedBuckets.has(OPERATION)).toBe(false);
  });

  test.each([
    ['is kept with what others have put into it', [{ Key: 'theirs' }], { kind: 'not-empty' }, {}],
    ['is deleted when it is empty', [], undefined, { DeleteBucket: [{ Bucket: 'b' }] }],
  ])('of a store that would delete it with its contents %s', async (_, Contents, error, sent) => {
    const aws = await mockedAws({ iam: false });
    aws.s3.on(ListBucketsCommand).resolves({ Buckets: [{ Name: 'b', CreationDate: new Date(aws.clock.now()) }] });
    aws.s3.on(ListObjectsV2Command).resolves({ Contents });
    const undo = creating(aws).undo();
    await (error === undefined ? undo : expect(undo).rejects.toMatchObject({ error }));
    expect(changes(aws.s3)).toEqual(sent);
  });
});
