import { answer } from '../../../engine/plan';
import { operation } from '../../shared/operation';
import { userOf } from '../../shared/subject-rules';
import { deleteKey } from '../../access/aws/delete-key';
import { lookAtKeys } from './user-keys';

/**
 * Deletes all keys of a user, side by side. Each deletion is final, so after the first one the rest only goes forward;
 * what fails is named as left, and asking again deletes it.
 */
export const revokeKeys = operation({
  ids: { bucket: 'revokeKeys', website: 'revokeWebsiteKeys' },
  kind: 'revoke-keys',
  version: 1,
  subject: userOf,
  recovery: 'forward-after-pivot',
  title: ({ kind, bucket, user }) => `Revoke the access keys of user ${user} of ${kind} ${bucket}`,
  look: (context, target) => lookAtKeys(context, target),
  plan: (context, { target: { user }, seen }, step) => {
    for (const { id } of seen.keys) step({ ...deleteKey(context, user, id, []), pivot: true });
    return answer({}, () => ({ DeletedKeyIds: seen.keys.map(({ id }) => id) }));
  },
});
