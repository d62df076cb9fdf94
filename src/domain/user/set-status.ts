import type { Context } from '../shared/context';
import type { StepFactory } from '../../engine/plan';
import type { KeyStatus } from './keys/rules/shapes';
import { turnKey } from './keys/aws/access-key';
import { markUser } from '../access/aws/set-status';
import { inactiveValue, valueOf } from '../access/rules/user-status';

/** What is seen of a user that is turned off or on. */
export type StatusSeen = {
  readonly before: { readonly inactive: boolean; readonly turnedOff: readonly string[] };
  readonly keys: readonly { readonly id: string; readonly active: boolean }[];
};

/**
 * Adds the steps that turn a user off or on; gives the status of the keys that change. Off: first the note of which
 * keys are turned off, then the keys, so that a run which ends halfway is finished by the next one. On: the keys of the
 * note, then the note goes. Keys that were off by themselves are in no note and stay off.
 */
export function setUserStatus(
  context: Context,
  user: string,
  { before, keys }: StatusSeen,
  status: KeyStatus,
  step: StepFactory,
): ReadonlyMap<string, KeyStatus> {
  const active = status === 'Active';
  const noted = keys.filter(({ id }) => before.turnedOff.includes(id));
  const turning = (active ? noted : keys).filter((key) => key.active !== active).map(({ id }) => id);
  if (active) {
    const turned = turning.map((id) => step(turnKey(context, user, id, status, [])));
    if (before.inactive) step(markUser(context, user, before, { inactive: false, turnedOff: [] }, turned));
  } else {
    const turnedOff = [...new Set([...noted.map(({ id }) => id), ...turning])];
    const isNoted = valueOf(before) === inactiveValue(turnedOff);
    const mark = isNoted ? [] : [step(markUser(context, user, before, { inactive: true, turnedOff }, []))];
    for (const id of turning) step(turnKey(context, user, id, status, mark));
  }
  return new Map(turning.map((id) => [id, status]));
}
