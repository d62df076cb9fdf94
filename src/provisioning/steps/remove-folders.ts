import type { Context } from '../context';
import type { Needs, StepHandle, StepSpec } from '../../engine/plan';
import { oncePolicy } from '../../engine/retry';
import type { DomainError } from '../../errors';
import { DomainFailure, toDomainError } from '../../errors';
import type { Holder } from '../holder';
import { ownGroups } from '../holder';
import type { AccessSeen } from '../reads/access';
import { inPool } from '../reads/pool';
import type { PolicyUse } from '../reads/role';
import { findGroup, groupPolicies, policyUse } from '../reads/role';
import type { PolicyNamed } from '../reads/scoped';
import type { GroupPolicies } from './remove-role';
import { deleteGroup, emptyGroup, free, freePolicy, takePoliciesOff } from './remove-role';
import type { BucketUser, UserFound } from './remove-user';
import { deleteReleased, release, seeUser } from './remove-user';

/**
 * Roles of a site's folders and their users. The look knows the roles by name alone; who is in them is read beside the
 * first steps, so it costs no time, but there can be no step for each user: a plan is made before.
 */

/** What hangs on the roles of a site's folders. */
export interface FoldersFound {
  readonly groups: ReadonlyMap<string, GroupPolicies>;
  /** By ARN. */
  readonly policies: ReadonlyMap<string, PolicyUse>;
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

/** ARNs of all the policies that are the holder's. */
export const ownPoliciesOf = ({ policies, folders }: AccessSeen): readonly string[] =>
  [...policies, ...folders.policies].map(({ arn }) => arn);

/** Reads it all, two calls deep. Reads only, so it may run beside what comes before the pivot. */
export function seeFolders(context: Context, holder: Holder, seen: AccessSeen): StepSpec<Record<never, never>, FoldersFound> {
  const { folders } = seen;
  const ownPolicies = ownPoliciesOf(seen);
  const seeGroups = async () => {
    const groups = await inPool(folders.groups, async (name) => {
      const [found, policies] = await Promise.all([findGroup(context, name), groupPolicies(context, name)]);
      const members = (found?.members ?? []).flatMap(({ UserName }) => UserName ?? []);
      return { name, members, attached: policies.attached.map(({ Arn }) => Arn), inline: policies.inline };
    });
    const names = new Set(groups.flatMap(({ members }) => members).filter((name) => !seen.users.includes(name)));
    const users = await inPool([...names], async (name) => {
      const user: BucketUser = { holder, user: name, isLegacy: false, ownPolicies };
      const found = await seeUser(context, user);
      return found && { user, found };
    });
    return { groups, users: users.filter((user) => user !== undefined) };
  };
  return {
    title: `See who belongs to the folders of ${holder.bucket}`,
    // Every read in it is retried by itself.
    retry: oncePolicy,
    run: async () => {
      const [{ groups, users }, policies] = await Promise.all([
        seeGroups(),
        inPool(folders.policies, async ({ arn }) => ({ arn, use: await policyUse(context, arn) })),
      ]);
      return {
        groups: new Map(groups.map(({ name, ...policiesOfIt }) => [name, policiesOfIt])),
        policies: new Map(policies.flatMap(({ arn, use }) => (use === undefined ? [] : [[arn, use] as const]))),
        users,
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
 * which deletes the rest.
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
    run: ({ found: { users } }) =>
      inPool(users, async (one): Promise<FolderUserEnd> => {
        try {
          await release(context, one.user, one.found);
          return one;
        } catch (thrown) {
          return { ...one, error: toDomainError(thrown) };
        }
      }),
  };
}

/** Deletes those that were let go and belonged to the site alone; gives their names, and fails naming those that remain. */
export function deleteFolderUsers(
  context: Context,
  site: string,
  released: StepHandle<readonly FolderUserEnd[]>,
): StepSpec<NeedsEnds, readonly string[]> {
  return {
    title: `Delete the users of the folders of ${site} unless they are used elsewhere`,
    needs: { released },
    retry: oncePolicy,
    run: async ({ released: ends }) => {
      const deleted: string[] = [];
      const failures = await inPool(ends, async ({ user, found, error }): Promise<readonly Failure[]> => {
        if (error !== undefined) return [{ user: user.user, error }];
        try {
          const gone = await deleteReleased(context, user, found);
          if (gone !== undefined) deleted.push(gone);
          return [];
        } catch (thrown) {
          return [{ user: user.user, error: toDomainError(thrown) }];
        }
      });
      failWith(failures.flat());
      return deleted.sort();
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

/** Takes the policies off a folder's group. */
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

/** Deletes a folder's group once its members have left; not tried where one of them could not. */
export function deleteFolderGroup(
  context: Context,
  group: string,
  released: StepHandle<readonly FolderUserEnd[]>,
  after: readonly StepHandle<unknown>[],
): StepSpec<NeedsEnds, void> {
  const deletion = deleteGroup(context, group, after);
  return {
    title: deletion.title,
    after,
    ...(deletion.retry && { retry: deletion.retry }),
    needs: { released },
    run: async ({ released: ends }, scope) => {
      const isMember = ({ user, found }: FolderUser) =>
        ownGroups(found.belongings.groups, user.holder).some(({ GroupName }) => GroupName === group);
      failWith(ends.flatMap((end) => (end.error !== undefined && isMember(end) ? [{ user: end.user.user, error: end.error }] : [])));
      await deletion.run({}, scope);
    },
  };
}

/** Detaches a folder's policy from everybody and deletes its old versions. */
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
