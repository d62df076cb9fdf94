import type { Context } from '../../shared/context';
import { answer, definePlan } from '../../../engine/plan';
import type { Recipe } from '../../../engine/recipe';
import type { Holder } from '../../shared/holder';
import type { KeyName, KeyStatus } from './rules/shapes';
import type { AccessKeyShape } from '../../shared/shapes';
import { turnKey } from './aws/access-key';
import { markUser } from '../../access/aws/set-status';
import { type KeysSeen, onKeys, refuseInactive, requireKey, seenKeyShape } from './user-keys';

/**
 * Turns one key on or off. Turned off by name while its user is Inactive, a key is taken off the list of those that come
 * back with the user.
 */
export function setKeyStatus(
  context: Context,
  holder: Holder,
  { user, id }: KeyName,
  status: KeyStatus,
): Recipe<KeysSeen, AccessKeyShape> {
  const kind = 'set-key-status';
  const title = `Make access key ${id} of user ${user} of ${holder.kind} ${holder.bucket} ${status}`;
  return {
    kind,
    title,
    ...onKeys(context, holder, user),
    recovery: 'forward',
    plan: (seen) => {
      const key = requireKey(seen, user, id);
      const active = status === 'Active';
      if (active) refuseInactive(seen, user, 'turning on a key');
      const before = seen.status;
      return definePlan(kind, title, (step) => {
        const turned = key.active === active ? [] : [step(turnKey(context, user, id, status, []))];
        if (before.turnedOff.includes(id)) {
          const forgotten = { ...before, turnedOff: before.turnedOff.filter((other) => other !== id) };
          step(markUser(context, user, before, forgotten, turned));
        }
        return answer({}, () => seenKeyShape({ ...key, active }, user));
      });
    },
  };
}
