import { randomBytes } from 'node:crypto';
import { removeKey, setKey } from './key-index';
import type { Bucket, StoredObject, Version } from './store';

/** Rules of versioning: how writes and deletions change the stack of versions under a key. */

/** What a deletion did; members become response headers. */
export interface Deletion {
  readonly deleteMarker: boolean;
  /** Version made or removed; undefined when the bucket never had versioning. */
  readonly versionId: string | undefined;
}

export function versionsOf(bucket: Bucket, key: string): readonly Version[] {
  return bucket.objects.byKey.get(key) ?? [];
}

/** Finds the object a read without version id gives; undefined when there is none or a delete marker hides it. */
export function currentObject(bucket: Bucket, key: string): StoredObject | undefined {
  const [latest] = versionsOf(bucket, key);
  return latest?.kind === 'object' ? latest : undefined;
}

export function findVersion(bucket: Bucket, key: string, versionId: string): Version | undefined {
  return versionsOf(bucket, key).find((version) => version.versionId === versionId);
}

/** Ids are opaque, 32 characters, never repeated. */
function newVersionId(): string {
  return randomBytes(24).toString('base64url').replaceAll('-', '.');
}

function replaceStack(bucket: Bucket, key: string, stack: Version[]): void {
  if (stack.length === 0) removeKey(bucket.objects, key);
  else setKey(bucket.objects, key, stack);
}

/** Puts a version on top; where versioning is not on, it takes the place of the `null` version. */
function push(bucket: Bucket, key: string, make: (versionId: string) => Version): Version {
  const stack = versionsOf(bucket, key);
  const version = make(bucket.versioning === 'Enabled' ? newVersionId() : 'null');
  const kept = version.versionId === 'null' ? stack.filter((old) => old.versionId !== 'null') : stack;
  replaceStack(bucket, key, [version, ...kept]);
  return version;
}

export function addObject(bucket: Bucket, key: string, object: Omit<StoredObject, 'kind' | 'versionId'>): StoredObject {
  const stored = push(bucket, key, (versionId) => ({ ...object, kind: 'object', versionId }));
  return stored as StoredObject;
}

/**
 * Deletes without version id: removes the object, or puts a delete marker on top once versioning was ever on (S3 User
 * Guide, "Deleting object versions").
 */
export function deleteCurrent(bucket: Bucket, key: string, now: number): Deletion {
  if (bucket.versioning === undefined) {
    removeKey(bucket.objects, key);
    return { deleteMarker: false, versionId: undefined };
  }
  const marker = push(bucket, key, (versionId) => ({ kind: 'marker', versionId, lastModified: now }));
  return { deleteMarker: true, versionId: marker.versionId };
}

/** Removes one version for good; a version that is not there is a success too. */
export function deleteVersion(bucket: Bucket, key: string, versionId: string): Deletion {
  const stack = versionsOf(bucket, key);
  const doomed = stack.find((version) => version.versionId === versionId);
  if (doomed !== undefined)
    replaceStack(
      bucket,
      key,
      stack.filter((version) => version !== doomed),
    );
  return { deleteMarker: doomed?.kind === 'marker', versionId };
}

/** Makes `x-amz-version-id` of an answer about `version`; absent on buckets that never had versioning. */
export function versionHeader(bucket: Bucket, version: Version): string | undefined {
  return bucket.versioning === undefined ? undefined : version.versionId;
}
