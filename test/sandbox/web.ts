import { ACMClient } from '@aws-sdk/client-acm';
import {
  CloudFrontClient,
  CreateDistributionCommand,
  type Distribution,
  type DistributionConfig,
} from '@aws-sdk/client-cloudfront';
import { Route53Client } from '@aws-sdk/client-route-53';
import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  PutBucketPolicyCommand,
  PutBucketWebsiteCommand,
  PutObjectCommand,
  type S3Client,
  type WebsiteConfiguration,
} from '@aws-sdk/client-s3';
import type { SandboxOptions } from '../../src/sandbox/index';
import { fetchPage, type Page, type PageRequest } from '../support/sandbox/page';
import { ACCOUNT, type Keys, OTHER_ACCOUNT, type TestSandbox, startTestSandbox } from '../support/sandbox/start';

/** Sandboxes with a zone, certificates and clients for websites. */

export const ZONE = { accountId: ACCOUNT.id, id: 'Z1EXAMPLE', name: 'example.org' };
export const CERTIFICATE = `arn:aws:acm:us-east-1:${ACCOUNT.id}:certificate/11111111-2222-3333-4444-555555555555`;
const OTHER_CERTIFICATE = `arn:aws:acm:us-east-1:${OTHER_ACCOUNT.id}:certificate/99999999-2222-3333-4444-555555555555`;

export interface WebSandbox extends TestSandbox {
  readonly cloudfront: (keys?: Keys) => CloudFrontClient;
  readonly route53: (keys?: Keys) => Route53Client;
  readonly acm: (keys?: Keys, region?: string) => ACMClient;
  /** What a browser gets from `http://host/path`. */
  readonly get: (host: string, path: string, options?: PageRequest) => Promise<Page>;
  /** Moves the sandbox's clock forward. */
  readonly advance: (seconds: number) => void;
}

export async function startWebSandbox(options: Partial<SandboxOptions> = {}): Promise<WebSandbox> {
  let ahead = 0;
  const test = await startTestSandbox({
    clock: { now: () => Date.now() + ahead },
    cloudfront: { deploySeconds: 0 },
    certificates: [
      {
        accountId: ACCOUNT.id,
        arn: CERTIFICATE,
        domainName: '*.example.org',
        subjectAlternativeNames: ['example.org'],
      },
      { accountId: OTHER_ACCOUNT.id, arn: OTHER_CERTIFICATE, domainName: '*.example.org' },
    ],
    hostedZones: [ZONE],
    ...options,
  });
  const settings = (
    credentials: Keys,
    region = 'us-east-1',
  ): { endpoint: string; region: string; maxAttempts: number; credentials: Keys } => ({
    endpoint: test.sandbox.endpoint,
    region,
    maxAttempts: 1,
    credentials,
  });
  return {
    ...test,
    cloudfront: (keys = ACCOUNT) => new CloudFrontClient(settings(keys)),
    route53: (keys = ACCOUNT) => new Route53Client(settings(keys)),
    acm: (keys = ACCOUNT, region) => new ACMClient(settings(keys, region)),
    get: (host, path, options) => fetchPage(test.sandbox.endpoint, host, path, options),
    advance: (seconds) => {
      ahead += seconds * 1000;
    },
  };
}

let references = 0;

/** A distribution in front of a website endpoint, as small as AWS lets it be. */
export function siteConfig(name: string, changes: Partial<DistributionConfig> = {}): DistributionConfig {
  references += 1;
  return {
    CallerReference: `reference-${references}`,
    Comment: name,
    Enabled: true,
    Aliases: { Quantity: 1, Items: [name] },
    Origins: {
      Quantity: 1,
      Items: [
        {
          Id: name,
          DomainName: `${name}.s3-website-us-east-1.amazonaws.com`,
          CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'http-only' },
        },
      ],
    },
    DefaultCacheBehavior: {
      TargetOriginId: name,
      ViewerProtocolPolicy: 'redirect-to-https',
      ForwardedValues: { QueryString: false, Cookies: { Forward: 'none' } },
      MinTTL: 0,
    },
    ViewerCertificate: {
      ACMCertificateArn: CERTIFICATE,
      SSLSupportMethod: 'sni-only',
      MinimumProtocolVersion: 'TLSv1.2_2021',
    },
    ...changes,
  };
}

export const withOtherCertificate = {
  ViewerCertificate: { ACMCertificateArn: OTHER_CERTIFICATE, SSLSupportMethod: 'sni-only' },
} as const;
export const withoutAliases = {
  Aliases: { Quantity: 0 },
  ViewerCertificate: { CloudFrontDefaultCertificate: true },
} as const;

export interface Made {
  readonly id: string;
  readonly etag: string;
  readonly arn: string;
  readonly host: string;
  readonly distribution: Distribution;
}

export async function makeDistribution(client: CloudFrontClient, config: DistributionConfig): Promise<Made> {
  const { Distribution: distribution, ETag: etag } = await client.send(
    new CreateDistributionCommand({ DistributionConfig: config }),
  );
  if (distribution?.Id === undefined || distribution.ARN === undefined || distribution.DomainName === undefined)
    throw new Error('no distribution was answered');
  return { id: distribution.Id, etag: etag ?? '', arn: distribution.ARN, host: distribution.DomainName, distribution };
}

/** A bucket that the whole world may read, with these pages. */
export async function makeSite(
  s3: S3Client,
  name: string,
  pages: Readonly<Record<string, string>>,
  website: WebsiteConfiguration = { IndexDocument: { Suffix: 'index.html' } },
): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket: name }));
  const statement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${name}/*` };
  await s3.send(
    new PutBucketPolicyCommand({
      Bucket: name,
      Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
    }),
  );
  await s3.send(new PutBucketWebsiteCommand({ Bucket: name, WebsiteConfiguration: website }));
  await putPages(s3, name, pages);
}

export async function putPages(s3: S3Client, name: string, pages: Readonly<Record<string, string>>): Promise<void> {
  for (const [key, body] of Object.entries(pages))
    await s3.send(new PutObjectCommand({ Bucket: name, Key: key, Body: body, ContentType: 'text/html' }));
}

/** The website endpoint's host. */
export const siteHost = (name: string): string => `${name}.s3-website-us-east-1.amazonaws.com`;
