import { AwsRefusal } from '../../contract';
import { bucketOf, type Call, type Handlers, header, httpTime, keyOf, parameter, quoted, type Reply } from './call';
import { checksumElements, checksumHeaders } from './checksums';
import { checkRead } from './conditions';
import { attributeHeaders, checkReadable } from './object-attributes';
import { type Range, readRange } from './range';
import { invalidArgument, invalidRequest, noSuchKey, noSuchVersion } from './refusals';
import type { Bucket, StoredObject, Version } from './store';
import { findVersion, versionHeader, versionsOf } from './versions';

/** Reading objects. */

/** How a delete marker answers: 404 when it is the latest, 405 when it was asked for by its id. */
function refuseMarker(bucket: Bucket, key: string, marker: Version, asked: boolean): AwsRefusal {
  const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker.versionId };
  if (!asked) return noSuchKey(key, bucket.versioning === undefined ? {} : headers);
  return new AwsRefusal(
    405,
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    { Method: 'GET', ResourceType: 'DeleteMarker' },
    { ...headers, allow: 'DELETE', 'last-modified': httpTime(marker.lastModified) },
  );
}

/**
 * Finds the object that a key and a version id mean.
 * @throws {NoSuchKey | NoSuchVersion} when there is none
 * @throws {MethodNotAllowed} when the version is a delete marker
 */
export function findObject(bucket: Bucket, key: string, versionId: string | undefined): StoredObject {
  const version = versionId === undefined ? versionsOf(bucket, key)[0] : findVersion(bucket, key, versionId);
  if (version === undefined) throw versionId === undefined ? noSuchKey(key) : noSuchVersion(key, versionId);
  if (version.kind === 'marker') throw refuseMarker(bucket, key, version, versionId !== undefined);
  return version;
}

export const objectOf = (call: Call): StoredObject =>
  findObject(bucketOf(call), keyOf(call), parameter(call, 'versionId'));

const OVERRIDES = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];

/** `response-*` parameters; anonymous callers may not use them. */
function overrides(call: Call): Readonly<Record<string, string>> {
  const asked = OVERRIDES.flatMap((name) => {
    const value = parameter(call, `response-${name}`);
    return value === undefined ? [] : [[name, value] as const];
  });
  if (asked.length > 0 && call.context.principal.kind === 'anonymous') {
    throw invalidRequest('Request specific response headers cannot be used for anonymous GET requests.');
  }
  return Object.fromEntries(asked);
}

/** The bytes of one part of a multipart object; the whole object is part 1 of every other. */
function partRange(object: StoredObject, asked: string): Range | undefined {
  const number = Number(asked);
  const sizes = object.partSizes ?? [object.body.length];
  const size = sizes[number - 1];
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive', 'partNumber', asked);
  }
  if (size === undefined) {
    throw new AwsRefusal(416, 'InvalidPartNumber', 'The requested partnumber is not satisfiable', {
      ActualPartCount: String(sizes.length),
      PartNumberRequested: asked,
    });
  }
  const first = sizes.slice(0, number - 1).reduce((sum, each) => sum + each, 0);
  return size === 0 ? undefined : { first, last: first + size - 1 };
}

function chosenRange(call: Call, object: StoredObject): Range | undefined {
  const part = parameter(call, 'partNumber');
  const range = header(call, 'range');
  if (part === undefined) return readRange(range, object.body.length);
  if (range !== undefined) throw invalidRequest('Cannot specify both Range header and partNumber query parameter');
  return partRange(object, part);
}

function read(call: Call): Reply {
  const bucket = bucketOf(call);
  const object = objectOf(call);
  const validators = {
    etag: quoted(object.etag),
    'last-modified': httpTime(object.lastModified),
    'x-amz-version-id': versionHeader(bucket, object),
  };
  if (checkRead(call, object) === 'not-modified') return { status: 304, headers: validators };
  if (call.operation === 'GetObject') checkReadable(object);
  const range = chosenRange(call, object);
  const body = range === undefined ? object.body : object.body.subarray(range.first, range.last + 1);
  const wantsChecksum = header(call, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED' && range === undefined;
  const parts = parameter(call, 'partNumber') === undefined ? undefined : object.partSizes?.length;
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...attributeHeaders(object),
      ...validators,
      ...overrides(call),
      ...(wantsChecksum ? checksumHeaders(object.checksum) : {}),
      'accept-ranges': 'bytes',
      'content-length': String(body.length),
      'content-range': range === undefined ? undefined : `bytes ${range.first}-${range.last}/${object.body.length}`,
      'x-amz-tagging-count': object.tags.length > 0 ? String(object.tags.length) : undefined,
      'x-amz-mp-parts-count': parts === undefined ? undefined : String(parts),
    },
    body: call.operation === 'HeadObject' ? '' : body,
  };
}

function attributes(call: Call): Reply {
  const bucket = bucketOf(call);
  const object = objectOf(call);
  const asked = new Set((header(call, 'x-amz-object-attributes') ?? '').split(',').map((name) => name.trim()));
  if (asked.has('')) throw invalidArgument('Missing object attributes', 'x-amz-object-attributes', '');
  return {
    headers: {
      'last-modified': httpTime(object.lastModified),
      'x-amz-version-id': versionHeader(bucket, object),
    },
    xml: {
      root: 'GetObjectAttributesResponse',
      value: {
        ETag: asked.has('ETag') ? object.etag : undefined,
        Checksum:
          asked.has('Checksum') && object.checksum !== undefined ? checksumElements(object.checksum) : undefined,
        ObjectParts:
          asked.has('ObjectParts') && object.partSizes !== undefined
            ? { PartsCount: object.partSizes.length }
            : undefined,
        StorageClass: asked.has('StorageClass') ? object.storageClass : undefined,
        ObjectSize: asked.has('ObjectSize') ? object.body.length : undefined,
      },
    },
  };
}

export const readHandlers: Handlers = { GetObject: read, HeadObject: read, GetObjectAttributes: attributes };
