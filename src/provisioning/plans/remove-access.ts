import type { Context } from '../context';
import type { StepFactory, StepHandle } from '../../engine/plan';
import type { Holder } from '../holder';
import { groupOf } from '../holder';
import type { AccessSeen } from '../reads/access';
import {
  deleteFolderGroup,
  deleteFolderUsers,
  emptyFolderGroup,
  freeFolderPolicy,
  ownPoliciesOf,
  releaseFolderUsers,
  seeFolders,
} from '../steps/remove-folders';
import type { FoldersFound } from '../steps/remove-folders';
import { deleteGroup, deletePolicy, emptyGroup, freePolicy } from '../steps/remove-role';
import type { BucketUser } from '../steps/remove-user';
import { deleteReleasedUser, inspectUser, releaseUser } from '../steps/remove-user';

/** Names of users that a step has deleted. */
type Deleted = StepHandle<string | readonly string[] | undefined>;

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
 * then groups and policies. Two calls deep after the pivot. Gives the steps that name the users they have deleted.
 */
export function removeAccess(
  context: Context,
  holder: Holder,
  seen: AccessSeen,
  step: StepFactory,
  pivot: StepHandle<unknown>,
  folders?: StepHandle<FoldersFound>,
): readonly Deleted[] {
  const known: Holder = { ...holder, proven: seen.proven };
  const { released, deleted } = releaseUsers(context, known, seen, step, pivot);
  const gone = new Map<string, StepHandle<unknown>>();
  for (const group of seen.groups) {
    const left = group.members.flatMap((user) => released.get(user) ?? []);
    // Only its policy tells whose a group of the predecessor's is: it goes last, so that a repeated deletion finds them.
    const isProven = seen.proven.own.includes(group.name);
    const emptied = step(emptyGroup(context, group.name, group, isProven ? [pivot, ...left] : [pivot]));
    const last = step(deleteGroup(context, group.name, [emptied, ...left]));
    if (isProven) gone.set(group.name, last);
  }
  for (const policy of seen.policies) {
    const group = gone.get(groupOf(policy.name));
    const freed = step(freePolicy(context, policy, group === undefined ? [pivot] : [pivot, group]));
    step(deletePolicy(context, policy, [freed]));
  }
  if (folders === undefined) return deleted;
  return [...deleted, removeFolders(context, holder, seen, step, { pivot, folders, others: [...released.values()] })];
}

/** The same for roles of folders. `others`: steps that take users out of them who are in other groups as well. */
function removeFolders(
  context: Context,
  { bucket }: Holder,
  seen: AccessSeen,
  step: StepFactory,
  { pivot, folders, others }: { readonly pivot: StepHandle<unknown>; readonly folders: StepHandle<FoldersFound>; readonly others: readonly StepHandle<unknown>[] },
): Deleted {
  const released = step(releaseFolderUsers(context, bucket, folders, [pivot]));
  const deleted = step(deleteFolderUsers(context, bucket, released));
  for (const group of seen.folders.groups) {
    const emptied = step(emptyFolderGroup(context, group, folders, [pivot]));
    step(deleteFolderGroup(context, group, released, [emptied, ...others]));
  }
  for (const policy of seen.folders.policies) {
    const freed = step(freeFolderPolicy(context, policy, folders, [pivot]));
    step(deletePolicy(context, policy, [freed]));
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
): {
  readonly released: ReadonlyMap<string, StepHandle<unknown>>;
  readonly deleted: readonly StepHandle<string | undefined>[];
} {
  const ownPolicies = ownPoliciesOf(seen);
  const released = new Map<string, StepHandle<unknown>>();
  const deleted: StepHandle<string | undefined>[] = [];
  for (const user of seen.users) {
    const bucketUser: BucketUser = { holder, user, isLegacy: seen.legacy && user === holder.bucket, ownPolicies };
    const found = step(inspectUser(context, bucketUser));
    const release = step(releaseUser(context, bucketUser, found, pivot));
    deleted.push(step(deleteReleasedUser(context, bucketUser, found, release)));
    released.set(user, release);
  }
  return { released, deleted };
}
