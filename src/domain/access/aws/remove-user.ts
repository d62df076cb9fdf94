import { DeleteUserCommand } from '@aws-sdk/client-iam';
import type { StepHandle, StepSpec } from '../../../engine/plan';
import { isDeleteConflict, oncePolicy, type RetryPolicy, settlingPolicy } from '../../../engine/retry';
import { type Context, gone } from '../../shared/context';
import { deleteKey } from './delete-key';
import { accessKeys, findUser, groupsOfUser } from './user';

type After = readonly StepHandle<unknown>[];

/** Undefined when IAM says that something hangs on the user still. */
type Deleted = true | undefined;

/** How often it is looked at what hangs on a user still, with growing pauses between. */
const LOOKS = 6;

/**
 * Deletes a user on whom nothing hangs. IAM may need some seconds to see that, and a key that was made just before may have
 * been hidden from the look: as long as something hangs on the user it is looked at again, and what came late is deleted.
 */
export function deleteUser(
  context: Context,
  user: string,
  after: After,
  looks = LOOKS,
): StepSpec<Record<never, never>, Deleted> {
  const isLast = looks === 0;
  return {
    title: `Delete user ${user}`,
    touches: [{ action: 'delete', resource: `user ${user}` }],
    after,
    retry: isLast ? settlingPolicy : untilLook(LOOKS - looks),
    pivot: (deleted) => deleted === true,
    run: async () => {
      await gone(context.session.iam(new DeleteUserCommand({ UserName: user })));
      return true;
    },
    alreadyDone: async () => ((await findUser(context, user)) === undefined ? { result: true } : undefined),
    ...(!isLast && {
      more: (step, deleted) => {
        if (deleted !== true) step(lookAgain(context, user, looks - 1));
      },
    }),
  };
}

const untilLook = (former: number): RetryPolicy => ({
  ...settlingPolicy,
  attempts: 2,
  baseMs: settlingPolicy.baseMs * 2 ** former,
  isDone: isDeleteConflict,
});

/** Reads which keys a user has got meanwhile, deletes them, and then the user. One in some group is another's by now. */
function lookAgain(context: Context, user: string, looks: number): StepSpec<Record<never, never>, readonly string[]> {
  return {
    title: `See what still hangs on user ${user}`,
    // Every read in it is retried by itself.
    retry: oncePolicy,
    run: async () => {
      const [groups, keys] = await Promise.all([groupsOfUser(context, user), accessKeys(context, user)]);
      return groups.length > 0 ? [] : keys.flatMap(({ AccessKeyId }) => AccessKeyId ?? []);
    },
    more: (step, late) => {
      const deleted = late.map((id) => step(deleteKey(context, user, id, [])));
      step(deleteUser(context, user, deleted, looks));
    },
  };
}
