import { listUsers as list } from '../access/aws/users';
import { subjectIn } from '../shared/subject';
import { lookup } from '../shared/operation';
import { userOf } from '../shared/subject-rules';

/** Lists the users of a bucket or website. */
export const listUsers = lookup({
  ids: { bucket: 'listUsers', website: 'listWebsiteUsers' },
  subject: userOf,
  read: (context, target) => list(context, subjectIn(target)),
});
