import type { StepFactory, StepHandle } from '../../engine/plan';
import type { Context } from '../shared/context';
import { groupOf } from '../shared/subject';
import { removeFromGroup } from './aws/membership-steps';
import {
  deleteGroup,
  deleteGroupPolicy,
  deletePolicy,
  deletePolicyVersion,
  detachFromGroup,
  freeFromRole,
  freeFromUser,
} from './aws/remove-role';
import type { GroupToRemove, PolicyToRemove } from './rules/roles-to-remove';

type After = readonly StepHandle<unknown>[];

export interface RolesToRemove {
  readonly groups: readonly GroupToRemove[];
  readonly policies: readonly PolicyToRemove[];
  /**
   * Names of groups that only their policies tell to be the bucket's: such a policy goes last, so that a repeated deletion
   * finds both.
   */
  readonly provenByPolicy?: readonly string[];
  readonly after?: After;
  /** What taking a member out of its group waits for besides. */
  readonly seen?: ReadonlyMap<string, StepHandle<unknown>>;
}

/** The steps that take users out of groups: by user, and then by group. */
export type RemovalsFromGroups = ReadonlyMap<string, ReadonlyMap<string, StepHandle<unknown>>>;

/**
 * Adds the steps that take roles away: members leave their groups, policies are detached from everybody, then both are
 * deleted. Two calls deep.
 */
export function removeRoles(
  context: Context,
  { groups, policies, provenByPolicy = [], after = [], seen = new Map() }: RolesToRemove,
  step: StepFactory,
): RemovalsFromGroups {
  const removals = new Map<string, Map<string, StepHandle<unknown>>>();
  /** Group and policy hold each other; it is one call that parts them. */
  const parted = new Map<string, StepHandle<unknown>>();
  const part = (arn: string, group: string, then: After): StepHandle<unknown> => {
    const key = `${group} ${arn}`;
    const handle = parted.get(key) ?? step(detachFromGroup(context, arn, group, then));
    parted.set(key, handle);
    return handle;
  };

  const deleted = new Map<string, StepHandle<unknown>>();
  for (const { name, members, attached, inline } of groups) {
    const removed = members.map((user) => {
      const known = seen.get(user);
      const handle = step(removeFromGroup(context, user, name, known === undefined ? after : [...after, known]));
      removals.set(user, (removals.get(user) ?? new Map<string, StepHandle<unknown>>()).set(name, handle));
      return handle;
    });
    const then = provenByPolicy.includes(name) ? [...after, ...removed] : after;
    const emptied = [
      ...attached.map((arn) => part(arn, name, then)),
      ...inline.map((policy) => step(deleteGroupPolicy(context, name, policy, then))),
    ];
    deleted.set(name, step(deleteGroup(context, name, [...after, ...removed, ...emptied])));
  }
  for (const { name, arn, use } of policies) {
    const group = provenByPolicy.includes(groupOf(name)) ? deleted.get(groupOf(name)) : undefined;
    const then = group === undefined ? after : [...after, group];
    const freed = [
      ...use.groups.map((one) => part(arn, one, then)),
      ...use.users.map((user) => step(freeFromUser(context, arn, user, then))),
      ...use.roles.map((role) => step(freeFromRole(context, arn, role, then))),
      ...use.versions.map((version) => step(deletePolicyVersion(context, arn, version, then))),
    ];
    step(deletePolicy(context, arn, [...then, ...freed]));
  }
  return removals;
}
