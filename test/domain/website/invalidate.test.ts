import { CreateInvalidationCommand } from '@aws-sdk/client-cloudfront';
import { invalidateCache } from '../../../src/domain/website/invalidate';
import { mockedAws, type MockedAws } from '../../support/mocks/mocked-aws';
import { OPERATION, errorOf, valueOf, writes, recipeFor } from '../../support/mocks/mocked-run';
import { SITE, holdsNoSite, holdsSite, siteDistribution, siteDomains } from '../../support/mocks/mocked-site';

const recipe = ({ context }: MockedAws, CacheInvalidation = ['/a', '/b']) =>
  recipeFor(context, invalidateCache, { kind: 'website', bucket: SITE }, { CacheInvalidation }, 'r1');
const started = { Id: 'I1', Status: 'InProgress' } as never;
const URL = 'https://cloudfront.amazonaws.com/2020-05-31/distribution/E1/invalidation';

test.each([
  ['what CloudFront says', { Invalidation: started, Location: 'https://cloudfront/I1' }, 'https://cloudfront/I1'],
  ['made of the ids where CloudFront says nothing', { Invalidation: started }, `${URL}/I1`],
  ['that of all its invalidations where there is no id either', { Invalidation: {} as never }, `${URL}/`],
])('the location of an invalidation is %s', async (_, answered, Location) => {
  const aws = await mockedAws({ domains: siteDomains() });
  holdsSite(aws, siteDistribution());
  aws.cloudfront.on(CreateInvalidationCommand).resolves(answered);
  expect(await valueOf(aws, recipe(aws))).toEqual({ Invalidation: answered.Invalidation, Location });
  expect(aws.cloudfront.commandCalls(CreateInvalidationCommand)[0]?.args[0].input).toEqual({
    DistributionId: 'E1',
    InvalidationBatch: { CallerReference: OPERATION, Paths: { Quantity: 2, Items: ['/a', '/b'] } },
  });
});

test('a site without a distribution has no caches', async () => {
  const aws = await mockedAws({ domains: siteDomains() });
  holdsSite(aws);
  expect(await errorOf(aws, recipe(aws))).toMatchObject({
    kind: 'not-found',
    detail: `there is no website ${SITE} in this account`,
  });
  holdsNoSite(aws);
  expect(await errorOf(aws, recipe(aws))).toMatchObject({ kind: 'not-found' });
  expect(writes(aws)).toEqual([]);
});

describe('by cache tag', () => {
  const tagged = ['/a', '#news'];

  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-by-tags.html
  test('goes to CloudFront among the paths, whatever header the distribution reads tags by', async () => {
    const aws = await mockedAws({ domains: siteDomains() });
    holdsSite(aws, siteDistribution({}, { CacheTagConfig: { HeaderName: 'Edge-Tag' } }));
    aws.cloudfront.on(CreateInvalidationCommand).resolves({ Invalidation: started });
    await valueOf(aws, recipe(aws, tagged));
    expect(aws.cloudfront.commandCalls(CreateInvalidationCommand)[0]?.args[0].input).toMatchObject({
      InvalidationBatch: { Paths: { Quantity: 2, Items: tagged } },
    });
  });

  test('is refused where the distribution reads no tags, and says what to do', async () => {
    const aws = await mockedAws({ domains: siteDomains() });
    holdsSite(aws, siteDistribution());
    expect(await errorOf(aws, recipe(aws, tagged))).toMatchObject({
      kind: 'conflict',
      detail: expect.stringMatching(/E1 of docs.example.org reads no cache tags.*x-amz-meta-cache-tag/) as string,
    });
    expect(writes(aws)).toEqual([]);
  });
});

test('invalidations of one site do not exclude one another, and yield to whoever takes the site away', async () => {
  const { context } = await mockedAws();
  const of = (request: string) =>
    recipeFor(context, invalidateCache, { kind: 'website', bucket: SITE }, { CacheInvalidation: ['/'] }, request);
  expect([...of('r1').claims, ...of('r2').claims]).toEqual([
    `demo/in-bucket/${SITE}/work:r1`,
    `demo/in-bucket/${SITE}/work:r2`,
  ]);
  expect(of('r1').yieldsTo).toEqual([`demo/bucket/${SITE}`]);
});
