import { copySourceOf } from './address';
import { checkObjectAcl } from './acl';
import { bucketOf, type Call, findBucket, type Handlers, header, isoTime, keyOf, quoted, type Reply } from './call';
import { checksumElements, computeChecksum, readAlgorithm } from './checksums';
import { checkRead, checkWrite } from './conditions';
import { checkReadable, readAttributes } from './object-attributes';
import { md5 } from './objects';
import { findObject } from './read-object';
import { invalidArgument, invalidRequest, preconditionFailed } from './refusals';
import type { Bucket, StoredObject } from './store';
import { tagsFromHeader } from './tags';
import { addObject, currentObject, versionHeader } from './versions';

/** Copies within the store. */

export interface Source {
  readonly bucket: Bucket;
  readonly key: string;
  readonly object: StoredObject;
}

/**
 * Finds the object a copy reads, and checks its conditions.
 * @throws {NoSuchBucket | NoSuchKey} when it is not there
 * @throws {PreconditionFailed} when a condition does not hold
 * @throws {InvalidObjectState} when it is archived
 */
export function sourceOf(call: Call): Source {
  const named = copySourceOf(header(call, 'x-amz-copy-source') ?? '');
  const bucket = findBucket(call, named.bucket);
  const object = findObject(bucket, named.key, named.versionId);
  if (checkRead(call, object, 'x-amz-copy-source-') === 'not-modified') {
    throw preconditionFailed('x-amz-copy-source-If-None-Match');
  }
  checkReadable(object);
  return { bucket, key: named.key, object };
}

/**
 * Tells whether the caller says `REPLACE`; the default is `COPY`.
 * @throws {InvalidArgument} when it says something else
 */
function replaces(call: Call, name: string): boolean {
  const directive = header(call, name) ?? 'COPY';
  if (directive !== 'COPY' && directive !== 'REPLACE') throw invalidArgument('Unknown directive.', name, directive);
  return directive === 'REPLACE';
}

/** A copy onto itself must change something. */
function changesNothing(call: Call, source: Source, replacesAny: boolean): boolean {
  const target = bucketOf(call);
  const sameKey = source.bucket === target && source.key === keyOf(call);
  const changes = ['x-amz-storage-class', 'x-amz-website-redirect-location', 'x-amz-server-side-encryption'].some(
    (name) => header(call, name) !== undefined,
  );
  return sameKey && !replacesAny && !changes && currentObject(target, keyOf(call)) === source.object;
}

function copy(call: Call): Reply {
  const bucket = bucketOf(call);
  const key = keyOf(call);
  const source = sourceOf(call);
  const [newMetadata, newTags] = [
    replaces(call, 'x-amz-metadata-directive'),
    replaces(call, 'x-amz-tagging-directive'),
  ];
  if (changesNothing(call, source, newMetadata || newTags)) {
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  checkObjectAcl(call, bucket);
  checkWrite(call, key, currentObject(bucket, key));
  const asked = readAttributes(call, bucket);
  const { body } = source.object;
  const algorithm = readAlgorithm(header(call, 'x-amz-checksum-algorithm')) ?? source.object.checksum?.algorithm;
  const stored = addObject(bucket, key, {
    ...asked,
    headers: newMetadata ? asked.headers : source.object.headers,
    metadata: newMetadata ? asked.metadata : source.object.metadata,
    lastModified: call.context.now(),
    body,
    etag: md5(body),
    checksum: algorithm === undefined ? undefined : computeChecksum(algorithm, body),
    partSizes: undefined,
    tags: newTags ? tagsFromHeader(header(call, 'x-amz-tagging')) : source.object.tags,
  });
  return {
    headers: {
      'x-amz-copy-source-version-id': versionHeader(source.bucket, source.object),
      'x-amz-server-side-encryption': stored.encryption,
      'x-amz-version-id': versionHeader(bucket, stored),
    },
    xml: {
      root: 'CopyObjectResult',
      value: {
        ETag: quoted(stored.etag),
        LastModified: isoTime(stored.lastModified),
        ...checksumElements(stored.checksum),
      },
    },
  };
}

export const copyHandlers: Handlers = { CopyObject: copy };
