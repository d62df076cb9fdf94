import { type History, noSuchOperation } from '../../domain/shared/history';
import { fail } from '../../base/errors';
import type { Steering } from '../../operations/steering';
import { sendAnswer } from '../send';
import type { Perform } from '../types';
import { placeOf } from './place';

export interface SteerOptions {
  readonly history: History;
  readonly steering: Steering;
  /** false while starting or draining. */
  readonly ready: () => boolean;
}

/** What is done to operations themselves. It has no plan, so the table of operations lacks it. */
const STEERS = [
  { ids: { account: 'cancelOperation' }, act: 'cancel' },
  { ids: { account: 'retryOperation' }, act: 'retry' },
] as const;

/** Its ids of openapi.yaml. */
export const STEERING_IDS = STEERS.map(({ ids }) => ids.account);

/** Answers requests to cancel an operation or to try it again: 202 with the operation as it is then. */
export function steerOperations({ history, steering, ready }: SteerOptions): ReadonlyMap<string, Perform> {
  const accepting =
    (act: keyof Steering): Perform =>
    async ({ operationId, account, params }, res) => {
      const id = params['operation'] ?? '';
      if (!ready())
        fail({
          kind: 'overloaded',
          detail: 'this service is starting or stopping and takes no new writes',
          retryAfterSeconds: 5,
        });
      if ((await history.find(account.name, id)) === undefined) noSuchOperation();
      await steering[act](account.name, id);
      const watched = (await history.find(account.name, id)) ?? noSuchOperation();
      res.locals.operationId = id;
      res.setHeader('X-Operation-Id', id);
      res.setHeader('Location', placeOf(account.name, id));
      sendAnswer(res, operationId, 202, watched.show());
    };
  return new Map(STEERS.map(({ ids, act }) => [ids.account, accepting(act)]));
}
