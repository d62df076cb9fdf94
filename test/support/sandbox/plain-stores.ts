import {
  lacking,
  METHOD_NOT_ALLOWED,
  NOT_IMPLEMENTED,
  operationsOf,
  type PlainStore,
} from '../../../src/sandbox/plain/store';

/** Stores as they are found, reduced to what provisioning meets. FIDELITY.md says where each was looked up. */

/** A MinIO without a key management service. */
const minio: PlainStore = {
  lacks: [
    lacking(['publicAccessBlock', 'ownership']),
    { operations: ['PutBucketLogging', 'PutBucketCors', 'DeleteBucketCors', 'PutBucketWebsite'], ...NOT_IMPLEMENTED },
    {
      operations: ['PutBucketEncryption'],
      ...NOT_IMPLEMENTED,
      message: 'Server side encryption specified but KMS is not configured',
    },
    {
      operations: ['GetBucketEncryption'],
      status: 404,
      code: 'ServerSideEncryptionConfigurationNotFoundError',
      message: 'The server side encryption configuration was not found',
    },
  ],
  transitions: 'refused',
  pages: false,
  wantsContentMd5: true,
};

const garage: PlainStore = {
  lacks: [
    lacking([
      'tagging',
      'publicAccessBlock',
      'ownership',
      'logging',
      'encryption',
      'policy',
      'versionListing',
      'objectLock',
    ]),
    { operations: ['PutBucketVersioning'], ...NOT_IMPLEMENTED },
  ],
  bucketFirst: true,
  region: 'garage',
  repeatedCreation: 'taken',
  transitions: 'dropped',
  pages: false,
  objectLock: false,
};

/** Buckets and objects, nothing else; sub-resources it does not know are refused or taken for the bucket itself. It deletes full buckets. */
const bare: PlainStore = {
  lacks: [
    lacking(
      [
        'tagging',
        'lifecycle',
        'logging',
        'encryption',
        'versioning',
        'policy',
        'cors',
        'ownership',
        'website',
        'objectLock',
      ],
      METHOD_NOT_ALLOWED,
    ),
    lacking(['publicAccessBlock'], {
      status: 400,
      code: 'MalformedXML',
      message: 'The XML you provided was not well-formed or did not validate against our published schema.',
    }),
  ],
  pages: false,
  versionsListed: false,
  objectLock: false,
  deletesFullBuckets: true,
};

/** gofakes3, and `rclone serve s3` which is built on it: whatever it does not know of a bucket means the bucket itself. */
const deaf: PlainStore = {
  ignores: operationsOf([
    'tagging',
    'lifecycle',
    'logging',
    'encryption',
    'publicAccessBlock',
    'policy',
    'cors',
    'ownership',
    'website',
    'objectLock',
  ]),
  pages: false,
  objectLock: false,
};

export const PLAIN_STORES = { minio, garage, bare, deaf } as const satisfies Readonly<Record<string, PlainStore>>;
