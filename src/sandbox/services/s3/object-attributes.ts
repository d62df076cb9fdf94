import { AwsRefusal } from '../../contract';
import { type Call, header } from './call';
import { accessDenied, invalidArgument, notImplemented } from './refusals';
import type { Bucket, ObjectAttributes, StoredObject } from './store';

/** What is kept with an object beside its bytes, from and to headers. */

const STORED_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];
const METADATA_PREFIX = 'x-amz-meta-';
/** Bytes of names and values together; S3 User Guide, "Working with object metadata". */
const MAX_METADATA_BYTES = 2048;

const STORAGE_CLASSES = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
];
const ARCHIVED = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/** `aws-chunked` is the framing of one transfer, not a property of the object. */
function storedValue(name: string, value: string): string {
  if (name !== 'content-encoding') return value;
  return value
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== 'aws-chunked' && coding !== '')
    .join(',');
}

function readMetadata(call: Call): Readonly<Record<string, string>> {
  const entries = Object.entries(call.request.headers)
    .filter(([name]) => name.startsWith(METADATA_PREFIX))
    .map(([name, value]) => [name.slice(METADATA_PREFIX.length), value] as const);
  const size = entries.reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value, 'latin1'),
    0,
  );
  if (size > MAX_METADATA_BYTES) {
    throw new AwsRefusal(400, 'MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', {
      Size: String(size),
      MaxSizeAllowed: String(MAX_METADATA_BYTES),
    });
  }
  return Object.fromEntries(entries);
}

function readStorageClass(call: Call): string {
  const asked = header(call, 'x-amz-storage-class') ?? 'STANDARD';
  if (!STORAGE_CLASSES.includes(asked)) {
    throw new AwsRefusal(400, 'InvalidStorageClass', 'The storage class you specified is not valid', {
      StorageClassRequested: asked,
    });
  }
  return asked;
}

/** Without a configuration they are blocked; one that does not speak of them is taken not to block them. */
const blocksCustomerKeys = ({ config }: Bucket): boolean =>
  config.encryption?.Rule.some((rule) => rule.BlockedEncryptionTypes?.EncryptionType.includes('SSE-C') === true) ??
  true;

function readEncryption(call: Call, bucket: Bucket): string {
  const customer = Object.keys(call.request.headers).find((name) =>
    name.startsWith('x-amz-server-side-encryption-customer-'),
  );
  if (customer !== undefined)
    throw blocksCustomerKeys(bucket) ? accessDenied() : notImplemented('encryption with customer keys');
  const asked = header(call, 'x-amz-server-side-encryption');
  if (asked !== undefined && !['AES256', 'aws:kms', 'aws:kms:dsse'].includes(asked)) {
    throw invalidArgument('The encryption method specified is not supported', 'x-amz-server-side-encryption', asked);
  }
  return asked ?? bucket.config.encryption?.Rule[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? 'AES256';
}

/**
 * Reads what a write says of the object besides its content.
 * @throws {MetadataTooLarge | InvalidStorageClass | InvalidArgument} when S3 would not take it
 * @throws {AccessDenied} for customer keys where the bucket blocks them
 * @throws {NotImplemented} for other customer keys and object lock
 */
export function readAttributes(call: Call, bucket: Bucket): ObjectAttributes {
  if (Object.keys(call.request.headers).some((name) => name.startsWith('x-amz-object-lock-'))) {
    throw notImplemented('object lock on single objects');
  }
  const headers = STORED_HEADERS.flatMap((name) => {
    const value = storedValue(name, header(call, name) ?? '');
    return value === '' ? [] : [[name, value] as const];
  });
  return {
    headers: { 'content-type': 'binary/octet-stream', ...Object.fromEntries(headers) },
    metadata: readMetadata(call),
    storageClass: readStorageClass(call),
    encryption: readEncryption(call, bucket),
    websiteRedirect: header(call, 'x-amz-website-redirect-location'),
  };
}

/** Makes the headers a read gives back. */
export function attributeHeaders(object: StoredObject): Readonly<Record<string, string | undefined>> {
  const metadata = Object.entries(object.metadata).map(([name, value]) => [METADATA_PREFIX + name, value] as const);
  return {
    ...object.headers,
    ...Object.fromEntries(metadata),
    'x-amz-server-side-encryption': object.encryption,
    'x-amz-storage-class': object.storageClass === 'STANDARD' ? undefined : object.storageClass,
    'x-amz-website-redirect-location': object.websiteRedirect,
  };
}

/**
 * Checks that an object can be read: archived ones must be restored before.
 * @throws {InvalidObjectState} when it is archived
 */
export function checkReadable(object: StoredObject): void {
  if (ARCHIVED.has(object.storageClass)) {
    throw new AwsRefusal(403, 'InvalidObjectState', "The operation is not valid for the object's storage class", {
      StorageClass: object.storageClass,
    });
  }
}
