import type { StepFactory, StepHandle, StepSpec } from '../../engine/plan';
import type { Context } from '../shared/context';
import { deleteKey } from './aws/delete-key';
import { detachFromUser, removeFromGroup, addBackToGroup, restoreGroup } from './aws/membership-steps';
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

/** Adds the steps that take a user out of its bucket or website, and away when it is deleted. Two calls deep, three cautiously. */
export function removeUser(
  context: Context,
  { user, because, groups, takes }: UserSeen,
  step: StepFactory,
  { after = [], removed = new Map(), cautious = false }: UserRemoval = {},
): void {
  const out = [
    ...removed.values(),
    ...groups.filter((group) => !removed.has(group)).map((group) => step(removeFromGroup(context, user, group, after))),
    ...takes.attached.map((arn) => step(detachFromUser(context, user, arn, after))),
  ];
  if (because !== null) return;
  const then = cautious ? [...after, ...out] : after;
  const taken = [
    ...takes.keys.map((id) => step(deleteKey(context, user, id, then))),
    ...deleteThings(context, user, takes, then).map((spec) => step(spec)),
    ...removeDevices(context, user, takes.mfaDevices, step, then),
  ];
  step(deleteUser(context, user, [...out, ...taken]));
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

/** Adds the steps that put a user back where it is found again: into those of its groups that are still there, else into one made again. */
export function keepUser(context: Context, found: UserSeen | null, step: StepFactory): void {
  if (!found?.home) return;
  const { user, because, groups, home } = found;
  const says = (group: string) => (isIn: boolean) =>
    isIn
      ? `User ${user} is kept in the group ${group}${because === null ? ', without any policy' : ''}: repeat the deletion.`
      : undefined;
  const joined = groups.map((group) => step({ ...addBackToGroup(context, user, group), says: says(group) }));
  step({
    title: `See that user ${user} is in a group again`,
    needs: Object.fromEntries(joined.map((handle) => [handle.title, handle])),
    run: (needs) => Promise.resolve(Object.values(needs).includes(true)),
    more: (add, isFound) => {
      if (isFound) return;
      const restored = add(restoreGroup(context, home.group, home.path));
      add({ ...addBackToGroup(context, user, home.group, restored), says: says(home.group) });
    },
  });
}
