import { type Context, orUndefined } from '../shared/context';
import { answer, definePlan, type StepHandle } from '../../engine/plan';
import type { DomainConfig } from '../../config/types';
import { fail } from '../../base/errors';
import { asWebsite } from '../shared/holder';
import { claimOnBucket, claimOnSettings, claimsInBucket } from '../shared/names';
import { type AccessSeen, deletable, lookAtAccess } from '../access/aws/access';
import { type BucketPresence, bucketPresence, requirePresent } from '../shared/aws/bucket';
import { arnOf, type DistributionFound, isLive } from './distribution/aws/find';
import type { DnsRecord } from './dns/aws/records';
import { type GreetingSeen, siteContents } from './aws/site-contents';
import { estranged, otherNames, othersRecords } from './aws/site-records';
import { findOwnWebsite, isWebsite } from './aws/website';
import { groupName, policyName, roleOf } from '../shared/role';
import type { SiteMemory } from '../shared/site-memory';
import { noWebsite } from '../shared/site-names';
import { claimForCleaner, disableDistribution } from './distribution/aws/change';
import { deleteAlias } from './dns/aws/change';
import { deleteBucket as destroy } from '../bucket/aws/make-bucket';
import { removeGreeting } from './aws/site';
import { OPERATION_TAG, tagValue } from '../shared/tags';
import type { WebsiteDeleted } from './rules/shapes';
import { asDocument } from './create';
import { alreadyGone, isNothing, notEmpty } from '../bucket/delete';
import type { HolderRecipe } from '../access/only-ours';
import { accessEnd, readFolders, removeAccess } from '../access/remove-access';

type Seen = {
  readonly bucket: BucketPresence;
  readonly empty: boolean;
  readonly greetings: readonly GreetingSeen[];
  readonly access: AccessSeen;
  /** JSON of what was there, for the journal; the plan works with the live objects beside it. */
  readonly distributionId: string | null;
  /** The operation tag on the bucket; null without one. */
  readonly maker: string | null;
  readonly records: readonly string[];
  readonly left: readonly { readonly Resource: string; readonly because: string }[];
};

/** What the look found, in AWS's shapes: a plan needs them exactly as they were. */
interface Found {
  readonly distribution: DistributionFound | undefined;
  readonly records: readonly DnsRecord[];
}

/**
 * Takes a website away in the order that leaves no name to strangers and nothing lost: DNS → distribution off, aliases
 * dropped, beside it our greeting pages → the bucket as the point of no return → users, groups, policies. Whatever
 * arrives in between makes the bucket refuse, and all before it is put back. Six calls deep.
 */
export function deleteWebsite(
  context: Context,
  site: string,
  domain: DomainConfig,
  memory: SiteMemory,
): HolderRecipe<Seen, WebsiteDeleted> {
  const { account } = context.session;
  const holder = asWebsite(site);
  const kind = 'delete-website';
  const title = `Delete website ${site}`;
  let found: Found = { distribution: undefined, records: [] };

  /** A role that only websites have: where stores drop the tags of a bucket's birth, it tells a creation that ended in its middle. */
  const hasWebAdmin = ({ groups, policies }: AccessSeen): boolean => {
    const role = roleOf(site, 'WebAdm');
    const names = [...deletable(groups), ...deletable(policies)].map(({ name }) => name);
    return names.includes(groupName(role)) || names.includes(policyName(role));
  };

  return {
    kind,
    title,
    claims: [claimOnBucket(account.name, site), claimOnSettings(account.name, site)],
    yieldsTo: [claimsInBucket(account.name, site)],
    recovery: 'forward-after-pivot',
    look: async (tagging) => {
      const [presence, contents, website, access] = await Promise.all([
        bucketPresence(context, site),
        orUndefined(siteContents(context, site)),
        findOwnWebsite(context, site, domain, memory, tagging),
        lookAtAccess(context, holder),
      ]);
      if (presence === 'present' && !isWebsite(website) && !hasWebAdmin(access)) fail(noWebsite(site));
      found = { distribution: website.distribution, records: website.own };
      const left = [
        ...othersRecords(site, website.records, website.own),
        ...(await estranged(context, site, website.distribution, website.tags)),
      ];
      return {
        bucket: presence,
        empty: contents?.empty ?? true,
        greetings: contents?.greetings ?? [],
        access,
        distributionId: website.distribution?.id ?? null,
        maker: tagValue(website.tags ?? [], OPERATION_TAG) ?? null,
        records: found.records.map(({ Type }) => String(Type)),
        left: left.map((one) => ({ ...one })),
      };
    },
    plan: (seen) => {
      const { distribution, records } = found;
      // A distribution that is off and without aliases is the cleaner's already.
      const live = isLive(distribution?.distribution.DistributionConfig) ? distribution : undefined;
      const nothingLeft = isNothing(seen.access) && live === undefined && records.length === 0;
      if (seen.bucket === 'foreign') requirePresent(seen.bucket, site);
      if (seen.bucket === 'absent' && nothingLeft) fail(noWebsite(site));
      if (!seen.empty) fail(notEmpty(site));

      const left = [...seen.left, ...(live === undefined ? [] : otherNames(site, live))];

      return definePlan(kind, title, (step) => {
        const change = step(deleteAlias(context, domain.hostedZoneId, site, records));
        const before: StepHandle<unknown>[] = [change];
        if (live !== undefined) {
          before.push(step(disableDistribution(context, site, live, [change])));
          before.push(step(claimForCleaner(context, site, arnOf(live))));
        }
        const folders = readFolders(context, holder, seen.access, step);
        if (folders !== undefined) before.push(folders);
        const pages = seen.greetings.map((page) => step(removeGreeting(context, site, page)));
        const pivot = step({
          ...(seen.bucket === 'present' ? destroy(context, site, seen.maker ?? undefined) : alreadyGone(site)),
          after: [...before, ...pages],
        });
        const removed = removeAccess(context, holder, seen.access, step, pivot, folders);
        return answer({ ...removed, change }, ({ change: info, ...ends }): WebsiteDeleted => {
          const { users, policies, groups, kept, left: others } = accessEnd(seen.access, ends);
          return {
            Website: site,
            Users: users,
            Policies: policies,
            Groups: groups,
            DNSRecord: firstOf(records),
            Distribution: distribution && asDocument(distribution.distribution),
            DnsChange: info && asDocument(info),
            kept,
            left: [...others, ...left],
          };
        });
      });
    },
  };
}

const firstOf = (records: readonly DnsRecord[]) => {
  const record = records.find(({ Type }) => Type === 'A') ?? records[0];
  return record && asDocument(record);
};
