import { ListCertificatesCommand } from '@aws-sdk/client-acm';
import { CreateDistributionWithTagsCommand, type DistributionConfig } from '@aws-sdk/client-cloudfront';
import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateUserCommand,
} from '@aws-sdk/client-iam';
import { ChangeResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  PutBucketLoggingCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketWebsiteCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { defaultBucketActions } from '../../../src/config/defaults';
import { DOMAIN, SEED_TAGS, type SiteWorld } from './site';
import type { AwsClients } from './target';
import { LOG_BUCKET, type World } from './world';

/**
 * What the predecessor leaves in an account, built by hand as an administrator would find it: the contract's policies and
 * groups under the IAM path `/`, no tag but the callers', nothing in a place of its own.
 */

type Statement = Readonly<Record<string, unknown>>;

const bucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`;
const document = (...statements: readonly Statement[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });
const allow = (Action: readonly string[] | string, ...Resource: readonly string[]): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
});

/** The policy that the contract shows. */
export const adminPolicy = (bucket: string): string =>
  document(allow(defaultBucketActions, bucketArn(bucket)), allow('s3:*', `${bucketArn(bucket)}/*`));

const READ = ['s3:GetObject', 's3:GetObjectVersion'];
const WRITE = [...READ, 's3:PutObject', 's3:DeleteObject'];

const rolePolicy = (bucket: string, actions: readonly string[]): string =>
  document(
    allow(['s3:ListBucket', 's3:GetBucketLocation'], bucketArn(bucket)),
    allow(actions, `${bucketArn(bucket)}/*`),
  );

export const writerPolicy = (bucket: string): string => rolePolicy(bucket, WRITE);
export const readerPolicy = (bucket: string): string => rolePolicy(bucket, READ);

/** One for a folder: listing by prefix, objects below it. */
export const folderPolicy = (site: string, folder: string): string =>
  document(
    { ...allow('s3:ListBucket', bucketArn(site)), Condition: { StringLike: { 's3:prefix': [`${folder}/*`] } } },
    allow(WRITE, `${bucketArn(site)}/${folder}/*`),
  );

/** A group `<stem>Grp` with its policy `<stem>Plc` attached; gives the policy's ARN. */
export async function makeRole({ iam }: AwsClients, stem: string, PolicyDocument: string): Promise<string> {
  const [{ Policy }] = await Promise.all([
    iam.send(new CreatePolicyCommand({ PolicyName: `${stem}Plc`, PolicyDocument })),
    iam.send(new CreateGroupCommand({ GroupName: `${stem}Grp` })),
  ]);
  const PolicyArn = Policy?.Arn ?? '';
  await iam.send(new AttachGroupPolicyCommand({ GroupName: `${stem}Grp`, PolicyArn }));
  return PolicyArn;
}

/** A user without tags, with so many keys, in the groups of those stems. */
export async function makeUser(
  { iam }: AwsClients,
  UserName: string,
  stems: readonly string[],
  keys = 1,
): Promise<void> {
  await iam.send(new CreateUserCommand({ UserName }));
  for (let n = 0; n < keys; n += 1) await iam.send(new CreateAccessKeyCommand({ UserName }));
  await Promise.all(stems.map((stem) => iam.send(new AddUserToGroupCommand({ UserName, GroupName: `${stem}Grp` }))));
}

/** Gives a policy so many versions, the first one staying the default. */
export async function addVersions(
  { iam }: AwsClients,
  PolicyArn: string,
  count: number,
  PolicyDocument: string,
): Promise<void> {
  for (let n = 1; n < count; n += 1)
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: false }));
}

/** A bucket with the callers' tags, access logging, and its admin role. */
export async function makeLegacyBucket({ auditor }: World, Bucket: string): Promise<void> {
  const { s3 } = auditor;
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: SEED_TAGS.map((tag) => ({ ...tag })) } }));
  await s3.send(
    new PutBucketLoggingCommand({
      Bucket,
      BucketLoggingStatus: { LoggingEnabled: { TargetBucket: LOG_BUCKET, TargetPrefix: `s3/${Bucket}/` } },
    }),
  );
  await makeRole(auditor, `${Bucket}-BktAdm`, adminPolicy(Bucket));
}

/** The user of oldest times: named like the bucket, with the policy attached directly. */
export async function makeNamesake({ auditor, accountId }: World, bucket: string): Promise<void> {
  await makeUser(auditor, bucket, []);
  await auditor.iam.send(
    new AttachUserPolicyCommand({
      UserName: bucket,
      PolicyArn: `arn:aws:iam::${accountId}:policy/${bucket}-BktAdmPlc`,
    }),
  );
}

/** The user of before that: its policy is named like it, and like the bucket. Gives the policy's ARN. */
export async function makeOldest(
  { auditor }: World,
  bucket: string,
  PolicyDocument = adminPolicy(bucket),
): Promise<string> {
  await makeUser(auditor, bucket, []);
  const { Policy } = await auditor.iam.send(new CreatePolicyCommand({ PolicyName: bucket, PolicyDocument }));
  const PolicyArn = Policy?.Arn ?? '';
  await auditor.iam.send(new AttachUserPolicyCommand({ UserName: bucket, PolicyArn }));
  return PolicyArn;
}

/** A website: bucket with public pages and a greeting, distribution, an A record alone, two roles. Gives the distribution's id. */
export async function makeLegacySite(world: SiteWorld, site: string): Promise<string> {
  const { s3 } = world.auditor;
  await makeLegacyBucket(world, site);
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket: site }));
  await s3.send(
    new PutBucketWebsiteCommand({ Bucket: site, WebsiteConfiguration: { IndexDocument: { Suffix: 'index.html' } } }),
  );
  const Policy = document({
    Sid: 'PublicReadGetObject',
    Effect: 'Allow',
    Principal: '*',
    Action: ['s3:GetObject'],
    Resource: [`${bucketArn(site)}/*`],
  });
  await s3.send(new PutBucketPolicyCommand({ Bucket: site, Policy }));
  await putGreeting(world, site, 'index.html');

  const Tags = { Items: [{ Key: 'Application', Value: 'HowToGet' }] };
  const { Distribution } = await world.cloudfront.send(
    new CreateDistributionWithTagsCommand({
      DistributionConfigWithTags: { DistributionConfig: await distributionOf(world, site), Tags },
    }),
  );
  const AliasTarget = {
    DNSName: `${String(Distribution?.DomainName)}.`,
    EvaluateTargetHealth: false,
    HostedZoneId: 'Z2FDTNDATAQYW2',
  };
  const Changes = [{ Action: 'CREATE' as const, ResourceRecordSet: { Name: site, Type: 'A' as const, AliasTarget } }];
  await world.route53.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: world.zone,
      ChangeBatch: { Comment: 'Created by s3-api', Changes },
    }),
  );
  await makeRole(
    world.auditor,
    `${site}-WebAdm`,
    document(allow(['cloudfront:CreateInvalidation', 'cloudfront:ListInvalidations'], String(Distribution?.ARN))),
  );
  return String(Distribution?.Id);
}

/** A page of the predecessor's, larger than ours: known by its tag alone. */
export async function putGreeting({ auditor }: World, Bucket: string, Key: string): Promise<void> {
  const Body = `<html><body>${'<p>Welcome to your new site.</p>'.repeat(400)}</body></html>`;
  await auditor.s3.send(
    new PutObjectCommand({ Bucket, Key, Body, ContentType: 'text/html', Tagging: 'yale%3Aspinup=true' }),
  );
}

/** The distribution of the contract's example. */
async function distributionOf(world: SiteWorld, site: string): Promise<DistributionConfig> {
  return {
    CallerReference: `12345678-9012-3456-6789-${site}`,
    Comment: site,
    Enabled: true,
    Aliases: { Quantity: 1, Items: [site] },
    DefaultRootObject: 'index.html',
    HttpVersion: 'http2',
    IsIPV6Enabled: true,
    PriceClass: 'PriceClass_100',
    Origins: {
      Quantity: 1,
      Items: [
        {
          Id: site,
          DomainName: `${site}.s3-website-us-east-1.amazonaws.com`,
          OriginPath: '',
          CustomHeaders: { Quantity: 0 },
          CustomOriginConfig: {
            HTTPPort: 80,
            HTTPSPort: 443,
            OriginProtocolPolicy: 'http-only',
            OriginSslProtocols: { Quantity: 3, Items: ['TLSv1', 'TLSv1.1', 'TLSv1.2'] },
            OriginReadTimeout: 30,
            OriginKeepaliveTimeout: 5,
          },
        },
      ],
    },
    DefaultCacheBehavior: {
      TargetOriginId: site,
      ViewerProtocolPolicy: 'redirect-to-https',
      Compress: true,
      ForwardedValues: {
        QueryString: false,
        Cookies: { Forward: 'none' },
        Headers: { Quantity: 0 },
        QueryStringCacheKeys: { Quantity: 0 },
      },
      MinTTL: 0,
      DefaultTTL: 3600,
      MaxTTL: 31_536_000,
      TrustedSigners: { Enabled: false, Quantity: 0 },
    },
    Restrictions: { GeoRestriction: { RestrictionType: 'whitelist', Quantity: 1, Items: ['US'] } },
    ViewerCertificate: {
      ACMCertificateArn: await certificateOf(world),
      SSLSupportMethod: 'sni-only',
      MinimumProtocolVersion: 'TLSv1.1_2016',
    },
  };
}

/** The operator's certificate, of which there is one. */
async function certificateOf({ acm }: SiteWorld): Promise<string | undefined> {
  const { CertificateSummaryList: all } = await acm.send(new ListCertificatesCommand({}));
  return all?.find(({ DomainName }) => DomainName === `*.${DOMAIN}`)?.CertificateArn;
}
