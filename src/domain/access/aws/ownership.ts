import { fail } from '../../../base/errors';
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
 * Tells who made a bucket that was absent when the plan looked. Some stores drop tags given at creation: an untagged
 * bucket counts as this operation's only when it is younger than the look.
 *
 * S3-compatible stores get no tags at creation, many know none at all, and the dates they tell are of their own clock.
 * There an untagged bucket is this operation's when its CreateBucket was answered with success, or else when the store
 * lists it as the account's and not older than two clocks may differ: it was absent, it was asked for, it is there.
 * What another service with the same keys makes at that very moment cannot be told apart there; inside this one the
 * claim on the name forbids it. An undo deletes empty buckets only.
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
 * Tells whether an undo may delete the bucket. When its tags cannot be read, because that is refused or keeps failing,
 * a bucket that the store has acknowledged must not be left behind: it counts as ours when it is younger than the look.
 *
 * Of two services that make the same bucket at the same moment both hear success in us-east-1, and its age fits both.
 * Only one of them can have made the policy that goes with it: whoever finds the other's policy there leaves the
 * bucket, too.
 * @throws what reading the tags threw, when the bucket is not surely ours without them
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

/** Tells from the tags that were just read of a resource whether this operation made it. */
export function madeBy(tags: readonly Tag[], operationId: string): Maker {
  return tagValue(tags, OPERATION_TAG) === operationId ? 'this-operation' : 'somebody-else';
}

/**
 * For the undo of what this operation has made and IAM does not show yet: its policy believes that only after some seconds.
 * @throws {not-found} always
 */
export const notShown = (name: string): never => fail({ kind: 'not-found', detail: `IAM does not show ${name}` });
