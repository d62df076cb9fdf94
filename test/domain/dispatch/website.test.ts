import { DescribeCertificateCommand } from '@aws-sdk/client-acm';
import {
  CreateDistributionWithTagsCommand,
  GetDistributionCommand,
  ListDistributionsCommand,
} from '@aws-sdk/client-cloudfront';
import { HeadBucketCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { toDomainError } from '../../../src/base/errors';
import { asWebsite } from '../../../src/domain/shared/subject';
import { awsError } from '../../support/mocks/mocked-aws';
import { mockedDesk, type MockedDesk, OWN_STORES } from '../../support/mocks/mocked-desk';
import { emptyIam } from '../../support/mocks/mocked-iam';
import { sent, writes } from '../../support/mocks/mocked-run';
import { SITE, holdsSite, siteDistribution, siteDomains } from '../../support/mocks/mocked-site';

const [, STORE] = OWN_STORES;
const make = ({ provisioning, account }: MockedDesk, Bucket: string, more: object = {}) =>
  provisioning.createWebsite(account, { BucketInput: { Bucket }, ...more });

test('an account without domains has no websites, and nobody asks AWS', async () => {
  const { provisioning, account, aws } = await mockedDesk();
  expect(await provisioning.listWebsites(account)).toEqual([]);
  expect(sent(aws)).toEqual([]);
});

test('websites are the buckets of its domains that a distribution serves, but for our own stores', async () => {
  const { provisioning, account, aws } = await mockedDesk({ domains: siteDomains() });
  const distributionOf = (site: string) => {
    const { DistributionConfig: config } = siteDistribution();
    return {
      ...config,
      Comment: site,
      Origins: { Quantity: 1, Items: [{ Id: 'site', DomainName: `${site}.s3-website-us-east-1.amazonaws.com` }] },
      Aliases: undefined,
    };
  };
  aws.s3
    .on(ListBucketsCommand)
    .resolves({ Buckets: [SITE, STORE, 'plain.example.org', 'photos'].map((Name) => ({ Name })) });
  aws.cloudfront
    .on(ListDistributionsCommand)
    .resolves({ DistributionList: { Items: [SITE, STORE].map(distributionOf) as never } as never });
  expect(await provisioning.listWebsites(account)).toEqual([SITE]);
});

const refused: readonly (readonly [string, (desk: MockedDesk) => Promise<unknown>, object])[] = [
  [
    'a site with the name of an own store',
    (desk) => make(desk, STORE),
    { kind: 'exists', detail: `a bucket ${STORE} exists already` },
  ],
  [
    'a site outside of all domains',
    (desk) => make(desk, 'docs.example.com'),
    { kind: 'invalid', detail: expect.stringContaining('configured are example.org') },
  ],
  ['a site with an impossible name', (desk) => make(desk, '-.example.org'), { kind: 'invalid' }],
  [
    'an own store taken for a site',
    ({ provisioning, account }) => provisioning.showWebsite(account, STORE, []),
    { kind: 'not-found', detail: `there is no bucket ${STORE} in this account` },
  ],
  [
    'a bucket taken for a site',
    ({ provisioning, account }) => provisioning.requireWebsite(account, 'photos'),
    { kind: 'not-found', detail: 'there is no website photos in this account' },
  ],
  [
    'the deletion of a site elsewhere',
    ({ provisioning, account }) => provisioning.deleteWebsite(account, 'docs.example.com'),
    { kind: 'not-found' },
  ],
  [
    'invalidating what is no path',
    ({ provisioning, account }) => provisioning.invalidate(account, SITE, ['a*b']),
    { kind: 'invalid' },
  ],
  [
    'a tag of ours',
    ({ provisioning, account }) =>
      provisioning.updateWebsite(account, SITE, { Tags: [{ Key: 'spinup:x', Value: '' }] }),
    { kind: 'invalid' },
  ],
  [
    'the block of a site',
    ({ provisioning, account }) => provisioning.updateWebsite(account, SITE, { Remove: ['BucketPolicy'] }),
    { kind: 'invalid', pointer: '/BucketPolicy' },
  ],
  [
    'nothing at all',
    ({ provisioning, account }) => provisioning.updateWebsite(account, SITE, { Remove: [] }),
    { kind: 'invalid', detail: expect.stringContaining('sets nothing and removes nothing') },
  ],
  [
    'a user of a folder with an impossible name',
    ({ provisioning, account }) =>
      provisioning.createUser(account, asWebsite(SITE), { User: { UserName: 'ada', Path: '/../' } }),
    { kind: 'invalid' },
  ],
];

test.each(refused)('%s is refused without a call', async (_, ask, expected) => {
  const desk = await mockedDesk({ domains: siteDomains() });
  expect(await ask(desk).then(() => undefined, toDomainError)).toMatchObject(expected);
  expect(sent(desk.aws)).toEqual([]);
});

test.each([
  ['tags', { Tags: [] }, 'PutBucketTagging'],
  ['a setting', { Versioning: { Status: 'Enabled' } }, 'PutBucketVersioning'],
] as const)('an update of %s alone', async (_, input, expected) => {
  const { provisioning, account, aws } = await mockedDesk({ domains: siteDomains() });
  holdsSite(aws);
  expect((await provisioning.updateWebsite(account, SITE, input)).outcome.state).toBe('succeeded');
  expect(writes(aws)).toEqual([expected]);
});

test('a site that was made is found by its id at once, one that was there already is refused', async () => {
  const { provisioning, account, aws } = await mockedDesk({
    domains: siteDomains({ certArn: 'arn:aws:acm:us-east-1:1:certificate/1' }),
  });
  emptyIam(aws);
  aws.s3.on(HeadBucketCommand).rejects(awsError('NotFound', 404));
  aws.acm.on(DescribeCertificateCommand).resolves({ Certificate: { Status: 'ISSUED', DomainName: '*.example.org' } });
  aws.cloudfront.on(CreateDistributionWithTagsCommand).resolves({ ETag: 'v1', Distribution: siteDistribution() });
  aws.cloudfront.on(GetDistributionCommand, { Id: 'E1' }).resolves({ ETag: 'v1', Distribution: siteDistribution() });
  const make = () => provisioning.createWebsite(account, { BucketInput: { Bucket: SITE } });
  expect((await make()).outcome.state).toBe('succeeded');
  await provisioning.requireWebsite(account, SITE);
  expect(sent(aws)).not.toContain('ListDistributions');

  aws.s3.on(HeadBucketCommand).resolves({});
  expect((await make()).outcome).toMatchObject({ state: 'failed', error: { kind: 'exists' } });
});

test('routing rules need a public origin', async () => {
  const desk = await mockedDesk({ domains: siteDomains({ origin: 'private' }) });
  const WebsiteConfiguration = { RedirectAllRequestsTo: { HostName: 'example.com' } };
  expect(await make(desk, SITE, { WebsiteConfiguration }).then(() => undefined, toDomainError)).toMatchObject({
    kind: 'invalid',
  });
  expect(sent(desk.aws)).toEqual([]);
});

test.each(['listWebsites', 'previewCleaner'] as const)('a store without IAM knows no websites: %s', async (call) => {
  const { provisioning, account, aws } = await mockedDesk({ iam: false });
  expect(await provisioning[call](account).then(() => undefined, toDomainError)).toMatchObject({ kind: 'unsupported' });
  expect(await provisioning.runCleaner(account, []).then(() => undefined, toDomainError)).toMatchObject({
    kind: 'unsupported',
  });
  expect(sent(aws)).toEqual([]);
});

test('the cleaner’s answer names the next run, and a refusal is told as it is', async () => {
  const { provisioning, account } = await mockedDesk({ domains: siteDomains() });
  expect((await provisioning.runCleaner(account, [])).outcome).toEqual({
    state: 'succeeded',
    value: { distributions: [], orphans: [], kept: [], left: [], nextRun: undefined },
  });
  expect((await provisioning.runCleaner(account, ['user/ada'])).outcome).toMatchObject({
    state: 'failed',
    error: { kind: 'not-found' },
  });
});
