import { fail } from '../../base/errors';
import { answer, type StepHandle } from '../../engine/plan';
import { type AccessSeen, deletable, lookAtAccess } from '../access/aws/access';
import { accessEnd, readFolders, removeAccess } from '../access/remove-access';
import { deleteBucket as destroy } from '../bucket/aws/make-bucket';
import { alreadyGone, isNothing, notEmpty } from '../bucket/delete';
import { bucketPresence, requirePresent } from '../shared/aws/bucket';
import { orUndefined } from '../shared/context';
import { asWebsite } from '../shared/subject';
import { operation } from '../shared/operation';
import { groupName, policyName, roleOf } from '../shared/role';
import { noWebsite, requireSiteDomain } from '../shared/site-names';
import { whole } from '../shared/subject-rules';
import { OPERATION_TAG, tagValue } from '../shared/tags';
import { removeGreeting } from './aws/site';
import { siteContents } from './aws/site-contents';
import { estranged, otherNames, othersRecords } from './aws/site-records';
import { findOwnWebsite, isWebsite } from './aws/website';
import { claimForCleaner, disableDistribution } from './distribution/aws/change';
import { arnOf, isLive } from './distribution/aws/find';
import { deleteAlias } from './dns/aws/change';
import type { DnsRecord } from './dns/aws/records';
import type { WebsiteDeleted } from './rules/shapes';

/**
 * Takes a website away in the order that leaves no name to strangers and nothing lost: DNS → distribution off, aliases
 * dropped, beside it our greeting pages → the bucket as the point of no return → users, groups, policies. Whatever
 * arrives in between makes the bucket refuse, and all before it is put back. Six calls deep.
 */
export const deleteWebsite = operation({
  ids: { website: 'deleteWebsite' },
  kind: 'delete-website',
  version: 1,
  subject: whole,
  recovery: 'forward-after-pivot',
  title: ({ bucket }) => `Delete website ${bucket}`,
  look: async (context, { bucket: site }, _input, tagging) => {
    const domain = requireSiteDomain(context.session.account, site);
    const [bucket, contents, website, access] = await Promise.all([
      bucketPresence(context, site),
      orUndefined(siteContents(context, site)),
      findOwnWebsite(context, site, domain, context.memory.sites, tagging),
      lookAtAccess(context, asWebsite(site)),
    ]);
    if (bucket === 'present' && !isWebsite(website) && !hasWebAdmin(site, access)) fail(noWebsite(site));
    return {
      bucket,
      empty: contents?.empty ?? true,
      greetings: contents?.greetings ?? [],
      access,
      distribution: website.distribution ?? null,
      // The operation tag on the bucket; null without one.
      maker: tagValue(website.tags ?? [], OPERATION_TAG) ?? null,
      records: website.own,
      left: [
        ...othersRecords(site, website.records, website.own),
        ...(await estranged(context, site, website.distribution, website.tags)),
      ],
    };
  },
  plan: (context, { target: { bucket: site }, seen }, step) => {
    const { distribution, records, access } = seen;
    const { hostedZoneId } = requireSiteDomain(context.session.account, site);
    // A distribution that is off and without aliases is the cleaner's already.
    const live = distribution && isLive(distribution.distribution.DistributionConfig) ? distribution : undefined;
    if (seen.bucket !== 'absent') requirePresent(seen.bucket, site);
    if (seen.bucket === 'absent' && isNothing(access) && live === undefined && records.length === 0) {
      fail(noWebsite(site));
    }
    if (!seen.empty) fail(notEmpty(site));

    const subject = asWebsite(site);
    const change = step(deleteAlias(context, hostedZoneId, site, records));
    const before: StepHandle<unknown>[] = [change];
    if (live !== undefined) {
      before.push(step(disableDistribution(context, site, live, [change])));
      before.push(step(claimForCleaner(context, site, arnOf(live))));
    }
    const folders = readFolders(context, subject, access, step);
    if (folders !== undefined) before.push(folders);
    const pages = seen.greetings.map((page) => step(removeGreeting(context, site, page)));
    const pivot = step({
      ...(seen.bucket === 'present' ? destroy(context, site, seen.maker ?? undefined) : alreadyGone(site)),
      after: [...before, ...pages],
    });
    const removed = removeAccess(context, subject, access, step, pivot, folders);
    return answer({ ...removed, change }, ({ change: info, ...ends }): WebsiteDeleted => {
      const { users, policies, groups, kept, left: others } = accessEnd(access, ends);
      return {
        Website: site,
        Users: users,
        Policies: policies,
        Groups: groups,
        DNSRecord: firstOf(records),
        Distribution: distribution ? { ...distribution.distribution } : undefined,
        DnsChange: info && { ...info },
        kept,
        left: [...others, ...seen.left, ...(live === undefined ? [] : otherNames(site, live))],
      };
    });
  },
});

/**
 * Tells whether a role is there that only websites have: where stores drop the tags of a bucket's birth, it tells a
 * creation that stopped midway.
 */
function hasWebAdmin(site: string, { groups, policies }: AccessSeen): boolean {
  const role = roleOf(site, 'WebAdm');
  const names = [...deletable(groups), ...deletable(policies)].map(({ name }) => name);
  return names.includes(groupName(role)) || names.includes(policyName(role));
}

const firstOf = (records: readonly DnsRecord[]) => {
  const record = records.find(({ Type }) => Type === 'A') ?? records[0];
  return record && { ...record };
};
