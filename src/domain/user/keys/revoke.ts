import type { Context } from '../../shared/context';
import { answer, definePlan, type StepHandle } from '../../../engine/plan';
import type { Recipe } from '../../../engine/recipe';
import type { Holder } from '../../shared/holder';
import type { KeysRevoked } from './rules/shapes';
import { deleteKey } from './aws/access-key';
import { type KeysSeen, onKeys } from './user-keys';

/**
 * Deletes all keys of a user, side by side. Each deletion is final, so after the first one the rest only goes forward;
 * what fails is named as left, and asking again deletes it.
 */
export function revokeKeys(context: Context, holder: Holder, user: string): Recipe<KeysSeen, KeysRevoked> {
  const kind = 'revoke-keys';
  const title = `Revoke the access keys of user ${user} of ${holder.kind} ${holder.bucket}`;
  return {
    kind,
    title,
    ...onKeys(context, holder, user),
    recovery: 'forward-after-pivot',
    plan: ({ keys }) =>
      definePlan(kind, title, (step) => {
        const deleted: Record<string, StepHandle<string>> = {};
        for (const { id } of keys) deleted[id] = step({ ...deleteKey(context, user, id, []), pivot: true });
        return answer(deleted, (ids) => ({ DeletedKeyIds: Object.values(ids) }));
      }),
  };
}
