import { GetBucketWebsiteCommand } from '@aws-sdk/client-s3';
import { type Context, orUndefined, owned, reading } from '../context';

/** Tells whether a bucket is set up as a website; false without a bucket. */
export async function isHosted(context: Context, bucket: string): Promise<boolean> {
  const { session } = context;
  const answer = await orUndefined(
    reading(context, () => session.s3(new GetBucketWebsiteCommand({ Bucket: bucket, ...owned(session) }))),
  );
  return answer !== undefined;
}
