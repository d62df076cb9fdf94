import type { QueryOf } from '../../base/operation-types';
import type { HistoryPage } from '../shared/history';
import { lookup } from '../shared/operation';
import { bucketsOfAccount } from '../shared/subject-rules';
import { askHistoryOnly } from './ask-history-only';

/** Parameters of a query are text. */
type ListQuery = { readonly [Name in keyof QueryOf<'listOperations'>]?: string };

const DEFAULT_LIMIT = 100;

/** Lists what was done in an account and what is under way, newest first. */
export const listOperations = lookup({
  ids: { account: 'listOperations' },
  subject: bucketsOfAccount,
  known: ({ account }, { history }, _target, query: ListQuery): Promise<HistoryPage> =>
    history.list(account.name, {
      resource: query.resource,
      state: query.state,
      kind: query.kind,
      token: query.token,
      since: timeOf(query.since),
      until: timeOf(query.until),
      limit: query.limit === undefined ? DEFAULT_LIMIT : Number(query.limit),
      marker: query.marker,
    }),
  read: askHistoryOnly,
});

const timeOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Date.parse(text));
