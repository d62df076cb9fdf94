import {
  type Distribution,
  type DistributionSummary,
  GetDistributionCommand,
  ListDistributionsCommand,
} from '@aws-sdk/client-cloudfront';
import { ListResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import {
  GetBucketLoggingCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import { findWebsite, listWebsites, requireWebsite, showWebsite } from '../../../../src/domain/website/aws/website';
import { createSiteMemory } from '../../../../src/domain/shared/site-memory';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import { domain, domains, errorOf } from '../../../support/mocks/mocked-reads';

const SITE = 'docs.example.org';
const NO_SITE = { kind: 'not-found', detail: `there is no website ${SITE} in this account` };
const config = (site: string) => ({
  Enabled: true,
  Aliases: { Quantity: 1, Items: [site] },
  Comment: site,
  Origins: { Items: [{ DomainName: `${site}.s3-website-us-east-1.amazonaws.com` }] },
});
const distribution = (Id: string, site = SITE) =>
  ({ Id, DomainName: 'D1.cloudfront.net', DistributionConfig: config(site) }) as unknown as Distribution;

/** An account where the bucket is there, no website, and has these tags. */
async function world(tags: Readonly<Record<string, string>> = {}): Promise<MockedAws> {
  const aws = await mockedAws({ domains });
  aws.s3.on(GetBucketTaggingCommand).resolves({ TagSet: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) });
  aws.s3.on(GetBucketWebsiteCommand).rejects(awsError('NoSuchWebsiteConfiguration', 404));
  return aws;
}
const has = ({ cloudfront }: MockedAws, ...all: readonly Distribution[]): void => {
  for (const one of all)
    cloudfront.on(GetDistributionCommand, { Id: one.Id }).resolves({ ETag: 'e', Distribution: one });
  cloudfront
    .on(ListDistributionsCommand)
    .resolves({ DistributionList: { Items: all.map((one) => ({ Id: one.Id, ...one.DistributionConfig })) } as never });
};
const show = ({ context }: MockedAws, memory = createSiteMemory()) => showWebsite(context, SITE, domain, memory);

describe('the site’s distribution', () => {
  test.each([
    ['the remembered id', { 'mallard:distribution': 'EOTHER' }, 'E1', 0],
    ['the tag on the bucket, when the remembered one is another’s', { 'mallard:distribution': 'E1' }, 'EOTHER', 0],
    ['the tag on the bucket, when nothing is remembered', { 'mallard:distribution': 'E1' }, undefined, 0],
    ['a scan, when neither is right', { 'mallard:distribution': 'EOTHER' }, 'EGONE', 1],
    ['a scan, without tag and memory', {}, undefined, 1],
  ])('is found by %s, and remembered', async (_title, tags, remembered, scans) => {
    const aws = await world(tags);
    aws.cloudfront.on(GetDistributionCommand).rejects(awsError('NoSuchDistribution', 404));
    has(aws, distribution('E1'), distribution('EOTHER', 'other.example.org'));
    const memory = createSiteMemory();
    if (remembered !== undefined) memory.set('demo', SITE, remembered);
    expect((await requireWebsite(aws.context, SITE, domain, memory)).distribution?.id).toBe('E1');
    expect(memory.get('demo', SITE)).toBe('E1');
    expect(aws.cloudfront.commandCalls(ListDistributionsCommand)).toHaveLength(scans);
  });
});

describe('what is a website', () => {
  test.each([
    ['a bucket that hosts one, without a distribution', true, false],
    ['a bucket with a distribution that hosts none itself', false, true],
  ])('%s', async (_title, hosted, served) => {
    const aws = await world({ team: 'x' });
    if (hosted) aws.s3.on(GetBucketWebsiteCommand).resolves({});
    if (served) has(aws, distribution('E1'));
    expect(await requireWebsite(aws.context, SITE, domain, createSiteMemory())).toMatchObject({
      hosted,
      tags: [{ Key: 'team', Value: 'x' }],
    });
  });

  test('one that is noted on the bucket, whatever has become of its distribution', async () => {
    const aws = await world({ 'mallard:distribution': 'E1' });
    has(aws);
    aws.cloudfront.on(GetDistributionCommand).rejects(awsError('NoSuchDistribution', 404));
    expect(await show(aws)).toMatchObject({ Distribution: undefined, DNSRecord: undefined });
  });

  test.each([
    ['one that is turned off for a while', { Enabled: false }, true],
    ['not one that awaits the cleaner', { Enabled: false, Aliases: { Quantity: 0 } }, false],
  ])('of distributions: %s', async (_title, change, isSite) => {
    const aws = await world();
    has(aws, { ...distribution('E1'), DistributionConfig: { ...config(SITE), ...change } } as unknown as Distribution);
    expect(await errorOf(show(aws))).toEqual(isSite ? undefined : NO_SITE);
  });

  test('not a bucket that is neither, nor a distribution without a bucket', async () => {
    const aws = await world();
    expect(await errorOf(requireWebsite(aws.context, SITE, domain, createSiteMemory()))).toEqual(NO_SITE);
    expect(await errorOf(show(aws))).toEqual(NO_SITE);
    has(aws, distribution('E1'));
    for (const command of [
      GetBucketTaggingCommand,
      GetBucketWebsiteCommand,
      GetBucketLoggingCommand,
      ListObjectVersionsCommand,
    ]) {
      aws.s3.on(command as typeof GetBucketTaggingCommand).rejects(awsError('NoSuchBucket', 404));
    }
    expect(await findWebsite(aws.context, SITE, domain, createSiteMemory())).toMatchObject({
      tags: undefined,
      hosted: false,
      distribution: { id: 'E1' },
    });
    expect(await errorOf(show(aws))).toEqual(NO_SITE);
  });
});

describe('what is shown', () => {
  const alias = (Type: string, DNSName: string) => ({ Name: `${SITE}.`, Type, AliasTarget: { DNSName } });

  test.each([
    ['A before AAAA', [alias('AAAA', 'd1.cloudfront.net.'), alias('A', 'd1.cloudfront.net.')], 'A'],
    ['AAAA where there is no A', [alias('AAAA', 'd1.cloudfront.net.'), alias('A', 'd2.cloudfront.net.')], 'AAAA'],
    ['none that points elsewhere', [alias('A', 'd2.cloudfront.net.'), { Name: `${SITE}.`, Type: 'A' }], undefined],
  ])('of the records: %s', async (_title, records, type) => {
    const aws = await world({ 'mallard:distribution': 'E1', 'spinup:org': 'acme' });
    has(aws, distribution('E1'));
    aws.route53.on(ListResourceRecordSetsCommand).resolves({ ResourceRecordSets: records } as never);
    const shown = await show(aws);
    expect(shown).toMatchObject({
      Tags: [{ Key: 'spinup:org', Value: 'acme' }],
      Empty: true,
      Logging: undefined,
      Distribution: { Id: 'E1' },
      settings: {},
    });
    expect(shown.DNSRecord?.['Type']).toBe(type);
  });

  test('settings that are asked for; without a distribution no record is the site’s', async () => {
    const aws = await world();
    aws.s3.on(GetBucketWebsiteCommand).resolves({});
    aws.s3.on(GetBucketVersioningCommand).resolves({ Status: 'Enabled' });
    aws.route53
      .on(ListResourceRecordSetsCommand)
      .resolves({ ResourceRecordSets: [alias('A', 'd1.cloudfront.net.')] } as never);
    const shown = await showWebsite(aws.context, SITE, domain, createSiteMemory(), ['versioning']);
    expect(shown).toMatchObject({
      settings: { Versioning: { Status: 'Enabled' } },
      DNSRecord: undefined,
      Distribution: undefined,
    });
    expect((await findWebsite(aws.context, SITE, domain, createSiteMemory())).own).toEqual([]);
  });

  test('a bucket that goes meanwhile is empty and has no settings', async () => {
    const aws = await world();
    aws.s3.on(GetBucketWebsiteCommand).resolves({});
    aws.s3.on(ListObjectVersionsCommand).rejects(awsError('NoSuchBucket', 404));
    aws.s3.on(GetBucketVersioningCommand).rejects(awsError('NoSuchBucket', 404));
    expect(await showWebsite(aws.context, SITE, domain, createSiteMemory(), ['versioning'])).toMatchObject({
      Empty: true,
      settings: {},
    });
  });
});

test('websites are the buckets of the account’s domains that a distribution serves, by its comment or an alias', async () => {
  const aws = await world();
  const all = [
    'docs.example.org',
    'wiki.example.org',
    'bare.example.org',
    'docs.example.com',
    'plain',
    'gone.example.org',
  ];
  aws.s3.on(ListBucketsCommand).resolves({ Buckets: all.slice(0, -1).map((Name) => ({ Name })) });
  const Items = [
    { ...config('docs.example.org'), Comment: undefined },
    { ...config('wiki.example.org'), Aliases: {} },
    { ...config('wiki.example.org'), Aliases: undefined, Comment: 'other' },
    config('docs.example.com'),
    config('plain'),
    config('gone.example.org'),
    {},
  ];
  aws.cloudfront
    .on(ListDistributionsCommand)
    .resolves({ DistributionList: { Items: Items as DistributionSummary[] } as never });
  expect(await listWebsites(aws.context)).toEqual(['docs.example.org', 'wiki.example.org']);
});

test('a bucket whose distribution awaits the cleaner is listed when it is marked as a website, and looked at for that alone', async () => {
  const aws = await world();
  const off = (site: string) => ({ ...config(site), Enabled: false, Aliases: { Quantity: 0 } });
  const all = ['again.example.org', 'plain.example.org', 'hosted.example.org', 'noted.example.org', 'docs.example.org'];
  aws.s3.on(ListBucketsCommand).resolves({ Buckets: all.map((Name) => ({ Name })) });
  aws.s3.on(GetBucketWebsiteCommand, { Bucket: 'hosted.example.org' }).resolves({});
  aws.s3
    .on(GetBucketTaggingCommand, { Bucket: 'noted.example.org' })
    .resolves({ TagSet: [{ Key: 'mallard:distribution', Value: 'E1' }] });
  const Items = [...all.slice(0, 4).map(off), config('again.example.org'), config('docs.example.org')];
  aws.cloudfront
    .on(ListDistributionsCommand)
    .resolves({ DistributionList: { Items: Items as DistributionSummary[] } as never });
  expect(await listWebsites(aws.context)).toEqual([
    'again.example.org',
    'docs.example.org',
    'hosted.example.org',
    'noted.example.org',
  ]);
  expect(aws.s3.commandCalls(GetBucketWebsiteCommand).map(({ args }) => args[0].input.Bucket)).toEqual([
    'hosted.example.org',
    'noted.example.org',
    'plain.example.org',
  ]);
});
