import { lookup } from '../shared/operation';
import { requireSiteDomain } from '../shared/site-names';
import { whole } from '../shared/subject-rules';
import { requireWebsite } from './aws/website';

/**
 * Tells whether a website is there.
 * @throws {not-found} when it is not, or its bucket serves none
 */
export const headWebsite = lookup({
  ids: { website: 'headWebsite' },
  subject: whole,
  read: async (context, { bucket: site }) => {
    const domain = requireSiteDomain(context.session.account, site);
    await requireWebsite(context, site, domain, context.memory.sites);
  },
});
