import type { Context } from '../../shared/context';
import { answer, definePlan } from '../../../engine/plan';
import type { Recipe } from '../../../engine/recipe';
import type { Holder } from '../../shared/holder';
import type { KeyName } from './rules/shapes';
import { deleteKey as remove } from './aws/access-key';
import { type KeysSeen, onKeys, requireKey } from './user-keys';

/** Takes one key away for good: the last step of a rotation, or the first after a leak. */
export function deleteKey(context: Context, holder: Holder, { user, id }: KeyName): Recipe<KeysSeen, void> {
  const kind = 'delete-key';
  const title = `Delete access key ${id} of user ${user} of ${holder.kind} ${holder.bucket}`;
  return {
    kind,
    title,
    ...onKeys(context, holder, user),
    recovery: 'forward-after-pivot',
    plan: (seen) => {
      requireKey(seen, user, id);
      return definePlan(kind, title, (step) => {
        step({ ...remove(context, user, id, []), pivot: true });
        return answer({}, () => undefined);
      });
    },
  };
}
