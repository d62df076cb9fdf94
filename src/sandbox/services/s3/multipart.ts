import { randomBytes } from 'node:crypto';
import { AwsRefusal } from '../../contract';
import { checkObjectAcl } from './acl';
import { bucketOf, type Call, type Handlers, header, isoTime, keyOf, parameter, quoted, type Reply } from './call';
import {
  type Checksum,
  type ChecksumAlgorithm,
  checksumElements,
  checksumHeader,
  computeChecksum,
  readAlgorithm,
} from './checksums';
import { sourceOf } from './copy-object';
import { readAttributes } from './object-attributes';
import { keptChecksum, md5 } from './objects';
import { arnOf } from './owners';
import { readRange } from './range';
import { invalidArgument, invalidRequest, noSuchUpload } from './refusals';
import type { Part, Upload } from './store';
import { tagsFromHeader } from './tags';
import { versionHeader } from './versions';

/** Multipart uploads: begin, parts, abort. */

/** Bytes; S3 User Guide, "Amazon S3 multipart upload limits". */
const MAX_PART_BYTES = 5 * 1024 ** 3;

/**
 * Finds the upload a call names; it must be of the same bucket and key.
 * @throws {NoSuchUpload} when there is none
 */
export function uploadOf(call: Call): Upload {
  const id = parameter(call, 'uploadId') ?? '';
  const upload = bucketOf(call).uploads.get(id);
  if (upload === undefined || upload.key !== keyOf(call)) throw noSuchUpload(id);
  return upload;
}

/** What the parts' checksums become at the end. Source: S3 API Reference, CreateMultipartUpload. */
function checksumType(call: Call, algorithm: ChecksumAlgorithm | undefined): Checksum['type'] {
  const asked = header(call, 'x-amz-checksum-type')?.toUpperCase();
  if (asked === undefined) return algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE';
  if (asked !== 'FULL_OBJECT' && asked !== 'COMPOSITE') {
    throw invalidRequest('Value for x-amz-checksum-type header is invalid.');
  }
  const impossible = asked === 'FULL_OBJECT' ? ['SHA1', 'SHA256'] : ['CRC64NVME'];
  if (algorithm === undefined || impossible.includes(algorithm)) {
    throw invalidRequest(
      `The ${asked} checksum type cannot be used with the ${algorithm ?? 'missing'} checksum algorithm.`,
    );
  }
  return asked;
}

function create(call: Call): Reply {
  const bucket = bucketOf(call);
  checkObjectAcl(call, bucket);
  const checksumAlgorithm = readAlgorithm(header(call, 'x-amz-checksum-algorithm'));
  const upload: Upload = {
    id: randomBytes(48).toString('base64url'),
    key: keyOf(call),
    initiator: { accountId: call.context.accountId, arn: arnOf(call.context.principal) },
    initiatedAt: call.context.now(),
    attributes: readAttributes(call, bucket),
    tags: tagsFromHeader(header(call, 'x-amz-tagging')),
    checksumAlgorithm,
    checksumType: checksumType(call, checksumAlgorithm),
    parts: new Map(),
  };
  bucket.uploads.set(upload.id, upload);
  return {
    headers: {
      'x-amz-server-side-encryption': upload.attributes.encryption,
      'x-amz-checksum-algorithm': checksumAlgorithm,
      'x-amz-checksum-type': checksumAlgorithm === undefined ? undefined : upload.checksumType,
    },
    xml: {
      root: 'InitiateMultipartUploadResult',
      value: { Bucket: bucket.name, Key: upload.key, UploadId: upload.id },
    },
  };
}

function partNumber(call: Call): number {
  const asked = parameter(call, 'partNumber') ?? '';
  const number = Number(asked);
  if (!/^\d+$/.test(asked) || number < 1 || number > 10_000) {
    throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive', 'partNumber', asked);
  }
  return number;
}

/** Keeps a part in place of an earlier one of its number. */
function addPart(call: Call, upload: Upload, number: number, body: Buffer, sent: Checksum | undefined): Part {
  if (body.length > MAX_PART_BYTES) {
    throw new AwsRefusal(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed object size.');
  }
  const { checksumAlgorithm: wanted } = upload;
  if (wanted !== undefined && sent !== undefined && sent.algorithm !== wanted) {
    throw invalidRequest(
      `Checksum Type mismatch occurred, expected checksum Type: ${wanted.toLowerCase()}, actual checksum Type: ${sent.algorithm.toLowerCase()}`,
    );
  }
  const part: Part = {
    number,
    body,
    etag: md5(body),
    lastModified: call.context.now(),
    checksum: sent ?? (wanted === undefined ? undefined : computeChecksum(wanted, body)),
  };
  upload.parts.set(number, part);
  return part;
}

function uploadPart(call: Call): Reply {
  const upload = uploadOf(call);
  const { body } = call.request;
  const part = addPart(call, upload, partNumber(call), body, keptChecksum(call, body));
  return {
    headers: {
      etag: quoted(part.etag),
      'x-amz-server-side-encryption': upload.attributes.encryption,
      ...(part.checksum === undefined ? {} : { [checksumHeader(part.checksum.algorithm)]: part.checksum.value }),
    },
  };
}

/** Both ends of the range must be given and lie inside the source. */
function sourceBytes(call: Call, body: Buffer): Buffer {
  const asked = header(call, 'x-amz-copy-source-range');
  if (asked === undefined) return body;
  const range = /^bytes=\d+-\d+$/.test(asked) ? readRange(asked, body.length) : undefined;
  if (range === undefined) {
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      'x-amz-copy-source-range',
      asked,
    );
  }
  return body.subarray(range.first, range.last + 1);
}

function uploadPartCopy(call: Call): Reply {
  const upload = uploadOf(call);
  const source = sourceOf(call);
  // A copy of the bytes: a view would keep the whole source alive.
  const body = Buffer.from(sourceBytes(call, source.object.body));
  const part = addPart(call, upload, partNumber(call), body, undefined);
  return {
    headers: {
      'x-amz-copy-source-version-id': versionHeader(source.bucket, source.object),
      'x-amz-server-side-encryption': upload.attributes.encryption,
    },
    xml: {
      root: 'CopyPartResult',
      value: {
        ETag: quoted(part.etag),
        LastModified: isoTime(part.lastModified),
        ...checksumElements(part.checksum),
        ChecksumType: undefined,
      },
    },
  };
}

function abort(call: Call): Reply {
  bucketOf(call).uploads.delete(uploadOf(call).id);
  return { status: 204 };
}

export const multipartHandlers: Handlers = {
  CreateMultipartUpload: create,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
  AbortMultipartUpload: abort,
};
