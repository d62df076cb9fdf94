/** What an S3-compatible store is like that is not AWS; every member has the most capable store as its default. */
export interface PlainStore {
  /** What the store cannot do. Default: nothing. */
  readonly lacks?: readonly Lack[];
  /** Whether NoSuchBucket is told before a lack. Default: no. */
  readonly bucketFirst?: boolean;
  /** The store's only region; calls signed for another are refused. Default: every region will do. */
  readonly region?: string;
  /** What a bucket's owner hears who creates it again: BucketAlreadyOwnedByYou, or success. Default: `refused`. */
  readonly repeatedCreation?: 'refused' | 'taken';
  /** Lifecycle rules that move objects into another class: kept, refused, or silently dropped. Default: `kept`. */
  readonly transitions?: 'kept' | 'refused' | 'dropped';
  /** Whether ListBuckets knows pages and prefixes. Default: yes. */
  readonly pages?: boolean;
  /** Whether `?versions` means anything; where it does not, objects are listed. Default: yes. */
  readonly versionsListed?: boolean;
  /** Whether buckets can be created with object lock; where not, the header is ignored. Default: yes. */
  readonly objectLock?: boolean;
  /** Whether DeleteBucket takes what is in the bucket with it. Default: no. */
  readonly deletesFullBuckets?: boolean;
  /**
   * Operations, by AWS's names, whose sub-resource the store ignores: the request means the bucket itself then, so that GET
   * lists it, PUT creates it and DELETE deletes it. Default: none.
   */
  readonly ignores?: readonly string[];
  /** Whether default encryption is taken and then fails every upload. Default: no. */
  readonly breaksByEncryption?: boolean;
  /** Whether lifecycles are refused without Content-MD5. Default: no. */
  readonly wantsContentMd5?: boolean;
}

/** Operations, by AWS's names, and what they are answered with. */
export interface Lack {
  readonly operations: readonly string[];
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** The operations behind what people call a feature. */
export const FEATURES = {
  tagging: ['GetBucketTagging', 'PutBucketTagging', 'DeleteBucketTagging'],
  lifecycle: ['GetBucketLifecycleConfiguration', 'PutBucketLifecycleConfiguration', 'DeleteBucketLifecycle'],
  publicAccessBlock: ['GetPublicAccessBlock', 'PutPublicAccessBlock', 'DeletePublicAccessBlock'],
  logging: ['GetBucketLogging', 'PutBucketLogging'],
  encryption: ['GetBucketEncryption', 'PutBucketEncryption', 'DeleteBucketEncryption'],
  versioning: ['GetBucketVersioning', 'PutBucketVersioning'],
  versionListing: ['ListObjectVersions'],
  policy: ['GetBucketPolicy', 'PutBucketPolicy', 'DeleteBucketPolicy', 'GetBucketPolicyStatus'],
  cors: ['GetBucketCors', 'PutBucketCors', 'DeleteBucketCors'],
  ownership: ['GetBucketOwnershipControls', 'PutBucketOwnershipControls', 'DeleteBucketOwnershipControls'],
  website: ['GetBucketWebsite', 'PutBucketWebsite', 'DeleteBucketWebsite'],
  objectLock: ['GetObjectLockConfiguration', 'PutObjectLockConfiguration'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Feature = keyof typeof FEATURES;

type Answer = Omit<Lack, 'operations'>;

/** MinIO's and Garage's answer to what they do not implement. */
export const NOT_IMPLEMENTED: Answer = {
  status: 501,
  code: 'NotImplemented',
  message: 'A header you provided implies functionality that is not implemented',
};

/** Ceph's. */
export const METHOD_NOT_ALLOWED: Answer = {
  status: 405,
  code: 'MethodNotAllowed',
  message: 'The specified method is not allowed against this resource.',
};

/** Lists all operations of these features. */
export const operationsOf = (features: readonly Feature[]): readonly string[] =>
  features.flatMap((feature) => FEATURES[feature]);

/** Says that whole features are missing. */
export function lacking(features: readonly Feature[], answer: Answer = NOT_IMPLEMENTED): Lack {
  return { operations: operationsOf(features), ...answer };
}
