import { AwsRefusal } from '../../contract';
import type { XmlObject } from '../../protocol/xml';
import { decodeXml, type Shape } from '../../protocol/xml-shape';
import { malformedXml } from '../../protocol/xml-read';
import { bucketNamed, bucketOf, type Call, type Handlers, type Reply } from './call';
import { checkCors, corsShape } from './cors-rules';
import {
  abacShape,
  encryptionShape,
  loggingShape,
  ownershipShape,
  publicAccessBlockShape,
  versioningShape,
  websiteShape,
} from './documents';
import { checkLifecycle, lifecycleShape } from './lifecycle-rules';
import { checkObjectLock, objectLockShape } from './object-lock-rules';
import { invalidArgument, notImplemented } from './refusals';
import type { Bucket, BucketConfig } from './store';
import { checkTags, taggingShape } from './tags';

/** Bucket settings that are one document each: put whole, given back whole, deleted whole. */

interface Setting<K extends keyof BucketConfig, D> {
  readonly root: string;
  readonly shape: Shape<D>;
  /** What is kept of a document; throws AwsRefusal when a rule is broken. */
  readonly accept: (document: D, call: Call, bucket: Bucket) => BucketConfig[K];
  readonly show: (kept: NonNullable<BucketConfig[K]>) => XmlObject;
  /** The answer where nothing was put: a refusal, or a default. */
  readonly absent: (bucket: Bucket) => AwsRefusal | XmlObject;
  readonly putStatus?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

function settingHandlers<K extends keyof BucketConfig, D>(
  member: K,
  names: { readonly get: string; readonly put: string; readonly delete?: string },
  setting: Setting<K, D>,
): Handlers {
  const get = (call: Call): Reply => {
    const bucket = bucketOf(call);
    const kept = bucket.config[member];
    const value = kept === undefined ? setting.absent(bucket) : setting.show(kept);
    if (value instanceof AwsRefusal) throw value;
    return { headers: setting.headers ?? {}, xml: { root: setting.root, value } };
  };
  const put = (call: Call): Reply => {
    const bucket = bucketOf(call);
    const document = decodeXml(call.request.body, setting.root, setting.shape);
    bucket.config[member] = setting.accept(document, call, bucket);
    return { status: setting.putStatus ?? 200, headers: setting.headers ?? {} };
  };
  const remove = (call: Call): Reply => {
    bucketOf(call).config[member] = undefined;
    return { status: 204 };
  };
  return { [names.get]: get, [names.put]: put, ...(names.delete === undefined ? {} : { [names.delete]: remove }) };
}

const missing =
  (code: string, message: string) =>
  (bucket: Bucket): AwsRefusal =>
    new AwsRefusal(404, code, message, { BucketName: bucket.name });

function acceptLogging(target: BucketConfig['logging'], call: Call, bucket: Bucket): BucketConfig['logging'] {
  if (target === undefined) return undefined;
  const found = bucketNamed(call, target.TargetBucket);
  if (found === undefined || found.ownerId !== bucket.ownerId || found.region !== bucket.region) {
    const message =
      found === undefined
        ? 'The target bucket for logging does not exist'
        : found.ownerId === bucket.ownerId
          ? 'The source and the target bucket for logging must be in the same region'
          : 'The owner for the bucket to be logged and the target bucket must be the same.';
    throw new AwsRefusal(400, 'InvalidTargetBucketForLogging', message, { TargetBucket: target.TargetBucket });
  }
  return target;
}

function acceptWebsite(website: NonNullable<BucketConfig['website']>): BucketConfig['website'] {
  const redirects = website.RedirectAllRequestsTo !== undefined;
  const serves = [website.IndexDocument, website.ErrorDocument, website.RoutingRules].some(
    (part) => part !== undefined,
  );
  if (redirects === serves || (serves && website.IndexDocument === undefined)) throw malformedXml();
  const suffix = website.IndexDocument?.Suffix;
  if (suffix !== undefined && (suffix === '' || suffix.includes('/'))) {
    throw invalidArgument('The IndexDocument Suffix is not well formed', 'IndexDocument', suffix);
  }
  return website;
}

function versioning(call: Call): Reply {
  const { versioning: status } = bucketOf(call);
  return { xml: { root: 'VersioningConfiguration', value: { Status: status } } };
}

function putVersioning(call: Call): Reply {
  const bucket = bucketOf(call);
  const { Status: status, MfaDelete: mfa } = decodeXml(call.request.body, 'VersioningConfiguration', versioningShape);
  if (mfa === 'Enabled') throw notImplemented('MFA delete');
  if (status === undefined) {
    throw new AwsRefusal(400, 'IllegalVersioningConfigurationException', 'The Versioning element must be specified');
  }
  if (bucket.objectLock && status === 'Suspended') {
    throw new AwsRefusal(
      409,
      'InvalidBucketState',
      'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
    );
  }
  bucket.versioning = status;
  return {};
}

function objectLock(call: Call): Reply {
  const bucket = bucketOf(call);
  if (!bucket.objectLock) {
    throw missing(
      'ObjectLockConfigurationNotFoundError',
      'Object Lock configuration does not exist for this bucket',
    )(bucket);
  }
  const { objectLock: Rule } = bucket.config;
  return {
    xml: {
      root: 'ObjectLockConfiguration',
      value: { ObjectLockEnabled: 'Enabled', ...(Rule !== undefined && { Rule }) },
    },
  };
}

/** Turns object lock on, for good, and replaces the default rule. */
function putObjectLock(call: Call): Reply {
  const bucket = bucketOf(call);
  const { Rule: rule } = checkObjectLock(decodeXml(call.request.body, 'ObjectLockConfiguration', objectLockShape));
  if (bucket.versioning !== 'Enabled') {
    throw new AwsRefusal(
      409,
      'InvalidBucketState',
      "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
    );
  }
  bucket.objectLock = true;
  bucket.config.objectLock = rule;
  return {};
}

/**
 * Refuses tags of a bucket whose tags decide access: they change by TagResource and UntagResource then. The words are S3's as
 * public suites of tests that run against AWS have them; the API Reference has no error for it.
 * @throws {BadRequest} when ABAC is on
 */
function refuseByAbac(bucket: Bucket, how: string): void {
  if (bucket.config.abac?.Status !== 'Enabled') return;
  const message = `This S3 general purpose bucket has attribute-based access control (ABAC) enabled. ${how}To delete tags from this bucket, initiate an UntagResource request.`;
  throw new AwsRefusal(400, 'BadRequest', message);
}

function acceptTags(tags: BucketConfig['tags'] & {}, bucket: Bucket): BucketConfig['tags'] {
  refuseByAbac(bucket, 'To add tags to this bucket, initiate a TagResource request. ');
  return checkTags(tags, 'bucket');
}

function deleteTags(call: Call): Reply {
  const bucket = bucketOf(call);
  refuseByAbac(bucket, '');
  bucket.config.tags = undefined;
  return { status: 204 };
}

/** Settings the sandbox knows only in their initial state. */
const fixed =
  (root: string, value: XmlObject) =>
  (call: Call): Reply => {
    bucketOf(call);
    return { xml: { root, value } };
  };

/**
 * Since January 2023 every bucket encrypts with S3's own keys; new ones take no keys of callers since April 2026. S3 User
 * Guide, "Blocking or unblocking SSE-C for a general purpose bucket".
 */
const DEFAULT_ENCRYPTION = {
  Rule: [
    {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' },
      BucketKeyEnabled: false,
      BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
    },
  ],
};

export const documentHandlers: Handlers = {
  ...settingHandlers(
    'tags',
    { get: 'GetBucketTagging', put: 'PutBucketTagging' },
    {
      root: 'Tagging',
      shape: taggingShape,
      accept: (document, _call, bucket) => acceptTags(document.TagSet.Tag, bucket),
      show: (tags) => ({ TagSet: { Tag: tags } }),
      absent: missing('NoSuchTagSet', 'The TagSet does not exist'),
      putStatus: 204,
    },
  ),
  DeleteBucketTagging: deleteTags,
  ...settingHandlers(
    'abac',
    { get: 'GetBucketAbac', put: 'PutBucketAbac' },
    {
      root: 'AbacStatus',
      shape: abacShape,
      accept: (document) => document,
      show: (document) => document,
      absent: () => ({ Status: 'Disabled' }),
    },
  ),
  ...settingHandlers(
    'encryption',
    { get: 'GetBucketEncryption', put: 'PutBucketEncryption', delete: 'DeleteBucketEncryption' },
    {
      root: 'ServerSideEncryptionConfiguration',
      shape: encryptionShape,
      accept: (document) => document,
      show: (document) => document,
      absent: () => DEFAULT_ENCRYPTION,
    },
  ),
  ...settingHandlers(
    'publicAccessBlock',
    { get: 'GetPublicAccessBlock', put: 'PutPublicAccessBlock', delete: 'DeletePublicAccessBlock' },
    {
      root: 'PublicAccessBlockConfiguration',
      shape: publicAccessBlockShape,
      accept: (document) => ({
        BlockPublicAcls: document.BlockPublicAcls ?? false,
        IgnorePublicAcls: document.IgnorePublicAcls ?? false,
        BlockPublicPolicy: document.BlockPublicPolicy ?? false,
        RestrictPublicBuckets: document.RestrictPublicBuckets ?? false,
      }),
      show: (document) => document,
      absent: missing('NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found'),
    },
  ),
  ...settingHandlers(
    'ownership',
    { get: 'GetBucketOwnershipControls', put: 'PutBucketOwnershipControls', delete: 'DeleteBucketOwnershipControls' },
    {
      root: 'OwnershipControls',
      shape: ownershipShape,
      accept: (document) => document,
      show: (document) => document,
      absent: missing('OwnershipControlsNotFoundError', 'The bucket ownership controls were not found'),
    },
  ),
  ...settingHandlers(
    'logging',
    { get: 'GetBucketLogging', put: 'PutBucketLogging' },
    {
      root: 'BucketLoggingStatus',
      shape: loggingShape,
      accept: (document, call, bucket) => acceptLogging(document.LoggingEnabled, call, bucket),
      show: (target) => ({ LoggingEnabled: target }),
      absent: () => ({}),
    },
  ),
  ...settingHandlers(
    'lifecycle',
    {
      get: 'GetBucketLifecycleConfiguration',
      put: 'PutBucketLifecycleConfiguration',
      delete: 'DeleteBucketLifecycle',
    },
    {
      root: 'LifecycleConfiguration',
      shape: lifecycleShape,
      accept: checkLifecycle,
      show: (document) => document,
      absent: missing('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'),
      headers: { 'x-amz-transition-default-minimum-object-size': 'all_storage_classes_128K' },
    },
  ),
  ...settingHandlers(
    'cors',
    { get: 'GetBucketCors', put: 'PutBucketCors', delete: 'DeleteBucketCors' },
    {
      root: 'CORSConfiguration',
      shape: corsShape,
      accept: checkCors,
      show: (document) => document,
      absent: missing('NoSuchCORSConfiguration', 'The CORS configuration does not exist'),
    },
  ),
  ...settingHandlers(
    'website',
    { get: 'GetBucketWebsite', put: 'PutBucketWebsite', delete: 'DeleteBucketWebsite' },
    {
      root: 'WebsiteConfiguration',
      shape: websiteShape,
      accept: acceptWebsite,
      show: (document) => document,
      absent: missing('NoSuchWebsiteConfiguration', 'The specified bucket does not have a website configuration'),
    },
  ),
  GetBucketVersioning: versioning,
  PutBucketVersioning: putVersioning,
  GetObjectLockConfiguration: objectLock,
  PutObjectLockConfiguration: putObjectLock,
  GetBucketRequestPayment: fixed('RequestPaymentConfiguration', { Payer: 'BucketOwner' }),
  GetBucketAccelerateConfiguration: fixed('AccelerateConfiguration', {}),
  GetBucketNotificationConfiguration: fixed('NotificationConfiguration', {}),
};
