import { type BucketNames, createBucketNames } from './bucket-names';
import type { Checksum } from './checksums';
import type { CorsConfiguration } from './cors-rules';
import type { BucketDocuments, PublicAccessBlock } from './documents';
import { createKeyIndex, type KeyIndex } from './key-index';
import type { LifecycleConfiguration } from './lifecycle-rules';
import type { ObjectLockRule } from './object-lock-rules';
import type { Tag } from './tags';

/** All of S3's state: plain data. One namespace of bucket names over all accounts of a partition. */
export interface S3State {
  readonly buckets: BucketNames<Bucket>;
  /** Public access blocks of whole accounts, by their ids. */
  readonly accountBlocks: Map<string, PublicAccessBlock>;
  /** Accounts whose organization blocks public access. */
  readonly organizationBlocks: Set<string>;
}

/** What a bucket is configured with; `undefined` is "never set" or "deleted". */
export interface BucketConfig extends BucketDocuments {
  tags?: readonly Tag[] | undefined;
  lifecycle?: LifecycleConfiguration | undefined;
  cors?: CorsConfiguration | undefined;
  /** Absent also where object lock is on without a rule. */
  objectLock?: ObjectLockRule | undefined;
  /** JSON text as it was put. */
  policy?: string | undefined;
}

export type CannedAcl = 'private' | 'bucket-owner-read' | 'bucket-owner-full-control' | 'log-delivery-write';

export interface Bucket {
  readonly name: string;
  /** 12-digit account id. */
  readonly ownerId: string;
  readonly region: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  versioning: 'Enabled' | 'Suspended' | undefined;
  objectLock: boolean;
  acl: CannedAcl;
  readonly config: BucketConfig;
  /** Versions of each key, newest first; never an empty array. */
  readonly objects: KeyIndex<Version[]>;
  readonly uploads: Map<string, Upload>;
}

/** Headers kept with an object and given back on reads, lower-case names (`content-type`, `cache-control` …). */
export type StoredHeaders = Readonly<Record<string, string>>;

/** What a writer says about an object beside its bytes. */
export interface ObjectAttributes {
  readonly headers: StoredHeaders;
  /** User metadata, names without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly storageClass: string;
  readonly encryption: string;
  readonly websiteRedirect: string | undefined;
}

export interface StoredObject extends ObjectAttributes {
  readonly kind: 'object';
  /** `null` for objects written while versioning was not on. */
  readonly versionId: string;
  readonly lastModified: number;
  readonly body: Buffer;
  /** Without quotes. */
  readonly etag: string;
  readonly checksum: Checksum | undefined;
  /** Sizes of the parts of a multipart upload. */
  readonly partSizes: readonly number[] | undefined;
  tags: readonly Tag[];
}

export interface DeleteMarker {
  readonly kind: 'marker';
  readonly versionId: string;
  readonly lastModified: number;
}

export type Version = StoredObject | DeleteMarker;

export interface Part {
  readonly number: number;
  readonly body: Buffer;
  readonly etag: string;
  readonly lastModified: number;
  readonly checksum: Checksum | undefined;
}

/** A multipart upload in progress. */
export interface Upload {
  readonly id: string;
  readonly key: string;
  /** Account and ARN of who began it. */
  readonly initiator: { readonly accountId: string; readonly arn: string };
  readonly initiatedAt: number;
  readonly attributes: ObjectAttributes;
  readonly tags: readonly Tag[];
  readonly checksumAlgorithm: Checksum['algorithm'] | undefined;
  readonly checksumType: Checksum['type'];
  readonly parts: Map<number, Part>;
}

export function createState(): S3State {
  return { buckets: createBucketNames(), accountBlocks: new Map(), organizationBlocks: new Set() };
}

/** Makes a bucket as AWS does since April 2023: everything blocked, ACLs off. */
export function createBucket(
  identity: Pick<Bucket, 'name' | 'ownerId' | 'region' | 'createdAt' | 'objectLock'>,
): Bucket {
  return {
    ...identity,
    versioning: identity.objectLock ? 'Enabled' : undefined,
    acl: 'private',
    config: {
      publicAccessBlock: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
      ownership: { Rule: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    },
    objects: createKeyIndex(),
    uploads: new Map(),
  };
}
