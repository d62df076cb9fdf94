import {
  type DistributionSummary,
  GetDistributionCommand,
  ListDistributionsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-cloudfront';
import {
  arnOf,
  distributionTags,
  findDistribution,
  getDistribution,
  isOfSite,
  scanForSite,
} from '../../../../../src/domain/website/distribution/aws/find';
import { awsError, mockedAws, type MockedAws } from '../../../../support/mocks/mocked-aws';
import { REFUSALS, errorOf } from '../../../../support/mocks/mocked-reads';

const SITE = 'docs.example.org';
const WEBSITE = `${SITE}.s3-website-us-east-1.amazonaws.com`;
const REST = `${SITE}.s3.us-east-1.amazonaws.com`;

type Telling = NonNullable<Parameters<typeof isOfSite>[1]>;
/** What tells that a distribution is the site's, with changes. */
const telling = (changes: Telling = {}): Telling => ({
  Aliases: { Items: [SITE] },
  Comment: SITE,
  Origins: { Items: [{ DomainName: WEBSITE }] },
  ...changes,
});
const summary = (Id: string | undefined, changes: Telling & { readonly Enabled?: boolean } = {}): DistributionSummary =>
  ({ Id, ...telling(), ...changes }) as unknown as DistributionSummary;

const list = ({ cloudfront }: MockedAws, ...Items: readonly DistributionSummary[]): void => {
  cloudfront.on(ListDistributionsCommand).resolves({ DistributionList: { Items } as never });
};
const has = ({ cloudfront }: MockedAws, Id: string, changes: Telling = {}): void => {
  cloudfront
    .on(GetDistributionCommand, { Id })
    .resolves({ ETag: `tag-${Id}`, Distribution: { Id, DistributionConfig: telling(changes) } as never });
};

describe('whose a distribution is', () => {
  test.each<[string, Telling | undefined, boolean]>([
    ['alias, comment and origin are the site’s', telling(), true],
    ['the alias alone names it', telling({ Comment: 'other' }), true],
    ['the comment alone names it', telling({ Aliases: {} }), true],
    [
      'a private origin will do',
      telling({ Origins: { Items: [{ DomainName: 'other' }, { DomainName: REST }] } }),
      true,
    ],
    ['neither names it', telling({ Aliases: { Items: [`www.${SITE}`] }, Comment: `${SITE} (old)` }), false],
    ['its origin is another’s', telling({ Origins: { Items: [{ DomainName: `my${WEBSITE}` }] } }), false],
    [
      'its origin is in another region',
      telling({ Origins: { Items: [{ DomainName: `${SITE}.s3.eu-west-1.amazonaws.com` }] } }),
      false,
    ],
    ['its origin has no name', telling({ Origins: { Items: [{}] } }), false],
    ['it has no origins', telling({ Origins: {} }), false],
    ['nothing is told of origins and aliases', { Comment: SITE }, false],
    ['nothing is told at all', undefined, false],
  ])('%s', async (_title, config, ours) => {
    const { context } = await mockedAws();
    expect(isOfSite(context, config, SITE)).toBe(ours);
  });
});

describe('the site’s distribution', () => {
  test('is the one of the hint, which is read and proven; nothing is listed', async () => {
    const aws = await mockedAws();
    has(aws, 'E1');
    expect(await findDistribution(aws.context, SITE, 'E1')).toMatchObject({ id: 'E1', etag: 'tag-E1' });
    expect(aws.cloudfront.calls()).toHaveLength(1);
  });

  test.each([
    ['names another’s', 'EOTHER', 1],
    ['names one that is gone', 'EGONE', 1],
    // Tags of buckets are the bucket users' to write.
    ['is no id', '../E1', 0],
    ['is empty', '', 0],
    ['is missing', undefined, 0],
  ])('is sought when the hint %s', async (_title, hint, reads) => {
    const aws = await mockedAws();
    list(aws, summary('E1'));
    aws.cloudfront.on(GetDistributionCommand).rejects(awsError('NoSuchDistribution', 404));
    has(aws, 'E1');
    has(aws, 'EOTHER', { Aliases: { Items: ['other.example.org'] }, Comment: 'other.example.org' });
    expect(await findDistribution(aws.context, SITE, hint)).toMatchObject({ id: 'E1' });
    expect(aws.cloudfront.commandCalls(GetDistributionCommand)).toHaveLength(reads + 1);
  });

  test.each([
    [
      'with the alias before one that only has the comment',
      [summary('E1', { Aliases: {}, Enabled: true }), summary('E2')],
      'E2',
    ],
    [
      'that is turned on before one that is off, with the alias',
      [summary('E1', { Enabled: false }), summary('E2', { Enabled: true })],
      'E2',
    ],
    [
      'that is turned on before one that is off, by the comment',
      [summary('E1', { Aliases: { Items: [] } }), summary('E2', { Aliases: { Items: [] }, Enabled: true })],
      'E2',
    ],
    ['that comes first among equals', [summary('E1'), summary('E2')], 'E1'],
    [
      'that is the site’s among others',
      [summary('E1', { Origins: { Items: [{ DomainName: 'other' }] }, Enabled: true }), summary('E2')],
      'E2',
    ],
    ['if there is one', [summary('E1', { Origins: {} })], undefined],
    ['if it has an id', [summary(undefined)], undefined],
  ])('is the one %s', async (_title, all, id) => {
    const aws = await mockedAws();
    list(aws, ...all);
    expect(await scanForSite(aws.context, SITE)).toBe(id);
    if (id === undefined) expect(await findDistribution(aws.context, SITE, undefined)).toBeUndefined();
  });

  test('is sought on all pages, empty ones in the midst included', async () => {
    const { context, cloudfront } = await mockedAws();
    const page = (Marker: object, DistributionList: object | undefined): void => {
      cloudfront.on(ListDistributionsCommand, Marker).resolves({ DistributionList: DistributionList as never });
    };
    page({}, { IsTruncated: true, NextMarker: 'm1', Items: [] });
    page({ Marker: 'm1' }, { IsTruncated: true, NextMarker: 'm2' });
    // A marker without IsTruncated means nothing.
    page({ Marker: 'm2' }, { IsTruncated: false, NextMarker: 'm3', Items: [summary('E1')] });
    expect(await scanForSite(context, SITE)).toBe('E1');
    expect(cloudfront.commandCalls(ListDistributionsCommand).map(({ args: [{ input }] }) => input)).toEqual([
      { MaxItems: 100 },
      { MaxItems: 100, Marker: 'm1' },
      { MaxItems: 100, Marker: 'm2' },
    ]);
    page({}, undefined);
    expect(await scanForSite(context, SITE)).toBeUndefined();
  });

  test.each(REFUSALS)('%s on the list', async (code, status, kind, times) => {
    const { context, cloudfront } = await mockedAws();
    cloudfront.on(ListDistributionsCommand).rejects(awsError(code, status));
    expect(await errorOf(findDistribution(context, SITE, undefined))).toMatchObject({ kind });
    expect(cloudfront.commandCalls(ListDistributionsCommand)).toHaveLength(times);
  });
});

test('the ARN of a distribution is given, one without an ARN is refused', () => {
  expect(arnOf({ id: 'E1', etag: '', distribution: { Id: 'E1', ARN: 'arn:E1' } as never })).toBe('arn:E1');
  expect(() => arnOf({ id: 'E1', etag: '', distribution: { Id: 'E1' } as never })).toThrow(
    'CloudFront answered without an ARN',
  );
});

test('a distribution without ETag or without anything', async () => {
  const { context, cloudfront } = await mockedAws();
  expect(await getDistribution(context, 'E1')).toBeUndefined();
  cloudfront.on(GetDistributionCommand).resolves({ Distribution: { Id: 'E1' } as never });
  expect(await getDistribution(context, 'E1')).toEqual({ id: 'E1', etag: '', distribution: { Id: 'E1' } });
});

test.each([
  ['tags', { Tags: { Items: [{ Key: 'a', Value: undefined }] } }, [{ Key: 'a', Value: '' }]],
  ['no list of tags', { Tags: { Items: undefined } }, []],
  ['nothing', {}, []],
])('an answer with %s', async (_title, answer, tags) => {
  const { context, cloudfront } = await mockedAws();
  cloudfront.on(ListTagsForResourceCommand, { Resource: 'arn:E1' }).resolves(answer);
  expect(await distributionTags(context, 'arn:E1')).toEqual(tags);
  cloudfront.on(ListTagsForResourceCommand).rejects(awsError('NoSuchResource', 404));
  expect(await distributionTags(context, 'arn:E1')).toEqual([]);
});
