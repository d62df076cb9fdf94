import type { XmlObject } from '../../protocol/xml';
import { isoTime } from './call';
import { type Distribution, aliasesOf, distributionArn } from './state';

/** Distributions as answers show them. */

function statusOf(distribution: Distribution, now: number): 'InProgress' | 'Deployed' {
  return now < distribution.deployedAt ? 'InProgress' : 'Deployed';
}

const NOBODY: XmlObject = { Enabled: false, Quantity: 0 };

function recordals(distribution: Distribution): XmlObject | undefined {
  const aliases = aliasesOf(distribution.config);
  if (aliases.length === 0) return undefined;
  return { AliasICPRecordal: aliases.map((alias) => ({ CNAME: alias, ICPRecordalStatus: 'APPROVED' })) };
}

export function distributionView(distribution: Distribution, now: number): XmlObject {
  return {
    Id: distribution.id,
    ARN: distributionArn(distribution, distribution.id),
    Status: statusOf(distribution, now),
    LastModifiedTime: isoTime(distribution.modifiedAt),
    InProgressInvalidationBatches: distribution.invalidations.filter(({ completedAt }) => now < completedAt).length,
    DomainName: distribution.domainName,
    ActiveTrustedSigners: NOBODY,
    ActiveTrustedKeyGroups: NOBODY,
    DistributionConfig: distribution.config,
    AliasICPRecordals: recordals(distribution),
  };
}

export function distributionSummary(distribution: Distribution, now: number): XmlObject {
  const { config } = distribution;
  return {
    Id: distribution.id,
    ARN: distributionArn(distribution, distribution.id),
    ETag: distribution.etag,
    Status: statusOf(distribution, now),
    LastModifiedTime: isoTime(distribution.modifiedAt),
    DomainName: distribution.domainName,
    Aliases: config.Aliases,
    Origins: config.Origins,
    OriginGroups: config.OriginGroups,
    DefaultCacheBehavior: config.DefaultCacheBehavior,
    CacheBehaviors: config.CacheBehaviors,
    CustomErrorResponses: config.CustomErrorResponses,
    Comment: config.Comment,
    PriceClass: config.PriceClass,
    Enabled: config.Enabled,
    ViewerCertificate: config.ViewerCertificate,
    Restrictions: config.Restrictions,
    WebACLId: config.WebACLId,
    HttpVersion: config.HttpVersion,
    IsIPV6Enabled: config.IsIPV6Enabled,
    AliasICPRecordals: recordals(distribution),
    Staging: config.Staging,
  };
}
