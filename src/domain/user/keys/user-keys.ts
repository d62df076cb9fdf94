import type { Context } from '../../shared/context';
import { fail } from '../../../base/errors';
import { subjectIn } from '../../shared/subject';
import type { Target } from '../../shared/operation';
import { printable } from '../../shared/names';
import { refuseOtherOrg } from '../../shared/org';
import { requireBucket } from '../../shared/aws/bucket';
import { keyShape, sdkTags } from '../../shared/aws/iam-shapes';
import { accessKeys, findUser, membership, noUser } from '../../access/aws/user';
import { requireOurs } from '../../access/aws/user-verdict';
import type { AccessKeyShape } from '../../shared/shapes';
import { statusOf } from '../../access/rules/user-status';

/** What every plan on the keys of a user looks at. */

/** A key as the journal keeps it. */
export type KeySeen = { readonly id: string; readonly active: boolean; readonly created: string | null };

export type KeysSeen = {
  /** Oldest first. */
  readonly keys: readonly KeySeen[];
  readonly status: { readonly inactive: boolean; readonly turnedOff: readonly string[] };
};

/**
 * Reads the user's keys and status, once it is proven to be the subject's and nobody else's. One call deep, two for a
 * user without our mark.
 * @throws {not-found} when there is no such bucket, or the user is not the subject's
 * @throws {denied} when the bucket is somebody else's
 * @throws {conflict} when the user is not surely ours, or is another org's
 */
export async function lookAtKeys(context: Context, target: Target): Promise<KeysSeen> {
  const { user } = target;
  const subject = subjectIn(target);
  const [found, keys, , { subject: known }] = await Promise.all([
    findUser(context, user),
    accessKeys(context, user),
    requireBucket(context, subject.bucket),
    membership(context, subject, user),
  ]);
  const present = found ?? fail(noUser(subject.bucket, user));
  const tags = sdkTags(present.Tags);
  refuseOtherOrg(`user ${user}`, tags, context.org);
  await requireOurs(context, known, user, present);
  const { inactive, turnedOff } = statusOf(tags);
  return {
    keys: keys.map((key) => ({
      id: key.AccessKeyId ?? '',
      active: key.Status !== 'Inactive',
      created: key.CreateDate?.toISOString() ?? null,
    })),
    status: { inactive, turnedOff },
  };
}

/**
 * Finds the user's key of that id.
 * @throws {not-found} when the user has no such key, whoever else may have it
 */
export function requireKey({ keys }: KeysSeen, user: string, id: string): KeySeen {
  return (
    keys.find((key) => key.id === id) ??
    fail({ kind: 'not-found', detail: `there is no access key ${printable(id)} of user ${user}` })
  );
}

/** Makes what answers show of a key in the journal. */
export const seenKeyShape = ({ id, active, created }: KeySeen, user: string): AccessKeyShape =>
  keyShape(
    {
      AccessKeyId: id,
      Status: active ? 'Active' : 'Inactive',
      CreateDate: created === null ? undefined : new Date(created),
    },
    user,
  );

/**
 * Refuses work on a user that is Inactive; `work` is what it cannot be given.
 * @throws {conflict} when it is
 */
export function refuseInactive({ status }: KeysSeen, user: string, work: string): void {
  if (status.inactive)
    fail({ kind: 'conflict', detail: `user ${user} is Inactive; make the user Active before ${work}` });
}
