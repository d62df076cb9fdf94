import type { Context } from '../../shared/context';
import { answer, definePlan, type Plan } from '../../../engine/plan';
import type { DomainError } from '../../../base/errors';
import type { NewAccessKeyShape } from '../../shared/shapes';
import { withdrawKey } from './aws/access-key';

/** What follows an answer with a new key that did not reach its caller: nobody can be told the secret again. */

/** Takes the new key away. */
export function withdrawal(context: Context, { UserName: user, AccessKeyId: id }: NewAccessKeyShape): Plan<void> {
  return definePlan('withdraw-key', `Withdraw access key ${id} of user ${user}`, (step) => {
    step(withdrawKey(context, user, id));
    return answer({}, () => undefined);
  });
}

/** Makes the error with which a run ends whose answer did not arrive. */
export const undelivered = (then: string): DomainError => ({
  kind: 'conflict',
  detail: `the caller left before the answer was out, and nobody else can be told the secret of the new key: ${then}`,
});
