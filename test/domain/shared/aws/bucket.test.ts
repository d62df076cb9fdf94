import {
  GetBucketLoggingCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import { bucketPlace, bucketTags, requireBucket } from '../../../../src/domain/shared/aws/bucket';
import { bucketLogging, showBucket } from '../../../../src/domain/bucket/aws/details';
import { awsError, mockedAws } from '../../../support/mocks/mocked-aws';
import { errorOf } from '../../../support/mocks/mocked-reads';

const OURS = { Bucket: 'photos', ExpectedBucketOwner: '123456789012' };

describe('whether a bucket is there and ours', () => {
  test('AWS is asked for it as the account’s own, and tells its region', async () => {
    const { context, s3 } = await mockedAws();
    s3.on(HeadBucketCommand, OURS).resolves({ BucketRegion: 'eu-west-1' });
    expect(await bucketPlace(context, 'photos')).toEqual({ presence: 'present', region: 'eu-west-1' });
  });

  test.each([
    ['NotFound', 404, 'absent', { kind: 'not-found', detail: 'there is no bucket photos in this account' }],
    ['Forbidden', 403, 'foreign', { kind: 'denied', detail: 'access to bucket photos is denied' }],
  ])('%s', async (code, status, presence, error) => {
    const { context, s3 } = await mockedAws();
    s3.on(HeadBucketCommand).rejects(awsError(code, status));
    expect(await bucketPlace(context, 'photos')).toEqual({ presence, region: undefined });
    expect(await errorOf(requireBucket(context, 'photos'))).toEqual(error);
  });

  test.each([
    [
      'its own of that name',
      [{ Name: 'photos-123456789012-us-east-1-an' }],
      'absent',
      { kind: 'not-found', detail: 'there is no bucket photos in this account' },
    ],
    [
      'one that S3 calls so',
      [{ Name: 'photos' }],
      'elsewhere',
      { kind: 'denied', detail: expect.stringContaining('photos is in the global namespace') },
    ],
    ['none', undefined, 'absent', { kind: 'not-found' }],
  ])(
    'an absent one, where the account lists %s and has a namespace of its own',
    async (_, Buckets, presence, error) => {
      const { context, s3 } = await mockedAws({ bucketNamespace: 'account-regional' });
      s3.on(HeadBucketCommand).rejects(awsError('NotFound', 404));
      s3.on(ListBucketsCommand, { Prefix: 'photos' }).resolves({ Buckets });
      expect(await bucketPlace(context, 'photos')).toEqual({ presence, region: undefined });
      expect(await errorOf(requireBucket(context, 'photos'))).toMatchObject(error);
    },
  );

  test('an outage says nothing of it, after four times', async () => {
    const { context, s3 } = await mockedAws();
    s3.on(HeadBucketCommand).rejects(awsError('ServiceUnavailable', 503));
    expect(await errorOf(bucketPlace(context, 'photos'))).toMatchObject({ kind: 'unavailable' });
    expect(s3.commandCalls(HeadBucketCommand)).toHaveLength(4);
  });
});

describe('tags', () => {
  test.each([
    ['none at all', undefined, []],
    [
      'halves of tags',
      [{ Key: 'a' }, { Value: 'b' }, {}],
      [
        { Key: 'a', Value: '' },
        { Key: '', Value: 'b' },
        { Key: '', Value: '' },
      ],
    ],
  ])('%s', async (_title, TagSet, tags) => {
    const { context, s3 } = await mockedAws();
    s3.on(GetBucketTaggingCommand, OURS).resolves({ TagSet: TagSet as { Key: string; Value: string }[] });
    expect(await bucketTags(context, 'photos')).toEqual(tags);
  });

  test.each([
    ['NoSuchTagSet', []],
    ['NoSuchTagSetError', []],
    ['NoSuchBucket', undefined],
  ])('%s', async (code, tags) => {
    const { context, s3 } = await mockedAws();
    s3.on(GetBucketTaggingCommand).rejects(awsError(code, 404));
    const read = bucketTags(context, 'photos');
    if (tags !== undefined) expect(await read).toEqual(tags);
    else expect(await errorOf(read)).toMatchObject({ kind: 'not-found', origin: { code } });
  });

  test('an answer without a document does not say that there are none', async () => {
    const { context, s3 } = await mockedAws({ iam: false });
    s3.on(GetBucketTaggingCommand).rejects(
      Object.assign(awsError('NotFound', 404), { $response: { headers: { 'content-length': '0' } } }),
    );
    expect(await errorOf(bucketTags(context, 'photos'))).toMatchObject({ kind: 'not-found' });
  });

  test('a store without tags has none on a bucket that is there', async () => {
    const { context, s3 } = await mockedAws({ iam: false });
    s3.on(GetBucketTaggingCommand).rejects(awsError('NotImplemented', 501));
    expect(await bucketTags(context, 'photos')).toEqual([]);
    s3.on(HeadBucketCommand).rejects(awsError('NotFound', 404));
    expect(await errorOf(bucketTags(context, 'photos'))).toMatchObject({ kind: 'not-found' });
  });
});

describe('what is shown of a bucket', () => {
  const TargetGrants = [{ Permission: 'READ' as const }];
  test.each([
    [
      'on',
      { TargetBucket: 'logs', TargetPrefix: 'photos/', TargetGrants, TargetObjectKeyFormat: {} },
      { TargetBucket: 'logs', TargetPrefix: 'photos/', TargetGrants },
    ],
    ['off', undefined, undefined],
  ])('access logging that is %s', async (_title, LoggingEnabled, shown) => {
    const { context, s3 } = await mockedAws();
    s3.on(GetBucketLoggingCommand, OURS).resolves({ LoggingEnabled });
    expect(await bucketLogging(context, 'photos')).toEqual(shown);
  });

  test('visible tags and emptiness; no settings unless they are asked for', async () => {
    const { context, s3 } = await mockedAws();
    s3.on(GetBucketTaggingCommand).resolves({
      TagSet: [
        { Key: 'team', Value: 'x' },
        { Key: 'spinup:org', Value: 'acme' },
        { Key: 'mallard:operation', Value: 'op' },
      ],
    });
    expect(await showBucket(context, 'photos')).toEqual({
      Tags: [
        { Key: 'team', Value: 'x' },
        { Key: 'spinup:org', Value: 'acme' },
      ],
      Logging: undefined,
      Empty: true,
      settings: {},
    });
    expect((await showBucket(context, 'photos', ['versioning'])).settings).toEqual({ Versioning: null });
  });

  test('what a store lacks is left out and told', async () => {
    const { context, s3 } = await mockedAws({ iam: false });
    s3.on(GetBucketTaggingCommand).rejects(awsError('NotImplemented', 501));
    expect(await showBucket(context, 'photos')).toMatchObject({
      Tags: [],
      Empty: true,
      warnings: ['this store has no bucket tags: it answered GetBucketTagging with NotImplemented'],
    });
  });

  test.each([
    [
      'NoSuchBucket',
      404,
      { kind: 'not-found', detail: 'there is no bucket photos in this account', origin: { code: 'NoSuchBucket' } },
    ],
    ['AccessDenied', 403, { kind: 'denied', origin: { call: 'ListObjectVersions' } }],
  ])('%s is told as such', async (code, status, error) => {
    const { context, s3 } = await mockedAws();
    s3.on(ListObjectVersionsCommand).rejects(awsError(code, status));
    expect(await errorOf(showBucket(context, 'photos'))).toMatchObject(error);
  });
});
