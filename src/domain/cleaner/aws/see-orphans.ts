import { userResources } from '../../access/aws/user-resources';
import { findGroup, groupPolicies } from '../../access/aws/role';
import { groupVerdict, isPolicyOfHolder, policyFound, policyVerdict } from '../../access/aws/role-verdict';
import { judgeUser, NO_THINGS, type UserSeen } from '../../access/aws/see-user';
import type { GroupToRemove, PolicyToRemove } from '../../access/rules/roles-to-remove';
import type { Context } from '../../shared/context';
import { asWebsite, type Subject, isOwnPolicy } from '../../shared/subject';
import type { KeptUser, LeftThing } from '../../shared/shapes';
import { sitesInName } from '../../shared/site-names';

/** Orphans as they are just before they are removed: the list that they were named from may be old. */

export interface Orphaned {
  /** Why it is still there afterwards; undefined when it goes. */
  readonly spared?: KeptUser | LeftThing;
}

/**
 * Lists whose an orphan may have been: a website has every role that a bucket has; the predecessor kept those of a
 * site's folders, too, under `/`.
 */
const holdersOf = ({ session }: Context, bucket: string): readonly Subject[] =>
  [bucket, ...sitesInName(bucket, session.account.domains)].map(asWebsite);

/** Gives undefined when one of the subjects has no objection, else the objection of the first. */
async function objection(
  context: Context,
  bucket: string,
  judge: (subject: Subject) => Promise<string | undefined>,
): Promise<string | undefined> {
  const verdicts = await Promise.all(holdersOf(context, bucket).map(judge));
  return verdicts.includes(undefined) ? undefined : verdicts[0];
}

export type OrphanedGroup = Orphaned & { readonly group?: GroupToRemove };

/** Looks at an orphaned group; it is spared when it gives its members more than its bucket did. */
export async function seeOrphanedGroup(context: Context, group: string, bucket: string): Promise<OrphanedGroup> {
  const [found, policies] = await Promise.all([findGroup(context, group), groupPolicies(context, group)]);
  const because = await objection(context, bucket, async (subject) =>
    groupVerdict(
      context,
      subject,
      { name: group, ...policies },
      await strangePolicies(context, subject, policies.attached),
    ),
  );
  if (because !== undefined) return { spared: { Resource: `group ${group}`, because } };
  const members = (found?.members ?? []).flatMap(({ UserName }) => UserName ?? []);
  const attached = policies.attached.map(({ Arn }) => Arn);
  return { group: { name: group, members, attached, inline: policies.inline } };
}

/** ARNs of those policies by the subject's names that are not the subject's. */
async function strangePolicies(
  context: Context,
  subject: Subject,
  attached: readonly { readonly Arn: string; readonly PolicyName: string }[],
): Promise<readonly string[]> {
  const named = attached.filter(({ Arn }) => isOwnPolicy(subject, context.session, Arn));
  const judged = await Promise.all(
    named.map(async ({ Arn: arn, PolicyName: name }) => {
      const found = await policyFound(context, arn);
      return found === undefined || (await isPolicyOfHolder(context, subject, { name, arn, ...found })) ? [] : [arn];
    }),
  );
  return judged.flat();
}

export type OrphanedPolicy = Orphaned & { readonly policy?: PolicyToRemove };

/** Looks at an orphaned policy; it is spared when it is not surely its bucket's. */
export async function seeOrphanedPolicy(
  context: Context,
  name: string,
  arn: string,
  bucket: string,
): Promise<OrphanedPolicy> {
  const found = await policyFound(context, arn);
  if (found === undefined) return {};
  const subjects = { groups: [name.replace(/Plc$/, 'Grp')], users: [bucket] };
  const because = await objection(
    context,
    bucket,
    async (subject) => (await policyVerdict(context, subject, { name, arn }, found, subjects)).stays ?? undefined,
  );
  if (because !== undefined) return { spared: { Resource: `policy ${name}`, because } };
  return { policy: { name, arn, use: { ...found.use } } };
}

export type OrphanedUser = Orphaned & { readonly user?: UserSeen };

/** Looks at an orphaned user; one that is somebody else's as well is spared, and only leaves the groups of its bucket. */
export async function seeOrphanedUser(context: Context, user: string, bucket: string): Promise<OrphanedUser> {
  const subject = asWebsite(bucket);
  const all = await userResources(context, user);
  if (all === undefined) return {};
  const ownPolicies = all.attached.flatMap(({ Arn }) => (isOwnPolicy(subject, context.session, Arn) ? [Arn] : []));
  const seen = await judgeUser(context, { subject, user, ownPolicies }, all, 'along');
  const { because } = seen;
  if (because === null) return { user: seen };
  return { spared: { UserName: user, because }, user: { ...seen, takes: NO_THINGS } };
}
