import {
  bool,
  integer,
  many,
  oneOf,
  optional,
  required,
  type Shape,
  type ShapeType,
  struct,
  text,
} from '../../protocol/xml-shape';
import { behaviorShape, defaultBehaviorShape } from './behavior-shape';
import { counted } from './counted';
import { originGroupShape, originShape } from './origin-shape';

/** DistributionConfig with every member of the API. Source: CloudFront API reference, DistributionConfig. */

/** Source: the service's model of November 2026, MinimumProtocolVersion. */
const PROTOCOLS = [
  'SSLv3',
  'TLSv1',
  'TLSv1_2016',
  'TLSv1.1_2016',
  'TLSv1.2_2018',
  'TLSv1.2_2019',
  'TLSv1.2_2021',
  'TLSv1.2_2025',
  'TLSv1.3_2025',
] as const;

const viewerCertificateShape = struct({
  CloudFrontDefaultCertificate: optional(bool),
  IAMCertificateId: optional(text),
  ACMCertificateArn: optional(text),
  SSLSupportMethod: optional(oneOf('sni-only', 'vip', 'static-ip')),
  MinimumProtocolVersion: optional(oneOf(...PROTOCOLS)),
  Certificate: optional(text),
  CertificateSource: optional(oneOf('cloudfront', 'iam', 'acm')),
});

const tenantShape = struct({
  ParameterDefinitions: optional(
    struct({
      member: many(
        struct({
          Name: required(text),
          Definition: required(
            struct({
              StringSchema: optional(
                struct({ Comment: optional(text), DefaultValue: optional(text), Required: required(bool) }),
              ),
            }),
          ),
        }),
      ),
    }),
  ),
});

const mtlsShape = struct({
  Mode: optional(oneOf('required', 'optional')),
  TrustStoreConfig: optional(
    struct({
      TrustStoreId: required(text),
      AdvertiseTrustStoreCaNames: optional(bool),
      IgnoreCertificateExpiry: optional(bool),
    }),
  ),
});

export const distributionConfigShape = struct({
  CallerReference: required(text),
  Aliases: optional(counted('CNAME', text)),
  DefaultRootObject: optional(text),
  Origins: required(counted('Origin', originShape)),
  OriginGroups: optional(counted('OriginGroup', originGroupShape)),
  DefaultCacheBehavior: required(defaultBehaviorShape),
  CacheBehaviors: optional(counted('CacheBehavior', behaviorShape)),
  CustomErrorResponses: optional(
    counted(
      'CustomErrorResponse',
      struct({
        ErrorCode: required(integer),
        ResponsePagePath: optional(text),
        ResponseCode: optional(text),
        ErrorCachingMinTTL: optional(integer),
      }),
    ),
  ),
  Comment: required(text),
  Logging: optional(
    struct({ Enabled: optional(bool), IncludeCookies: optional(bool), Bucket: optional(text), Prefix: optional(text) }),
  ),
  PriceClass: optional(oneOf('PriceClass_100', 'PriceClass_200', 'PriceClass_All', 'None')),
  Enabled: required(bool),
  ViewerCertificate: optional(viewerCertificateShape),
  Restrictions: optional(
    struct({
      GeoRestriction: required(
        struct({
          RestrictionType: required(oneOf('blacklist', 'whitelist', 'none')),
          Quantity: required(integer),
          Items: optional(struct({ Location: many(text) })),
        }),
      ),
    }),
  ),
  WebACLId: optional(text),
  HttpVersion: optional(oneOf('http1.1', 'http2', 'http3', 'http2and3')),
  IsIPV6Enabled: optional(bool),
  ContinuousDeploymentPolicyId: optional(text),
  Staging: optional(bool),
  AnycastIpListId: optional(text),
  TenantConfig: optional(tenantShape),
  ConnectionMode: optional(oneOf('direct', 'tenant-only')),
  ViewerMtlsConfig: optional(mtlsShape),
  ConnectionFunctionAssociation: optional(struct({ Id: required(text) })),
  CacheTagConfig: optional(struct({ HeaderName: required(text) })),
});

export type DistributionConfig = ShapeType<typeof distributionConfigShape>;

export const tagsShape = struct({
  Items: optional(struct({ Tag: many(struct({ Key: required(text), Value: optional(text) })) })),
});

export const configWithTagsShape: Shape<{
  readonly DistributionConfig: DistributionConfig;
  readonly Tags: ShapeType<typeof tagsShape>;
}> = struct({ DistributionConfig: required(distributionConfigShape), Tags: required(tagsShape) });
