import type { Context } from '../../shared/context';
import type { Needs, StepHandle, StepSpec } from '../../../engine/plan';
import { isTransient, oncePolicy } from '../../../engine/retry';
import { type DomainError, DomainFailure, toDomainError } from '../../../base/errors';
import { type Holder, ownGroups } from '../../shared/holder';
import { type AccessSeen, deletable, leftOf } from './access';
import { inPool } from '../../shared/pool';
import { findGroup, groupPolicies, type PolicyUse } from './role';
import { groupVerdict, policyFound, policyVerdict } from './role-verdict';
import type { PolicyNamed } from './scoped';
import type { KeptUser, LeftThing } from '../../shared/shapes';
import {
  deleteGroup,
  deletePolicy,
  emptyGroup,
  free,
  freePolicy,
  type GroupPolicies,
  takePoliciesOff,
} from './remove-role';
import { type BucketUser, deleteReleased, release, seeUser, type UserFound } from './remove-user';

/**
 * Roles of a site's folders and their users. The look knows the roles by name alone; who is in them is read beside the
 * first steps, so it costs no time, but there can be no step for each user: a plan is made before.
 */

/** What hangs on the roles of a site's folders. */
export interface FoldersFound {
  /** Those that are deleted. */
  readonly groups: ReadonlyMap<string, GroupPolicies>;
  /** Those that are deleted, by ARN. */
  readonly policies: ReadonlyMap<string, PolicyUse>;
  /** Names of groups that are not deleted. */
  readonly staying: readonly string[];
  /** Groups and policies that are not deleted. */
  readonly left: readonly LeftThing[];
  /** Members that the look has not seen in other groups of the site. */
  readonly users: readonly FolderUser[];
}

interface FolderUser {
  readonly user: BucketUser;
  readonly found: UserFound;
}

/** A user that was let go, or why it was not. */
interface FolderUserEnd extends FolderUser {
  readonly error?: DomainError;
}

/** ARNs of all the policies that are the holder's; those of folders by their names alone. */
export const ownPoliciesOf = ({ policies, folders }: AccessSeen): readonly string[] =>
  [...policies.filter(({ own }) => own), ...folders.policies].map(({ arn }) => arn);

/** Names of groups by the holder's names that are not deleted; folders' are known later. */
export const stayingOf = ({ groups }: AccessSeen): readonly string[] =>
  groups.filter(({ stays }) => stays !== null).map(({ name }) => name);

/** Reads it all, two calls deep, more only where texts of policies decide. Reads only, so it may run beside what comes before the pivot. */
export function seeFolders(
  context: Context,
  holder: Holder,
  seen: AccessSeen,
): StepSpec<Record<never, never>, FoldersFound> {
  const { folders } = seen;
  const seeGroup = async (name: string) => {
    const [found, policies] = await Promise.all([findGroup(context, name), groupPolicies(context, name)]);
    return { name, members: (found?.members ?? []).flatMap(({ UserName }) => UserName ?? []), ...policies };
  };
  return {
    title: `See who belongs to the folders of ${holder.bucket}`,
    // Every read in it is retried by itself.
    retry: oncePolicy,
    run: async () => {
      const [members, uses] = await Promise.all([
        inPool(folders.groups, seeGroup),
        inPool(folders.policies, async (policy) => ({ ...policy, found: await policyFound(context, policy.arn) })),
      ]);
      const names = new Set(members.flatMap((group) => group.members));
      const holders = {
        groups: [...folders.groups, ...seen.groups.map(({ name }) => name)],
        users: [...seen.users, ...names],
      };
      const policies = await inPool(
        uses.flatMap(({ found, ...policy }) => (found === undefined ? [] : [{ ...policy, found }])),
        async (policy) => ({ ...policy, ...(await policyVerdict(context, holder, policy, policy.found, holders)) }),
      );
      const strange = policies.filter(({ own }) => !own).map(({ arn }) => arn);
      const groups = await inPool(members, async (group) => ({
        ...group,
        stays: (await groupVerdict(context, holder, group, strange)) ?? null,
      }));
      const staying = groups.filter(({ stays }) => stays !== null).map(({ name }) => name);
      const ownPolicies = ownPoliciesOf(seen).filter((arn) => !strange.includes(arn));
      const users = await inPool(
        [...names].filter((name) => !seen.users.includes(name)),
        async (name) => {
          const user: BucketUser = { holder, user: name, ownPolicies, staying: [...stayingOf(seen), ...staying] };
          const found = await seeUser(context, user);
          return found && { user, found };
        },
      );
      return {
        groups: new Map(
          deletable(groups).map(({ name, attached, inline }) => [
            name,
            { attached: attached.map(({ Arn }) => Arn), inline },
          ]),
        ),
        policies: new Map(deletable(policies).map(({ arn, found }) => [arn, found.use])),
        staying,
        left: [...leftOf('group', groups), ...leftOf('policy', policies)],
        users: users.filter((user) => user !== undefined),
      };
    },
  };
}

interface NeedsFound extends Needs {
  readonly found: StepHandle<FoldersFound>;
}

interface NeedsEnds extends Needs {
  readonly released: StepHandle<readonly FolderUserEnd[]>;
}

/**
 * Lets the users of folders go. One that cannot be let go holds up no other: it is reported by `deleteFolderUsers`,
 * which deletes the rest. Where AWS is busy the step fails, when all others have left, so that it is taken up again.
 */
export function releaseFolderUsers(
  context: Context,
  site: string,
  found: StepHandle<FoldersFound>,
  after: readonly StepHandle<unknown>[],
): StepSpec<NeedsFound, readonly FolderUserEnd[]> {
  return {
    title: `Release the users of the folders of ${site}`,
    needs: { found },
    after,
    // Every call in it is retried by itself.
    retry: oncePolicy,
    run: async ({ found: { users } }) => {
      const ends = await inPool(users, async (one): Promise<FolderUserEnd> => {
        try {
          await release(context, one.user, one.found);
          return one;
        } catch (thrown) {
          return { ...one, error: toDomainError(thrown) };
        }
      });
      failWith(ends.flatMap(({ user, error }) => (error && isTransient(error) ? [{ user: user.user, error }] : [])));
      return ends;
    },
  };
}

/** Users of folders by how they ended. */
export interface FolderUsersEnd {
  /** Their names. */
  readonly deleted: readonly string[];
  readonly kept: readonly KeptUser[];
}

/** Deletes those that were let go and are not kept; fails naming those that remain. */
export function deleteFolderUsers(
  context: Context,
  site: string,
  released: StepHandle<readonly FolderUserEnd[]>,
): StepSpec<NeedsEnds, FolderUsersEnd> {
  return {
    title: `Delete the users of the folders of ${site} unless they are used elsewhere`,
    needs: { released },
    retry: oncePolicy,
    run: async ({ released: ends }) => {
      const deleted: string[] = [];
      const kept: KeptUser[] = [];
      const failures = await inPool(ends, async ({ user, found, error }): Promise<readonly Failure[]> => {
        if (error !== undefined) return [{ user: user.user, error }];
        try {
          const end = await deleteReleased(context, user, found);
          if ('kept' in end) kept.push(end.kept);
          else deleted.push(end.deleted);
          return [];
        } catch (thrown) {
          return [{ user: user.user, error: toDomainError(thrown) }];
        }
      });
      failWith(failures.flat());
      return { deleted: deleted.sort(), kept: kept.sort((a, b) => (a.UserName < b.UserName ? -1 : 1)) };
    },
  };
}

interface Failure {
  readonly user: string;
  readonly error: DomainError;
}

/** Ends with the first error, in whose words all the users are named. */
function failWith([first, ...others]: readonly Failure[]): void {
  if (first === undefined) return;
  const users = [first, ...others].map(({ user }) => user).join(', ');
  throw new DomainFailure({ ...first.error, detail: `${first.error.detail} Still there: ${users}.` });
}

/** Takes the policies off a folder's group, unless it stays. */
export function emptyFolderGroup(
  context: Context,
  group: string,
  found: StepHandle<FoldersFound>,
  after: readonly StepHandle<unknown>[],
): StepSpec<NeedsFound, void> {
  const { title } = emptyGroup(context, group, NO_POLICIES, []);
  return {
    title,
    needs: { found },
    after,
    retry: oncePolicy,
    run: ({ found: { groups } }) => takePoliciesOff(context, group, groups.get(group) ?? NO_POLICIES),
  };
}

const NO_POLICIES: GroupPolicies = { attached: [], inline: [] };

/** Deletes a folder's group once its members have left, unless it stays; not tried where one of them could not. */
export function deleteFolderGroup(
  context: Context,
  group: string,
  {
    found,
    released,
  }: { readonly found: StepHandle<FoldersFound>; readonly released: StepHandle<readonly FolderUserEnd[]> },
  after: readonly StepHandle<unknown>[],
): StepSpec<NeedsFound & NeedsEnds, void> {
  const deletion = deleteGroup(context, group, after);
  return {
    title: deletion.title,
    after,
    ...(deletion.retry && { retry: deletion.retry }),
    needs: { found, released },
    run: async ({ found: { groups }, released: ends }, scope) => {
      if (!groups.has(group)) return;
      const isMember = (end: FolderUser) =>
        ownGroups(end.found.belongings.groups, end.user.holder).some(({ GroupName }) => GroupName === group);
      failWith(
        ends.flatMap((end) =>
          end.error !== undefined && isMember(end) ? [{ user: end.user.user, error: end.error }] : [],
        ),
      );
      await deletion.run({}, scope);
    },
  };
}

/** Detaches a folder's policy from everybody and deletes its old versions, unless it stays. */
export function freeFolderPolicy(
  context: Context,
  policy: PolicyNamed,
  found: StepHandle<FoldersFound>,
  after: readonly StepHandle<unknown>[],
): StepSpec<NeedsFound, void> {
  const { title } = freePolicy(context, { ...policy, use: UNUSED }, []);
  return {
    title,
    needs: { found },
    after,
    retry: oncePolicy,
    run: ({ found: { policies } }) => free(context, policy.arn, policies.get(policy.arn) ?? UNUSED),
  };
}

const UNUSED: PolicyUse = { versions: [], users: [], groups: [], roles: [] };

/** Deletes a folder's policy once it is free, unless it stays. */
export function deleteFolderPolicy(
  context: Context,
  policy: PolicyNamed,
  found: StepHandle<FoldersFound>,
  after: readonly StepHandle<unknown>[],
): StepSpec<NeedsFound, void> {
  const deletion = deletePolicy(context, policy, after);
  return {
    title: deletion.title,
    after,
    ...(deletion.retry && { retry: deletion.retry }),
    needs: { found },
    run: async ({ found: { policies } }, scope) => {
      if (policies.has(policy.arn)) await deletion.run({}, scope);
    },
  };
}
