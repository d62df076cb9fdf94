import type { Permission } from '../../contract';
import { copySourceOf } from './address';
import { bucketOf, type Call, findBucket, header, keyOf } from './call';
import { decodeXml } from '../../protocol/xml-shape';
import {
  type Conditions,
  headerConditions,
  onBucket,
  onObject,
  requestedVersion,
  tagConditions,
  versionCondition,
} from './permission-parts';
import type { Bucket, StoredObject } from './store';
import { tagsFromHeader, taggingShape } from './tags';
import { currentObject, findVersion } from './versions';

/** Permissions of calls on objects. Source: S3 User Guide, "Required permissions for Amazon S3 API operations". */

function objectAt(bucket: Bucket, key: string, versionId: string | undefined): StoredObject | undefined {
  const version = versionId === undefined ? currentObject(bucket, key) : findVersion(bucket, key, versionId);
  return version?.kind === 'object' ? version : undefined;
}

const existingTags = (object: StoredObject | undefined): Conditions =>
  tagConditions('s3:ExistingObjectTag', undefined, object?.tags ?? []);

/**
 * Reading a key: the action on the object (its `…Version…` form when a version is named), and where nothing is
 * there, the right to list, without which S3 does not tell 404 from 403.
 */
function reading(
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
  plain: string,
  versioned: string,
): readonly Permission[] {
  const object = objectAt(bucket, key, versionId);
  const conditions = { ...existingTags(object), ...versionCondition(versionId) };
  const read = onObject(versionId === undefined ? plain : versioned, bucket, key, conditions);
  return object === undefined ? [read, onBucket('ListBucket', bucket)] : [read];
}

const readingCall =
  (plain: string, versioned: string) =>
  (call: Call): readonly Permission[] =>
    reading(bucketOf(call), keyOf(call), requestedVersion(call), plain, versioned);

/** The source of a copy, which may be in another bucket. */
function readingSource(call: Call): readonly Permission[] {
  const { bucket: name, key, versionId } = copySourceOf(header(call, 'x-amz-copy-source') ?? '');
  const bucket = findBucket(call, name);
  const read = reading(bucket, key, versionId, 'GetObject', 'GetObjectVersion');
  const object = objectAt(bucket, key, versionId);
  const copiesTags =
    call.operation === 'CopyObject' &&
    header(call, 'x-amz-tagging-directive') !== 'REPLACE' &&
    object !== undefined &&
    object.tags.length > 0;
  const tagging = versionId === undefined ? 'GetObjectTagging' : 'GetObjectVersionTagging';
  return copiesTags ? [...read, onObject(tagging, bucket, key, existingTags(object))] : read;
}

/** Writing: PutObject, with more for tags, ACLs, and for comparing with what is there. */
function writing(call: Call): readonly Permission[] {
  const bucket = bucketOf(call);
  const key = keyOf(call);
  const tags = tagsFromHeader(header(call, 'x-amz-tagging'));
  const conditions = {
    ...headerConditions(call),
    ...tagConditions('s3:RequestObjectTag', 's3:RequestObjectTagKeys', tags),
    's3:ObjectCreationOperation': ['PutObject', 'PostObject', 'CopyObject', 'CompleteMultipartUpload'].includes(
      call.operation,
    )
      ? 'true'
      : 'false',
  };
  const source = header(call, 'x-amz-copy-source') === undefined ? [] : readingSource(call);
  const copiedTags = source.some((permission) => permission.action.endsWith('Tagging'));
  return [
    ...source,
    onObject('PutObject', bucket, key, conditions),
    ...(tags.length > 0 || copiedTags ? [onObject('PutObjectTagging', bucket, key, conditions)] : []),
    ...(header(call, 'x-amz-acl') === undefined ? [] : [onObject('PutObjectAcl', bucket, key, conditions)]),
    ...(header(call, 'if-match') === undefined ? [] : [onObject('GetObject', bucket, key)]),
  ];
}

/** Deleting one key; comparing with an etag needs the right to read it. */
function deleting(
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
  ifMatch: string | undefined,
): readonly Permission[] {
  const conditions = {
    ...versionCondition(versionId),
    ...(ifMatch === undefined ? {} : { 's3:if-match': ifMatch }),
  };
  return [
    onObject(versionId === undefined ? 'DeleteObject' : 'DeleteObjectVersion', bucket, key, conditions),
    ...(ifMatch === undefined || ifMatch === '*' ? [] : [onObject('GetObject', bucket, key)]),
  ];
}

/** Gives what one key of DeleteObjects needs. */
export function deletionPermissions(
  call: Call,
  item: { readonly Key: string; readonly VersionId: string | undefined; readonly ETag: string | undefined },
): readonly Permission[] {
  return deleting(bucketOf(call), item.Key, item.VersionId === '' ? undefined : item.VersionId, item.ETag);
}

function tagging(call: Call, verb: 'Get' | 'Put' | 'Delete'): readonly Permission[] {
  const versionId = requestedVersion(call);
  const bucket = bucketOf(call);
  const action = versionId === undefined ? `${verb}ObjectTagging` : `${verb}ObjectVersionTagging`;
  const asked = verb === 'Put' ? decodeXml(call.request.body, 'Tagging', taggingShape).TagSet.Tag : [];
  const conditions = {
    ...versionCondition(versionId),
    ...existingTags(objectAt(bucket, keyOf(call), versionId)),
    ...tagConditions('s3:RequestObjectTag', 's3:RequestObjectTagKeys', asked),
  };
  return [onObject(action, bucket, keyOf(call), conditions)];
}

const single =
  (action: string) =>
  (call: Call): readonly Permission[] => [onObject(action, bucketOf(call), keyOf(call))];

export const OBJECT_PERMISSIONS: Readonly<Record<string, (call: Call) => readonly Permission[]>> = {
  GetObject: readingCall('GetObject', 'GetObjectVersion'),
  HeadObject: readingCall('GetObject', 'GetObjectVersion'),
  GetObjectAcl: readingCall('GetObjectAcl', 'GetObjectVersionAcl'),
  GetObjectAttributes: (call) => [
    ...readingCall('GetObject', 'GetObjectVersion')(call),
    ...readingCall('GetObjectAttributes', 'GetObjectVersionAttributes')(call).slice(0, 1),
  ],
  PutObject: writing,
  PostObject: writing,
  CopyObject: writing,
  CreateMultipartUpload: writing,
  UploadPart: writing,
  UploadPartCopy: writing,
  CompleteMultipartUpload: writing,
  AbortMultipartUpload: single('AbortMultipartUpload'),
  ListParts: single('ListMultipartUploadParts'),
  DeleteObject: (call) => deleting(bucketOf(call), keyOf(call), requestedVersion(call), header(call, 'if-match')),
  GetObjectTagging: (call) => tagging(call, 'Get'),
  PutObjectTagging: (call) => tagging(call, 'Put'),
  DeleteObjectTagging: (call) => tagging(call, 'Delete'),
  PutObjectAcl: single('PutObjectAcl'),
};
