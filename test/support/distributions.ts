import type { Distribution, DistributionConfig, DistributionSummary } from '@aws-sdk/client-cloudfront';
import { distributionConfig } from '../../src/domain/website/distribution/rules/config';
import { HOME } from './config';

/** A website's distribution as CloudFront tells of it. */

export const SITE = 'www.example.org';
export const DISTRIBUTION_ARN = 'arn:aws:cloudfront::123456789012:distribution/E1';

export const siteConfig = (changes: Partial<DistributionConfig> = {}): DistributionConfig => ({
  ...distributionConfig({
    site: SITE,
    home: HOME,
    callerReference: 'op-1',
    certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/c',
    indexDocument: 'index.html',
    forwardsQuery: false,
    geoRestriction: [],
    priceClass: undefined,
    minimumTls: undefined,
    privateOrigin: undefined,
  }),
  ...changes,
});

export const siteDistribution = (changes: Partial<Distribution> = {}): Distribution => ({
  Id: 'E1',
  ARN: DISTRIBUTION_ARN,
  Status: 'Deployed',
  LastModifiedTime: new Date(0),
  InProgressInvalidationBatches: 0,
  DomainName: 'd1.cloudfront.net',
  DistributionConfig: siteConfig(),
  ...changes,
});

/** The same as listings show it. */
export function siteSummary(changes: Partial<DistributionSummary> = {}): DistributionSummary {
  const { Aliases, Comment, Enabled, Origins } = siteConfig();
  // Listings have many more members, and no reader of them here.
  return {
    Id: 'E1',
    ARN: DISTRIBUTION_ARN,
    Status: 'Deployed',
    Aliases,
    Comment,
    Enabled,
    Origins,
    ...changes,
  } as DistributionSummary;
}

/** A page of ListDistributions, the only one. */
export const listed = (...Items: DistributionSummary[]) => ({
  DistributionList: { Marker: '', MaxItems: 100, IsTruncated: false, Quantity: Items.length, Items },
});
