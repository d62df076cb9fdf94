import {
  type Distribution,
  type DistributionConfig,
  GetDistributionCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-cloudfront';
import { GetBucketTaggingCommand, GetBucketWebsiteCommand } from '@aws-sdk/client-s3';
import type { DomainConfig } from '../../../src/config/types';
import { websiteEndpoint } from '../../../src/domain/shared/site-names';
import { awsError, type MockedAws } from './mocked-aws';

/** A website in the domain example.org, as the mocked clients of a test know it. */

export const SITE = 'docs.example.org';
export const DISTRIBUTION_ARN = 'arn:aws:cloudfront::123456789012:distribution/E1';

const siteDomain = (changes: Partial<DomainConfig> = {}): DomainConfig => ({
  certArn: undefined,
  hostedZoneId: 'Z1',
  origin: 'public',
  geoRestriction: [],
  priceClass: undefined,
  minimumTls: undefined,
  ...changes,
});

export const siteDomains = (changes: Partial<DomainConfig> = {}): ReadonlyMap<string, DomainConfig> =>
  new Map([['example.org', siteDomain(changes)]]);

/** The site's distribution, but for what is given; `undefined` leaves a member out. */
export function siteDistribution(
  changes: Partial<Distribution> = {},
  config: Partial<DistributionConfig> = {},
): Distribution {
  const DistributionConfig = {
    CallerReference: 'op-0',
    Comment: SITE,
    Enabled: true,
    Aliases: { Quantity: 1, Items: [SITE] },
    Origins: { Quantity: 1, Items: [{ Id: 'site', DomainName: websiteEndpoint(SITE, 'us-east-1', 'aws') }] },
    ...config,
  } as DistributionConfig;
  return {
    Id: 'E1',
    ARN: DISTRIBUTION_ARN,
    DomainName: 'd1.cloudfront.net',
    Status: 'Deployed',
    DistributionConfig,
    ...changes,
  } as Distribution;
}

/** A bucket set up as a website, and its distribution where there is one: its id is in the tags of the bucket. */
export function holdsSite({ s3, cloudfront }: MockedAws, distribution?: Distribution): void {
  s3.on(GetBucketWebsiteCommand, { Bucket: SITE }).resolves({ IndexDocument: { Suffix: 'index.html' } });
  const noted = distribution === undefined ? [] : [{ Key: 'mallard:distribution', Value: 'E1' }];
  s3.on(GetBucketTaggingCommand, { Bucket: SITE }).resolves({
    TagSet: [{ Key: 'spinup:org', Value: 'acme' }, ...noted],
  });
  if (distribution === undefined) return;
  cloudfront.on(GetDistributionCommand, { Id: 'E1' }).resolves({ ETag: 'v1', Distribution: distribution });
  cloudfront.on(ListTagsForResourceCommand).resolves({ Tags: { Items: [{ Key: 'spinup:org', Value: 'acme' }] } });
}

/** There is no such site: neither bucket nor anything else of it. */
export function holdsNoSite({ s3 }: MockedAws): void {
  s3.on(GetBucketWebsiteCommand).rejects(awsError('NoSuchBucket', 404));
  s3.on(GetBucketTaggingCommand).rejects(awsError('NoSuchBucket', 404));
}
