import { answer } from '../../../engine/plan';
import { fail } from '../../../base/errors';
import { operation } from '../../shared/operation';
import { userOf } from '../../shared/subject-rules';
import { createKey } from './aws/access-key';
import { MAX_KEYS } from './reset';
import { undelivered, withdrawal } from './undelivered';
import { lookAtKeys, refuseInactive } from './user-keys';

/** Makes another key beside the one there is, so that the old one works until everything uses the new one. */
export const addKey = operation({
  ids: { bucket: 'addKey', website: 'addWebsiteKey' },
  kind: 'add-key',
  version: 1,
  subject: userOf,
  recovery: 'back',
  title: ({ kind, bucket, user }) => `Add an access key for user ${user} of ${kind} ${bucket}`,
  look: (context, target) => lookAtKeys(context, target),
  plan: (context, { target: { user }, seen }, step) => {
    refuseInactive(seen, user, 'adding a key');
    if (seen.keys.length >= MAX_KEYS) {
      const ids = seen.keys.map(({ id, active }) => (active ? id : `${id} (Inactive)`)).join(' and ');
      fail({
        kind: 'conflict',
        detail: `user ${user} has two access keys, and AWS allows no more: ${ids}. Delete the one that is no longer used, or reset them all (PUT)`,
      });
    }
    const key = step(createKey(context, { user, before: seen.keys.map(({ id }) => id) }));
    return answer({ key }, (made) => ({ AccessKey: made.key }));
  },
  afterwards: (context, _, { AccessKey }, delivered) =>
    delivered
      ? undefined
      : { plan: withdrawal(context, AccessKey), error: undelivered('it is withdrawn, and nothing is changed') },
});
