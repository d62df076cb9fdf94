import { showUser as show } from '../access/aws/users';
import { holderIn } from '../shared/holder';
import { lookup } from '../shared/operation';
import { userOf } from '../shared/subjects';

/** Shows a user with its keys, groups and policies. */
export const showUser = lookup({
  ids: { bucket: 'showUser', website: 'showWebsiteUser' },
  subject: userOf,
  read: (context, target) => show(context, holderIn(target), target.user),
});
