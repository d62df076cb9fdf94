import type { AwsDocument } from '../../domain/website/rules/shapes';
import { timeView } from './views';

/**
 * The members of an AWS document that an answer always has: `null` where AWS has no value. `null` in a table stands for
 * any value, one element for all elements of a list.
 */
export type Shown = null | readonly [Shown] | ShownMembers;
export interface ShownMembers {
  readonly [member: string]: Shown;
}

const LIST: Shown = { Items: null, Quantity: null };

export const DISTRIBUTION: ShownMembers = {
  ARN: null,
  DistributionConfig: {
    Aliases: LIST,
    CallerReference: null,
    Comment: null,
    DefaultCacheBehavior: {
      TargetOriginId: null,
      TrustedSigners: { Enabled: null, Items: null, Quantity: null },
      ViewerProtocolPolicy: null,
    },
    DefaultRootObject: null,
    Enabled: null,
    HttpVersion: null,
    IsIPV6Enabled: null,
    Logging: { Bucket: null, Enabled: null, IncludeCookies: null, Prefix: null },
    Origins: {
      Items: [
        {
          CustomOriginConfig: {
            HTTPPort: null,
            HTTPSPort: null,
            OriginKeepaliveTimeout: null,
            OriginProtocolPolicy: null,
            OriginReadTimeout: null,
            OriginSslProtocols: LIST,
          },
          DomainName: null,
          Id: null,
          OriginPath: null,
          S3OriginConfig: null,
        },
      ],
      Quantity: null,
    },
    PriceClass: null,
    Restrictions: { GeoRestriction: { Items: null, Quantity: null, RestrictionType: null } },
    ViewerCertificate: {
      ACMCertificateArn: null,
      Certificate: null,
      CertificateSource: null,
      CloudFrontDefaultCertificate: null,
      IAMCertificateId: null,
      MinimumProtocolVersion: null,
      SSLSupportMethod: null,
    },
  },
  DomainName: null,
  Id: null,
  InProgressInvalidationBatches: null,
  LastModifiedTime: null,
  Status: null,
};

export const RECORD_SET: ShownMembers = {
  AliasTarget: { DNSName: null, EvaluateTargetHealth: null, HostedZoneId: null },
  Failover: null,
  GeoLocation: null,
  HealthCheckId: null,
  MultiValueAnswer: null,
  Name: null,
  Region: null,
  ResourceRecords: null,
  SetIdentifier: null,
  TTL: null,
  TrafficPolicyInstanceId: null,
  Type: null,
  Weight: null,
};

export const DNS_CHANGE: ShownMembers = { Comment: null, Id: null, Status: null, SubmittedAt: null };

export const INVALIDATION: ShownMembers = {
  CreateTime: null,
  Id: null,
  InvalidationBatch: { CallerReference: null, Paths: LIST },
  Status: null,
};

/** An AWS document with all the table's members and whatever else AWS gave; times as ISO-8601. */
export function documentView(document: AwsDocument | undefined, shown: ShownMembers): unknown {
  return viewOf(document, shown);
}

function viewOf(value: unknown, shown: Shown): unknown {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return timeView(value);
  if (Array.isArray(value)) return value.map((element) => viewOf(element, isList(shown) ? shown[0] : null));
  if (typeof value !== 'object') return value;
  const always = shown === null || isList(shown) ? {} : shown;
  const given = Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
  const members = [...new Set([...Object.keys(always), ...Object.keys(given)])].sort();
  return Object.fromEntries(members.map((member) => [member, viewOf(given[member], always[member] ?? null)]));
}

const isList = (shown: Shown): shown is readonly [Shown] => Array.isArray(shown);
