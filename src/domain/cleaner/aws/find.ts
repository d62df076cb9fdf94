import { ListGroupsCommand, ListPoliciesCommand, ListUserTagsCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { ListResourceRecordSetsCommand, type ResourceRecordSet } from '@aws-sdk/client-route-53';
import { type Context, orUndefined, reading } from '../../shared/context';
import { bucketNameProblem } from '../../shared/names';
import { RETIRED_TAG } from '../../website/distribution/aws/change';
import { domainOf, sitesInName } from '../../shared/site-names';
import { BUCKET_TAG, ORG_TAG, tagValue } from '../../shared/tags';
import type { CleanerDistribution, CleanerOrphan } from '../../website/rules/shapes';
import { namesInUse } from '../../shared/aws/bucket';
import { ON_PLAN, ON_PLAN_TAG } from './delete-distribution';
import { allDistributions, distributionTags, isOfSite } from '../../website/distribution/aws/find';
import { inZone, pointsAtCloudFront, targetOf } from '../../website/dns/aws/records';
import { allPages } from '../../shared/aws/iam-pages';
import { sdkTags } from '../../shared/aws/iam-shapes';

/** Calls on single users or distributions that are under way at once. */
const AT_ONCE = 8;

/**
 * Finds the distributions that are the cleaner's: ours by the org tag, turned off, and either marked as retired or
 * without their bucket. `buckets` are the names of all there are.
 */
export async function cleanableDistributions(
  context: Context,
  buckets: ReadonlySet<string>,
): Promise<readonly CleanerDistribution[]> {
  const off: { readonly id: string; readonly arn: string; readonly site: string; readonly deployed: boolean }[] = [];
  for await (const summary of allDistributions(context)) {
    if (summary.Enabled === true) continue;
    const { Id = '', ARN = '', Comment = '', Status } = summary;
    off.push({ id: Id, arn: ARN, site: Comment, deployed: Status === 'Deployed' });
  }
  const judged = await inBatches(off, async ({ id, arn, site, deployed }): Promise<CleanerDistribution | undefined> => {
    const tags = await distributionTags(context, arn);
    if (tagValue(tags, ORG_TAG) !== context.org) return undefined;
    const retired = tagValue(tags, RETIRED_TAG) !== undefined;
    if (!retired && (buckets.has(site) || bucketNameProblem(site) !== undefined)) return undefined;
    const reason = retired ? 'retired' : 'bucket-gone';
    if (!deployed) return { id, site, state: 'deploying', reason };
    if (tagValue(tags, ON_PLAN_TAG) === undefined) return { id, site, state: 'deletable', reason };
    return { id, site, state: 'waiting', reason, because: ON_PLAN };
  });
  return judged.filter((one) => one !== undefined);
}

/** Names of groups and policies of ours end like this; the rest is the bucket's name and perhaps a scope. */
const OURS = /^(.+)-(?:BktAdm|BktRW|BktRO|WebAdm)(?:Grp|Plc)$/;

/**
 * Finds groups, policies, users and records of ours whose bucket is gone. Nothing is deleted for being in this list.
 */
export async function orphans(context: Context, buckets: ReadonlySet<string>): Promise<readonly CleanerOrphan[]> {
  const [groups, policies, users, records] = await Promise.all([
    allPages(
      (marker) => reading(context, () => context.session.iam(new ListGroupsCommand({ MaxItems: 1000, ...marker }))),
      (page) => page.Groups,
    ),
    allPages(
      (marker) =>
        reading(context, () =>
          context.session.iam(new ListPoliciesCommand({ Scope: 'Local', MaxItems: 1000, ...marker })),
        ),
      (page) => page.Policies,
    ),
    orphanedUsers(context, buckets),
    orphanedRecords(context, buckets),
  ]);
  const named = (type: 'group' | 'policy', name = '', path = '/', created?: Date): readonly CleanerOrphan[] => {
    // A scoped role lies under /<site>/<scope>/.
    const bucket = path === '/' ? OURS.exec(name)?.[1] : path.split('/')[1];
    if (bucket === undefined || !name.startsWith(`${bucket}-`) || !OURS.test(name)) return [];
    if (bucketNameProblem(bucket) !== undefined || buckets.has(bucket)) return [];
    // The predecessor's roles of a site's folders lie under /, as <site>-<scope>.
    if (path === '/' && sitesInName(bucket, context.session.account.domains).some((site) => buckets.has(site)))
      return [];
    return [{ type, name, bucket, ageSeconds: ageOf(context, created) }];
  };
  return [
    ...groups.flatMap(({ GroupName, Path, CreateDate }) => named('group', GroupName, Path, CreateDate)),
    ...policies.flatMap(({ PolicyName, Path, CreateDate }) => named('policy', PolicyName, Path, CreateDate)),
    ...users,
    ...records,
  ];
}

/** Finds users that carry the tag of a bucket that is gone. */
async function orphanedUsers(context: Context, buckets: ReadonlySet<string>): Promise<readonly CleanerOrphan[]> {
  const { iam } = context.session;
  const users = await allPages(
    (marker) => reading(context, () => iam(new ListUsersCommand({ MaxItems: 1000, ...marker }))),
    (page) => page.Users,
  );
  const judged = await inBatches(users, async ({ UserName = '', CreateDate }): Promise<CleanerOrphan | undefined> => {
    const answer = await orUndefined(reading(context, () => iam(new ListUserTagsCommand({ UserName }))));
    const tags = sdkTags(answer?.Tags);
    const bucket = tagValue(tags, BUCKET_TAG);
    if (bucket === undefined || tagValue(tags, ORG_TAG) !== context.org || buckets.has(bucket)) return undefined;
    return { type: 'user', name: UserName, bucket, ageSeconds: ageOf(context, CreateDate) };
  });
  return judged.filter((one) => one !== undefined);
}

/** Finds names of the account's domains whose records point at CloudFront and which have no bucket. */
async function orphanedRecords(context: Context, buckets: ReadonlySet<string>): Promise<readonly CleanerOrphan[]> {
  const domains = [...context.session.account.domains];
  const perDomain = await Promise.all(
    domains.map(async ([domain, { hostedZoneId }]) => {
      const records = await inZone(domain, () => allRecords(context, hostedZoneId));
      return records.flatMap((record) => {
        const site = (record.Name ?? '').replace(/\.$/, '');
        // What no site of the domain can be named, somebody else has made.
        const mayBeSite = domainOf(site) === domain && bucketNameProblem(site) === undefined;
        return pointsAtCloudFront(record) && mayBeSite && !buckets.has(site)
          ? [{ site, target: targetOf(record) }]
          : [];
      });
    }),
  );
  const found = perDomain.flat();
  const others = found.length === 0 ? NOBODY : await distributionsOfOthers(context, found);
  const sites = new Map(found.filter(({ site }) => !others.has(site)).map(({ site, target }) => [site, target]));
  return [...sites].map(([site, target]) => ({
    type: 'record',
    name: site,
    bucket: site,
    ageSeconds: undefined,
    target,
  }));
}

const NOBODY: ReadonlySet<string> = new Set();

/**
 * Finds names that point at a distribution of this account which was never their site's: an application of somebody
 * else's. The comment is the site's name where this service made it, whatever was done to it since.
 */
async function distributionsOfOthers(
  context: Context,
  names: readonly { readonly site: string; readonly target: string | undefined }[],
): Promise<ReadonlySet<string>> {
  const others = new Set<string>();
  for await (const summary of allDistributions(context)) {
    const host = summary.DomainName?.toLowerCase();
    for (const { site, target } of names)
      if (target === host && !isOfSite(context, summary, site) && summary.Comment !== site) others.add(site);
  }
  return others;
}

async function allRecords(context: Context, zone: string): Promise<readonly ResourceRecordSet[]> {
  const found: ResourceRecordSet[] = [];
  let start: { StartRecordName?: string; StartRecordType?: 'A'; StartRecordIdentifier?: string } | undefined = {};
  while (start !== undefined) {
    const from: object = start;
    const page = await reading(context, () =>
      context.session.route53(new ListResourceRecordSetsCommand({ HostedZoneId: zone, MaxItems: 300, ...from })),
    );
    found.push(...(page.ResourceRecordSets ?? []));
    start =
      page.IsTruncated === true && page.NextRecordName !== undefined
        ? {
            StartRecordName: page.NextRecordName,
            ...(page.NextRecordType !== undefined && { StartRecordType: page.NextRecordType as 'A' }),
            ...(page.NextRecordIdentifier !== undefined && { StartRecordIdentifier: page.NextRecordIdentifier }),
          }
        : undefined;
  }
  return found;
}

function ageOf({ clock }: Context, created: Date | undefined): number | undefined {
  return created && Math.max(0, Math.floor((clock.now() - created.getTime()) / 1_000));
}

async function inBatches<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (let n = 0; n < items.length; n += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(n, n + AT_ONCE).map(work))));
  }
  return results;
}

/** Lists the names of all buckets, as a set: nothing that is called after one of them is an orphan. */
export async function bucketNames(context: Context): Promise<ReadonlySet<string>> {
  return new Set(await namesInUse(context));
}
