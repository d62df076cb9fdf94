import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { DomainConfig } from '../../config/types';
import type { Context } from '../context';
import { orUndefined } from '../context';
import { fail } from '../../errors';
import { noWebsite } from '../site-names';
import type { SiteMemory } from '../site-memory';
import { domainFor } from '../site-names';
import type { SettingName } from '../settings-shapes';
import { DISTRIBUTION_TAG, tagValue, visibleTags } from '../tags';
import type { WebsiteDetails } from '../website-shapes';
import { bucketLogging, bucketTags, listBuckets } from './bucket';
import type { DistributionFound } from './distribution';
import { allDistributions, findDistribution, getDistribution, isLive, isOfSite } from './distribution';
import { recordsOf } from './dns';
import { isHosted } from './hosting';
import { inPool } from './pool';
import { readSettings } from './settings';
import { recordsTo, siteHost } from './site-records';
import { siteContents } from './site-contents';
import type { Tag } from '../shapes';

/** The site's distribution by what is known of it: remembered id, tag on the bucket, then one scan. */
async function siteDistribution(
  context: Context,
  site: string,
  memory: SiteMemory,
  tags: Promise<readonly Tag[] | undefined>,
): Promise<DistributionFound | undefined> {
  const account = context.session.account.name;
  const remembered = memory.get(account, site);
  const known = remembered === undefined ? undefined : await getDistribution(context, remembered);
  const found =
    known !== undefined && isOfSite(context, known.distribution.DistributionConfig, site)
      ? known
      : await findDistribution(context, site, tagValue((await tags) ?? [], DISTRIBUTION_TAG));
  if (found !== undefined) memory.set(account, site, found.id);
  return found;
}

export interface WebsiteFound {
  readonly tags: readonly Tag[] | undefined;
  readonly distribution: DistributionFound | undefined;
  /** All record sets of the site's name. */
  readonly records: readonly ResourceRecordSet[];
  /** Those of them that are the site's. */
  readonly own: readonly ResourceRecordSet[];
  /** Whether the bucket itself is set up as a website. */
  readonly hosted: boolean;
}

/** One whose bucket is there. */
export type Website = WebsiteFound & { readonly tags: readonly Tag[] };

/**
 * What makes up a site besides its contents: two calls deep, and as many calls whatever else the account holds, while the
 * remembered id or the tag on the bucket is right. `tags` is undefined without a bucket.
 */
export async function findWebsite(
  context: Context,
  site: string,
  domain: DomainConfig,
  memory: SiteMemory,
): Promise<WebsiteFound> {
  const tagging = orUndefined(bucketTags(context, site));
  const [tags, distribution, records, hosted] = await Promise.all([
    tagging,
    siteDistribution(context, site, memory, tagging),
    recordsOf(context, domain.hostedZoneId, site),
    isHosted(context, site),
  ]);
  // Without records there is nothing to ask about.
  const host = records.length === 0 ? undefined : await siteHost(context, distribution, tags);
  return { tags, distribution, records, own: recordsTo(host, records), hosted };
}

/**
 * Whether the bucket is there and a website's: set up or noted as one, or behind a distribution of its name. One that
 * awaits the cleaner belongs to a site that is gone: the next bucket of its name has nothing to do with it.
 */
export function isWebsite(found: WebsiteFound): found is Website {
  return found.tags !== undefined && (isMarked(found) || isLive(found.distribution?.distribution.DistributionConfig));
}

const isMarked = ({ tags = [], hosted }: Pick<WebsiteFound, 'tags' | 'hosted'>): boolean =>
  hosted || tagValue(tags, DISTRIBUTION_TAG) !== undefined;

/** Tags, logging, emptiness, DNS record, distribution and the settings to be included. Ends with `not-found`, `denied`. */
export async function showWebsite(
  context: Context,
  site: string,
  domain: DomainConfig,
  memory: SiteMemory,
  include: readonly SettingName[] = [],
): Promise<WebsiteDetails> {
  const [found, Logging, contents, shown] = await Promise.all([
    findWebsite(context, site, domain, memory),
    orUndefined(bucketLogging(context, site)),
    orUndefined(siteContents(context, site)),
    orUndefined(readSettings(context, site, include)),
  ]);
  if (!isWebsite(found)) fail(noWebsite(site));
  const { own } = found;
  return {
    Tags: visibleTags(found.tags, context.org),
    Logging,
    Empty: contents?.empty ?? true,
    DNSRecord: copy(own.find(({ Type }) => Type === 'A') ?? own[0]),
    Distribution: copy(found.distribution?.distribution),
    settings: shown?.settings ?? {},
  };
}

/** Ends with `not-found` unless the bucket is there and serves a website. */
export async function requireWebsite(
  context: Context,
  site: string,
  domain: DomainConfig,
  memory: SiteMemory,
): Promise<Website> {
  const found = await findWebsite(context, site, domain, memory);
  return isWebsite(found) ? found : fail(noWebsite(site));
}

/**
 * Names of the buckets in the account's domains that a distribution of ours serves. Only those whose distribution has been
 * turned off are looked at one by one.
 */
export async function listWebsites(context: Context): Promise<readonly string[]> {
  const { domains } = context.session.account;
  const served = new Set<string>();
  const turnedOff = new Set<string>();
  const [buckets] = await Promise.all([
    listBuckets(context),
    (async () => {
      for await (const summary of allDistributions(context)) {
        for (const name of [summary.Comment ?? '', ...(summary.Aliases?.Items ?? [])]) {
          if (isOfSite(context, summary, name)) (isLive(summary) ? served : turnedOff).add(name);
        }
      }
    })(),
  ]);
  const sites = buckets.filter((bucket) => domainFor(domains, bucket) !== undefined);
  const doubtful = sites.filter((site) => !served.has(site) && turnedOff.has(site));
  const marked = await inPool(doubtful, async (site) => ({ site, isSite: await isMarkedBucket(context, site) }));
  for (const { site, isSite } of marked) if (isSite) served.add(site);
  return sites.filter((site) => served.has(site));
}

async function isMarkedBucket(context: Context, bucket: string): Promise<boolean> {
  const [tags, hosted] = await Promise.all([orUndefined(bucketTags(context, bucket)), isHosted(context, bucket)]);
  return isMarked({ tags, hosted });
}

function copy(shape: object | undefined): Readonly<Record<string, unknown>> | undefined {
  return shape && { ...shape };
}
