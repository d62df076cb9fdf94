import { answer } from '../../../engine/plan';
import { operation, type Target } from '../../shared/operation';
import { userOf } from '../../shared/subject-rules';
import { deleteKey as remove } from '../../access/aws/delete-key';
import { checkKeyId } from './rules/input';
import { lookAtKeys, requireKey } from './user-keys';

/** Gives the id of the key that a path names. */
export const keyIn = ({ params }: Target): string => params['key'] ?? '';

/** Takes one key away for good: the last step of a rotation, or the first after a leak. */
export const deleteKey = operation({
  ids: { bucket: 'deleteKey', website: 'deleteWebsiteKey' },
  kind: 'delete-key',
  version: 1,
  subject: userOf,
  recovery: 'forward-after-pivot',
  title: (target) => `Delete access key ${keyIn(target)} of user ${target.user} of ${target.kind} ${target.bucket}`,
  check: (_, target) => checkKeyId(keyIn(target)),
  look: (context, target) => lookAtKeys(context, target),
  plan: (context, { target, seen }, step) => {
    const { id } = requireKey(seen, target.user, keyIn(target));
    step({ ...remove(context, target.user, id, []), pivot: true });
    return answer({}, () => ({}));
  },
});
