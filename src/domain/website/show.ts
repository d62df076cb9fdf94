import { type IncludeQuery, settingsIn } from '../bucket/settings/include';
import { lookup } from '../shared/operation';
import { requireSiteDomain } from '../shared/site-names';
import { whole } from '../shared/subject-rules';
import { showWebsite as show } from './aws/website';

/** Shows a website: tags, access logging, emptiness, DNS record, distribution, and the settings that are asked for. */
export const showWebsite = lookup({
  ids: { website: 'showWebsite' },
  subject: whole,
  check: (_, __, query: IncludeQuery) => void settingsIn(query),
  read: async (context, { bucket: site }, query) => {
    const domain = requireSiteDomain(context.session.account, site);
    const { settings, ...details } = await show(context, site, domain, context.memory.sites, settingsIn(query));
    return { ...details, ...settings };
  },
});
