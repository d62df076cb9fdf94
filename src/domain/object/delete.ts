import { lookup } from '../shared/operation';
import { whole } from '../shared/subject-rules';
import { checkKey, keyIn } from './rules/keys';
import type { LifeQuery } from './rules/shapes';
import { sign } from './sign';

/** Signs the deletion of one object; whoever holds the URL deletes. */
export const signDeletion = lookup({
  ids: { bucket: ['signDeletion', 'signStorageDeletion'], website: 'signWebsiteDeletion' },
  subject: whole,
  object: (target) => keyIn(target),
  check: (_, target) => checkKey(keyIn(target)),
  read: (context, target, query: LifeQuery) => sign(context, target, keyIn(target), { kind: 'delete' }, query),
});
