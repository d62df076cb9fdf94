import type { StepSpec } from '../../../engine/plan';
import { oncePolicy } from '../../../engine/retry';
import type { Context } from '../../shared/context';
import type { Subject } from '../../shared/subject';
import { inPool } from '../../shared/pool';
import type { LeftThing } from '../../shared/shapes';
import type { GroupToRemove, PolicyToRemove } from '../rules/roles-to-remove';
import { type AccessSeen, deletable, leftOf } from './access';
import { findGroup, groupPolicies } from './role';
import { groupVerdict, policyFound, policyVerdict } from './role-verdict';
import { seeUser, type UserSeen } from './see-user';

/**
 * Roles of a site's folders and their users. The look knows the roles by name alone; who is in them is read beside the
 * first steps, so it costs no time.
 */

/** What hangs on the roles of a site's folders; as JSON. */
export type FoldersSeen = {
  /** Those that are deleted. */
  readonly groups: readonly GroupToRemove[];
  /** Those that are deleted. */
  readonly policies: readonly PolicyToRemove[];
  /** Names of groups that are not deleted. */
  readonly staying: readonly string[];
  /** Groups and policies that are not deleted. */
  readonly left: readonly LeftThing[];
  /** Members that the look has not seen in other groups of the site. */
  readonly users: readonly UserSeen[];
};

/** Lists the ARNs of all policies that are the subject's; those of folders by their names alone. */
export const ownPoliciesOf = ({ policies, folders }: AccessSeen): readonly string[] =>
  [...policies.filter(({ own }) => own), ...folders.policies].map(({ arn }) => arn);

/** Lists the names of groups by the subject's names that are not deleted; folders' are known later. */
export const stayingOf = ({ groups }: AccessSeen): readonly string[] =>
  groups.filter(({ stays }) => stays !== null).map(({ name }) => name);

/**
 * Reads what hangs on the roles of a site's folders. Two calls deep, more only where texts of policies decide. Reads
 * only, so it may run beside what comes before the pivot.
 */
export function seeFolders(
  context: Context,
  subject: Subject,
  seen: AccessSeen,
): StepSpec<Record<never, never>, FoldersSeen> {
  const { folders } = seen;
  const seeGroup = async (name: string) => {
    const [found, policies] = await Promise.all([findGroup(context, name), groupPolicies(context, name)]);
    return { name, members: (found?.members ?? []).flatMap(({ UserName }) => UserName ?? []), ...policies };
  };
  return {
    title: `See who belongs to the folders of ${subject.bucket}`,
    // Every read in it is retried by itself.
    retry: oncePolicy,
    run: async () => {
      const [members, uses] = await Promise.all([
        inPool(folders.groups, seeGroup),
        inPool(folders.policies, async (policy) => ({ ...policy, found: await policyFound(context, policy.arn) })),
      ]);
      const names = new Set(members.flatMap((group) => group.members));
      const subjects = {
        groups: [...folders.groups, ...seen.groups.map(({ name }) => name)],
        users: [...seen.users, ...names],
      };
      const policies = await inPool(
        uses.flatMap(({ found, ...policy }) => (found === undefined ? [] : [{ ...policy, found }])),
        async (policy) => ({ ...policy, ...(await policyVerdict(context, subject, policy, policy.found, subjects)) }),
      );
      const strange = policies.filter(({ own }) => !own).map(({ arn }) => arn);
      const groups = await inPool(members, async (group) => ({
        ...group,
        stays: (await groupVerdict(context, subject, group, strange)) ?? null,
      }));
      const staying = groups.filter(({ stays }) => stays !== null).map(({ name }) => name);
      const ownPolicies = ownPoliciesOf(seen).filter((arn) => !strange.includes(arn));
      const users = await inPool([...names].filter((name) => !seen.users.includes(name)).sort(), (user) =>
        seeUser(context, { subject, user, ownPolicies, staying: [...stayingOf(seen), ...staying] }, 'along'),
      );
      return {
        groups: deletable(groups).map((group) => ({
          name: group.name,
          members: group.members,
          attached: group.attached.map(({ Arn }) => Arn),
          inline: group.inline,
        })),
        policies: deletable(policies).map(({ name, arn, found }) => ({ name, arn, use: { ...found.use } })),
        staying,
        left: [...leftOf('group', groups), ...leftOf('policy', policies)],
        users: users.filter((user) => user !== null),
      };
    },
  };
}
