/**
 * What callers call a bucket, and what S3 calls it. In the namespace of an account and region S3's name is the caller's with
 * `-<account id>-<region>-an` at its end, and nobody but that account can ever have it.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html
 */

/** In which namespace an account has its buckets. */
export interface BucketNaming {
  readonly bucketNamespace: 'global' | 'account-regional';
  /** 12 digits; the configuration's checks see to it that an account with names of its own has one. */
  readonly id: string | undefined;
  readonly region: string;
}

/** Gives what the names in an account's own namespace end with. */
export const ownSuffix = ({ id, region }: Pick<BucketNaming, 'id' | 'region'>): string => `-${id ?? ''}-${region}-an`;

/** What S3 takes at most. */
export const LONGEST_BUCKET_NAME = 63;

/** Gives S3's name of the bucket that callers call `name`. */
export const bucketInS3 = (naming: BucketNaming, name: string): string =>
  naming.bucketNamespace === 'account-regional' ? `${name}${ownSuffix(naming)}` : name;

/** Gives what callers call a bucket of S3's; undefined for one that they cannot reach, as it is in the other namespace. */
export function nameInApi(naming: BucketNaming, bucket: string): string | undefined {
  if (naming.bucketNamespace === 'global') return bucket;
  const suffix = ownSuffix(naming);
  return bucket.endsWith(suffix) && bucket.length > suffix.length ? bucket.slice(0, -suffix.length) : undefined;
}

/** Tells whether S3's name is in the account's own namespace, which its making must say. */
export const isInOwnNamespace = (naming: BucketNaming, bucket: string): boolean =>
  naming.id !== undefined && bucket.endsWith(ownSuffix(naming));
