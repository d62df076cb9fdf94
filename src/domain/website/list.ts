import { lookup } from '../shared/operation';
import { iamAccount } from '../shared/subject-rules';
import { listWebsites as list } from './aws/website';

/** Lists the names of the account's websites, sorted; none where no domain is configured. */
export const listWebsites = lookup({
  ids: { account: 'listWebsites' },
  subject: iamAccount,
  read: async (context) => {
    if (context.session.account.domains.size === 0) return [];
    return (await list(context)).filter((name) => !context.isOwnStore(name));
  },
});
