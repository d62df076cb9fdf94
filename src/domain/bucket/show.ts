import { lookup } from '../shared/operation';
import { whole } from '../shared/subject-rules';
import { showBucket as show } from './aws/details';
import { type IncludeQuery, settingsIn } from './settings/include';

/** Shows a bucket: tags, access logging, emptiness, and the settings that are asked for. */
export const showBucket = lookup({
  ids: { bucket: 'showBucket' },
  subject: whole,
  check: (_, __, query: IncludeQuery) => void settingsIn(query),
  read: async (context, { bucket }, query) => {
    const { settings, ...details } = await show(context, bucket, settingsIn(query));
    return { ...details, ...settings };
  },
});
