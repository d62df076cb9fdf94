import {
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { fail, toDomainError } from '../../../../base/errors';
import { type Context, reading } from '../../../shared/context';
import type { StoreFeature } from '../../../shared/store-features';
import { noBucket } from '../../../shared/aws/bucket';

/** What is set at a bucket, by a call on a sub-resource of it. */
export type StoreSetting = Exclude<StoreFeature, 'versionListing'>;

/** The read of each sub-resource. */
const READS: { readonly [F in StoreSetting]: (context: Context, Bucket: string) => Promise<unknown> } = {
  tagging: ({ session }, Bucket) => session.s3(new GetBucketTaggingCommand({ Bucket })),
  lifecycle: ({ session }, Bucket) => session.s3(new GetBucketLifecycleConfigurationCommand({ Bucket })),
  publicAccessBlock: ({ session }, Bucket) => session.s3(new GetPublicAccessBlockCommand({ Bucket })),
  logging: ({ session }, Bucket) => session.s3(new GetBucketLoggingCommand({ Bucket })),
  encryption: ({ session }, Bucket) => session.s3(new GetBucketEncryptionCommand({ Bucket })),
  versioning: ({ session }, Bucket) => session.s3(new GetBucketVersioningCommand({ Bucket })),
  policy: ({ session }, Bucket) => session.s3(new GetBucketPolicyCommand({ Bucket })),
  cors: ({ session }, Bucket) => session.s3(new GetBucketCorsCommand({ Bucket })),
};

/**
 * Looks whether an S3-compatible store ignores a sub-resource. Such a store takes `PUT /bucket?cors` for CreateBucket and
 * makes a bucket again that somebody has just deleted; some (Garage) answer success to that. Ends with `unsupported` where
 * it is ignored, with `not-found` without a bucket, with `denied` where that cannot be seen. A store that says itself that it
 * does not know the call, or the setting, will say so again to the one that is meant.
 */
export async function requireKnown(context: Context, bucket: string, setting: StoreSetting): Promise<void> {
  try {
    await reading(context, () => READS[setting](context, bucket));
  } catch (thrown) {
    const { kind, origin } = toDomainError(thrown);
    const isIgnored = origin?.instead !== undefined;
    if ((kind === 'unsupported' && !isIgnored) || kind === 'invalid') return;
    if (kind !== 'not-found') throw thrown;
    // Every setting has a code of its own for "never set".
    const isMissing = origin?.code === undefined || origin.code === 'NoSuchBucket';
    if (isMissing) fail({ ...noBucket(bucket), ...(origin && { origin }) });
  }
}
