import { type Context, orUndefined } from '../../shared/context';
import { bucketCreated, bucketTags } from '../../shared/aws/bucket';
import { sdkTags } from '../../shared/aws/iam-shapes';
import { findPolicy } from './role';
import { policyArn, roleOf } from '../../shared/role';
import type { Tag } from '../../shared/shapes';
import { OPERATION_TAG, tagValue } from '../../shared/tags';

/** Whose a resource is, judged by the operation tag it was given at birth. */
export type Maker = 'absent' | 'this-operation' | 'somebody-else';

/** What is known of a bucket's making beside its tags. */
export interface Making {
  /** Wall time of the look in milliseconds; the bucket was absent then. */
  readonly lookedAt: number;
  /** CreateBucket of this run was answered with success. */
  readonly answered: boolean;
}

/** S3 keeps creation dates to the second. */
const ROUNDING_MS = 1_000;
/** A store refuses signatures of a clock that differs more from its own: RequestTimeTooSkewed. */
const CLOCKS_APART_MS = 15 * 60_000;

/**
 * Who made a bucket that was absent when the plan looked. Some stores drop tags given at creation: an untagged bucket
 * counts as this operation's only when it is younger than the look.
 *
 * S3-compatible stores are given no tags at creation, many know none at all, and the dates they tell are of a clock of
 * their own. There an untagged bucket is this operation's when its CreateBucket was answered with success, or else when
 * the store lists it as the account's and not older than two clocks may differ: it was absent, it was asked for, it is
 * there. What another service with the same keys makes in that very moment cannot be told apart there; inside this one
 * the claim on the name forbids it. An undo deletes empty buckets only.
 */
export async function bucketMaker(
  context: Context,
  bucket: string,
  operationId: string,
  making: Making,
): Promise<Maker> {
  return (await judged(context, bucket, operationId, making)).maker;
}

interface Verdict {
  readonly maker: Maker;
  /** A tag says so. */
  readonly isTagged?: true;
}

async function judged(
  context: Context,
  bucket: string,
  operationId: string,
  { lookedAt, answered }: Making,
): Promise<Verdict> {
  const { iam } = context.session.account;
  const tags = await orUndefined(bucketTags(context, bucket));
  if (tags === undefined) return { maker: 'absent' };
  const maker = tagValue(tags, OPERATION_TAG);
  if (tags.length > 0 && (maker === undefined || !context.deletedBuckets.has(maker)))
    return { maker: madeBy(tags, operationId), isTagged: true };
  if (!iam && answered) return { maker: 'this-operation' };
  return { maker: (await isYoungerThanLook(context, bucket, lookedAt)) ? 'this-operation' : 'somebody-else' };
}

/**
 * Whether an undo may take the bucket away. Tags that cannot be read, because that is refused or goes on failing, must
 * not leave behind what the store has acknowledged: such a bucket is ours when it is younger than the look. Otherwise it
 * ends with why the tags could not be read.
 *
 * Of two services that make the same bucket in the same moment both hear success in us-east-1, and its age fits both.
 * Only one of them can have made the policy that goes with it: whoever finds the other's there leaves the bucket, too.
 */
export async function isOursToUndo(
  context: Context,
  bucket: string,
  operationId: string,
  making: Making,
): Promise<boolean> {
  const verdict = await judged(context, bucket, operationId, making).catch(
    async (thrown: unknown): Promise<Verdict> => {
      if (making.answered && (await isYoungerThanLook(context, bucket, making.lookedAt)))
        return { maker: 'this-operation' };
      throw thrown;
    },
  );
  if (verdict.maker !== 'this-operation') return false;
  return verdict.isTagged === true || !(await hasPolicyOfOther(context, bucket, operationId));
}

async function hasPolicyOfOther(context: Context, bucket: string, operationId: string): Promise<boolean> {
  const { session } = context;
  if (!session.account.iam) return false;
  const policy = await findPolicy(context, policyArn(session, roleOf(bucket, 'BktAdm')));
  const maker = tagValue(sdkTags(policy?.Tags), OPERATION_TAG);
  return maker !== undefined && maker !== operationId;
}

async function isYoungerThanLook(context: Context, bucket: string, lookedAt: number): Promise<boolean> {
  const created = await bucketCreated(context, bucket);
  return created !== undefined && created >= lookedAt - (context.session.account.iam ? ROUNDING_MS : CLOCKS_APART_MS);
}

/** The same for anything whose tags were just read. */
export function madeBy(tags: readonly Tag[], operationId: string): Maker {
  return tagValue(tags, OPERATION_TAG) === operationId ? 'this-operation' : 'somebody-else';
}
