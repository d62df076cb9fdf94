import { subjectIn } from '../../shared/subject';
import { lookup } from '../../shared/operation';
import { userOf } from '../../shared/subject-rules';
import { listKeys as list } from './aws/last-use';

/** Lists the keys of a user with their last use. */
export const listKeys = lookup({
  ids: { bucket: 'listKeys', website: 'listWebsiteKeys' },
  subject: userOf,
  read: (context, target) => list(context, subjectIn(target), target.user),
});
