import type { Behavior } from './behavior-shape';
import type { DistributionConfig } from './config-shape';
import { countedList, itemsOf } from './counted';
import type { Origin } from './origin-shape';

/** What CloudFront puts where a request says nothing. Source: CloudFront API reference, DistributionConfig and its parts. */

const NOBODY = { Enabled: false, Quantity: 0, Items: undefined };
const READS = { Quantity: 2, Items: { Method: ['HEAD', 'GET'] } } as const;

function withBehaviorDefaults<B extends Behavior>(behavior: B): B {
  const legacy = behavior.ForwardedValues;
  return {
    ...behavior,
    TrustedSigners: behavior.TrustedSigners ?? NOBODY,
    TrustedKeyGroups: behavior.TrustedKeyGroups ?? NOBODY,
    AllowedMethods: {
      ...(behavior.AllowedMethods ?? READS),
      CachedMethods: behavior.AllowedMethods?.CachedMethods ?? READS,
    },
    SmoothStreaming: behavior.SmoothStreaming ?? false,
    Compress: behavior.Compress ?? false,
    LambdaFunctionAssociations: behavior.LambdaFunctionAssociations ?? countedList('LambdaFunctionAssociation', []),
    FunctionAssociations: behavior.FunctionAssociations ?? countedList('FunctionAssociation', []),
    FieldLevelEncryptionId: behavior.FieldLevelEncryptionId ?? '',
    GrpcConfig: behavior.GrpcConfig ?? { Enabled: false },
    ...(legacy === undefined
      ? {}
      : {
          ForwardedValues: {
            ...legacy,
            Headers: legacy.Headers ?? countedList('Name', []),
            QueryStringCacheKeys: legacy.QueryStringCacheKeys ?? countedList('Name', []),
          },
          DefaultTTL: behavior.DefaultTTL ?? Math.max(86_400, behavior.MinTTL ?? 0),
          MaxTTL: behavior.MaxTTL ?? Math.max(31_536_000, behavior.DefaultTTL ?? 0, behavior.MinTTL ?? 0),
        }),
  };
}

function withOriginDefaults(origin: Origin): Origin {
  const custom = origin.CustomOriginConfig;
  return {
    ...origin,
    OriginPath: origin.OriginPath ?? '',
    CustomHeaders: origin.CustomHeaders ?? countedList('OriginCustomHeader', []),
    S3OriginConfig:
      origin.S3OriginConfig === undefined
        ? undefined
        : { ...origin.S3OriginConfig, OriginAccessIdentity: origin.S3OriginConfig.OriginAccessIdentity ?? '' },
    CustomOriginConfig:
      custom === undefined
        ? undefined
        : {
            ...custom,
            OriginSslProtocols: custom.OriginSslProtocols ?? countedList('SslProtocol', ['SSLv3', 'TLSv1']),
            OriginReadTimeout: custom.OriginReadTimeout ?? 30,
            OriginKeepaliveTimeout: custom.OriginKeepaliveTimeout ?? 5,
          },
    ConnectionAttempts: origin.ConnectionAttempts ?? 3,
    ConnectionTimeout: origin.ConnectionTimeout ?? 10,
    OriginShield: origin.OriginShield ?? { Enabled: false, OriginShieldRegion: undefined },
    OriginAccessControlId: origin.OriginAccessControlId ?? '',
  };
}

/** `Certificate` and `CertificateSource` are the old spelling of the same choice and always shown beside it. */
function viewerCertificate(given: DistributionConfig['ViewerCertificate']): DistributionConfig['ViewerCertificate'] {
  const base = {
    SSLSupportMethod: given?.SSLSupportMethod,
    MinimumProtocolVersion: given?.MinimumProtocolVersion ?? 'TLSv1',
    CloudFrontDefaultCertificate: false,
    IAMCertificateId: undefined,
    ACMCertificateArn: undefined,
  };
  const acm = given?.ACMCertificateArn ?? (given?.CertificateSource === 'acm' ? given.Certificate : undefined);
  const iam = given?.IAMCertificateId ?? (given?.CertificateSource === 'iam' ? given.Certificate : undefined);
  if (acm !== undefined && acm !== '')
    return { ...base, ACMCertificateArn: acm, Certificate: acm, CertificateSource: 'acm' };
  if (iam !== undefined && iam !== '')
    return { ...base, IAMCertificateId: iam, Certificate: iam, CertificateSource: 'iam' };
  return {
    ...base,
    SSLSupportMethod: 'vip',
    MinimumProtocolVersion: 'TLSv1',
    CloudFrontDefaultCertificate: true,
    Certificate: undefined,
    CertificateSource: 'cloudfront',
  };
}

export function withDefaults(config: DistributionConfig): DistributionConfig {
  return {
    ...config,
    Aliases: config.Aliases ?? countedList('CNAME', []),
    DefaultRootObject: config.DefaultRootObject ?? '',
    Origins: countedList('Origin', itemsOf('Origin', config.Origins).map(withOriginDefaults)),
    OriginGroups: config.OriginGroups ?? countedList('OriginGroup', []),
    DefaultCacheBehavior: withBehaviorDefaults(config.DefaultCacheBehavior),
    CacheBehaviors: countedList(
      'CacheBehavior',
      itemsOf('CacheBehavior', config.CacheBehaviors).map(withBehaviorDefaults),
    ),
    CustomErrorResponses: config.CustomErrorResponses ?? countedList('CustomErrorResponse', []),
    Logging: {
      Enabled: config.Logging?.Enabled ?? false,
      IncludeCookies: config.Logging?.IncludeCookies ?? false,
      Bucket: config.Logging?.Bucket ?? '',
      Prefix: config.Logging?.Prefix ?? '',
    },
    PriceClass: config.PriceClass ?? 'PriceClass_All',
    ViewerCertificate: viewerCertificate(config.ViewerCertificate),
    Restrictions: config.Restrictions ?? { GeoRestriction: { RestrictionType: 'none', Quantity: 0, Items: undefined } },
    WebACLId: config.WebACLId ?? '',
    HttpVersion: config.HttpVersion ?? 'http2',
    IsIPV6Enabled: config.IsIPV6Enabled ?? true,
    ContinuousDeploymentPolicyId: config.ContinuousDeploymentPolicyId ?? '',
    Staging: config.Staging ?? false,
  };
}
