import type { Context } from '../shared/context';
import type { StepFactory, StepHandle } from '../../engine/plan';
import { groupOf, type Holder } from '../shared/holder';
import { type AccessSeen, deletable, leftOf } from './aws/access';
import type { Spared } from '../shared/shapes';
import {
  deleteFolderGroup,
  deleteFolderPolicy,
  deleteFolderUsers,
  emptyFolderGroup,
  type FoldersFound,
  type FolderUsersEnd,
  freeFolderPolicy,
  ownPoliciesOf,
  releaseFolderUsers,
  seeFolders,
  stayingOf,
} from './aws/remove-folders';
import { deleteGroup, deletePolicy, emptyGroup, freePolicy } from './aws/remove-role';
import {
  type BucketUser,
  deleteReleasedUser,
  inspectUser,
  releaseUser,
  seeUser,
  type UserEnd,
  type UserFound,
} from './aws/remove-user';

/** How a user, or the users of a site's folders, ended. */
type End = UserEnd | FolderUsersEnd | undefined;

/** The steps that tell how users and what folders had ended. */
export type AccessSteps = Readonly<Record<string, StepHandle<End | FoldersFound>>>;

export type AccessResults = Readonly<Record<string, End | FoldersFound>>;

/** What became of users, groups and policies. */
export interface AccessEnd {
  readonly kept: NonNullable<Spared['kept']>;
  readonly left: NonNullable<Spared['left']>;
  /** Names of what was deleted. */
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly policies: readonly string[];
}

/** What the results of those steps, and what the look had found, come to. */
export function accessEnd(seen: AccessSeen, results: AccessResults): AccessEnd {
  const all = Object.values(results).filter((result) => result !== undefined);
  const folders = all.flatMap((result) => ('left' in result ? [result] : []));
  const ends = all.flatMap((result): readonly (UserEnd | FolderUsersEnd)[] => ('left' in result ? [] : [result]));
  const isDeleted = (key: string, of: 'groups' | 'policies') => folders.some((found) => found[of].has(key));
  return {
    users: ends.flatMap((end) => ('deleted' in end ? end.deleted : [])),
    kept: ends.flatMap((end) => ('kept' in end ? end.kept : [])),
    groups: [
      ...deletable(seen.groups).map(({ name }) => name),
      ...seen.folders.groups.filter((name) => isDeleted(name, 'groups')),
    ],
    policies: [
      ...deletable(seen.policies),
      ...seen.folders.policies.filter(({ arn }) => isDeleted(arn, 'policies')),
    ].map(({ name }) => name),
    left: [...leftOf('group', seen.groups), ...leftOf('policy', seen.policies), ...folders.flatMap(({ left }) => left)],
  };
}

/**
 * Reads what the look knows by name alone: the roles of a site's folders and who is in them. Two calls deep, as much as
 * what comes before the pivot, which should wait for it: a read that fails after it would leave more behind. Undefined
 * without folders.
 */
export function readFolders(
  context: Context,
  holder: Holder,
  seen: AccessSeen,
  step: StepFactory,
): StepHandle<FoldersFound> | undefined {
  const { groups, policies } = seen.folders;
  if (groups.length === 0 && policies.length === 0) return undefined;
  return step(seeFolders(context, { ...holder, proven: seen.proven }, seen));
}

/**
 * The part of a deletion that comes after its pivot: takes users out (and away when they belong to nothing else),
 * then groups and policies. Two calls deep after the pivot. Gives the steps that `accessEnd` wants the results of.
 */
export function removeAccess(
  context: Context,
  holder: Holder,
  seen: AccessSeen,
  step: StepFactory,
  pivot: StepHandle<unknown>,
  folders?: StepHandle<FoldersFound>,
): AccessSteps {
  const known: Holder = { ...holder, proven: seen.proven };
  const { released, deleted } = releaseUsers(context, known, seen, step, pivot, folders);
  const gone = new Map<string, StepHandle<unknown>>();
  for (const group of deletable(seen.groups)) {
    const left = group.members.flatMap((user) => released.get(user) ?? []);
    // Only its policy tells whose a group of the predecessor's is: it goes last, so that a repeated deletion finds them.
    const isProven = seen.proven.own.includes(group.name);
    const emptied = step(emptyGroup(context, group.name, group, isProven ? [pivot, ...left] : [pivot]));
    const last = step(deleteGroup(context, group.name, [emptied, ...left]));
    if (isProven) gone.set(group.name, last);
  }
  for (const policy of deletable(seen.policies)) {
    const group = gone.get(groupOf(policy.name));
    const freed = step(freePolicy(context, policy, group === undefined ? [pivot] : [pivot, group]));
    step(deletePolicy(context, policy, [freed]));
  }
  const ends: Record<string, StepHandle<End | FoldersFound>> = {};
  for (const handle of deleted) ends[`user${String(handle.index)}`] = handle;
  if (folders === undefined) return ends;
  return {
    ...ends,
    folders,
    folderUsers: removeFolders(context, holder, seen, step, { pivot, folders, others: [...released.values()] }),
  };
}

/** The same for roles of folders. `others`: steps that take users out of them who are in other groups as well. */
function removeFolders(
  context: Context,
  { bucket }: Holder,
  seen: AccessSeen,
  step: StepFactory,
  {
    pivot,
    folders,
    others,
  }: {
    readonly pivot: StepHandle<unknown>;
    readonly folders: StepHandle<FoldersFound>;
    readonly others: readonly StepHandle<unknown>[];
  },
): StepHandle<FolderUsersEnd> {
  const released = step(releaseFolderUsers(context, bucket, folders, [pivot]));
  const deleted = step(deleteFolderUsers(context, bucket, released));
  for (const group of seen.folders.groups) {
    const emptied = step(emptyFolderGroup(context, group, folders, [pivot]));
    step(deleteFolderGroup(context, group, { found: folders, released }, [emptied, ...others]));
  }
  for (const policy of seen.folders.policies) {
    const freed = step(freeFolderPolicy(context, policy, folders, [pivot]));
    step(deleteFolderPolicy(context, policy, folders, [freed]));
  }
  return deleted;
}

/** Steps for every user: after `released` it is out of the holder's groups, `deleted` names it when it is gone. */
function releaseUsers(
  context: Context,
  holder: Holder,
  seen: AccessSeen,
  step: StepFactory,
  pivot: StepHandle<unknown>,
  folders: StepHandle<FoldersFound> | undefined,
): {
  readonly released: ReadonlyMap<string, StepHandle<unknown>>;
  readonly deleted: readonly StepHandle<UserEnd | undefined>[];
} {
  const ownPolicies = ownPoliciesOf(seen);
  const released = new Map<string, StepHandle<unknown>>();
  const deleted: StepHandle<UserEnd | undefined>[] = [];
  for (const user of seen.users) {
    const bucketUser: BucketUser = { holder, user, ownPolicies, staying: stayingOf(seen) };
    const found = inspect(context, bucketUser, step, folders);
    const release = step(releaseUser(context, bucketUser, found, pivot));
    deleted.push(step(deleteReleasedUser(context, bucketUser, found, release)));
    released.set(user, release);
  }
  return { released, deleted };
}

/** The look at a user, after that at the folders where there are any: a user of both is judged with what is known of both. */
function inspect(
  context: Context,
  bucketUser: BucketUser,
  step: StepFactory,
  folders: StepHandle<FoldersFound> | undefined,
): StepHandle<UserFound | undefined> {
  const look = inspectUser(context, bucketUser);
  if (folders === undefined) return step(look);
  const { title, retry } = look;
  return step({
    title,
    ...(retry && { retry }),
    needs: { folders },
    run: ({ folders: { staying } }) =>
      seeUser(context, { ...bucketUser, staying: [...(bucketUser.staying ?? []), ...staying] }),
  });
}
