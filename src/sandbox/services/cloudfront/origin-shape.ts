import { bool, integer, many, oneOf, optional, required, type ShapeType, struct, text } from '../../protocol/xml-shape';
import { counted } from './counted';

/** Origins and groups of them. Source: CloudFront API reference, Origin and OriginGroup. */

const customOriginShape = struct({
  HTTPPort: required(integer),
  HTTPSPort: required(integer),
  OriginProtocolPolicy: required(oneOf('http-only', 'match-viewer', 'https-only')),
  OriginSslProtocols: optional(counted('SslProtocol', oneOf('SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2'))),
  OriginReadTimeout: optional(integer),
  OriginKeepaliveTimeout: optional(integer),
  IpAddressType: optional(oneOf('ipv4', 'ipv6', 'dualstack')),
  OriginMtlsConfig: optional(struct({ ClientCertificateArn: required(text) })),
});

export const originShape = struct({
  Id: required(text),
  DomainName: required(text),
  OriginPath: optional(text),
  CustomHeaders: optional(
    counted('OriginCustomHeader', struct({ HeaderName: required(text), HeaderValue: required(text) })),
  ),
  S3OriginConfig: optional(struct({ OriginAccessIdentity: optional(text), OriginReadTimeout: optional(integer) })),
  CustomOriginConfig: optional(customOriginShape),
  VpcOriginConfig: optional(
    struct({
      VpcOriginId: required(text),
      OwnerAccountId: optional(text),
      OriginReadTimeout: optional(integer),
      OriginKeepaliveTimeout: optional(integer),
    }),
  ),
  ConnectionAttempts: optional(integer),
  ConnectionTimeout: optional(integer),
  ResponseCompletionTimeout: optional(integer),
  OriginShield: optional(struct({ Enabled: required(bool), OriginShieldRegion: optional(text) })),
  OriginAccessControlId: optional(text),
});

export type Origin = ShapeType<typeof originShape>;

export const originGroupShape = struct({
  Id: required(text),
  FailoverCriteria: required(
    struct({
      StatusCodes: required(
        struct({ Quantity: required(integer), Items: required(struct({ StatusCode: many(integer) })) }),
      ),
    }),
  ),
  Members: required(counted('OriginGroupMember', struct({ OriginId: required(text) }))),
  SelectionCriteria: optional(oneOf('default', 'media-quality-based')),
});
