import type { Memory } from '../shared/memory';
import { noSuchOperation, type Watched, type Watching } from '../shared/history';
import { lookup, type Place, type Target } from '../shared/operation';
import { bucketsOfAccount } from '../shared/subject-rules';
import { askHistoryOnly } from './ask-history-only';

/**
 * Finds the operation that the path names.
 * @throws {not-found}
 */
async function find({ account }: Place, { history }: Memory, { params }: Target): Promise<Watched> {
  const found = await history.find(account.name, params['operation'] ?? '');
  return found ?? noSuchOperation();
}

/** Shows an operation; with `wait`, once it has changed. */
export const showOperation = lookup({
  ids: { account: 'showOperation' },
  subject: bucketsOfAccount,
  known: async (place, memory, target, query: { readonly wait?: string }): Promise<Watching> => ({
    watched: await find(place, memory, target),
    waitSeconds: Number(query.wait ?? 0),
  }),
  read: askHistoryOnly,
});

/** Shows the events of an operation as they come. */
export const watchOperation = lookup({
  ids: { account: 'watchOperation' },
  subject: bucketsOfAccount,
  known: async (place, memory, target): Promise<Watching> => ({
    watched: await find(place, memory, target),
    waitSeconds: Infinity,
  }),
  read: askHistoryOnly,
});
