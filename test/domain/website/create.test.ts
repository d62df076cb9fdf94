import { DescribeCertificateCommand } from '@aws-sdk/client-acm';
import {
  CreateDistributionWithTagsCommand,
  CreateFunctionCommand,
  CreateOriginAccessControlCommand,
  PublishFunctionCommand,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import { CreatePolicyCommand } from '@aws-sdk/client-iam';
import { ChangeResourceRecordSetsCommand, ListResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import { HeadBucketCommand, ListBucketsCommand, PutBucketPolicyCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { createWebsite } from '../../../src/domain/website/create';
import type { CreateWebsiteInput } from '../../../src/domain/website/rules/shapes';
import { awsError, mockedAws, type MockedAws } from '../../support/mocks/mocked-aws';
import { emptyIam, holdsGroup, holdsPolicy, iamGroup } from '../../support/mocks/mocked-iam';
import { errorOf, run, valueOf, writes, recipeFor } from '../../support/mocks/mocked-run';
import { DISTRIBUTION_ARN, SITE, siteDistribution, siteDomains } from '../../support/mocks/mocked-site';

const certArn = 'arn:aws:acm:us-east-1:123456789012:certificate/1';

/** An account in which nothing stands in the site's way. */
async function free(origin: 'public' | 'private' = 'public'): Promise<MockedAws> {
  const aws = await mockedAws({ domains: siteDomains({ certArn, origin }) });
  emptyIam(aws);
  aws.s3.on(HeadBucketCommand).rejects(awsError('NotFound', 404));
  aws.acm.on(DescribeCertificateCommand).resolves({ Certificate: { Status: 'ISSUED', DomainName: '*.example.org' } });
  aws.cloudfront
    .on(CreateDistributionWithTagsCommand)
    .resolves({ ETag: 'v1', Distribution: siteDistribution({ Status: 'InProgress' }) });
  aws.cloudfront.on(CreateOriginAccessControlCommand).resolves({ OriginAccessControl: { Id: 'OAC1' } });
  aws.cloudfront.on(CreateFunctionCommand).resolves({ ETag: 'f1' });
  aws.cloudfront
    .on(PublishFunctionCommand)
    .resolves({ FunctionSummary: { FunctionMetadata: { FunctionARN: 'arn:function' } } as never });
  return aws;
}

const recipe = (
  { context }: MockedAws,
  origin: 'public' | 'private' = 'public',
  more: Partial<CreateWebsiteInput> = {},
) =>
  recipeFor(
    {
      ...context,
      session: {
        ...context.session,
        account: { ...context.session.account, domains: siteDomains({ certArn, origin }) },
      },
      isOwnStore: (bucket) => bucket.endsWith('-own-logs'),
    },
    createWebsite,
    { kind: 'account', bucket: SITE },
    { BucketInput: { Bucket: SITE }, ...more },
  );

type Document = { readonly Statement: readonly object[] };
const policies = ({ iam }: MockedAws): Readonly<Record<string, Document>> =>
  Object.fromEntries(
    iam
      .commandCalls(CreatePolicyCommand)
      .map(
        ({ args: [{ input }] }) =>
          [String(input.PolicyName), JSON.parse(input.PolicyDocument ?? '') as Document] as const,
      ),
  );

test('a site’s name points at its distribution, whose admin may do there what the account says', async () => {
  const aws = await free();
  expect(await valueOf(aws, recipe(aws))).toMatchObject({
    Bucket: `/${SITE}`,
    Groups: [{ GroupName: `${SITE}-BktAdmGrp` }, { GroupName: `${SITE}-WebAdmGrp` }],
    Distribution: { Id: 'E1' },
    DnsChange: { Status: 'PENDING' },
  });
  expect(policies(aws)[`${SITE}-WebAdmPlc`]?.Statement).toEqual([
    expect.objectContaining({ Resource: [DISTRIBUTION_ARN] }),
  ]);
  const changes = aws.route53.commandCalls(ChangeResourceRecordSetsCommand)[0]?.args[0].input.ChangeBatch?.Changes;
  expect(changes?.map(({ ResourceRecordSet: record }) => [record?.Type, record?.AliasTarget?.DNSName])).toEqual([
    ['A', 'd1.cloudfront.net'],
    ['AAAA', 'd1.cloudfront.net'],
  ]);
  expect(aws.s3.commandCalls(PutObjectCommand)[0]?.args[0].input.Key).toBe('index.html');
});

test('a private site may be read by its distribution alone', async () => {
  const aws = await free('private');
  await valueOf(aws, recipe(aws, 'private'));
  const policy = JSON.parse(aws.s3.commandCalls(PutBucketPolicyCommand)[0]?.args[0].input.Policy ?? '') as Document;
  const own = {
    Principal: { Service: 'cloudfront.amazonaws.com' },
    Condition: { StringEquals: { 'AWS:SourceArn': DISTRIBUTION_ARN } },
  };
  expect(policy.Statement).toMatchObject([
    { ...own, Action: 's3:GetObject', Resource: `arn:aws:s3:::${SITE}/*` },
    // By which S3 tells it what is missing: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    { ...own, Action: 's3:ListBucket', Resource: `arn:aws:s3:::${SITE}` },
  ]);
});

test.each(['public', 'private'] as const)(
  'a %s site whose distribution comes without an ARN is taken back: no policy may name nothing',
  async (origin) => {
    const aws = await free(origin);
    aws.cloudfront
      .on(CreateDistributionWithTagsCommand)
      .resolves({ ETag: 'v1', Distribution: siteDistribution({ ARN: undefined }) });
    expect(await run(aws, recipe(aws, origin))).toMatchObject({
      state: 'rolled-back',
      error: { kind: 'unforeseen', detail: 'CloudFront answered without an ARN' },
    });
    expect(policies(aws)).not.toHaveProperty([`${SITE}-WebAdmPlc`]);
    expect(aws.cloudfront.commandCalls(UpdateDistributionCommand)[0]?.args[0].input.DistributionConfig).toMatchObject({
      Enabled: false,
      Aliases: { Quantity: 0 },
    });
  },
);

describe('what has one of its names stops a site before anything is made', () => {
  test.each([
    ['a bucket', (aws: MockedAws) => aws.s3.on(HeadBucketCommand).resolves({}), `a bucket ${SITE} exists already`],
    [
      'somebody else’s bucket',
      (aws: MockedAws) => aws.s3.on(HeadBucketCommand).rejects(awsError('Forbidden', 403)),
      `a bucket ${SITE} exists already`,
    ],
    ['a policy', (aws: MockedAws) => holdsPolicy(aws, `${SITE}-WebAdmPlc`), `${SITE}-WebAdmPlc exists already`],
    [
      'a policy and a group',
      (aws: MockedAws) => {
        holdsPolicy(aws, `${SITE}-BktAdmPlc`);
        holdsGroup(aws, iamGroup(`${SITE}-WebAdmGrp`));
      },
      `${SITE}-BktAdmPlc and ${SITE}-WebAdmGrp exists already`,
    ],
    [
      'a record',
      (aws: MockedAws) =>
        aws.route53
          .on(ListResourceRecordSetsCommand)
          .resolves({ ResourceRecordSets: [{ Name: `${SITE}.`, Type: 'CNAME' }] }),
      `a DNS record ${SITE} (CNAME) exists already and is left alone`,
    ],
  ] as const)('%s', async (_, prepare, detail) => {
    const aws = await free();
    prepare(aws);
    expect(await errorOf(aws, recipe(aws))).toMatchObject({ kind: 'exists', detail });
    expect(writes(aws)).toEqual([]);
  });
});

test.each([
  ['its own index document', { IndexDocument: { Suffix: 'home.html' } }, 'home.html', 'home.html'],
  ['all requests sent elsewhere', { RedirectAllRequestsTo: { HostName: 'example.com' } }, 'index.html', ''],
])('a site with %s', async (_, WebsiteConfiguration, greeted, root) => {
  const aws = await free();
  await valueOf(aws, recipe(aws, 'public', { WebsiteConfiguration }));
  expect(aws.s3.commandCalls(PutObjectCommand)[0]?.args[0].input.Key).toBe(greeted);
  expect(
    aws.cloudfront.commandCalls(CreateDistributionWithTagsCommand)[0]?.args[0].input.DistributionConfigWithTags
      ?.DistributionConfig?.DefaultRootObject,
  ).toBe(root);
});

describe('an account that blocks public access', () => {
  const blocking = async (origin: 'public' | 'private') => {
    const aws = await free(origin);
    const block = { BlockPublicPolicy: true, RestrictPublicBuckets: true };
    // No other call on S3 reads this.
    aws.s3.onAnyCommand().resolves({ PublicAccessBlockConfiguration: block });
    aws.s3.on(HeadBucketCommand).rejects(awsError('NotFound', 404));
    return { aws, error: await errorOf(aws, recipe(aws, origin)) };
  };

  test('has no website with a public origin, and nothing is made', async () => {
    const { aws, error } = await blocking('public');
    expect(error).toMatchObject({
      kind: 'conflict',
      detail: expect.stringContaining('is on (BlockPublicPolicy, RestrictPublicBuckets): nobody could read'),
    });
    expect(writes(aws)).toEqual([]);
  });

  test('has websites with a private origin', async () => {
    expect((await blocking('private')).error).toBeUndefined();
  });
});

describe('buckets whose names begin with the site’s', () => {
  const beside = async (...names: readonly string[]) => {
    const aws = await free();
    aws.s3.on(ListBucketsCommand).resolves({ Buckets: names.map((Name) => ({ Name })) });
    return { aws, error: await errorOf(aws, recipe(aws)) };
  };

  test.each([
    ['one is named', [`${SITE}-img`], `is a bucket ${SITE}-img,`],
    ['several are', [`${SITE}-b`, `${SITE}-a`], `are buckets ${SITE}-a, ${SITE}-b,`],
    ['many are not', Array.from({ length: 7 }, (_, n) => `${SITE}-${String(n)}`), `${SITE}-4 …`],
  ])('stand in its way, and nothing is made: %s', async (_, names, said) => {
    const { aws, error } = await beside(...names);
    expect(error).toMatchObject({ kind: 'conflict', detail: expect.stringContaining(said) });
    expect(writes(aws)).toEqual([]);
  });

  test('do not when they only look alike to a store that lists all, or are the service’s own', async () => {
    expect((await beside(`x${SITE}-img`, `${SITE}.img`, `${SITE}-own-logs`)).error).toBeUndefined();
  });
});
