import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { GetDistributionCommand, ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import {
  estranged,
  otherNames,
  othersRecords,
  recordsTo,
  siteHost,
} from '../../../../src/domain/website/aws/site-records';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import { SITE, siteDistribution } from '../../../support/mocks/mocked-site';

const HOST = 'd1.cloudfront.net';
const NOTED = [
  { Key: 'mallard:distribution', Value: 'E1' },
  { Key: 'mallard:distribution-domain', Value: HOST },
];
const alias = (DNSName: string): ResourceRecordSet => ({
  Name: SITE,
  Type: 'A',
  AliasTarget: { DNSName, HostedZoneId: 'Z2FDTNDATAQYW2', EvaluateTargetHealth: false },
});
const text: ResourceRecordSet = { Name: SITE, Type: 'CNAME', ResourceRecords: [{ Value: 'elsewhere.example.com' }] };

async function withoutDistribution(Items: readonly object[] = []): Promise<MockedAws> {
  const aws = await mockedAws();
  aws.cloudfront.on(GetDistributionCommand).rejects(awsError('NoSuchDistribution', 404));
  aws.cloudfront.on(ListDistributionsCommand).resolves({ DistributionList: { Items } as never });
  return aws;
}

describe('the host of a site', () => {
  test('is its distribution’s', async () => {
    const aws = await mockedAws();
    const distribution = { id: 'E1', etag: 'v', distribution: siteDistribution({ DomainName: 'D1.cloudfront.net' }) };
    expect(await siteHost(aws.context, distribution)).toBe(HOST);
  });

  test.each([
    ['noted on the bucket, when nobody has it any more', NOTED, [], HOST],
    ['nobody’s, when another distribution has it', NOTED, [{ Id: 'E2', DomainName: HOST }], undefined],
    ['unknown without a note', [], [], undefined],
    [
      'unknown when the note is no host of CloudFront',
      [NOTED[0], { ...NOTED[1], Value: 'evil.example.com' }],
      [],
      undefined,
    ],
  ])('is %s', async (_, tags, others, expected) => {
    const aws = await withoutDistribution(others);
    expect(await siteHost(aws.context, undefined, tags as typeof NOTED)).toBe(expected);
  });

  test('is unknown while the noted distribution is there', async () => {
    const aws = await mockedAws();
    aws.cloudfront.on(GetDistributionCommand).resolves({ Distribution: siteDistribution(), ETag: 'v' });
    expect(await siteHost(aws.context, undefined, NOTED)).toBeUndefined();
  });
});

test('records are the site’s when they point at its host', () => {
  expect(recordsTo(HOST, [alias(`${HOST}.`), text])).toEqual([alias(`${HOST}.`)]);
  expect(recordsTo(undefined, [alias(`${HOST}.`)])).toEqual([]);
});

test('records that lead elsewhere are named with where to', () => {
  const foreign = alias('d9.cloudfront.net.');
  expect(othersRecords(SITE, [alias(`${HOST}.`), foreign, text], [])).toEqual([
    expect.objectContaining({ Resource: `record A ${SITE}`, because: expect.stringContaining(HOST) }),
    expect.objectContaining({ because: expect.stringContaining('d9.cloudfront.net') }),
    { Resource: `record CNAME ${SITE}`, because: expect.stringContaining('elsewhere.example.com') },
  ]);
  expect(othersRecords(SITE, [text], [text])).toEqual([]);
});

test('names that somebody added to the distribution are told', () => {
  const config = { Aliases: { Quantity: 2, Items: [SITE, 'www.example.org'] } };
  const found = { id: 'E1', etag: 'v', distribution: siteDistribution({}, config) };
  expect(otherNames(SITE, found)).toEqual([
    {
      Resource: 'alias www.example.org of distribution E1',
      because: expect.stringContaining('somebody else added it'),
    },
  ]);
});

test.each([
  ['bears the site’s name all the same', siteDistribution(), 1],
  ['bears another', siteDistribution({}, { Aliases: { Quantity: 0, Items: [] }, Comment: 'x' }), 0],
])('a noted distribution that is no more the site’s and %s', async (_, Distribution, told) => {
  const aws = await mockedAws();
  aws.cloudfront.on(GetDistributionCommand).resolves({ Distribution, ETag: 'v' });
  expect(await estranged(aws.context, SITE, undefined, NOTED)).toHaveLength(told);
});
