import type { Context } from '../../shared/context';
import { answer, definePlan } from '../../../engine/plan';
import type { Recipe } from '../../../engine/recipe';
import { fail } from '../../../base/errors';
import type { Holder } from '../../shared/holder';
import type { KeyAdded } from './rules/shapes';
import { createKey } from './aws/access-key';
import { MAX_KEYS } from './reset';
import { undelivered, withdrawal } from './undelivered';
import { type KeysSeen, onKeys, refuseInactive } from './user-keys';

/** Another key beside the one there is, so that the old one works until everything uses the new one. */
export function addKey(context: Context, holder: Holder, user: string): Recipe<KeysSeen, KeyAdded> {
  const kind = 'add-key';
  const title = `Add an access key for user ${user} of ${holder.kind} ${holder.bucket}`;
  return {
    kind,
    title,
    ...onKeys(context, holder, user),
    recovery: 'back',
    plan: (seen) => {
      refuseInactive(seen, user, 'adding a key');
      if (seen.keys.length >= MAX_KEYS) {
        const ids = seen.keys.map(({ id, active }) => (active ? id : `${id} (Inactive)`)).join(' and ');
        fail({
          kind: 'conflict',
          detail: `user ${user} has two access keys, and AWS allows no more: ${ids}. Delete the one that is no longer used, or reset them all (PUT)`,
        });
      }
      return definePlan(kind, title, (step) => {
        const key = step(createKey(context, { user, before: seen.keys.map(({ id }) => id) }));
        return answer({ key }, (made) => ({ AccessKey: made.key }));
      });
    },
    afterwards: ({ AccessKey }, delivered) =>
      delivered
        ? undefined
        : { plan: withdrawal(context, AccessKey), error: undelivered('it is withdrawn, and nothing is changed') },
  };
}
