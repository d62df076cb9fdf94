import type { ACMClient } from '@aws-sdk/client-acm';
import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { IAMClient } from '@aws-sdk/client-iam';
import type { Route53Client } from '@aws-sdk/client-route-53';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { isIP } from 'node:net';
import type { AccountConfig } from '../config/types';
import { addContentMd5 } from './wire/content-md5';
import type { CredentialSource, Identity } from './credentials/source';
import type { HttpHandler } from './wire/http-handler';
import { refuseOtherDocuments } from './wire/other-document';
import { partitionOf } from './partition';

/** Clients of one account and one set of credentials, each made when it is first asked for. */
export interface Clients {
  /** By region: buckets may live in another one than the account's. */
  readonly s3: (region: string) => S3Client;
  readonly iam: () => IAMClient;
  readonly sts: () => STSClient;
  /** What only websites need is loaded with the first of them. */
  readonly cloudfront: () => Promise<CloudFrontClient>;
  readonly route53: () => Promise<Route53Client>;
  /** In the one region CloudFront takes certificates from. */
  readonly acm: () => Promise<ACMClient>;
}

/**
 * Every client sends once (`maxAttempts: 1`): an SDK that repeats CreateAccessKey after a lost answer leaves a key
 * whose secret nobody knows. The step policy repeats.
 */
export function createClients(
  account: AccountConfig,
  credentials: CredentialSource,
  requestHandler: HttpHandler,
): Clients {
  // The SDK would keep what it is given by the system's clock; this mark leaves keeping to the source.
  const provider = Object.assign((): Promise<Identity> => credentials.get(), { memoized: true as const });
  const common = {
    credentials: provider,
    requestHandler,
    maxAttempts: 1,
    // AWS_RETRY_MODE=adaptive would hold calls back on top of the step policy.
    retryMode: 'standard',
    customUserAgent: 'mallard',
    ...(account.endpoint !== undefined && { endpoint: account.endpoint }),
    ...(account.credentials.kind === 'profile' && { profile: account.credentials.profile }),
  };
  // Global services have one region per partition. With an endpoint of its own a client signs with the region it was given.
  const global = { ...common, region: partitionOf(account.region).iamRegion };
  const iam = once(() => new IAMClient(global));
  const cloudfront = once(async () => new (await import('./website-clients')).CloudFrontClient(global));
  const route53 = once(async () => new (await import('./website-clients')).Route53Client(global));
  const acm = once(async () => new (await import('./website-clients')).ACMClient(global));
  const sts = once(() => new STSClient({ ...common, region: account.region }));
  const s3 = new Map<string, S3Client>();
  const pathStyle =
    account.pathStyle ?? (account.endpoint === undefined ? undefined : needsPathStyle(account.endpoint));
  return {
    iam,
    sts,
    cloudfront,
    route53,
    acm,
    s3: (region) => {
      const known = s3.get(region);
      if (known) return known;
      const client = choosePathStyle(
        new S3Client({
          ...common,
          region,
          // Redirects are followed by `bucket-region.ts`: the SDK does so by changing the shared client's region while
          // other calls are under way.
          followRegionRedirects: false,
          // S3-compatible stores refuse checksums they do not know, and AWS needs them for few operations only.
          requestChecksumCalculation: 'WHEN_REQUIRED',
          responseChecksumValidation: 'WHEN_REQUIRED',
          // A name in the form of a directory bucket would otherwise cost a CreateSession before the call.
          disableS3ExpressSessionAuth: true,
          ...(pathStyle !== undefined && { forcePathStyle: pathStyle }),
        }),
        pathStyle,
      );
      if (!account.iam) addContentMd5(client);
      refuseOtherDocuments(client);
      s3.set(region, client);
      return client;
    },
  };
}

/**
 * Without a configured endpoint the address may still come from `AWS_ENDPOINT_URL` or the shared files, and is known no
 * sooner than the SDK asks its endpoint rules: there the choice is made then.
 */
function choosePathStyle(client: S3Client, known: boolean | undefined): S3Client {
  if (known !== undefined) return client;
  const resolve = client.config.endpointProvider;
  client.config.endpointProvider = (params, context) =>
    resolve(
      params.Endpoint !== undefined && needsPathStyle(params.Endpoint) ? { ...params, ForcePathStyle: true } : params,
      context,
    );
  return client;
}

/** Whether buckets must go into the path: IP addresses, localhost and single-label hosts have no sub-domains for them. */
function needsPathStyle(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const host = new URL(endpoint).hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 || !host.includes('.') || host.endsWith('.localhost');
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
