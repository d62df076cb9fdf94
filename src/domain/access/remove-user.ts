import type { StepFactory, StepHandle, StepSpec } from '../../engine/plan';
import type { Context } from '../shared/context';
import { deleteKey } from './aws/delete-key';
import {
  addBackToGroup,
  attachBackToUser,
  detachFromUser,
  removeFromGroup,
  restoreGroup,
} from './aws/membership-steps';
import { removeDevices } from './aws/mfa-devices';
import { deleteUser } from './aws/remove-user';
import type { UserSeen } from './aws/see-user';
import { deleteThings } from './aws/user-things';

type After = readonly StepHandle<unknown>[];

export interface UserRemoval {
  readonly after?: After;
  /** Steps that take the user out of groups that are deleted with it, by group. */
  readonly removed?: ReadonlyMap<string, StepHandle<unknown>>;
  /**
   * Does first what can be taken back: where nothing is decided yet. Otherwise all of it is done side by side, a call less
   * deep.
   */
  readonly cautious?: boolean;
}

/**
 * Adds the steps that take a user out of its bucket or website, and away when it is deleted. Two calls deep, three
 * cautiously. Gives the step that deletes it; undefined when it only leaves.
 */
export function removeUser(
  context: Context,
  { user, because, groups, takes }: UserSeen,
  step: StepFactory,
  { after = [], removed = new Map(), cautious = false }: UserRemoval = {},
): StepHandle<unknown> | undefined {
  const out = [
    ...removed.values(),
    ...groups.filter((group) => !removed.has(group)).map((group) => step(removeFromGroup(context, user, group, after))),
    ...takes.attached.map((arn) => step(detachFromUser(context, user, arn, after))),
  ];
  if (because !== null) return undefined;
  const then = cautious ? [...after, ...out] : after;
  const taken = [
    ...takes.keys.map((id) => step(deleteKey(context, user, id, then))),
    ...deleteThings(context, user, takes, then).map((spec) => step(spec)),
    ...removeDevices(context, user, takes.mfaDevices, step, then),
  ];
  return step(deleteUser(context, user, [...out, ...taken]));
}

type InBranch = Pick<UserRemoval, 'after' | 'removed'>;

/**
 * Removes a user behind the pivot of a deletion; `of` says from where. When the removal comes to a halt the user is put
 * back into its group, made again where it is gone: nobody would find a user that belongs to nothing.
 */
export function removalOf(
  context: Context,
  found: UserSeen,
  of: string,
  branch: InBranch,
): StepSpec<Record<never, never>, UserSeen | null> {
  return { ...inBranch(context, found.user, of, branch), run: () => Promise.resolve(found) };
}

/** Removes a user that an earlier step has looked at. */
export function removalOfSeen(
  context: Context,
  user: string,
  of: string,
  seen: StepHandle<UserSeen | null>,
  branch: InBranch,
): StepSpec<{ readonly seen: StepHandle<UserSeen | null> }, UserSeen | null> {
  return { ...inBranch(context, user, of, branch), needs: { seen }, run: ({ seen: found }) => Promise.resolve(found) };
}

function inBranch(
  context: Context,
  user: string,
  of: string,
  { after = [], removed = new Map<string, StepHandle<unknown>>() }: InBranch,
): Omit<StepSpec<Record<never, never>, UserSeen | null>, 'run' | 'needs'> {
  return {
    title: `Remove user ${user} from ${of}`,
    after,
    more: (step, found) => {
      if (found !== null) removeUser(context, found, step, { removed });
    },
    keep: (step, found) => keepUser(context, found, step),
  };
}

/**
 * Adds the steps that put a user back where it is found again: into those of its groups that are still there; the user named
 * like its bucket, which is in none, gets back its policies that are there. Where there is neither, a group is made again.
 */
export function keepUser(context: Context, found: UserSeen | null, step: StepFactory): void {
  if (!found?.home) return;
  const { user, because, groups, home, takes } = found;
  const says = (group: string) => (isIn: boolean) =>
    isIn
      ? `User ${user} is kept in the group ${group}${because === null ? ', without any policy' : ''}: repeat the deletion.`
      : undefined;
  const back =
    groups.length === 0
      ? takes.attached.map((arn) => step({ ...attachBackToUser(context, user, arn), says: keepsPolicy(user, arn) }))
      : groups.map((group) => step({ ...addBackToGroup(context, user, group), says: says(group) }));
  step({
    title: `See that user ${user} is found again`,
    needs: Object.fromEntries(back.map((handle) => [handle.title, handle])),
    run: (needs) => Promise.resolve(Object.values(needs).includes(true)),
    more: (add, isFound) => {
      if (isFound) return;
      const restored = add(restoreGroup(context, home.group, home.path));
      add({ ...addBackToGroup(context, user, home.group, restored), says: says(home.group) });
    },
  });
}

const keepsPolicy = (user: string, arn: string) => (isAttached: boolean) =>
  isAttached
    ? `User ${user} is kept with the policy ${arn.slice(arn.lastIndexOf('/') + 1)}: repeat the deletion.`
    : undefined;
