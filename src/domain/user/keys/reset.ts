import type { Context } from '../../shared/context';
import { answer, definePlan } from '../../../engine/plan';
import type { Afterwards } from '../../../engine/recipe';
import { operation } from '../../shared/operation';
import { userOf } from '../../shared/subject-rules';
import { lastUse } from './aws/last-use';
import type { KeysReset, NewAccessKeyShape } from '../../shared/shapes';
import { deleteKey } from '../../access/aws/delete-key';
import { createKey } from './aws/access-key';
import { undelivered, withdrawal } from './undelivered';
import { type KeySeen, type KeysSeen, lookAtKeys, refuseInactive } from './user-keys';

/** AWS keeps at most two keys a user, inactive ones included. */
export const MAX_KEYS = 2;

type Seen = KeysSeen & {
  /** Ids in the order in which they are missed: what is missed least comes first. */
  readonly leastMissed: readonly string[];
};

/**
 * A fresh key in place of all there are, so that the user has a working key at every moment that somebody holds: the new
 * one is made, handed out, and only when the answer has left the last of the old is deleted. With two keys the one that is
 * missed least makes room first.
 *
 * An answer that reaches nobody changes nothing where an old key lives: the new one is withdrawn. Where the only other key
 * is an inactive one, the new one is kept: it does no harm, and the next reset replaces it.
 */
export const resetKeys = operation({
  ids: { bucket: 'resetKeys', website: 'resetWebsiteKeys' },
  kind: 'reset-keys',
  version: 1,
  subject: userOf,
  recovery: 'back',
  title: ({ bucket, user }) => `Reset the access keys of user ${user} of bucket ${bucket}`,
  look: async (context, target): Promise<Seen> => {
    const seen = await lookAtKeys(context, target);
    return { ...seen, leastMissed: await leastMissed(context, seen.keys) };
  },
  plan: (context, { target: { user }, seen }, step) => {
    refuseInactive(seen, user, 'resetting keys');
    const { room } = split(seen);
    const made = room.map((id) => step(deleteKey(context, user, id, [])));
    const key = step(createKey(context, { user, before: seen.keys.map(({ id }) => id), after: made }));
    return answer({ key }, (results): KeysReset => ({ DeletedKeyIds: seen.leastMissed, AccessKey: results.key }));
  },
  follows: (context, { target: { user }, seen }) => deletion(context, user, seen)?.plan,
  afterwards: (context, { target: { user }, seen }, { AccessKey }, delivered) =>
    delivered ? deletion(context, user, seen) : withdrawn(context, user, AccessKey, seen),
});

/** Keys that make room for the new one, and keys that go when it is handed out. */
function split({ leastMissed: ids }: Seen): { readonly room: readonly string[]; readonly rest: readonly string[] } {
  const count = Math.max(0, ids.length - MAX_KEYS + 1);
  return { room: ids.slice(0, count), rest: ids.slice(count) };
}

/** Keeps the promise of the answer: what is in its `DeletedKeyIds` goes, however long AWS takes. */
function deletion(context: Context, user: string, seen: Seen): Afterwards | undefined {
  const { rest } = split(seen);
  if (rest.length === 0) return undefined;
  const plan = definePlan('delete-old-keys', `Delete the old access keys of user ${user}`, (step) => {
    for (const id of rest) step(deleteKey(context, user, id, []));
    return answer({}, () => undefined);
  });
  return { plan };
}

function withdrawn(context: Context, user: string, key: NewAccessKeyShape, seen: Seen): Afterwards {
  const { room, rest } = split(seen);
  const isLast = room.length > 0 && !seen.keys.some(({ id, active }) => active && rest.includes(id));
  if (isLast) {
    const nothing = definePlan('keep-key', `Keep access key ${key.AccessKeyId} of user ${user}`, () =>
      answer({}, () => undefined),
    );
    return { plan: nothing, error: undelivered(`it is user ${user}'s only active key; reset again`) };
  }
  const kept = rest.length > 0 ? `the key from before (${rest.join(', ')}) stays` : 'there was none before';
  return { plan: withdrawal(context, key), error: undelivered(`it is withdrawn, and ${kept}; reset again`) };
}

/**
 * Orders keys by how little they are missed: an inactive key first; of active ones that which was used longest ago, or
 * never; of those the oldest.
 */
async function leastMissed(context: Context, keys: readonly KeySeen[]): Promise<readonly string[]> {
  // Where no choice has to be made, nobody is asked.
  const isChoice = keys.filter(({ active }) => active).length >= MAX_KEYS;
  const used = isChoice
    ? await Promise.all(keys.map(async ({ id }) => (await lastUse(context, id))?.LastUsedDate?.getTime() ?? 0))
    : [];
  return keys
    .map(({ id, active }, index) => ({ id, active, used: used[index] ?? 0 }))
    .sort((a, b) => Number(a.active) - Number(b.active) || a.used - b.used)
    .map(({ id }) => id);
}
