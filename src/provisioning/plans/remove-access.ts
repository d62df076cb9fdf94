import type { Context } from '../context';
import type { StepFactory, StepHandle } from '../../engine/plan';
import type { Holder } from '../holder';
import type { AccessSeen } from '../reads/access';
import { deleteGroup, deletePolicy, emptyGroup, freePolicy } from '../steps/remove-role';
import type { BucketUser } from '../steps/remove-user';
import { deleteReleasedUser, inspectUser, releaseUser } from '../steps/remove-user';

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
): readonly StepHandle<string | undefined>[] {
  const { released, deleted } = releaseUsers(context, holder, seen, step, pivot);
  for (const group of seen.groups) {
    const emptied = step(emptyGroup(context, group.name, group, [pivot]));
    const left = group.members.flatMap((user) => released.get(user) ?? []);
    step(deleteGroup(context, group.name, [emptied, ...left]));
  }
  for (const policy of seen.policies) {
    const freed = step(freePolicy(context, policy, [pivot]));
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
  const ownPolicies = seen.policies.map(({ arn }) => arn);
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
