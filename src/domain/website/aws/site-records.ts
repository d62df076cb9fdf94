import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { Context } from '../../shared/context';
import type { LeftThing, Tag } from '../../shared/shapes';
import { DISTRIBUTION_DOMAIN_TAG, DISTRIBUTION_TAG, tagValue } from '../../shared/tags';
import {
  allDistributions,
  type DistributionFound,
  getDistribution,
  isDistributionId,
  namesSite,
} from '../distribution/aws/find';
import { leading, pointsAtCloudFront, targetOf } from '../dns/aws/records';

/** Which DNS records of a site's name are the site's, and which only bear its name. */

/** `d111111abcdef8.cloudfront.net`, as CloudFront gives it. */
const CLOUDFRONT_HOST = /^[a-z0-9]+\.cloudfront\.net$/;

/**
 * Finds the host that the site's records point at: its distribution's, or, when that was deleted, the one noted on the
 * bucket. Bucket users may edit the note, so it counts only while CloudFront knows neither the noted distribution nor,
 * in this account, any other of that host; and it reaches no further than records of the site's own name.
 */
export async function siteHost(
  context: Context,
  distribution: DistributionFound | undefined,
  tags: readonly Tag[] = [],
): Promise<string | undefined> {
  if (distribution !== undefined) return distribution.distribution.DomainName?.toLowerCase();
  const id = tagValue(tags, DISTRIBUTION_TAG) ?? '';
  const host = tagValue(tags, DISTRIBUTION_DOMAIN_TAG) ?? '';
  if (!isDistributionId(id) || !CLOUDFRONT_HOST.test(host)) return undefined;
  if ((await getDistribution(context, id)) !== undefined) return undefined;
  for await (const { DomainName } of allDistributions(context))
    if (DomainName?.toLowerCase() === host) return undefined;
  return host;
}

/** Picks those of a name's records that point at `host`, by an alias, a CNAME or an HTTPS record. */
export function recordsTo(
  host: string | undefined,
  records: readonly ResourceRecordSet[],
): readonly ResourceRecordSet[] {
  return host === undefined ? [] : records.filter((record) => targetOf(record) === host);
}

/** Picks the records that keep leading visitors somewhere when `own` are gone. */
export function othersRecords(
  site: string,
  records: readonly ResourceRecordSet[],
  own: readonly ResourceRecordSet[],
): readonly LeftThing[] {
  return leading(records)
    .filter((record) => !own.includes(record))
    .map((record) => ({
      Resource: `record ${String(record.Type)} ${site}`,
      because: pointsAtCloudFront(record)
        ? `it points at ${targetOf(record) ?? 'a distribution'}, and nothing proves that this was the site's distribution: while it stays, whoever runs that distribution answers for ${site}`
        : `it points at ${whereTo(record)}, not at the site's distribution: somebody else made it`,
    }));
}

const whereTo = (record: ResourceRecordSet): string =>
  targetOf(record) ?? (record.ResourceRecords ?? []).map(({ Value }) => Value).join(', ');

/**
 * Finds the distribution that the bucket's tag names and that bears the site's name, but whose origin is another by
 * now: somebody has given it another use. `distribution` is the one that is proven to be the site's.
 */
export async function estranged(
  context: Context,
  site: string,
  distribution: DistributionFound | undefined,
  tags: readonly Tag[] = [],
): Promise<readonly LeftThing[]> {
  const id = tagValue(tags, DISTRIBUTION_TAG) ?? '';
  if (distribution !== undefined || !isDistributionId(id)) return [];
  const noted = await getDistribution(context, id);
  if (!namesSite(noted?.distribution.DistributionConfig, site)) return [];
  const because = `it was made for ${site}, and somebody has given it another origin since: it still answers for ${site}`;
  return [{ Resource: `distribution ${id}`, because }];
}

/** Lists the names that a distribution answers for besides its site's: they are dropped from it with the site. */
export function otherNames(site: string, { id, distribution }: DistributionFound): readonly LeftThing[] {
  const { DomainName = 'it', DistributionConfig: config } = distribution;
  return (config?.Aliases?.Items ?? [])
    .filter((name) => name !== site)
    .map((name) => ({
      Resource: `alias ${name} of distribution ${id}`,
      because: `somebody else added it; the distribution no longer answers for it, and a DNS record of that name may still point at ${DomainName}`,
    }));
}
