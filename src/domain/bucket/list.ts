import { listBuckets as list } from '../shared/aws/bucket';
import { lookup } from '../shared/operation';
import { bucketsOfAccount } from '../shared/subject-rules';

/** Lists the names of the account's buckets except the service's own stores, over all pages, sorted. */
export const listBuckets = lookup({
  ids: { account: 'listBuckets' },
  subject: bucketsOfAccount,
  read: async (context) => (await list(context)).filter((name) => !context.isOwnStore(name)),
});
