import { showUser as show } from '../access/aws/users';
import { subjectIn } from '../shared/subject';
import { lookup } from '../shared/operation';
import { userOf } from '../shared/subject-rules';

/** Shows a user with its keys, groups and policies. */
export const showUser = lookup({
  ids: { bucket: 'showUser', website: 'showWebsiteUser' },
  subject: userOf,
  read: (context, target) => show(context, subjectIn(target), target.user),
});
