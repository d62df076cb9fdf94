import {
  CloudFrontClient,
  CreateDistributionCommand,
  type DistributionConfig,
  ListDistributionsCommand,
} from '@aws-sdk/client-cloudfront';
import { ACMClient, RequestCertificateCommand } from '@aws-sdk/client-acm';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetUserCommand,
  IAMClient,
  ListPoliciesCommand,
} from '@aws-sdk/client-iam';
import { ChangeResourceRecordSetsCommand, CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import {
  CreateBucketCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketPolicyCommand,
  PutBucketWebsiteCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index';
import { awsHost, isRegion, partitionOf } from '../../src/sandbox/partitions';
import { fetchPage } from '../support/sandbox/page';
import { refusalOf } from '../support/sandbox/start';

/** botocore 1.44.8: partitions.json, endpoint rules. Every account has one key, and knows nothing of other partitions. */

const CHINA = {
  id: '333333333333',
  accessKeyId: 'AKIACHINACHINACHINA1',
  secretAccessKey: 'china',
  partition: 'aws-cn',
};
const GOV = {
  id: '444444444444',
  accessKeyId: 'AKIAGOVGOVGOVGOVGOV1',
  secretAccessKey: 'gov',
  partition: 'aws-us-gov',
};
const US = { id: '111111111111', accessKeyId: 'AKIAUSUSUSUSUSUSUSU1', secretAccessKey: 'us' };

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ accounts: [US, CHINA, GOV], cloudfront: { deploySeconds: 0 } });
});
const clients: { destroy: () => void }[] = [];
afterAll(async () => {
  for (const client of clients) client.destroy();
  await sandbox.stop();
});

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Clients that sign for a region with a key. */
function clientsIn(region: string, { accessKeyId, secretAccessKey, sessionToken }: Keys) {
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
  const settings = { endpoint: sandbox.endpoint, region, maxAttempts: 1, credentials };
  const all = {
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    iam: new IAMClient(settings),
    sts: new STSClient(settings),
    cloudfront: new CloudFrontClient(settings),
    route53: new Route53Client(settings),
    acm: new ACMClient(settings),
  };
  clients.push(...Object.values(all));
  return all;
}

test.each([
  ['eu-central-2', 'aws', 'amazonaws.com'],
  ['cn-northwest-1', 'aws-cn', 'amazonaws.com.cn'],
  ['us-gov-east-1', 'aws-us-gov', 'amazonaws.com'],
  ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu'],
  ['us-iso-west-1', 'aws-iso', 'c2s.ic.gov'],
  ['us-isob-west-1', 'aws-iso-b', 'sc2s.sgov.gov'],
  ['eu-isoe-west-1', 'aws-iso-e', 'cloud.adc-e.uk'],
  ['us-isof-east-1', 'aws-iso-f', 'csp.hci.ic.gov'],
])('%s is in %s', (region, name, dnsSuffix) => {
  expect(partitionOf(region)).toMatchObject({ name, dnsSuffix });
  expect(isRegion(region)).toBe(true);
  expect(awsHost(`a.s3.${region}.${dnsSuffix}`)?.partitions.map((one) => one.name)).toContain(name);
});

test('a name that is no region of AWS counts as one of a store, and hosts of others are none of AWS', () => {
  expect(isRegion('garage')).toBe(false);
  expect(partitionOf('garage').name).toBe('aws');
  expect(awsHost('s3.example.org')).toBeUndefined();
});

test('an account that is in no partition is a mistake', async () => {
  await expect(startSandbox({ accounts: [{ ...US, partition: 'aws-moon' }] })).rejects.toThrow('in no partition');
});

test('who one is, and whatever one makes, has ARNs of the partition', async () => {
  const { sts, iam, s3, acm, route53 } = clientsIn('cn-north-1', CHINA);
  const root = `arn:aws-cn:iam::${CHINA.id}`;
  expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(`${root}:root`);
  expect((await iam.send(new GetUserCommand({}))).User?.Arn).toBe(`${root}:root`);
  expect((await iam.send(new CreateUserCommand({ UserName: 'li', Path: '/staff/' }))).User?.Arn).toBe(
    `${root}:user/staff/li`,
  );
  const made = await s3.send(new CreateBucketCommand({ Bucket: 'shanghai' }));
  expect(made).toMatchObject({
    BucketArn: 'arn:aws-cn:s3:::shanghai',
    Location: 'http://shanghai.s3.amazonaws.com.cn/',
  });
  expect((await s3.send(new HeadBucketCommand({ Bucket: 'shanghai' }))).BucketArn).toBe('arn:aws-cn:s3:::shanghai');
  const { CertificateArn } = await acm.send(new RequestCertificateCommand({ DomainName: 'a.example.cn' }));
  expect(CertificateArn).toMatch(new RegExp(`^arn:aws-cn:acm:cn-north-1:${CHINA.id}:certificate/`));
  const { HostedZone } = await route53.send(new CreateHostedZoneCommand({ Name: 'example.cn', CallerReference: '1' }));
  expect(HostedZone?.Id).toMatch(/^\/hostedzone\/Z/);
});

test('AWS’s own policies are those of the partition, and act', async () => {
  const { iam } = clientsIn('us-gov-west-1', GOV);
  const { Policies } = await iam.send(new ListPoliciesCommand({ Scope: 'AWS' }));
  expect((Policies ?? []).map(({ Arn }) => Arn)).toContain('arn:aws-us-gov:iam::aws:policy/AmazonS3ReadOnlyAccess');
  await iam.send(new CreateUserCommand({ UserName: 'sam' }));
  const attach = (partition: string) =>
    iam.send(
      new AttachUserPolicyCommand({
        UserName: 'sam',
        PolicyArn: `arn:${partition}:iam::aws:policy/AmazonS3ReadOnlyAccess`,
      }),
    );
  expect((await refusalOf(attach('aws'))).code).toBe('NoSuchEntity');
  await attach('aws-us-gov');
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'sam' }));
  const { s3 } = clientsIn('us-gov-east-1', {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  });
  expect((await s3.send(new ListBucketsCommand({}))).Buckets).toEqual([]);
  expect(await refusalOf(s3.send(new CreateBucketCommand({ Bucket: 'sams' })))).toMatchObject({
    code: 'AccessDenied',
    message: expect.stringContaining(`arn:aws-us-gov:iam::${GOV.id}:user/sam is not authorized`),
  });
});

test('a role is assumed by its ARN of the partition, and its sessions are named by it', async () => {
  const { iam, sts } = clientsIn('us-gov-west-1', GOV);
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: `arn:aws-us-gov:iam::${GOV.id}:root` }, Action: 'sts:AssumeRole' },
    ],
  };
  await iam.send(new CreateRoleCommand({ RoleName: 'runner', AssumeRolePolicyDocument: JSON.stringify(trust) }));
  const assume = (partition: string) =>
    sts.send(new AssumeRoleCommand({ RoleArn: `arn:${partition}:iam::${GOV.id}:role/runner`, RoleSessionName: 'one' }));
  expect((await refusalOf(assume('aws'))).code).toBe('AccessDenied');
  const { AssumedRoleUser, Credentials } = await assume('aws-us-gov');
  const arn = `arn:aws-us-gov:sts::${GOV.id}:assumed-role/runner/one`;
  expect(AssumedRoleUser?.Arn).toBe(arn);
  const session = clientsIn('us-gov-east-1', {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  });
  expect((await session.sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(arn);
});

test('a key of one partition is unknown in another', async () => {
  for (const [region, keys] of [
    ['us-east-1', CHINA],
    ['cn-north-1', US],
    ['us-east-1', GOV],
  ] as const) {
    const { s3, iam } = clientsIn(region, keys);
    expect((await refusalOf(s3.send(new ListBucketsCommand({})))).code).toBe('InvalidAccessKeyId');
    expect((await refusalOf(iam.send(new GetUserCommand({})))).code).toBe('InvalidClientTokenId');
  }
});

test('bucket names are the partition’s own', async () => {
  for (const [region, keys] of [
    ['us-east-1', US],
    ['cn-north-1', CHINA],
    ['us-gov-west-1', GOV],
  ] as const) {
    const { s3 } = clientsIn(region, keys);
    await s3.send(new CreateBucketCommand({ Bucket: 'everywhere' }));
    await s3.send(new HeadBucketCommand({ Bucket: 'everywhere', ExpectedBucketOwner: keys.id }));
  }
  const { s3 } = clientsIn('us-east-1', US);
  const beyond = { LocationConstraint: 'cn-north-1' as const };
  const asked = s3.send(new CreateBucketCommand({ Bucket: 'beyond', CreateBucketConfiguration: beyond }));
  expect((await refusalOf(asked)).code).toBe('InvalidLocationConstraint');
});

test('a bucket policy speaks of the bucket and of principals by ARNs of the partition', async () => {
  const { s3 } = clientsIn('us-gov-west-1', GOV);
  await s3.send(new CreateBucketCommand({ Bucket: 'governed' }));
  const put = (bucket: string, principal: string) =>
    s3.send(
      new PutBucketPolicyCommand({
        Bucket: 'governed',
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: `arn:${principal}:iam::${GOV.id}:root` },
              Action: 's3:GetObject',
              Resource: `arn:${bucket}:s3:::governed/*`,
            },
          ],
        }),
      }),
    );
  expect((await refusalOf(put('aws', 'aws-us-gov'))).message).toContain('invalid resource');
  expect((await refusalOf(put('aws-us-gov', 'aws'))).message).toContain('Invalid principal');
  await put('aws-us-gov', 'aws-us-gov');
});

const distribution: DistributionConfig = {
  CallerReference: 'one',
  Comment: 'one',
  Enabled: true,
  Origins: {
    Quantity: 1,
    Items: [
      {
        Id: 'o',
        DomainName: 'pages.s3-website.cn-north-1.amazonaws.com.cn',
        CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'http-only' },
      },
    ],
  },
  DefaultCacheBehavior: {
    TargetOriginId: 'o',
    ViewerProtocolPolicy: 'allow-all',
    MinTTL: 0,
    ForwardedValues: { QueryString: false, Cookies: { Forward: 'none' } },
  },
};

test('CloudFront is in China, under a domain and a zone of its own, and takes no certificate of ACM’s there', async () => {
  const { s3, cloudfront, route53, acm } = clientsIn('cn-north-1', CHINA);
  await s3.send(new CreateBucketCommand({ Bucket: 'pages' }));
  await s3.send(
    new PutBucketWebsiteCommand({
      Bucket: 'pages',
      WebsiteConfiguration: { IndexDocument: { Suffix: 'index.html' } },
    }),
  );
  await s3.send(
    new PutPublicAccessBlockCommand({ Bucket: 'pages', PublicAccessBlockConfiguration: { BlockPublicPolicy: false } }),
  );
  await s3.send(
    new PutBucketPolicyCommand({
      Bucket: 'pages',
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws-cn:s3:::pages/*' }],
      }),
    }),
  );
  await s3.send(new PutObjectCommand({ Bucket: 'pages', Key: 'index.html', Body: 'ni hao', ContentType: 'text/html' }));
  const { Distribution: made } = await cloudfront.send(
    new CreateDistributionCommand({ DistributionConfig: distribution }),
  );
  expect(made?.ARN).toBe(`arn:aws-cn:cloudfront::${CHINA.id}:distribution/${String(made?.Id)}`);
  expect(made?.DomainName).toMatch(/^d[a-z0-9]+\.cloudfront\.cn$/);
  expect((await fetchPage(sandbox.endpoint, made?.DomainName ?? '', '/')).body).toBe('ni hao');

  const { CertificateArn } = await acm.send(new RequestCertificateCommand({ DomainName: 'b.example.cn' }));
  const withAlias = {
    ...distribution,
    CallerReference: 'two',
    Aliases: { Quantity: 1, Items: ['b.example.cn'] },
    ViewerCertificate: { ACMCertificateArn: CertificateArn, SSLSupportMethod: 'sni-only' as const },
  };
  const refused = await refusalOf(cloudfront.send(new CreateDistributionCommand({ DistributionConfig: withAlias })));
  expect(refused.code).toBe('InvalidViewerCertificate');

  const { HostedZone } = await route53.send(
    new CreateHostedZoneCommand({ Name: 'b.example.cn', CallerReference: '2' }),
  );
  const pointAt = (DNSName: string) =>
    route53.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: HostedZone?.Id,
        ChangeBatch: {
          Changes: [
            {
              Action: 'CREATE',
              ResourceRecordSet: {
                Name: 'b.example.cn',
                Type: 'A',
                AliasTarget: { HostedZoneId: 'Z3RFFRIM2A3IF5', DNSName, EvaluateTargetHealth: false },
              },
            },
          ],
        },
      }),
    );
  expect((await refusalOf(pointAt('d1.cloudfront.net'))).code).toBe('InvalidChangeBatch');
  await pointAt(made?.DomainName ?? '');
});

test('CloudFront is nowhere else, and the answer says so', async () => {
  const { cloudfront } = clientsIn('us-gov-west-1', GOV);
  expect(await refusalOf(cloudfront.send(new ListDistributionsCommand({})))).toMatchObject({
    code: 'NotImplemented',
    status: 501,
    message: 'There is no CloudFront in the partition aws-us-gov.',
  });
});

test('what was stored is of its partition again after a restart', async () => {
  const stored = sandbox.state.take();
  const { sts, iam } = clientsIn('cn-north-1', CHINA);
  sandbox.state.restore(stored);
  expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(`arn:aws-cn:iam::${CHINA.id}:root`);
  expect((await iam.send(new GetUserCommand({ UserName: 'li' }))).User?.Arn).toContain(':aws-cn:');
});
