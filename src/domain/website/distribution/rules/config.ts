import { bucketInS3 } from '../../../../base/bucket-names';
import { dnsSuffixOf } from '../../../../base/partitions';
import type { BucketHome } from '../../../shared/names';
import { CACHE_TAG_HEADER } from '../../../shared/cache-tags';
import { websiteEndpoint } from '../../../shared/site-names';

/** The configuration of a site's distribution, in CloudFront's own words. */

export interface DistributionInput {
  readonly site: string;
  readonly home: BucketHome;
  /** Unique for ever: any repeat is DistributionAlreadyExists. */
  readonly callerReference: string;
  readonly certificateArn: string;
  readonly indexDocument: string;
  /** Whether the origin makes something of query strings: a redirect of all requests keeps them. */
  readonly forwardsQuery: boolean;
  readonly geoRestriction: readonly string[];
  readonly priceClass: string | undefined;
  /** undefined: TLSv1.2_2021. */
  readonly minimumTls: 'TLSv1.2_2021' | 'TLSv1.2_2025' | 'TLSv1.3_2025' | undefined;
  /** undefined: the public website endpoint. */
  readonly privateOrigin: PrivateOrigin | undefined;
}

/** What a private origin is reached through. */
export interface PrivateOrigin {
  readonly originAccessControlId: string;
  /** ARN of the function that finds index documents of folders. */
  readonly functionArn: string;
}

/**
 * Gives the name of a site's origin server: what a distribution must point at to be this site's. CloudFront asks for its pages
 * by this name, so the bucket need not be called like the site.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#request-custom-headers-behavior
 */
export function originDomain(site: string, { account, partition }: BucketHome, origin: 'public' | 'private'): string {
  const { region } = account;
  const bucket = bucketInS3(account, site);
  if (origin === 'public') return websiteEndpoint(bucket, region, partition);
  return `${bucket}.s3.${region}.${dnsSuffixOf(partition)}`;
}

const list = <T>(items: readonly T[]) => ({ Quantity: items.length, Items: [...items] });

/**
 * By these S3 knows a request of another site's page; without them the bucket's CORS rules have no effect at the site's
 * address. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/header-caching.html#header-caching-web-cors
 */
const CROSS_ORIGIN = ['Origin', 'Access-Control-Request-Headers', 'Access-Control-Request-Method'];

/** What tells which headers a distribution sends on; the SDK's shape fits, and what a journal keeps of it. */
interface Forwarding {
  readonly DefaultCacheBehavior?:
    | {
        readonly CachePolicyId?: string | undefined;
        readonly OriginRequestPolicyId?: string | undefined;
        readonly ForwardedValues?:
          { readonly Headers?: { readonly Items?: readonly string[] | undefined } | undefined } | undefined;
      }
    | undefined;
}

/** Tells whether S3 learns of which page a request is made. Somebody's own policies are taken to see to it. */
export function forwardsOrigin({ DefaultCacheBehavior: behavior }: Forwarding): boolean {
  const { CachePolicyId: cache = '', OriginRequestPolicyId: request = '', ForwardedValues: legacy } = behavior ?? {};
  const headers = legacy?.Headers?.Items ?? [];
  return cache !== '' || request !== '' || headers.some((name) => name === '*' || name.toLowerCase() === 'origin');
}

/** Seconds. */
const DEFAULT_TTL = 3_600;
const MAX_TTL = 86_400;

/** Makes a fresh, mutable `DistributionConfig`: the SDK's types ask for mutable arrays. */
export function distributionConfig(input: DistributionInput) {
  const { site, home, privateOrigin } = input;
  const origin = privateOrigin === undefined ? 'public' : 'private';
  return {
    CallerReference: input.callerReference,
    Comment: site,
    Enabled: true,
    Aliases: list([site]),
    DefaultRootObject: input.indexDocument,
    HttpVersion: 'http2and3' as const,
    IsIPV6Enabled: true,
    PriceClass: (input.priceClass ?? 'PriceClass_100') as 'PriceClass_100',
    Origins: list([
      {
        Id: site,
        DomainName: originDomain(site, home, origin),
        OriginPath: '',
        CustomHeaders: { Quantity: 0 },
        ...(privateOrigin === undefined
          ? {
              CustomOriginConfig: {
                HTTPPort: 80,
                HTTPSPort: 443,
                // Website endpoints speak nothing else.
                OriginProtocolPolicy: 'http-only' as const,
                OriginSslProtocols: list(['TLSv1.2' as const]),
                OriginReadTimeout: 30,
                OriginKeepaliveTimeout: 5,
              },
            }
          : {
              S3OriginConfig: { OriginAccessIdentity: '' },
              OriginAccessControlId: privateOrigin.originAccessControlId,
            }),
      },
    ]),
    DefaultCacheBehavior: {
      TargetOriginId: site,
      ViewerProtocolPolicy: 'redirect-to-https' as const,
      AllowedMethods: {
        ...list(['GET' as const, 'HEAD' as const, 'OPTIONS' as const]),
        CachedMethods: list(['GET' as const, 'HEAD' as const]),
      },
      Compress: true,
      SmoothStreaming: false,
      FieldLevelEncryptionId: '',
      // DefaultTTL is taken only with ForwardedValues or a cache policy of one's own.
      ForwardedValues: {
        QueryString: input.forwardsQuery,
        Cookies: { Forward: 'none' as const },
        Headers: list(CROSS_ORIGIN),
        QueryStringCacheKeys: { Quantity: 0 },
      },
      MinTTL: 0,
      DefaultTTL: DEFAULT_TTL,
      MaxTTL: MAX_TTL,
      TrustedSigners: { Enabled: false, Quantity: 0 },
      LambdaFunctionAssociations: { Quantity: 0 },
      ...(privateOrigin !== undefined && {
        FunctionAssociations: list([{ EventType: 'viewer-request' as const, FunctionARN: privateOrigin.functionArn }]),
      }),
    },
    CacheBehaviors: { Quantity: 0 },
    // Single-page applications find their way from the start page. Only what is not there: 403 is what visitors of other
    // countries get, and CloudFront would show them the page in its place.
    CustomErrorResponses:
      privateOrigin === undefined
        ? { Quantity: 0 }
        : list([
            {
              ErrorCode: 404,
              ResponseCode: '200',
              ResponsePagePath: `/${input.indexDocument}`,
              ErrorCachingMinTTL: 10,
            },
          ]),
    Logging: { Enabled: false, IncludeCookies: false, Bucket: '', Prefix: '' },
    Restrictions: {
      GeoRestriction:
        input.geoRestriction.length === 0
          ? { RestrictionType: 'none' as const, Quantity: 0 }
          : { RestrictionType: 'whitelist' as const, ...list(input.geoRestriction) },
    },
    ViewerCertificate: {
      ACMCertificateArn: input.certificateArn,
      SSLSupportMethod: 'sni-only' as const,
      MinimumProtocolVersion: input.minimumTls ?? ('TLSv1.2_2021' as const),
    },
    WebACLId: '',
    CacheTagConfig: { HeaderName: CACHE_TAG_HEADER },
  };
}
