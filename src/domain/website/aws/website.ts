import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { DomainConfig } from '../../../config/types';
import { type Context, orUndefined } from '../../shared/context';
import { fail } from '../../../base/errors';
import { refuseOtherOrg } from '../../shared/org';
import { domainFor, noWebsite, urlOf } from '../../shared/site-names';
import type { SiteMemory } from '../../shared/site-memory';
import type { SettingName } from '../../shared/settings-shapes';
import { DISTRIBUTION_TAG, tagValue, visibleTags } from '../../shared/tags';
import type { WebsiteDetails } from '../rules/shapes';
import { bucketTags, listBuckets, type Tagging } from '../../shared/aws/bucket';
import { bucketLogging } from '../../bucket/aws/details';
import {
  allDistributions,
  arnOf,
  distributionArn,
  type DistributionFound,
  distributionTags,
  findDistribution,
  getDistribution,
  isDistributionId,
  isLive,
  isOfSite,
} from '../distribution/aws/find';
import { recordsOf } from '../dns/aws/records';
import { isHosted } from '../../shared/aws/hosting';
import { inPool } from '../../shared/pool';
import { showSettings } from '../../bucket/settings/aws/read';
import { settingsOf } from '../../bucket/settings/aws/table';
import { recordsTo, siteHost } from './site-records';
import { siteContents } from './site-contents';
import type { Tag } from '../../shared/shapes';

/** Finds the site's distribution by what is known of it: remembered id, tag on the bucket, then one scan. */
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

/** What a write finds, of which nothing is another org's. */
export interface OwnWebsiteFound extends WebsiteFound {
  /** Empty without a distribution. */
  readonly distributionTags: readonly Tag[];
}

/** One whose bucket is there. */
export type Website = WebsiteFound & { readonly tags: readonly Tag[] };

/**
 * Finds what makes up a site besides its contents: two calls deep, and as many calls whatever else the account holds,
 * while the remembered id or the tag on the bucket is right. `tags` is undefined without a bucket. `tagging`: they are
 * being read already.
 */
export async function findWebsite(
  context: Context,
  site: string,
  domain: DomainConfig,
  memory: SiteMemory,
  tagging: Tagging = bucketTags(context, site),
): Promise<WebsiteFound> {
  const ofBucket = orUndefined(tagging);
  const [tags, distribution, records, hosted] = await Promise.all([
    ofBucket,
    siteDistribution(context, site, memory, ofBucket),
    recordsOf(context, domain.hostedZoneId, site),
    isHosted(context, site),
  ]);
  // Without records there is nothing to ask about.
  const host = records.length === 0 ? undefined : await siteHost(context, distribution, tags);
  return { tags, distribution, records, own: recordsTo(host, records), hosted };
}

/**
 * Finds what is there of a website, for a write on it. That costs one call more than `findWebsite`, beside the look at
 * the distribution while the remembered id or the tag on the bucket is right.
 * @throws {conflict} when the distribution is another org's
 */
export async function findOwnWebsite(
  context: Context,
  site: string,
  domain: DomainConfig,
  memory: SiteMemory,
  tagging: Tagging = bucketTags(context, site),
): Promise<OwnWebsiteFound> {
  const [found, noted] = await Promise.all([
    findWebsite(context, site, domain, memory, tagging),
    notedTags(context, site, memory, tagging),
  ]);
  const { distribution } = found;
  if (distribution === undefined) return { ...found, distributionTags: [] };
  const tags = noted?.id === distribution.id ? noted.tags : await distributionTags(context, arnOf(distribution));
  refuseOtherOrg(`distribution ${distribution.id} of website ${site}`, tags, context.org);
  return { ...found, distributionTags: tags };
}

/** Reads the tags of the distribution that is likely to be the site's; undefined when nothing tells which. */
async function notedTags(
  context: Context,
  site: string,
  memory: SiteMemory,
  tagging: Tagging,
): Promise<{ readonly id: string; readonly tags: readonly Tag[] } | undefined> {
  const id =
    memory.get(context.session.account.name, site) ?? tagValue((await orUndefined(tagging)) ?? [], DISTRIBUTION_TAG);
  if (id === undefined || !isDistributionId(id)) return undefined;
  return { id, tags: await distributionTags(context, distributionArn(context, id)) };
}

/**
 * Tells whether the bucket is there and a website's: set up or noted as one, or behind a distribution of its name. A
 * distribution that awaits the cleaner belongs to a site that is gone: the next bucket of its name has nothing to do
 * with it.
 */
export function isWebsite<F extends WebsiteFound>(found: F): found is F & Website {
  return found.tags !== undefined && (isMarked(found) || isLive(found.distribution?.distribution.DistributionConfig));
}

const isMarked = ({ tags = [], hosted }: Pick<WebsiteFound, 'tags' | 'hosted'>): boolean =>
  hosted || tagValue(tags, DISTRIBUTION_TAG) !== undefined;

/**
 * Shows a website: tags, logging, emptiness, DNS record, distribution and the settings to be included.
 * @throws {not-found} when there is no such website
 * @throws {denied} when AWS does not let it be read
 */
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
    orUndefined(showSettings(context, site, settingsOf(include))),
  ]);
  if (!isWebsite(found)) fail(noWebsite(site));
  const { own } = found;
  return {
    URL: urlOf(site),
    Tags: visibleTags(found.tags),
    Logging,
    Empty: contents?.empty ?? true,
    DNSRecord: copy(own.find(({ Type }) => Type === 'A') ?? own[0]),
    Distribution: copy(found.distribution?.distribution),
    settings: shown?.shown ?? {},
  };
}

/**
 * Finds a website: a bucket that is there and serves one.
 * @throws {not-found} when there is none
 */
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
 * Finds a website, for a write on it.
 * @throws {not-found} when there is none
 * @throws {conflict} when the distribution is another org's
 */
export async function requireOwnWebsite(
  context: Context,
  site: string,
  domain: DomainConfig,
  memory: SiteMemory,
  tagging?: Tagging,
): Promise<Website & OwnWebsiteFound> {
  const found = await findOwnWebsite(context, site, domain, memory, tagging);
  return isWebsite(found) ? found : fail(noWebsite(site));
}

/**
 * Lists the names of the buckets in the account's domains that a distribution of ours serves. Only those whose
 * distribution has been turned off are looked at one by one.
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
