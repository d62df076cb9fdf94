import type { Context } from '../context';
import { orUndefined } from '../context';
import { bucketCreated, bucketTags } from '../reads/bucket';
import type { Tag } from '../shapes';
import { OPERATION_TAG, tagValue } from '../tags';

/** Whose a resource is, judged by the operation tag it was given at birth. */
export type Maker = 'absent' | 'this-operation' | 'somebody-else';

/**
 * Who made a bucket that was absent when the plan looked. Some stores drop tags given at creation: an untagged bucket
 * counts as this operation's only when it is younger than the look.
 * `since`: wall time of the look in milliseconds; S3 keeps creation dates to the second, so one is allowed for.
 */
export async function bucketMaker(
  context: Context,
  bucket: string,
  operationId: string,
  since: number,
): Promise<Maker> {
  const tags = await orUndefined(bucketTags(context, bucket));
  if (tags === undefined) return 'absent';
  const maker = tagValue(tags, OPERATION_TAG);
  if (tags.length > 0 && (maker === undefined || !context.departed.has(maker))) return madeBy(tags, operationId);
  const created = await bucketCreated(context, bucket);
  return created !== undefined && created >= since - 1_000 ? 'this-operation' : 'somebody-else';
}

/** The same for anything whose tags were just read. */
export function madeBy(tags: readonly Tag[], operationId: string): Maker {
  return tagValue(tags, OPERATION_TAG) === operationId ? 'this-operation' : 'somebody-else';
}
