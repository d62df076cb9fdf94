import { GetAccessKeyLastUsedCommand } from '@aws-sdk/client-iam';
import { type Context, orUndefined, reading } from '../../../shared/context';
import type { Subject } from '../../../shared/subject';
import type { KeyUse, UsedKeyShape } from '../rules/shapes';
import { requireBucket } from '../../../shared/aws/bucket';
import { keyShape } from '../../../shared/aws/iam-shapes';
import { accessKeys, membership } from '../../../access/aws/user';

/** What IAM says where it has no value: https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKeyLastUsed.html */
const NOT_AVAILABLE = 'N/A';

/** Reads when a key was last used; undefined when it never was, or is gone. */
export async function lastUse(context: Context, id: string): Promise<KeyUse | undefined> {
  const answer = await orUndefined(
    reading(context, () => context.session.iam(new GetAccessKeyLastUsedCommand({ AccessKeyId: id }))),
  );
  const { LastUsedDate, ServiceName, Region } = answer?.AccessKeyLastUsed ?? {};
  const known = (value: string | undefined) => (value === NOT_AVAILABLE ? undefined : value);
  return LastUsedDate && { LastUsedDate, ServiceName: known(ServiceName), Region: known(Region) };
}

/**
 * Lists the keys of a user of the subject, oldest first, with their last use. Two calls deep.
 * @throws {not-found} when there is no such bucket, or the user is not the subject's
 * @throws {denied} when the bucket is somebody else's
 */
export async function listKeys(context: Context, subject: Subject, user: string): Promise<readonly UsedKeyShape[]> {
  const [keys] = await Promise.all([
    accessKeys(context, user),
    requireBucket(context, subject.bucket),
    membership(context, subject, user),
  ]);
  return Promise.all(
    keys.map(async (key) => ({ ...keyShape(key, user), LastUsed: await lastUse(context, key.AccessKeyId ?? '') })),
  );
}
