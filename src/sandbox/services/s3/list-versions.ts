import { bucketOf, type Call, type Handlers, isoTime, parameter, quoted, type Reply } from './call';
import { keysFrom } from './key-index';
import { ownerElement } from './owners';
import { groupOf, readListing, takePage } from './paging';
import { invalidArgument } from './refusals';
import type { Bucket, DeleteMarker, StoredObject, Version } from './store';
import { versionsOf } from './versions';

/** The listing of all versions and delete markers: by key, newest first. */

interface Entry<V extends Version = Version> {
  readonly key: string;
  readonly version: V;
  readonly latest: boolean;
}

/** Begins after a version of a key, or after the whole key where no version is named. */
function* entriesAfter(
  bucket: Bucket,
  prefix: string,
  afterKey: string,
  afterVersion: string | undefined,
): Generator<Entry> {
  for (const key of keysFrom(bucket.objects.sorted, prefix, afterKey)) {
    const versions = versionsOf(bucket, key);
    const resumed = key === afterKey && afterKey !== '';
    // A version deleted between two pages leaves no trace: the key is then told from its start.
    const from = !resumed
      ? 0
      : afterVersion === undefined
        ? versions.length
        : versions.findIndex((version) => version.versionId === afterVersion) + 1;
    for (const [position, version] of versions.entries()) {
      if (position >= from) yield { key, version, latest: position === 0 };
    }
  }
}

const isObject = (entry: Entry): entry is Entry<StoredObject> => entry.version.kind === 'object';
const isMarker = (entry: Entry): entry is Entry<DeleteMarker> => entry.version.kind === 'marker';

function list(call: Call): Reply {
  const bucket = bucketOf(call);
  const query = readListing(call, 'max-keys');
  const keyMarker = parameter(call, 'key-marker') ?? '';
  const versionMarker = parameter(call, 'version-id-marker');
  if (versionMarker !== undefined && keyMarker === '') {
    throw invalidArgument(
      'A version-id marker cannot be specified without a key marker.',
      'version-id-marker',
      versionMarker,
    );
  }
  const source = entriesAfter(bucket, query.prefix, keyMarker, versionMarker);
  const finished = groupOf(keyMarker, query) === keyMarker ? keyMarker : undefined;
  const found = takePage(source, (entry) => entry.key, query, finished);
  const end = found.truncated ? found.end : undefined;
  const describe = (entry: Entry): Readonly<Record<string, string | boolean>> => ({
    Key: query.encode(entry.key),
    VersionId: entry.version.versionId,
    IsLatest: entry.latest,
    LastModified: isoTime(entry.version.lastModified),
  });
  return {
    xml: {
      root: 'ListVersionsResult',
      value: {
        Name: bucket.name,
        Prefix: query.encode(query.prefix),
        KeyMarker: query.encode(keyMarker),
        VersionIdMarker: versionMarker ?? '',
        NextKeyMarker: end === undefined ? undefined : query.encode('group' in end ? end.group : end.item.key),
        NextVersionIdMarker: end === undefined || 'group' in end ? undefined : end.item.version.versionId,
        MaxKeys: query.max,
        Delimiter: query.delimiter === undefined ? undefined : query.encode(query.delimiter),
        EncodingType: query.encoding,
        IsTruncated: found.truncated,
        Version: found.items.filter(isObject).map((entry) => ({
          ...describe(entry),
          ETag: quoted(entry.version.etag),
          ChecksumAlgorithm: entry.version.checksum?.algorithm,
          ChecksumType: entry.version.checksum?.type,
          Size: entry.version.body.length,
          StorageClass: entry.version.storageClass,
          Owner: ownerElement(bucket.ownerId),
        })),
        DeleteMarker: found.items.filter(isMarker).map((entry) => ({
          ...describe(entry),
          Owner: ownerElement(bucket.ownerId),
        })),
        CommonPrefixes: found.prefixes.map((prefix) => ({ Prefix: query.encode(prefix) })),
      },
    },
  };
}

export const versionListingHandlers: Handlers = { ListObjectVersions: list };
