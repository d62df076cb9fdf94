import { bucketOf, type Call, type Handlers, isoTime, parameter, quoted, type Reply } from './call';
import { checksumElements } from './checksums';
import { compareKeys } from './key-index';
import { uploadOf } from './multipart';
import { canonicalId, ownerElement } from './owners';
import { groupOf, readListing, takePage } from './paging';
import { invalidArgument } from './refusals';
import type { Upload } from './store';

/** Listings of uploads in progress and of their parts. */

function initiatorElement(upload: Upload): Readonly<Record<string, string>> {
  const { arn, accountId } = upload.initiator;
  return arn.endsWith(':root')
    ? { ID: canonicalId(accountId) }
    : { ID: arn, DisplayName: arn.split('/').at(-1) ?? arn };
}

function byKeyThenAge(left: Upload, right: Upload): number {
  return compareKeys(left.key, right.key) || left.initiatedAt - right.initiatedAt || compareKeys(left.id, right.id);
}

/** `upload-id-marker` goes on within the key of `key-marker`; alone it means nothing. */
function listUploads(call: Call): Reply {
  const bucket = bucketOf(call);
  const query = readListing(call, 'max-uploads');
  const keyMarker = parameter(call, 'key-marker') ?? '';
  const idMarker = keyMarker === '' ? undefined : parameter(call, 'upload-id-marker');
  const sorted = [...bucket.uploads.values()]
    .filter((upload) => upload.key.startsWith(query.prefix))
    .sort(byKeyThenAge);
  const resumeAt = idMarker === undefined ? -1 : sorted.findIndex((upload) => upload.id === idMarker);
  const source = sorted.filter((upload, position) => {
    const order = compareKeys(upload.key, keyMarker);
    return order > 0 || (order === 0 && resumeAt >= 0 && position > resumeAt);
  });
  const found = takePage(
    source,
    (upload) => upload.key,
    query,
    groupOf(keyMarker, query) === keyMarker ? keyMarker : undefined,
  );
  const end = found.truncated ? found.end : undefined;
  return {
    xml: {
      root: 'ListMultipartUploadsResult',
      value: {
        Bucket: bucket.name,
        KeyMarker: query.encode(keyMarker),
        UploadIdMarker: idMarker ?? '',
        NextKeyMarker: end === undefined ? undefined : query.encode('group' in end ? end.group : end.item.key),
        NextUploadIdMarker: end === undefined || 'group' in end ? undefined : end.item.id,
        Prefix: query.encode(query.prefix),
        Delimiter: query.delimiter === undefined ? undefined : query.encode(query.delimiter),
        EncodingType: query.encoding,
        MaxUploads: query.max,
        IsTruncated: found.truncated,
        Upload: found.items.map((upload) => ({
          UploadId: upload.id,
          Key: query.encode(upload.key),
          Initiated: isoTime(upload.initiatedAt),
          StorageClass: upload.attributes.storageClass,
          Owner: ownerElement(bucket.ownerId),
          Initiator: initiatorElement(upload),
          ChecksumAlgorithm: upload.checksumAlgorithm,
          ChecksumType: upload.checksumAlgorithm === undefined ? undefined : upload.checksumType,
        })),
        CommonPrefixes: found.prefixes.map((prefix) => ({ Prefix: query.encode(prefix) })),
      },
    },
  };
}

function count(call: Call, name: string, fallback: number): number {
  const asked = parameter(call, name);
  if (asked === undefined) return fallback;
  if (!/^\d{1,10}$/.test(asked))
    throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, asked);
  return Number(asked);
}

function listParts(call: Call): Reply {
  const bucket = bucketOf(call);
  const upload = uploadOf(call);
  const marker = count(call, 'part-number-marker', 0);
  const max = Math.min(count(call, 'max-parts', 1000), 1000);
  const rest = [...upload.parts.values()]
    .filter((part) => part.number > marker)
    .sort((left, right) => left.number - right.number);
  const parts = rest.slice(0, max);
  const last = parts.at(-1);
  return {
    xml: {
      root: 'ListPartsResult',
      value: {
        Bucket: bucket.name,
        Key: upload.key,
        UploadId: upload.id,
        PartNumberMarker: marker,
        NextPartNumberMarker: last?.number,
        MaxParts: max,
        IsTruncated: max > 0 && rest.length > parts.length,
        Part: parts.map((part) => ({
          PartNumber: part.number,
          LastModified: isoTime(part.lastModified),
          ETag: quoted(part.etag),
          Size: part.body.length,
          ...checksumElements(part.checksum),
          ChecksumType: undefined,
        })),
        Initiator: initiatorElement(upload),
        Owner: ownerElement(bucket.ownerId),
        StorageClass: upload.attributes.storageClass,
        ChecksumAlgorithm: upload.checksumAlgorithm,
        ChecksumType: upload.checksumAlgorithm === undefined ? undefined : upload.checksumType,
      },
    },
  };
}

export const multipartListingHandlers: Handlers = { ListMultipartUploads: listUploads, ListParts: listParts };
