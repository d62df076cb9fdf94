import {
  GetBucketLoggingCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import type { Context } from '../context';
import { owned, reading } from '../context';
import { DomainFailure, fail, toDomainError } from '../../errors';
import { printable } from '../names';
import type { BucketDetails, LoggingShape, Tag } from '../shapes';
import { visibleTags } from '../tags';

/** What is known of a bucket: another account's buckets are `foreign`. */
export type BucketPresence = 'absent' | 'present' | 'foreign';

/**
 * Whether a bucket exists and is ours. HeadBucket answers 403, or 301 for another region, for somebody else's
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html).
 */
export async function bucketPresence(context: Context, bucket: string): Promise<BucketPresence> {
  try {
    await reading(context, () =>
      context.session.s3(new HeadBucketCommand({ Bucket: bucket, ...owned(context.session) })),
    );
    return 'present';
  } catch (thrown) {
    const { kind } = toDomainError(thrown);
    if (kind === 'not-found') return 'absent';
    if (kind === 'denied') return 'foreign';
    throw thrown;
  }
}

/** Ends with `not-found` or `denied` unless the bucket is there and ours. */
export async function requireBucket(context: Context, bucket: string): Promise<void> {
  requirePresent(await bucketPresence(context, bucket), bucket);
}

/** The same for a presence that is known already. */
export function requirePresent(presence: BucketPresence, bucket: string): void {
  if (presence === 'absent') fail(noBucket(bucket));
  if (presence === 'foreign') fail({ kind: 'denied', detail: `access to bucket ${bucket} is denied` });
}

const noBucket = (bucket: string) =>
  ({ kind: 'not-found', detail: `there is no bucket ${printable(bucket)} in this account` }) as const;

/** Names of all the account's buckets, over all pages, sorted: not every store does that by itself. */
export async function listBuckets(context: Context): Promise<readonly string[]> {
  const names: string[] = [];
  let token: string | undefined;
  do {
    const page = await reading(context, () =>
      context.session.s3(
        // Without MaxBuckets AWS refuses accounts with more than 10,000 buckets.
        new ListBucketsCommand({ MaxBuckets: 10_000, ...(token !== undefined && { ContinuationToken: token }) }),
      ),
    );
    names.push(...(page.Buckets ?? []).flatMap(({ Name }) => (Name === undefined ? [] : [Name])));
    token = page.ContinuationToken;
  } while (token !== undefined && token !== '');
  return names.sort();
}

/** When the bucket was created, in milliseconds since the epoch; undefined when it is not in the account's list. */
export async function bucketCreated(context: Context, bucket: string): Promise<number | undefined> {
  const page = await reading(context, () =>
    context.session.s3(new ListBucketsCommand({ Prefix: bucket, MaxBuckets: 10_000 })),
  );
  return page.Buckets?.find(({ Name }) => Name === bucket)?.CreationDate?.getTime();
}

/** All tags of a bucket, system tags included; empty when it has none. Ends with `not-found` without a bucket. */
export async function bucketTags(context: Context, bucket: string): Promise<readonly Tag[]> {
  try {
    const { TagSet } = await reading(context, () =>
      context.session.s3(new GetBucketTaggingCommand({ Bucket: bucket, ...owned(context.session) })),
    );
    return (TagSet ?? []).map(({ Key, Value }) => ({ Key: Key ?? '', Value: Value ?? '' }));
  } catch (thrown) {
    const { kind, origin } = toDomainError(thrown);
    if (kind === 'not-found' && origin?.code === 'NoSuchTagSet') return [];
    throw thrown;
  }
}

/** Whether a bucket holds nothing: no objects, no versions, no delete markers. One call whatever it holds. */
export async function isEmpty(context: Context, bucket: string): Promise<boolean> {
  const page = await reading(context, () =>
    context.session.s3(new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: 1, ...owned(context.session) })),
  );
  return (page.Versions ?? []).length === 0 && (page.DeleteMarkers ?? []).length === 0;
}

/** Access logging of a bucket; undefined when it is off. */
export async function bucketLogging(context: Context, bucket: string): Promise<LoggingShape | undefined> {
  const { LoggingEnabled: logging } = await reading(context, () =>
    context.session.s3(new GetBucketLoggingCommand({ Bucket: bucket, ...owned(context.session) })),
  );
  return (
    logging && {
      TargetBucket: logging.TargetBucket,
      TargetGrants: logging.TargetGrants,
      TargetPrefix: logging.TargetPrefix,
    }
  );
}

/** Tags, access logging and emptiness, in one parallel wave. Ends with `not-found`, `denied`. */
export async function showBucket(context: Context, bucket: string): Promise<BucketDetails> {
  const [tags, Logging, Empty] = await Promise.all([
    bucketTags(context, bucket),
    bucketLogging(context, bucket),
    isEmpty(context, bucket),
  ]).catch((thrown: unknown) => {
    const { kind, origin } = toDomainError(thrown);
    throw kind === 'not-found' && origin !== undefined
      ? new DomainFailure({ ...noBucket(bucket), origin })
      : thrown;
  });
  return { Tags: visibleTags(tags, context.org), Logging, Empty };
}
