import type { XmlObject } from '../../protocol/xml';
import { bucketOf, type Call, type Handlers, isoTime, parameter, quoted, type Reply } from './call';
import { keysFrom } from './key-index';
import { ownerElement } from './owners';
import { groupOf, type ListingQuery, type Page, readListing, takePage } from './paging';
import { invalidArgument } from './refusals';
import type { Bucket, StoredObject } from './store';
import { currentObject } from './versions';

/** The two listings of current objects. */

interface Entry {
  readonly key: string;
  readonly object: StoredObject;
}

/** Where a listing goes on: after a key, or after a whole group. */
interface Start {
  readonly after: string;
  readonly group: string | undefined;
}

function* entriesAfter(bucket: Bucket, prefix: string, start: Start): Generator<Entry> {
  for (const key of keysFrom(bucket.objects.sorted, prefix, start.after)) {
    const object = currentObject(bucket, key);
    if (object !== undefined && (key !== start.after || start.after === '')) yield { key, object };
  }
}

function page(bucket: Bucket, query: ListingQuery, start: Start): Page<Entry> {
  return takePage(entriesAfter(bucket, query.prefix, start), (entry) => entry.key, query, start.group);
}

function contents(found: Page<Entry>, query: ListingQuery, owner: string | undefined): XmlObject {
  return {
    Contents: found.items.map(({ key, object }) => ({
      Key: query.encode(key),
      LastModified: isoTime(object.lastModified),
      ETag: quoted(object.etag),
      ChecksumAlgorithm: object.checksum?.algorithm,
      ChecksumType: object.checksum?.type,
      Size: object.body.length,
      StorageClass: object.storageClass,
      Owner: owner === undefined ? undefined : ownerElement(owner),
    })),
    CommonPrefixes: found.prefixes.map((prefix) => ({ Prefix: query.encode(prefix) })),
  };
}

const endKey = (found: Page<Entry>): string | undefined =>
  found.end === undefined ? undefined : 'group' in found.end ? found.end.group : found.end.item.key;

const encoded = (query: ListingQuery, value: string | undefined): string | undefined =>
  value === undefined ? undefined : query.encode(value);

/** Version 1: goes on by `marker`, which may be a common prefix; NextMarker is told only with a delimiter. */
function listV1(call: Call): Reply {
  const bucket = bucketOf(call);
  const query = readListing(call, 'max-keys');
  const marker = parameter(call, 'marker') ?? '';
  const found = page(bucket, query, { after: marker, group: groupOf(marker, query) === marker ? marker : undefined });
  const next = found.truncated && query.delimiter !== undefined ? endKey(found) : undefined;
  return {
    headers: { 'x-amz-bucket-region': bucket.region },
    xml: {
      root: 'ListBucketResult',
      value: {
        Name: bucket.name,
        Prefix: query.encode(query.prefix),
        Marker: query.encode(marker),
        NextMarker: encoded(query, next),
        MaxKeys: query.max,
        Delimiter: encoded(query, query.delimiter),
        EncodingType: query.encoding,
        IsTruncated: found.truncated,
        ...contents(found, query, bucket.ownerId),
      },
    },
  };
}

/** Continuation tokens are opaque: a letter for the kind of start, then the key. */
function writeToken(found: Page<Entry>): string | undefined {
  const key = endKey(found);
  if (!found.truncated || found.end === undefined || key === undefined) return undefined;
  return Buffer.from(('group' in found.end ? 'g' : 'k') + key, 'utf8').toString('base64');
}

function readToken(token: string): Start {
  const source = Buffer.from(token, 'base64').toString('utf8');
  const [kind, after] = [source.slice(0, 1), source.slice(1)];
  if ((kind !== 'g' && kind !== 'k') || Buffer.from(source, 'utf8').toString('base64') !== token) {
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
  }
  return { after, group: kind === 'g' ? after : undefined };
}

function listV2(call: Call): Reply {
  const bucket = bucketOf(call);
  const query = readListing(call, 'max-keys');
  const token = call.request.query.get('continuation-token') ?? undefined;
  const startAfter = parameter(call, 'start-after');
  const found = page(
    bucket,
    query,
    token === undefined ? { after: startAfter ?? '', group: undefined } : readToken(token),
  );
  const withOwner = parameter(call, 'fetch-owner') === 'true';
  return {
    headers: { 'x-amz-bucket-region': bucket.region },
    xml: {
      root: 'ListBucketResult',
      value: {
        Name: bucket.name,
        Prefix: query.encode(query.prefix),
        StartAfter: token === undefined ? encoded(query, startAfter) : undefined,
        ContinuationToken: token,
        NextContinuationToken: writeToken(found),
        KeyCount: found.items.length + found.prefixes.length,
        MaxKeys: query.max,
        Delimiter: encoded(query, query.delimiter),
        EncodingType: query.encoding,
        IsTruncated: found.truncated,
        ...contents(found, query, withOwner ? bucket.ownerId : undefined),
      },
    },
  };
}

export const listingHandlers: Handlers = { ListObjects: listV1, ListObjectsV2: listV2 };
