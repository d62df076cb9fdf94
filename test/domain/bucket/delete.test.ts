import {
  GetBucketTaggingCommand,
  GetBucketWebsiteCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import { GetDistributionCommand } from '@aws-sdk/client-cloudfront';
import { DeleteGroupCommand, DeletePolicyCommand, DeleteUserCommand } from '@aws-sdk/client-iam';
import { deleteBucket } from '../../../src/domain/bucket/delete';
import { awsError, mockedAws, type MockedAws } from '../../support/mocks/mocked-aws';
import { emptyIam, holdsGroup, holdsPolicy, holdsUser, iamGroup } from '../../support/mocks/mocked-iam';
import { errorOf, run, sent, writes, recipeFor } from '../../support/mocks/mocked-run';
import { SITE, siteDistribution, siteDomains } from '../../support/mocks/mocked-site';

const DENIED = awsError('Forbidden', 403);
const NO_BUCKET = awsError('NoSuchBucket', 404);

/** An empty bucket without users. */
async function withBucket(account: Parameters<typeof mockedAws>[0] = {}): Promise<MockedAws> {
  const aws = await mockedAws(account);
  emptyIam(aws);
  return aws;
}

function isGone({ s3 }: MockedAws): void {
  s3.on(HeadBucketCommand).rejects(awsError('NotFound', 404));
  s3.on(ListObjectVersionsCommand).rejects(NO_BUCKET);
  s3.on(GetBucketTaggingCommand).rejects(NO_BUCKET);
}

test.each([
  ['tagged by nobody', undefined],
  ['made by an operation', [{ Key: 'mallard:operation', Value: 'op-0' }]],
])('an empty bucket %s goes', async (_, TagSet) => {
  const aws = await withBucket();
  aws.s3.on(GetBucketTaggingCommand).resolves({ TagSet });
  const recipe = recipeFor(aws.context, deleteBucket, {}, {});
  expect(await recipe.look()).toMatchObject({ maker: TagSet?.[0]?.Value ?? null });
  expect(await run(aws, recipe)).toMatchObject({ state: 'succeeded' });
  expect(writes(aws)).toEqual(['DeleteBucket']);
});

test('a deletion that got past the bucket is finished: its user, group and policy go', async () => {
  const aws = await withBucket();
  isGone(aws);
  holdsGroup(aws, iamGroup('photos-BktROGrp'), ['photos-BktROPlc'], ['ada']);
  holdsPolicy(aws, 'photos-BktROPlc');
  holdsUser(aws, 'ada', { groups: [iamGroup('photos-BktROGrp')] });
  expect(await run(aws, recipeFor(aws.context, deleteBucket, {}, {}))).toMatchObject({ state: 'succeeded' });
  for (const Command of [DeleteUserCommand, DeleteGroupCommand, DeletePolicyCommand] as const)
    expect(aws.iam.commandCalls(Command as typeof DeleteUserCommand)).toHaveLength(1);
  expect(writes(aws)).not.toContain('DeleteBucket');
});

test.each([
  [
    'is nowhere, nor anything of it',
    isGone,
    { kind: 'not-found', detail: 'there is no bucket photos in this account' },
  ],
  [
    'holds an old version',
    ({ s3 }: MockedAws) => s3.on(ListObjectVersionsCommand).resolves({ Versions: [{ Key: 'a' }] }),
    { kind: 'not-empty' },
  ],
  [
    'holds a delete marker',
    ({ s3 }: MockedAws) => s3.on(ListObjectVersionsCommand).resolves({ DeleteMarkers: [{ Key: 'a' }] }),
    { kind: 'not-empty' },
  ],
  [
    'is somebody else’s, which refuses every look',
    ({ s3 }: MockedAws) => {
      s3.onAnyCommand().rejects(awsError('AccessDenied', 403));
      s3.on(HeadBucketCommand).rejects(DENIED);
    },
    { kind: 'denied', detail: 'access to bucket photos is denied' },
  ],
  [
    'is ours and may not be looked into',
    ({ s3 }: MockedAws) => s3.on(ListObjectVersionsCommand).rejects(awsError('AccessDenied', 403)),
    { kind: 'denied', origin: { call: 'ListObjectVersions' } },
  ],
] as const)('a bucket that %s: nothing is done', async (_, prepare, expected) => {
  const aws = await withBucket();
  prepare(aws);
  expect(await errorOf(aws, recipeFor(aws.context, deleteBucket, {}, {}))).toMatchObject(expected);
  expect(writes(aws)).toEqual([]);
});

describe('a website', () => {
  test.each([
    ['is told by its hosting', []],
    ['is told by the tag of its distribution', [{ Key: 'mallard:distribution', Value: 'E1' }]],
  ])('%s, and is not deleted as a bucket', async (_, TagSet) => {
    const aws = await withBucket({ domains: siteDomains() });
    aws.s3.on(GetBucketTaggingCommand).resolves({ TagSet });
    if (TagSet.length > 0) aws.s3.on(GetBucketWebsiteCommand).rejects(awsError('NoSuchWebsiteConfiguration', 404));
    expect(await errorOf(aws, recipeFor(aws.context, deleteBucket, { bucket: SITE }, {}))).toMatchObject({
      kind: 'conflict',
      detail: expect.stringContaining(`/v1/s3/demo/websites/${SITE}`),
    });
    expect(writes(aws)).toEqual([]);
  });

  test.each([
    ['of a domain that is configured no longer is not deleted as a bucket', siteDistribution(), 'conflict'],
    [
      'whose distribution awaits the cleaner is gone',
      siteDistribution({}, { Enabled: false, Aliases: { Quantity: 0 } }),
      undefined,
    ],
    [
      'is not what a tag alone says, which bucket users may set',
      siteDistribution({}, { Comment: 'other.example.org', Aliases: { Quantity: 0 } }),
      undefined,
    ],
  ])('%s', async (_, Distribution, refused) => {
    const aws = await withBucket();
    aws.s3.on(GetBucketTaggingCommand).resolves({ TagSet: [{ Key: 'mallard:distribution', Value: 'E1' }] });
    aws.cloudfront.on(GetDistributionCommand).resolves({ ETag: 'v1', Distribution });
    const ended = await run(aws, recipeFor(aws.context, deleteBucket, { bucket: SITE }, {}));
    expect(ended).toMatchObject(
      refused === undefined
        ? { state: 'succeeded' }
        : { error: { kind: refused, detail: expect.stringContaining('configure example.org') } },
    );
    expect(writes(aws)).toEqual(refused === undefined ? ['DeleteBucket'] : []);
  });

  test('cannot be on a store without IAM, which is not asked', async () => {
    const aws = await withBucket({ iam: false, domains: siteDomains() });
    expect(await run(aws, recipeFor(aws.context, deleteBucket, { bucket: SITE }, {}))).toMatchObject({
      state: 'succeeded',
    });
    expect(sent(aws)).not.toContain('GetBucketWebsite');
    expect(aws.iam.calls()).toEqual([]);
  });
});
