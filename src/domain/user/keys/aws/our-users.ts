import { GetAccountAuthorizationDetailsCommand, type GroupDetail, type UserDetail } from '@aws-sdk/client-iam';
import { type Context, reading } from '../../../shared/context';
import { asBucket, asWebsite, type Subject, isOwnGroup } from '../../../shared/subject';
import { domainFor } from '../../../shared/site-names';
import { BUCKET_TAG, ORG_TAG, tagValue } from '../../../shared/tags';
import { listBuckets } from '../../../shared/aws/bucket';
import { allPages } from '../../../shared/aws/iam-pages';
import { sdkTags } from '../../../shared/aws/iam-shapes';
import { inPool } from '../../../shared/pool';
import { tellGroups } from '../../../access/aws/group-ownership';
import { isLegacyUser } from '../../../access/aws/user';

/** A user of the service, with the bucket or website it belongs to. */
export interface OurUser {
  readonly name: string;
  readonly bucket: string;
}

/** Groups of ours end like this; under `/` the rest is the bucket's name. */
const OURS = /^(.+)-(?:BktAdm|BktRW|BktRO|WebAdm)Grp$/;

/**
 * Lists all users of the service in an account, by name: members of the groups of a bucket that is there, users named
 * like their bucket that the predecessor made, and users that carry our org tag and the tag of the bucket they were
 * made for. Users of another org's and of the service's own stores are none of them.
 *
 * GetAccountAuthorizationDetails gives tags, memberships and attached policies of a thousand users and groups a call;
 * any other way takes a call for each user or group.
 */
export async function ourUsers(context: Context, isOwnStore: (bucket: string) => boolean): Promise<readonly OurUser[]> {
  const [{ users, groups }, names] = await Promise.all([accountDetails(context), listBuckets(context)]);
  const buckets = new Set(names.filter((name) => !isOwnStore(name)));
  const bucketByGroup = await bucketsOfGroups(context, groups, buckets);
  const judged = await inPool(users, async (user): Promise<OurUser | undefined> => {
    const { UserName: name = '', GroupList = [] } = user;
    const tags = sdkTags(user.Tags);
    const org = tagValue(tags, ORG_TAG);
    if (name === '' || (org !== undefined && org !== context.org)) return undefined;
    const made = org === undefined ? undefined : tagValue(tags, BUCKET_TAG);
    const memberOf = GroupList.flatMap((group) => bucketByGroup.get(group) ?? []).sort();
    const bucket = made !== undefined && memberOf.includes(made) ? made : (memberOf[0] ?? made);
    if (bucket !== undefined) return isOwnStore(bucket) ? undefined : { name, bucket };
    const mayBeLegacy = buckets.has(name) && (user.AttachedManagedPolicies ?? []).length > 0;
    return mayBeLegacy && (await isLegacyUser(context, name)) ? { name, bucket: name } : undefined;
  });
  return judged.filter((user) => user !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface AccountDetails {
  readonly users: readonly UserDetail[];
  readonly groups: readonly GroupDetail[];
}

async function accountDetails(context: Context): Promise<AccountDetails> {
  const pages = await allPages(
    (marker) =>
      reading(context, () =>
        context.session.iam(
          new GetAccountAuthorizationDetailsCommand({ Filter: ['User', 'Group'], MaxItems: 1000, ...marker }),
        ),
      ),
    (page) => [page],
  );
  return {
    users: pages.flatMap(({ UserDetailList = [] }) => UserDetailList),
    groups: pages.flatMap(({ GroupDetailList = [] }) => GroupDetailList),
  };
}

/** Gives the bucket of every group that is ours; groups of buckets that are gone prove nothing any more. */
async function bucketsOfGroups(
  context: Context,
  groups: readonly GroupDetail[],
  buckets: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const { domains } = context.session.account;
  const subjectOf = (bucket: string): Subject =>
    domainFor(domains, bucket) === undefined ? asBucket(bucket) : asWebsite(bucket);
  const known = await inPool(groups, async (group) => {
    const { GroupName = '', Path = '/' } = group;
    const stem = OURS.exec(GroupName)?.[1];
    if (stem === undefined) return [];
    const candidates = Path === '/' ? beginnings(stem).filter((name) => buckets.has(name)) : [Path.split('/')[1] ?? ''];
    for (const bucket of candidates.filter((name) => buckets.has(name))) {
      if (isOwnGroup(await tellGroups(context, subjectOf(bucket), [group]), group))
        return [[GroupName, bucket] as const];
    }
    return [];
  });
  return new Map(known.flat());
}

/** `a-b-c` → `a-b-c`, `a-b`, `a`: the predecessor kept the groups of a site's folders under `/`, too. */
function beginnings(stem: string): readonly string[] {
  const parts = stem.split('-');
  return parts.map((_, n) => parts.slice(0, parts.length - n).join('-'));
}
