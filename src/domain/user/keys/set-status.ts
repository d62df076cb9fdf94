import type { RequestOf } from '../../../base/operation-types';
import { answer } from '../../../engine/plan';
import { markUser } from '../../access/aws/set-status';
import { operation } from '../../shared/operation';
import { userOf } from '../../shared/subject-rules';
import { turnKey } from './aws/access-key';
import { keyIn } from './delete';
import { checkKeyId } from './rules/input';
import { lookAtKeys, refuseInactive, requireKey, seenKeyShape } from './user-keys';

/**
 * Turns one key on or off. Turned off by name while its user is Inactive, a key is taken off the list of those that come
 * back with the user.
 */
export const setKeyStatus = operation({
  ids: { bucket: 'setKeyStatus', website: 'setWebsiteKeyStatus' },
  kind: 'set-key-status',
  version: 1,
  subject: userOf,
  recovery: 'forward',
  title: (target, { Status }: RequestOf<'setKeyStatus'>) =>
    `Make access key ${keyIn(target)} of user ${target.user} of ${target.kind} ${target.bucket} ${Status}`,
  check: (_, target) => checkKeyId(keyIn(target)),
  look: (context, target) => lookAtKeys(context, target),
  plan: (context, { target, input: { Status }, seen }, step) => {
    const { user } = target;
    const key = requireKey(seen, user, keyIn(target));
    const active = Status === 'Active';
    if (active) refuseInactive(seen, user, 'turning on a key');
    const turned = key.active === active ? [] : [step(turnKey(context, user, key.id, Status, []))];
    const before = seen.status;
    if (before.turnedOff.includes(key.id)) {
      const forgotten = { ...before, turnedOff: before.turnedOff.filter((other) => other !== key.id) };
      step(markUser(context, user, before, forgotten, turned));
    }
    return answer({}, () => seenKeyShape({ ...key, active }, user));
  },
});
