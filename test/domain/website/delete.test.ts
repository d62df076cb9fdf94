import {
  type Distribution,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import { DeleteUserCommand, ListGroupsCommand, ListPoliciesCommand } from '@aws-sdk/client-iam';
import { ChangeResourceRecordSetsCommand, ListResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import {
  DeleteBucketCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import { deleteWebsite } from '../../../src/domain/website/delete';
import { awsError, mockedAws, type MockedAws } from '../../support/mocks/mocked-aws';
import { arnOfPolicy, emptyIam, holdsGroup, holdsPolicy, holdsUser, iamGroup } from '../../support/mocks/mocked-iam';
import { errorOf, valueOf, writes, recipeFor } from '../../support/mocks/mocked-run';
import {
  DISTRIBUTION_ARN,
  SITE,
  holdsNoSite,
  holdsSite,
  siteDistribution,
  siteDomains,
} from '../../support/mocks/mocked-site';

const record = (Type: 'A' | 'AAAA', DNSName = 'd1.cloudfront.net.') => ({
  Name: `${SITE}.`,
  Type,
  AliasTarget: { DNSName, HostedZoneId: 'Z2FDTNDATAQYW2', EvaluateTargetHealth: false },
});
const remove = ({ context }: MockedAws) => recipeFor(context, deleteWebsite, { kind: 'website', bucket: SITE }, {});

async function withSite(distribution: Distribution | undefined): Promise<MockedAws> {
  const aws = await mockedAws({ domains: siteDomains() });
  emptyIam(aws);
  holdsSite(aws, distribution);
  return aws;
}

test('a site goes with its records, and its distribution is left to the cleaner', async () => {
  const aws = await withSite(siteDistribution());
  aws.cloudfront.on(ListTagsForResourceCommand).resolves({});
  aws.route53.on(ListResourceRecordSetsCommand).resolves({ ResourceRecordSets: [record('AAAA'), record('A')] });
  holdsGroup(aws, iamGroup(`${SITE}-BktAdmGrp`), [`${SITE}-BktAdmPlc`], ['ada']);
  holdsPolicy(aws, `${SITE}-BktAdmPlc`);
  holdsUser(aws, 'ada', { groups: [iamGroup(`${SITE}-BktAdmGrp`)] });
  expect(await valueOf(aws, remove(aws))).toMatchObject({
    Website: SITE,
    Users: ['ada'],
    Groups: [`${SITE}-BktAdmGrp`],
    Policies: [`${SITE}-BktAdmPlc`],
    DNSRecord: { Type: 'A' },
    Distribution: { Id: 'E1' },
    DnsChange: { Status: 'PENDING' },
  });
  expect(aws.cloudfront.commandCalls(UpdateDistributionCommand)[0]?.args[0].input.DistributionConfig).toMatchObject({
    Enabled: false,
    Aliases: { Quantity: 0, Items: [] },
  });
  expect(aws.cloudfront.commandCalls(TagResourceCommand)[0]?.args[0].input).toEqual({
    Resource: DISTRIBUTION_ARN,
    Tags: { Items: [{ Key: 'spinup:org', Value: 'acme' }] },
  });
  expect(aws.s3.commandCalls(DeleteBucketCommand)).toHaveLength(1);
});

test('a user of other buckets outlives the site, and its groups and folders are told', async () => {
  const aws = await withSite(siteDistribution());
  const own = iamGroup(`${SITE}-api-BktRWGrp`, `/${SITE}/api/`);
  aws.iam.on(ListGroupsCommand).resolves({ Groups: [own] });
  aws.iam.on(ListPoliciesCommand).resolves({
    Policies: [
      {
        PolicyName: `${SITE}-api-BktRWPlc`,
        Arn: arnOfPolicy(`${SITE}-api-BktRWPlc`, `/${SITE}/api/`),
        Path: `/${SITE}/api/`,
      },
    ],
  });
  holdsPolicy(aws, `${SITE}-api-BktRWPlc`, `/${SITE}/api/`);
  holdsGroup(aws, own, [], ['eve']);
  holdsGroup(aws, iamGroup(`${SITE}-BktROGrp`), [], ['ada']);
  holdsUser(aws, 'eve', { groups: [own] });
  holdsUser(aws, 'ada', { groups: [iamGroup(`${SITE}-BktROGrp`), iamGroup('photos-BktROGrp')] });
  expect(await valueOf(aws, remove(aws))).toMatchObject({
    Users: ['eve'],
    kept: [{ UserName: 'ada', because: expect.stringContaining('photos-BktROGrp') }],
    left: [],
    Groups: [`${SITE}-BktROGrp`, own.GroupName],
    Policies: [`${SITE}-api-BktRWPlc`],
  });
  expect(aws.iam.commandCalls(DeleteUserCommand).map(({ args: [{ input }] }) => input.UserName)).toEqual(['eve']);
});

describe('a distribution', () => {
  test.each([
    ['that is off and has no aliases', { Enabled: false, Aliases: { Quantity: 0 } }, 0],
    ['that is off and of whose aliases CloudFront tells nothing', { Enabled: false, Aliases: undefined }, 0],
    ['that is off and still has the alias', { Enabled: false }, 1],
    ['that is on without aliases', { Aliases: { Quantity: 0 } }, 1],
  ] as const)('%s is changed %s times', async (_, config, updates) => {
    const aws = await withSite(siteDistribution({}, config));
    await valueOf(aws, remove(aws));
    expect(aws.cloudfront.commandCalls(UpdateDistributionCommand)).toHaveLength(updates);
  });

  test('whose ARN CloudFront does not tell could not be given to the cleaner: nothing is touched', async () => {
    const aws = await withSite(siteDistribution({ ARN: undefined }));
    expect(await errorOf(aws, remove(aws))).toMatchObject({
      kind: 'unforeseen',
      detail: 'CloudFront answered without an ARN',
    });
    expect(writes(aws)).toEqual([]);
  });

  test('that another org has tagged is left as it is, and so is the site', async () => {
    const aws = await withSite(siteDistribution());
    aws.cloudfront
      .on(ListTagsForResourceCommand)
      .resolves({ Tags: { Items: [{ Key: 'spinup:org', Value: 'other' }] } });
    expect(await errorOf(aws, remove(aws))).toMatchObject({
      kind: 'conflict',
      detail: expect.stringContaining('"other"'),
    });
    expect(writes(aws)).toEqual([]);
  });
});

test('records that do not point at the distribution stay, and one of IPv6 alone is told', async () => {
  const aws = await withSite(siteDistribution());
  aws.route53
    .on(ListResourceRecordSetsCommand)
    .resolves({ ResourceRecordSets: [record('A', 'd9.cloudfront.net.'), record('AAAA')] });
  expect((await valueOf(aws, remove(aws))).DNSRecord).toMatchObject({ Type: 'AAAA' });
  const changes = aws.route53.commandCalls(ChangeResourceRecordSetsCommand)[0]?.args[0].input.ChangeBatch?.Changes;
  expect(changes?.map(({ Action, ResourceRecordSet: one }) => [Action, one?.Type])).toEqual([['DELETE', 'AAAA']]);
});

test('a deletion that got past the bucket is finished', async () => {
  const aws = await withSite(undefined);
  holdsNoSite(aws);
  aws.s3.on(HeadBucketCommand).rejects(awsError('NotFound', 404));
  aws.s3.on(ListObjectVersionsCommand).rejects(awsError('NoSuchBucket', 404));
  expect(await errorOf(aws, remove(aws))).toMatchObject({
    kind: 'not-found',
    detail: `there is no website ${SITE} in this account`,
  });
  holdsGroup(aws, iamGroup(`${SITE}-BktROGrp`));
  expect(await valueOf(aws, remove(aws))).toMatchObject({
    Users: [],
    Groups: [`${SITE}-BktROGrp`],
    DNSRecord: undefined,
    Distribution: undefined,
    DnsChange: undefined,
  });
  expect(writes(aws)).toEqual(['DeleteGroup']);
});

test.each([
  [
    'the tag it was born with',
    (aws: MockedAws) =>
      aws.s3.on(GetBucketTaggingCommand).resolves({ TagSet: [{ Key: 'mallard:distribution', Value: 'none-yet' }] }),
    ['DeleteBucket'],
  ],
  [
    'a group that only websites have',
    (aws: MockedAws) => {
      holdsGroup(aws, iamGroup(`${SITE}-WebAdmGrp`));
    },
    ['DeleteBucket', 'DeleteGroup'],
  ],
  [
    'a policy that only websites have',
    (aws: MockedAws) => {
      holdsPolicy(aws, `${SITE}-WebAdmPlc`);
    },
    ['DeleteBucket', 'DeletePolicy'],
  ],
] as const)(
  'a site whose creation ended with the bucket is told from a plain one by %s, and goes',
  async (_, holds, done) => {
    const aws = await withSite(undefined);
    holdsPlainBucket(aws);
    holds(aws);
    expect(await valueOf(aws, remove(aws))).toMatchObject({ Website: SITE, Distribution: undefined });
    expect(writes(aws)).toEqual(done);
  },
);

test.each([
  [
    'holds a file',
    (aws: MockedAws) =>
      aws.s3.on(ListObjectVersionsCommand).resolves({ Versions: [{ Key: 'a', Size: 9_999, IsLatest: true }] }),
    { kind: 'not-empty' },
  ],
  [
    'is somebody else’s',
    (aws: MockedAws) => aws.s3.on(HeadBucketCommand).rejects(awsError('Forbidden', 403)),
    { kind: 'denied' },
  ],
  ['is a plain bucket', holdsPlainBucket, { kind: 'not-found', detail: `there is no website ${SITE} in this account` }],
] as const)('what %s stays as it is', async (_, prepare, expected) => {
  const aws = await withSite(siteDistribution());
  prepare(aws);
  expect(await errorOf(aws, remove(aws))).toMatchObject(expected);
  expect(writes(aws)).toEqual([]);
});

function holdsPlainBucket(aws: MockedAws): void {
  holdsNoSite(aws);
  aws.s3.on(HeadBucketCommand).resolves({});
}
