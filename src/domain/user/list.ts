import { listUsers as list } from '../access/aws/users';
import { holderIn } from '../shared/holder';
import { lookup } from '../shared/operation';
import { userOf } from '../shared/subjects';

/** Lists the users of a bucket or website. */
export const listUsers = lookup({
  ids: { bucket: 'listUsers', website: 'listWebsiteUsers' },
  subject: userOf,
  read: (context, target) => list(context, holderIn(target)),
});
