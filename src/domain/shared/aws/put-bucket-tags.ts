import { PutBucketTaggingCommand } from '@aws-sdk/client-s3';
import { DomainFailure, toDomainError } from '../../../base/errors';
import { type Context, owned } from '../context';
import { bucketArn } from '../names';
import type { Tag } from '../shapes';
import { bucketTags } from './bucket';

/** AWS takes as many tags a bucket. */
const MOST_TAGS = 50;

/**
 * Replaces all tags of a bucket: the one place that writes them. Where tags decide access (ABAC), AWS refuses to replace
 * them; then they are changed one by one. Sent twice it does no harm.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
 */
export async function putBucketTags(context: Context, bucket: string, tags: readonly Tag[]): Promise<void> {
  const { session } = context;
  try {
    await session.s3(
      new PutBucketTaggingCommand({
        Bucket: bucket,
        Tagging: { TagSet: tags.map((tag) => ({ ...tag })) },
        ...owned(session),
      }),
    );
  } catch (thrown) {
    // The answer where ABAC is on, and also to too many tags, which are refused once more then.
    if (!session.account.iam || toDomainError(thrown).origin?.code !== 'BadRequest') throw thrown;
    await changeTags(context, bucket, tags);
  }
}

/**
 * Changes what differs. What is to come goes first, so that a refusal (S3 Control's alphabet is narrower) leaves all as it
 * was; only where both together would be too many does what is to go leave before.
 */
async function changeTags(context: Context, bucket: string, tags: readonly Tag[]): Promise<void> {
  const { session } = context;
  const before = await bucketTags(context, bucket);
  const coming = tags.filter(({ Key, Value }) => !before.some((tag) => tag.Key === Key && tag.Value === Value));
  const leaving = before.filter(({ Key }) => !tags.some((tag) => tag.Key === Key)).map(({ Key }) => Key);
  const input = {
    AccountId: session.accountId,
    Bucket: bucket,
    ResourceArn: bucketArn(session, bucket),
  };
  const add = () => session.s3control({ operation: 'TagResource', input: { ...input, Tags: coming } });
  const remove = () => session.s3control({ operation: 'UntagResource', input: { ...input, TagKeys: leaving } });
  const calls = [...(coming.length === 0 ? [] : [add]), ...(leaving.length === 0 ? [] : [remove])];
  const [first, second] = leaving.length + tags.length > MOST_TAGS ? calls.reverse() : calls;
  await first?.();
  if (second !== undefined) await second().catch(halfDone);
}

/** A refusal of the second call is none of the whole: the first one has had its effect. */
function halfDone(thrown: unknown): never {
  const error = toDomainError(thrown);
  throw new DomainFailure({ ...error, origin: { ...error.origin, effect: 'unknown' } });
}
