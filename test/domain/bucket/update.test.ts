import {
  DeleteBucketLifecycleCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketTaggingCommand,
  GetBucketWebsiteCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  PutBucketCorsCommand,
  PutBucketTaggingCommand,
} from '@aws-sdk/client-s3';
import { updateBucket } from '../../../src/domain/bucket/update';
import { awsError, mockedAws } from '../../support/mocks/mocked-aws';
import { errorOf, run, sent, valueOf, writes, recipeFor } from '../../support/mocks/mocked-run';
import { SITE, siteDomains } from '../../support/mocks/mocked-site';

const CLOSED = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
const BLOCK = { PublicAccessBlock: CLOSED };
const NO_BUCKET = awsError('NoSuchBucket', 404);

describe('a bucket with the name of a website', () => {
  test.each([
    ['is set up as one', {}, []],
    ['has a distribution noted in its tags', undefined, [{ Key: 'mallard:distribution', Value: 'E1' }]],
  ])('that %s keeps the block and policy of the website', async (_, hosting, TagSet) => {
    const aws = await mockedAws({ domains: siteDomains() });
    aws.s3.on(GetBucketTaggingCommand).resolves({ TagSet });
    if (hosting === undefined) aws.s3.on(GetBucketWebsiteCommand).rejects(awsError('NoSuchWebsiteConfiguration', 404));
    expect(await errorOf(aws, recipeFor(aws.context, updateBucket, { bucket: SITE }, BLOCK))).toMatchObject({
      kind: 'conflict',
      detail: expect.stringContaining(`${SITE} is a website`),
    });
    expect(writes(aws)).toEqual([]);
  });

  test('is a bucket all the same when it has neither, and then nobody changes what is so already', async () => {
    const aws = await mockedAws({ domains: siteDomains() });
    aws.s3.on(GetBucketWebsiteCommand).rejects(awsError('NoSuchWebsiteConfiguration', 404));
    aws.s3.on(GetPublicAccessBlockCommand).resolves({ PublicAccessBlockConfiguration: CLOSED });
    expect(await run(aws, recipeFor(aws.context, updateBucket, { bucket: SITE }, BLOCK))).toMatchObject({
      state: 'succeeded',
    });
    expect(writes(aws)).toEqual([]);
  });
});

test('what opens nothing asks not whether a bucket is a website', async () => {
  const aws = await mockedAws({ domains: siteDomains() });
  aws.s3.on(GetBucketTaggingCommand).resolves({
    TagSet: [
      { Key: 'mallard:distribution', Value: 'E1' },
      { Key: 'old', Value: '1' },
    ],
  });
  await valueOf(aws, recipeFor(aws.context, updateBucket, { bucket: SITE }, { Tags: [{ Key: 'new', Value: '2' }] }));
  expect(sent(aws)).not.toContain('GetBucketWebsite');
  expect(aws.s3.commandCalls(PutBucketTaggingCommand)[0]?.args[0].input.Tagging?.TagSet).toEqual([
    { Key: 'new', Value: '2' },
    { Key: 'spinup:org', Value: 'acme' },
    { Key: 'mallard:distribution', Value: 'E1' },
  ]);
});

test('a name outside of all domains is no website’s, whatever its tags say', async () => {
  const aws = await mockedAws();
  aws.s3.on(GetPublicAccessBlockCommand).resolves({});
  expect(await run(aws, recipeFor(aws.context, updateBucket, { bucket: 'photos' }, BLOCK))).toMatchObject({
    state: 'succeeded',
  });
  expect(sent(aws)).not.toContain('GetBucketTagging');
  expect(writes(aws)).toEqual(['PutPublicAccessBlock']);
});

test('a bucket that is not there is named', async () => {
  const aws = await mockedAws();
  aws.s3.onAnyCommand().rejects(NO_BUCKET);
  expect(await errorOf(aws, recipeFor(aws.context, updateBucket, { bucket: 'photos' }, { Tags: [] }))).toMatchObject({
    kind: 'not-found',
    detail: 'there is no bucket photos in this account',
    origin: { code: 'NoSuchBucket' },
  });
  expect(writes(aws)).toEqual([]);
});

test('a store that knows no CORS is asked whether the bucket is there, and says so in a warning', async () => {
  const aws = await mockedAws({ iam: false });
  for (const Command of [GetBucketCorsCommand, PutBucketCorsCommand] as const)
    aws.s3.on(Command as typeof GetBucketCorsCommand).rejects(awsError('NotImplemented', 501));
  const update = recipeFor(
    aws.context,
    updateBucket,
    { bucket: 'photos' },
    { CORS: { CORSRules: [{ AllowedOrigins: ['*'], AllowedMethods: ['GET'] }] } },
  );
  expect(await valueOf(aws, update)).toEqual({
    warnings: ['this store has no CORS rules: it answered PutBucketCors with NotImplemented'],
  });
  aws.s3.on(HeadBucketCommand).rejects(awsError('NotFound', 404));
  expect(await errorOf(aws, update)).toMatchObject({ kind: 'not-found' });
});

test('a lifecycle that a store keeps in part is taken away again; where it refuses that, what is left is told', async () => {
  const aws = await mockedAws({ iam: false });
  aws.s3
    .on(GetBucketLifecycleConfigurationCommand)
    .rejectsOnce(awsError('NoSuchLifecycleConfiguration', 404))
    .resolves({ Rules: [{ ID: 'own', Status: 'Enabled' }] });
  const update = recipeFor(aws.context, updateBucket, {}, { Lifecycle: 'glacier' });
  aws.s3.on(DeleteBucketLifecycleCommand).rejects(awsError('AccessDenied', 403));
  expect(await run(aws, update)).toMatchObject({
    state: 'rollback-failed',
    failedStep: 'Confirm the lifecycle of bucket photos',
    left: [{ step: 'Give bucket photos the lifecycle glacier' }],
  });
});

test('a refusal is told as it is', async () => {
  const aws = await mockedAws();
  aws.s3.on(GetBucketTaggingCommand).rejects(awsError('AccessDenied', 403));
  expect(await errorOf(aws, recipeFor(aws.context, updateBucket, { bucket: 'photos' }, { Tags: [] }))).toMatchObject({
    kind: 'denied',
  });
});
