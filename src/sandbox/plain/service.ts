import { createHash } from 'node:crypto';
import { AwsRefusal, type CallContext, type ServiceModule, type WireRequest, type WireResponse } from '../contract';
import { addressOf } from '../services/s3/address';
import type { S3State } from '../services/s3/store';
import type { Lack, PlainStore } from './store';

/** Headers that only AWS gives. */
const AWS_ONLY: ReadonlySet<string> = new Set(['x-amz-bucket-region', 'x-amz-bucket-arn', 'x-amz-access-point-alias']);
const PAGING = ['max-buckets', 'continuation-token', 'prefix', 'bucket-region'];
/** Where the S3 below keeps all buckets, whatever the store calls its region. */
const HOME = 'us-east-1';

type Asked = readonly [operation: string, request: WireRequest, context: CallContext];

/** Makes the S3 of an S3-compatible store: AWS's S3 behind what the store lacks and does in another way. */
export function plainS3(s3: ServiceModule, state: S3State, store: PlainStore): ServiceModule {
  const lackOf = (operation: string): AwsRefusal | undefined => {
    const lack = store.lacks?.find(({ operations }) => operations.includes(operation));
    return lack && refusalOf(lack);
  };
  return {
    ...s3,
    permissions: (...sent) => {
      const asked = heard(store, sent);
      const [operation, , context] = asked;
      const lack = lackOf(operation);
      checkRegion(store, context);
      if (lack !== undefined && store.bucketFirst !== true) throw lack;
      const needed = s3.permissions(...translated(store, asked));
      if (lack !== undefined) throw lack;
      return needed;
    },
    execute: (...sent) => {
      const asked = heard(store, sent);
      const [operation, request, context] = asked;
      if (store.breaksByEncryption === true && UPLOADS.has(operation) && isEncrypted(state, request)) throw noKey();
      if (operation === 'CreateBucket' && isOwn(state, request, context)) return createAgain(store, request);
      if (operation === 'DeleteBucket' && store.deletesFullBuckets === true) return removeWhole(state, request);
      const call = translated(store, asked);
      const idle = store.transitions === 'dropped' && doesNothing(call);
      const response = idle ? { status: 200, headers: {}, body: '' } : s3.execute(...call);
      if (operation === 'CreateBucket') forgetDefaults(state, request);
      return withoutAws(response);
    },
    encodeError: (...failed) => withoutAws(s3.encodeError(...failed)),
  };
}

const UPLOADS: ReadonlySet<string> = new Set([
  'PutObject',
  'PostObject',
  'CopyObject',
  'CreateMultipartUpload',
  'UploadPart',
]);

const isEncrypted = (state: S3State, request: WireRequest): boolean =>
  state.buckets.get(addressOf(request).bucket ?? '')?.config.encryption !== undefined;

/** SeaweedFS's words for encryption without a key. */
const noKey = (): AwsRefusal =>
  new AwsRefusal(500, 'InternalError', 'We encountered an internal error, please try again.');

/** What the operation is to a store that ignores its sub-resource. */
function heard(store: PlainStore, asked: Asked): Asked {
  const [operation, request, context] = asked;
  if (store.ignores?.includes(operation) !== true) return asked;
  const query = new URLSearchParams(
    [...request.query].filter(([name, value]) => value !== '' || PAGING.includes(name)),
  );
  const itself = { GET: 'ListObjects', PUT: 'CreateBucket', DELETE: 'DeleteBucket' }[request.method];
  return itself === undefined ? asked : [itself, withBody({ ...request, query }, ''), context];
}

/** Stands for a service the store does not have: calls signed for it reach the one door there is, which is S3's. */
export function absentService(service: ServiceModule, s3: Pick<ServiceModule, 'encodeError'>): ServiceModule {
  const refuse = (): never => {
    throw new AwsRefusal(
      400,
      'AuthorizationHeaderMalformed',
      `The authorization header is malformed; incorrect service "${service.name}". This endpoint belongs to "s3".`,
    );
  };
  return { ...service, identify: refuse, permissions: refuse, execute: refuse, encodeError: s3.encodeError };
}

const refusalOf = ({ status, code, message }: Lack): AwsRefusal => new AwsRefusal(status, code, message);

function checkRegion({ region }: PlainStore, { principal, region: signed }: CallContext): void {
  if (region === undefined || principal.kind === 'anonymous' || signed === region) return;
  throw new AwsRefusal(
    400,
    'AuthorizationHeaderMalformed',
    `Authorization header malformed, unexpected scope: ${signed}`,
    { Region: region },
  );
}

/**
 * Turns a call into one that AWS's S3 understands.
 * @throws what the store refuses in it
 */
function translated(store: PlainStore, [operation, request, context]: Asked): Asked {
  const at = { ...context, region: HOME };
  switch (operation) {
    case 'CreateBucket':
      return [operation, creation(store, request), at];
    case 'PutBucketLifecycleConfiguration':
      return [operation, lifecycle(store, request), at];
    case 'ListBuckets':
      return [operation, store.pages === false ? withoutPaging(request) : request, at];
    case 'ListObjectVersions':
      return [store.versionsListed === false ? 'ListObjects' : operation, request, at];
    default:
      return [operation, request, at];
  }
}

function creation(store: PlainStore, request: WireRequest): WireRequest {
  const text = request.body.toString('utf8');
  const constraint = /<LocationConstraint>\s*([^<]*?)\s*<\/LocationConstraint>/.exec(text)?.[1] ?? '';
  if (store.region !== undefined && constraint !== '' && constraint !== store.region) {
    throw new AwsRefusal(
      400,
      'InvalidRequest',
      `Cannot satisfy location constraint \`${constraint}\`: buckets can only be created in region \`${store.region}\``,
    );
  }
  // Younger than these stores.
  if (text.includes('<Tags>'))
    throw new AwsRefusal(
      400,
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema.',
    );
  const { 'x-amz-bucket-object-lock-enabled': lock, ...headers } = request.headers;
  return withBody(
    { ...request, headers: lock === undefined || store.objectLock === false ? headers : request.headers },
    '',
  );
}

function lifecycle(store: PlainStore, request: WireRequest): WireRequest {
  if (store.wantsContentMd5 === true && request.headers['content-md5'] === undefined) {
    throw new AwsRefusal(400, 'MissingContentMD5', 'Missing required header for this request: Content-Md5.');
  }
  const text = request.body.toString('utf8');
  if (!text.includes('<StorageClass>')) return request;
  if (store.transitions === 'refused') throw new AwsRefusal(400, 'InvalidStorageClass', 'Invalid storage class.');
  return store.transitions === 'dropped'
    ? withBody(request, text.replace(/<Transition>.*?<\/Transition>/gs, ''))
    : request;
}

/** Rules of which nothing is left: AWS would refuse them, the store takes them. */
function doesNothing([operation, { body }]: Asked): boolean {
  return (
    operation === 'PutBucketLifecycleConfiguration' &&
    !/<(Expiration|Transition|AbortIncomplete|Noncurrent)/.test(body.toString('utf8'))
  );
}

/** Digests of the former body do not hold for the new one. */
function withBody(request: WireRequest, text: string): WireRequest {
  const body = Buffer.from(text);
  const kept = Object.entries(request.headers).filter(([name]) => !/^(content-md5|x-amz-checksum-.*)$/.test(name));
  return {
    ...request,
    body,
    headers: { ...Object.fromEntries(kept), 'content-md5': createHash('md5').update(body).digest('base64') },
  };
}

function withoutPaging(request: WireRequest): WireRequest {
  const query = new URLSearchParams(request.query);
  for (const name of PAGING) query.delete(name);
  return { ...request, query };
}

function isOwn(state: S3State, request: WireRequest, { accountId }: CallContext): boolean {
  return state.buckets.get(addressOf(request).bucket ?? '')?.ownerId === accountId;
}

function createAgain(store: PlainStore, request: WireRequest): WireResponse {
  const { bucket = '' } = addressOf(request);
  if (store.repeatedCreation === 'taken') return { status: 200, headers: { location: `/${bucket}` }, body: '' };
  throw new AwsRefusal(
    409,
    'BucketAlreadyOwnedByYou',
    'Your previous request to create the named bucket succeeded and you already own it.',
    { BucketName: bucket },
  );
}

/** Buckets are born without a public access block and ownership controls. */
function forgetDefaults(state: S3State, request: WireRequest): void {
  const bucket = state.buckets.get(addressOf(request).bucket ?? '');
  if (bucket === undefined) return;
  bucket.config.publicAccessBlock = undefined;
  bucket.config.ownership = undefined;
}

function removeWhole(state: S3State, request: WireRequest): WireResponse {
  const bucket = state.buckets.get(addressOf(request).bucket ?? '');
  if (bucket !== undefined) state.buckets.remove(bucket);
  return { status: 204, headers: {}, body: '' };
}

function withoutAws(response: WireResponse): WireResponse {
  return {
    ...response,
    headers: Object.fromEntries(Object.entries(response.headers).filter(([name]) => !AWS_ONLY.has(name))),
  };
}
