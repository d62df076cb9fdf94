import { AwsRefusal } from '../../contract';
import { bool, decodeXml, many, optional, required, type ShapeType, struct, text } from '../../protocol/xml-shape';
import { bucketOf, type Call, type Handlers, header, keyOf, parameter, type Reply } from './call';
import { checkMatch } from './conditions';
import { isValidKey } from './names';
import { deletionPermissions } from './object-permissions';
import type { Bucket } from './store';
import { currentObject, deleteCurrent, deleteVersion, type Deletion } from './versions';

/** Deleting one object or up to a thousand. */

const deletionShape = struct({
  Object: many(
    struct({
      Key: required(text),
      VersionId: optional(text),
      ETag: optional(text),
      LastModifiedTime: optional(text),
      Size: optional(text),
    }),
    1,
    1000,
  ),
  Quiet: optional(bool),
});

export type BatchItem = ShapeType<typeof deletionShape>['Object'][number];

/**
 * Reads the body of DeleteObjects.
 * @throws {MalformedXML} when it is none
 */
export function readBatch(call: Call): ShapeType<typeof deletionShape> {
  return decodeXml(call.request.body, 'Delete', deletionShape);
}

function erase(
  call: Call,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
  ifMatch: string | undefined,
): Deletion {
  if (ifMatch !== undefined) checkMatch(ifMatch, key, currentObject(bucket, key));
  return versionId === undefined
    ? deleteCurrent(bucket, key, call.context.now())
    : deleteVersion(bucket, key, versionId);
}

function remove(call: Call): Reply {
  const { deleteMarker, versionId } = erase(
    call,
    bucketOf(call),
    keyOf(call),
    parameter(call, 'versionId'),
    header(call, 'if-match'),
  );
  return {
    status: 204,
    headers: { 'x-amz-version-id': versionId, 'x-amz-delete-marker': deleteMarker ? 'true' : undefined },
  };
}

const identity = (item: BatchItem): { readonly Key: string; readonly VersionId: string | undefined } => ({
  Key: item.Key,
  VersionId: item.VersionId === '' ? undefined : item.VersionId,
});

function eraseItem(
  call: Call,
  bucket: Bucket,
  item: BatchItem,
): Readonly<Record<string, string | boolean | undefined>> {
  const { Key: key, VersionId: versionId } = identity(item);
  if (!isValidKey(key)) throw new AwsRefusal(400, 'KeyTooLongError', 'Your key is too long');
  const allows = call.context.allows;
  if (allows !== undefined && !deletionPermissions(call, item).every((permission) => allows(permission))) {
    throw new AwsRefusal(403, 'AccessDenied', 'Access Denied');
  }
  const done = erase(call, bucket, key, versionId, item.ETag);
  return {
    Key: key,
    VersionId: versionId,
    DeleteMarker: done.deleteMarker ? true : undefined,
    DeleteMarkerVersionId: done.deleteMarker ? done.versionId : undefined,
  };
}

/** Answers 200 whatever happens to single keys; `Quiet` leaves out what went well. */
function removeBatch(call: Call): Reply {
  const bucket = bucketOf(call);
  const { Object: items, Quiet: quiet } = readBatch(call);
  const deleted: Readonly<Record<string, string | boolean | undefined>>[] = [];
  const errors: Readonly<Record<string, string | undefined>>[] = [];
  for (const item of items) {
    try {
      deleted.push(eraseItem(call, bucket, item));
    } catch (refusal) {
      if (!(refusal instanceof AwsRefusal)) throw refusal;
      errors.push({ ...identity(item), Code: refusal.code, Message: refusal.message });
    }
  }
  return { xml: { root: 'DeleteResult', value: { Deleted: quiet === true ? [] : deleted, Error: errors } } };
}

export const deleteHandlers: Handlers = { DeleteObject: remove, DeleteObjects: removeBatch };
