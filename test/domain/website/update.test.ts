import { TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-cloudfront';
import {
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketTaggingCommand,
  PutBucketCorsCommand,
  PutBucketTaggingCommand,
} from '@aws-sdk/client-s3';
import { updateWebsite } from '../../../src/domain/website/update';
import type { UpdateBucketInput } from '../../../src/domain/shared/shapes';
import { awsError, mockedAws, type MockedAws } from '../../support/mocks/mocked-aws';
import { errorOf, run, valueOf, writes, recipeFor } from '../../support/mocks/mocked-run';
import {
  DISTRIBUTION_ARN,
  SITE,
  holdsNoSite,
  holdsSite,
  siteDistribution,
  siteDomains,
} from '../../support/mocks/mocked-site';

const CORS = { CORSRules: [{ AllowedOrigins: ['*'], AllowedMethods: ['GET'] }] } as const;
const update = ({ context }: MockedAws, wanted: UpdateBucketInput) =>
  recipeFor(context, updateWebsite, { kind: 'website', bucket: SITE }, wanted);
const TAGS: UpdateBucketInput = { Tags: [{ Key: 'COA', Value: '$9' }] };
const site = () => mockedAws({ domains: siteDomains() });

test('tags go to the bucket as they are, and to the distribution in its alphabet', async () => {
  const aws = await site();
  holdsSite(aws, siteDistribution());
  await valueOf(aws, update(aws, TAGS));
  expect(aws.s3.commandCalls(PutBucketTaggingCommand)[0]?.args[0].input.Tagging?.TagSet).toEqual([
    { Key: 'COA', Value: '$9' },
    { Key: 'spinup:org', Value: 'acme' },
    { Key: 'mallard:distribution', Value: 'E1' },
    { Key: 'mallard:distribution-domain', Value: 'd1.cloudfront.net' },
  ]);
  expect(aws.cloudfront.commandCalls(TagResourceCommand)[0]?.args[0].input).toEqual({
    Resource: DISTRIBUTION_ARN,
    Tags: {
      Items: [
        { Key: 'COA', Value: '_9' },
        { Key: 'spinup:org', Value: 'acme' },
      ],
    },
  });
});

test.each([
  ['no distribution', undefined],
  ['one whose ARN CloudFront does not tell', siteDistribution({ ARN: undefined })],
])('a site with %s has its bucket tagged, and no distribution is noted anew', async (_, distribution) => {
  const aws = await site();
  holdsSite(aws, distribution);
  const before = (await aws.context.session.s3(new GetBucketTaggingCommand({ Bucket: SITE }))).TagSet ?? [];
  await valueOf(aws, update(aws, TAGS));
  expect(aws.s3.commandCalls(PutBucketTaggingCommand)[0]?.args[0].input.Tagging?.TagSet).toEqual([
    { Key: 'COA', Value: '$9' },
    ...before,
  ]);
  expect([aws.cloudfront.commandCalls(TagResourceCommand), aws.cloudfront.commandCalls(UntagResourceCommand)]).toEqual([
    [],
    [],
  ]);
});

test('settings are changed beside, and tags that nobody sends stay', async () => {
  const aws = await site();
  holdsSite(aws, siteDistribution());
  aws.s3.on(GetBucketCorsCommand).rejects(awsError('NoSuchCORSConfiguration', 404));
  await valueOf(aws, update(aws, { CORS }));
  expect(writes(aws)).toEqual(['PutBucketCors']);
});

test('CORS at a distribution that does not forward what S3 judges by is done, with a warning', async () => {
  const aws = await site();
  aws.s3.on(GetBucketCorsCommand).rejects(awsError('NoSuchCORSConfiguration', 404));
  holdsSite(aws, siteDistribution());
  expect(await valueOf(aws, update(aws, { CORS }))).toMatchObject({ warnings: [expect.stringMatching(/^CORS: /)] });
  expect(await valueOf(aws, update(aws, TAGS))).toEqual({});
  expect(await valueOf(aws, update(aws, { Remove: ['CORS'] }))).toEqual({});
  const Headers = { Quantity: 1, Items: ['Origin'] };
  holdsSite(aws, siteDistribution({}, { DefaultCacheBehavior: { ForwardedValues: { Headers } } as never }));
  expect(await valueOf(aws, update(aws, { CORS }))).toEqual({});
  // Without a distribution nobody visits.
  holdsSite(aws);
  expect(await valueOf(aws, update(aws, { CORS }))).toEqual({});
});

test.each([
  ['glacier', ['Lifecycle: glacier archives the files of this website 1 day after']],
  ['deep-archive', ['Lifecycle: deep-archive archives the files of this website 1 day after']],
  ['expire-30', ['Lifecycle: expire-30 deletes the files of this website 30 days after']],
  ['intelligent-tiering', []],
  ['abort-multipart', []],
] as const)('the lifecycle %s warns of what visitors have of it: %j', async (Lifecycle, expected) => {
  const aws = await site();
  holdsSite(aws, siteDistribution());
  aws.s3.on(GetBucketLifecycleConfigurationCommand).rejects(awsError('NoSuchLifecycleConfiguration', 404));
  const { warnings = [] } = await valueOf(aws, update(aws, { Lifecycle }));
  expect(warnings.map((warning) => expected.find((begin) => warning.startsWith(begin)))).toEqual(expected);
});

test('a setting whose look missed the bucket by a moment is taken for never set', async () => {
  const aws = await site();
  holdsSite(aws, siteDistribution());
  aws.s3.on(GetBucketCorsCommand).rejects(awsError('NoSuchBucket', 404));
  expect(await run(aws, update(aws, { CORS }))).toMatchObject({
    state: 'succeeded',
  });
  expect(aws.s3.commandCalls(PutBucketCorsCommand)[0]?.args[0].input.CORSConfiguration).toEqual(CORS);
});

test('without a site nothing is touched', async () => {
  const aws = await site();
  holdsNoSite(aws);
  aws.s3.on(GetBucketCorsCommand).rejects(awsError('NoSuchBucket', 404));
  expect(await errorOf(aws, update(aws, { ...TAGS, CORS }))).toMatchObject({
    kind: 'not-found',
    detail: `there is no website ${SITE} in this account`,
  });
  expect(writes(aws)).toEqual([]);
});
