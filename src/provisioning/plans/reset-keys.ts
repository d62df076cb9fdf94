import type { Context } from '../context';
import type { StepHandle } from '../../engine/plan';
import { answer, definePlan } from '../../engine/plan';
import type { Recipe } from '../../engine/recipe';
import type { Holder } from '../holder';
import type { KeysReset } from '../shapes';
import { createKey, deleteKey } from '../steps/access-key';
import type { KeysSeen } from './user-keys';
import { onKeys, refuseInactive } from './user-keys';

/** AWS keeps at most two keys a user, inactive ones included. */
export const MAX_KEYS = 2;

/**
 * A fresh key in place of all there are. The new one is made before the last of the old is deleted, so that the user
 * has a working key at every moment; with two keys the one that is missed least makes room first.
 */
export function resetKeys(context: Context, holder: Holder, user: string): Recipe<KeysSeen, KeysReset> {
  const { bucket } = holder;
  const kind = 'reset-keys';
  const title = `Reset the access keys of user ${user} of bucket ${bucket}`;
  return {
    kind,
    title,
    ...onKeys(context, holder, user),
    recovery: 'back',
    plan: (seen) => {
      refuseInactive(seen, user, 'resetting keys');
      // Oldest first as listed; an inactive key is missed least.
      const leastMissed = [...seen.keys].sort((a, b) => Number(a.active) - Number(b.active));
      const makeRoom = leastMissed.slice(0, Math.max(0, seen.keys.length - MAX_KEYS + 1));
      const rest = leastMissed.slice(makeRoom.length);

      return definePlan(kind, title, (step) => {
        const room = makeRoom.map(({ id }) => step(deleteKey(context, user, id, [])));
        const key = step(createKey(context, { user, before: seen.keys.map(({ id }) => id), after: room }));
        const deleted: Record<string, StepHandle<string>> = {};
        for (const handle of room) deleted[`deleted${String(handle.index)}`] = handle;
        for (const { id } of rest) {
          const handle = step(deleteKey(context, user, id, [key]));
          deleted[`deleted${String(handle.index)}`] = handle;
        }
        return answer({ key, ...deleted }, ({ key: made, ...ids }) => ({ DeletedKeyIds: Object.values(ids), AccessKey: made }));
      });
    },
  };
}
