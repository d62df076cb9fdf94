import type { Context } from '../context';
import type { StepHandle } from '../../engine/plan';
import { answer, definePlan } from '../../engine/plan';
import type { Recipe } from '../../engine/recipe';
import { fail } from '../../errors';
import type { Holder } from '../holder';
import { claimInBucket, claimOnBucket, claimOnUser } from '../names';
import { sdkTags } from '../reads/iam-shapes';
import { requireBucket } from '../reads/bucket';
import { accessKeys, findUser, membership, noUser } from '../reads/user';
import type { KeysReset } from '../shapes';
import { createKey, deleteKey } from '../steps/access-key';
import { STATUS_TAG, tagValue } from '../tags';

type KeySeen = { readonly id: string; readonly active: boolean };
type Seen = { readonly keys: readonly KeySeen[]; readonly inactive: boolean };

/** AWS keeps at most two keys a user, inactive ones included. */
const MAX_KEYS = 2;

/**
 * A fresh key in place of all there are. The new one is made before the last of the old is deleted, so that the user
 * has a working key at every moment; with two keys the one that is missed least makes room first.
 */
export function resetKeys(context: Context, holder: Holder, user: string): Recipe<Seen, KeysReset> {
  const { bucket } = holder;
  const { name } = context.session.account;
  const kind = 'reset-keys';
  const title = `Reset the access keys of user ${user} of bucket ${bucket}`;
  return {
    kind,
    title,
    claims: [claimOnUser(name, user), claimInBucket(name, bucket, user)],
    yieldsTo: [claimOnBucket(name, bucket)],
    recovery: 'back',
    look: async () => {
      const [found, keys] = await Promise.all([
        findUser(context, user),
        accessKeys(context, user),
        requireBucket(context, bucket),
        membership(context, holder, user),
      ]);
      return {
        keys: keys.map((key) => ({ id: key.AccessKeyId ?? '', active: key.Status !== 'Inactive' })),
        inactive: tagValue(sdkTags((found ?? fail(noUser(bucket, user))).Tags), STATUS_TAG) === 'Inactive',
      };
    },
    plan: (seen) => {
      if (seen.inactive) {
        fail({ kind: 'conflict', detail: `user ${user} is Inactive; make the user Active before resetting keys` });
      }
      // Oldest first as listed; an inactive key is missed least.
      const leastMissed = [...seen.keys].sort((a, b) => Number(a.active) - Number(b.active));
      const makeRoom = leastMissed.slice(0, Math.max(0, seen.keys.length - MAX_KEYS + 1));
      const rest = leastMissed.slice(makeRoom.length);

      return definePlan(kind, title, (step) => {
        const room = makeRoom.map(({ id }) => step(deleteKey(context, user, id, [])));
        const key = step(createKey(context, { user, before: seen.keys.map(({ id }) => id), after: room }));
        const deleted: Record<string, StepHandle<string>> = {};
        for (const handle of room) deleted[`deleted${String(handle.index)}`] = handle;
        for (const { id } of rest) {
          const handle = step(deleteKey(context, user, id, [key]));
          deleted[`deleted${String(handle.index)}`] = handle;
        }
        return answer({ key, ...deleted }, ({ key: made, ...ids }) => ({ DeletedKeyIds: Object.values(ids), AccessKey: made }));
      });
    },
  };
}
