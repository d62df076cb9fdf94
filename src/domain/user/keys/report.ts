import { lookup } from '../../shared/operation';
import { iamAccount } from '../../shared/subject-rules';
import { keyReport } from './aws/report';
import { reportRange } from './rules/input';

interface Query {
  readonly olderThan?: string;
  readonly limit?: string;
  readonly marker?: string;
}

const rangeOf = ({ limit, ...query }: Query) =>
  reportRange({ ...query, ...(limit !== undefined && { limit: Number(limit) }) });

/** Reports the access keys of all users of the service in an account, page by page. */
export const reportKeys = lookup({
  ids: { account: 'reportKeys' },
  subject: iamAccount,
  check: (_, __, query: Query) => void rangeOf(query),
  read: (context, _, query) => keyReport(context, rangeOf(query), context.isOwnStore),
});
