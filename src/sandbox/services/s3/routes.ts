import { AwsRefusal, type WireRequest } from '../../contract';
import { addressOf } from './address';
import { notImplemented, wrongMethod } from './refusals';

/**
 * Which operation a request means: method, sub-resource of the query, and for copies a header.
 * Source: the URI templates of the S3 API Reference.
 */

type Level = 'service' | 'bucket' | 'object';
/** By method; `-` in front of a name marks an operation AWS has and the sandbox has not. */
type Routes = Readonly<Record<string, string>>;

const PLAIN: Readonly<Record<Level, Routes>> = {
  service: { GET: 'ListBuckets' },
  bucket: {
    GET: 'ListObjects',
    HEAD: 'HeadBucket',
    PUT: 'CreateBucket',
    DELETE: 'DeleteBucket',
    POST: 'PostObject',
  },
  object: {
    GET: 'GetObject',
    HEAD: 'HeadObject',
    PUT: 'PutObject',
    DELETE: 'DeleteObject',
  },
};

const BUCKET: Readonly<Record<string, Routes>> = {
  accelerate: { GET: 'GetBucketAccelerateConfiguration', PUT: '-PutBucketAccelerateConfiguration' },
  acl: { GET: 'GetBucketAcl', PUT: 'PutBucketAcl' },
  abac: { GET: 'GetBucketAbac', PUT: 'PutBucketAbac' },
  analytics: {
    GET: '-GetBucketAnalyticsConfiguration',
    PUT: '-PutBucketAnalyticsConfiguration',
    DELETE: '-DeleteBucketAnalyticsConfiguration',
  },
  cors: { GET: 'GetBucketCors', PUT: 'PutBucketCors', DELETE: 'DeleteBucketCors' },
  delete: { POST: 'DeleteObjects' },
  encryption: { GET: 'GetBucketEncryption', PUT: 'PutBucketEncryption', DELETE: 'DeleteBucketEncryption' },
  'intelligent-tiering': {
    GET: '-GetBucketIntelligentTieringConfiguration',
    PUT: '-PutBucketIntelligentTieringConfiguration',
    DELETE: '-DeleteBucketIntelligentTieringConfiguration',
  },
  inventory: {
    GET: '-GetBucketInventoryConfiguration',
    PUT: '-PutBucketInventoryConfiguration',
    DELETE: '-DeleteBucketInventoryConfiguration',
  },
  lifecycle: {
    GET: 'GetBucketLifecycleConfiguration',
    PUT: 'PutBucketLifecycleConfiguration',
    DELETE: 'DeleteBucketLifecycle',
  },
  location: { GET: 'GetBucketLocation' },
  logging: { GET: 'GetBucketLogging', PUT: 'PutBucketLogging' },
  metrics: {
    GET: '-GetBucketMetricsConfiguration',
    PUT: '-PutBucketMetricsConfiguration',
    DELETE: '-DeleteBucketMetricsConfiguration',
  },
  notification: { GET: 'GetBucketNotificationConfiguration', PUT: '-PutBucketNotificationConfiguration' },
  'object-lock': { GET: 'GetObjectLockConfiguration', PUT: 'PutObjectLockConfiguration' },
  ownershipControls: {
    GET: 'GetBucketOwnershipControls',
    PUT: 'PutBucketOwnershipControls',
    DELETE: 'DeleteBucketOwnershipControls',
  },
  policy: { GET: 'GetBucketPolicy', PUT: 'PutBucketPolicy', DELETE: 'DeleteBucketPolicy' },
  policyStatus: { GET: 'GetBucketPolicyStatus' },
  publicAccessBlock: { GET: 'GetPublicAccessBlock', PUT: 'PutPublicAccessBlock', DELETE: 'DeletePublicAccessBlock' },
  replication: { GET: '-GetBucketReplication', PUT: '-PutBucketReplication', DELETE: '-DeleteBucketReplication' },
  requestPayment: { GET: 'GetBucketRequestPayment', PUT: '-PutBucketRequestPayment' },
  session: { GET: '-CreateSession' },
  tagging: { GET: 'GetBucketTagging', PUT: 'PutBucketTagging', DELETE: 'DeleteBucketTagging' },
  uploads: { GET: 'ListMultipartUploads' },
  versioning: { GET: 'GetBucketVersioning', PUT: 'PutBucketVersioning' },
  versions: { GET: 'ListObjectVersions' },
  website: { GET: 'GetBucketWebsite', PUT: 'PutBucketWebsite', DELETE: 'DeleteBucketWebsite' },
};

const OBJECT: Readonly<Record<string, Routes>> = {
  acl: { GET: 'GetObjectAcl', PUT: 'PutObjectAcl' },
  attributes: { GET: 'GetObjectAttributes' },
  'legal-hold': { GET: '-GetObjectLegalHold', PUT: '-PutObjectLegalHold' },
  renameObject: { PUT: '-RenameObject' },
  restore: { POST: '-RestoreObject' },
  retention: { GET: '-GetObjectRetention', PUT: '-PutObjectRetention' },
  select: { POST: '-SelectObjectContent' },
  tagging: { GET: 'GetObjectTagging', PUT: 'PutObjectTagging', DELETE: 'DeleteObjectTagging' },
  torrent: { GET: '-GetObjectTorrent' },
  uploadId: {
    GET: 'ListParts',
    PUT: 'UploadPart',
    POST: 'CompleteMultipartUpload',
    DELETE: 'AbortMultipartUpload',
  },
  uploads: { POST: 'CreateMultipartUpload' },
};

/** The sub-resource of a query. Two at once are refused as AWS does. */
function subresource(request: WireRequest, known: Readonly<Record<string, Routes>>): string | undefined {
  const named = Object.keys(known).filter((name) => request.query.has(name));
  if (named.length > 1) {
    throw new AwsRefusal(400, 'InvalidArgument', 'Conflicting query string parameters: ' + named.join(', '), {
      ArgumentName: 'ResourceType',
      ArgumentValue: named[0] ?? '',
    });
  }
  return named[0];
}

function refine(operation: string, request: WireRequest): string {
  const copies = request.headers['x-amz-copy-source'] !== undefined;
  if (operation === 'PutObject' && copies) return 'CopyObject';
  if (operation === 'UploadPart') {
    if (!request.query.has('partNumber')) throw wrongMethod(request.method, 'UPLOAD');
    return copies ? 'UploadPartCopy' : operation;
  }
  if (operation === 'ListObjects' && request.query.get('list-type') === '2') return 'ListObjectsV2';
  return operation;
}

/**
 * Tells which operation a request is.
 * @throws {NotImplemented} naming the operation, when the sandbox has it not
 * @throws {MethodNotAllowed | InvalidArgument | InvalidURI} when it is none of S3's
 */
export function identify(request: WireRequest): string {
  const { bucket, key } = addressOf(request);
  const level: Level = bucket === undefined ? 'service' : key === undefined ? 'bucket' : 'object';
  // A preflight asks about the URL, whatever its query names.
  if (request.method === 'OPTIONS' && level !== 'service') return 'OptionsPreflight';
  const known = level === 'bucket' ? BUCKET : level === 'object' ? OBJECT : {};
  const named = subresource(request, known);
  const routes = named === undefined ? PLAIN[level] : (known[named] ?? {});
  const operation = Object.hasOwn(routes, request.method) ? routes[request.method] : undefined;
  if (operation === undefined) throw wrongMethod(request.method, (named ?? level).toUpperCase());
  if (operation.startsWith('-')) throw notImplemented(operation.slice(1));
  return refine(operation, request);
}
