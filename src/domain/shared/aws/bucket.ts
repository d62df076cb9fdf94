import {
  GetBucketTaggingCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  type ListBucketsCommandInput,
} from '@aws-sdk/client-s3';
import { type Context, owned, reading } from '../context';
import { bucketInS3, nameInApi } from '../../../base/bucket-names';
import { fail, isRefusedAsIs, toDomainError } from '../../../base/errors';
import { printable } from '../names';
import type { Tag } from '../shapes';
import { optionally, type StoreFeature } from '../store-features';

/**
 * What is known of a bucket: another account's buckets are `foreign`. `elsewhere`: the account has one that S3 calls so, while
 * its settings reach those in its own namespace only; groups and policies by the bucket's name are that one's.
 */
export type BucketPresence = 'absent' | 'present' | 'foreign' | 'elsewhere';

/**
 * Tells whether a bucket exists and is ours. HeadBucket answers 403, or 301 for another region, for somebody else's
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html).
 */
export async function bucketPresence(context: Context, bucket: string): Promise<BucketPresence> {
  return (await bucketPlace(context, bucket)).presence;
}

/**
 * Tells whether a bucket exists and is ours, and its region: AWS tells that even to those it refuses, other stores not
 * at all.
 */
export async function bucketPlace(
  context: Context,
  bucket: string,
): Promise<{ readonly presence: BucketPresence; readonly region: string | undefined }> {
  try {
    const { BucketRegion: region } = await reading(context, () =>
      context.session.s3(new HeadBucketCommand({ Bucket: bucket, ...owned(context.session) })),
    );
    return { presence: 'present', region };
  } catch (thrown) {
    const { kind, origin } = toDomainError(thrown);
    if (kind === 'not-found')
      return { presence: (await isElsewhere(context, bucket)) ? 'elsewhere' : 'absent', region: undefined };
    if (kind === 'denied') return { presence: 'foreign', region: origin?.region };
    throw thrown;
  }
}

/**
 * Checks that the bucket is there and ours. One call.
 * @throws {not-found} when it is not there
 * @throws {denied} when it is somebody else's
 */
export async function requireBucket(context: Context, bucket: string): Promise<void> {
  requirePresent(await bucketPresence(context, bucket), bucket);
}

/**
 * Checks a presence that is known already.
 * @throws {not-found} when the bucket is absent
 * @throws {denied} when it is somebody else's, or out of reach
 */
export function requirePresent(presence: BucketPresence, bucket: string): void {
  if (presence === 'absent') fail(noBucket(bucket));
  if (presence === 'elsewhere') fail({ kind: 'denied', detail: outOfReach(bucket) });
  if (presence === 'foreign') fail({ kind: 'denied', detail: `access to bucket ${bucket} is denied` });
}

/** Says where a bucket is that the account's settings do not reach. */
export const outOfReach = (bucket: string): string =>
  `the account's bucket ${printable(bucket)} is in the global namespace, and this account is configured for its own (bucketNamespace)`;

/** Makes the error for a bucket that is not there. */
export const noBucket = (bucket: string) =>
  ({ kind: 'not-found', detail: `there is no bucket ${printable(bucket)} in this account` }) as const;

/**
 * Lists the names of all the account's buckets that can be reached, over all pages, sorted: not every store does that by
 * itself.
 */
export async function listBuckets(context: Context): Promise<readonly string[]> {
  const { account } = context.session;
  return (await everyBucket(context)).flatMap((bucket) => nameInApi(account, bucket) ?? []).sort();
}

/** Lists the names that groups and policies may be called after: of all buckets, also of those that cannot be reached. */
export async function namesInUse(context: Context): Promise<readonly string[]> {
  return (await everyBucket(context)).map((bucket) => nameInUse(context, bucket));
}

const nameInUse = ({ session }: Context, bucket: string): string => nameInApi(session.account, bucket) ?? bucket;

/** Lists S3's names of all buckets. */
async function everyBucket(context: Context): Promise<readonly string[]> {
  const names: string[] = [];
  let token: string | undefined;
  do {
    // Without MaxBuckets AWS refuses accounts with more than 10,000 buckets.
    const page = await bucketPage(context, {
      MaxBuckets: 10_000,
      ...(token !== undefined && { ContinuationToken: token }),
    });
    names.push(...(page.Buckets ?? []).flatMap(({ Name }) => (Name === undefined ? [] : [Name])));
    token = page.ContinuationToken;
  } while (token !== undefined && token !== '');
  return names;
}

/** Stores of before 2024 list all buckets at once: most ignore what asks for a page, the others refuse it. */
async function bucketPage(context: Context, page: ListBucketsCommandInput) {
  const { account, s3 } = context.session;
  try {
    return await reading(context, () => s3(new ListBucketsCommand(page)));
  } catch (thrown) {
    const error = toDomainError(thrown);
    if (account.iam || (!isRefusedAsIs(error) && error.kind !== 'unsupported')) throw thrown;
    return reading(context, () => s3(new ListBucketsCommand({})));
  }
}

/**
 * Lists those names in use that begin with `prefix`, sorted; emulators may not know the parameter. One call.
 */
export async function bucketsBeginning(context: Context, prefix: string): Promise<readonly string[]> {
  const page = await bucketPage(context, { Prefix: prefix, MaxBuckets: 10_000 });
  return (page.Buckets ?? [])
    .flatMap(({ Name }) => (Name === undefined ? [] : nameInUse(context, Name)))
    .filter((name) => name.startsWith(prefix))
    .sort();
}

/** Tells whether the account has a bucket that S3 calls so, where others are asked for. No call for the shared namespace. */
async function isElsewhere(context: Context, bucket: string): Promise<boolean> {
  if (context.session.account.bucketNamespace === 'global') return false;
  const page = await bucketPage(context, { Prefix: bucket, MaxBuckets: 10_000 });
  return (page.Buckets ?? []).some(({ Name }) => Name === bucket);
}

/**
 * Tells when the bucket was created, in milliseconds since the epoch; undefined when it is not in the account's list.
 */
export async function bucketCreated(context: Context, bucket: string): Promise<number | undefined> {
  const name = bucketInS3(context.session.account, bucket);
  const page = await bucketPage(context, { Prefix: name, MaxBuckets: 10_000 });
  return page.Buckets?.find(({ Name }) => Name === name)?.CreationDate?.getTime();
}

/** Tags of buckets, which some stores do not know. */
export const BUCKET_TAGS: StoreFeature = { title: 'bucket tags' };

/**
 * Reads all tags of a bucket, system tags included; empty when it has none, or when the store knows no tags.
 * @throws {not-found} when there is no such bucket
 */
export async function bucketTags(context: Context, bucket: string): Promise<readonly Tag[]> {
  const tags = await optionally(context, BUCKET_TAGS, () => taggingOf(context, bucket));
  // A call that the store does not know says nothing of the bucket.
  if (tags.warning !== undefined) await requireBucket(context, bucket);
  return tags.value ?? [];
}

/** Tags that are being read; rejects as `bucketTags` does. */
export type Tagging = Promise<readonly Tag[]>;

/** Reads the tags of a bucket as the store has them; rejects where it has no tags at all. */
export async function taggingOf(context: Context, bucket: string): Promise<readonly Tag[]> {
  try {
    const { TagSet } = await reading(context, () =>
      context.session.s3(new GetBucketTaggingCommand({ Bucket: bucket, ...owned(context.session) })),
    );
    return (TagSet ?? []).map(({ Key, Value }) => ({ Key: Key ?? '', Value: Value ?? '' }));
  } catch (thrown) {
    const { kind, origin } = toDomainError(thrown);
    // With `Error` at the end on Ceph.
    if (kind === 'not-found' && /^NoSuchTagSet(Error)?$/.test(origin?.code ?? '')) return [];
    throw thrown;
  }
}
