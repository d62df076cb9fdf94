import { GetBucketTaggingCommand } from '@aws-sdk/client-s3';
import { fail } from '../../../../base/errors';
import { BUCKET_TAGS, bucketTags } from '../../../shared/aws/bucket';
import { putBucketTags } from '../../../shared/aws/put-bucket-tags';
import { type Context, owned } from '../../../shared/context';
import type { Tag } from '../../../shared/shapes';
import { lastingTags, OPERATION_TAG, sameTags, tagValue } from '../../../shared/tags';
import type { Step, StoreSetting } from './setting';

/**
 * The tags of a bucket: the caller's and the service's own, which every operation reads. So they are no line of the table,
 * though a store may lack them like any setting.
 */
export const tagging: StoreSetting = {
  feature: BUCKET_TAGS,
  read: ({ session }, Bucket) => session.s3(new GetBucketTaggingCommand({ Bucket, ...owned(session) })),
};

/**
 * Makes sure a new bucket carries its tags: some stores drop those given at creation. In us-east-1 two creators both
 * hear 200; the tags tell which of them owns the bucket.
 * @throws {exists} for the other
 */
export function confirmTags(context: Context, bucket: string, tags: readonly Tag[]): Step {
  return {
    title: `Confirm the tags of bucket ${bucket}`,
    run: async () => {
      const found = await bucketTags(context, bucket);
      const maker = tagValue(found, OPERATION_TAG);
      const isAnother = maker !== undefined && maker !== tagValue(tags, OPERATION_TAG);
      if (isAnother && !context.deletedBuckets.has(maker))
        fail({ kind: 'exists', detail: `a bucket ${bucket} exists already` });
      if (!sameTags(found, tags)) await putBucketTags(context, bucket, tags);
    },
  };
}

/** Replaces a bucket's tags; the undo puts the former ones back. */
export function replaceTags(context: Context, bucket: string, before: readonly Tag[], after: readonly Tag[]): Step {
  return {
    title: `Replace the tags of bucket ${bucket}`,
    touches: [{ action: 'change', resource: `tags of bucket ${bucket}`, document: lastingTags(after) }],
    run: () => putBucketTags(context, bucket, after),
    undo: () => putBucketTags(context, bucket, before),
  };
}
