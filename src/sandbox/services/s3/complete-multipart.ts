import { createHash } from 'node:crypto';
import { AwsRefusal } from '../../contract';
import { decodeXml, integer, many, optional, required, type ShapeType, struct, text } from '../../protocol/xml-shape';
import { bucketOf, type Call, type Handlers, header, keyOf, quoted, type Reply } from './call';
import {
  type Checksum,
  checksumElements,
  checksumMember,
  compositeChecksum,
  computeChecksum,
  declaredChecksum,
} from './checksums';
import { checkWrite } from './conditions';
import { uploadOf } from './multipart';
import type { Part, Upload } from './store';
import { addObject, currentObject, versionHeader } from './versions';

/** The end of a multipart upload: its parts become one object. */

/** Bytes every part but the last must have. */
const MIN_PART_BYTES = 5 * 1024 * 1024;

const partShape = struct({
  PartNumber: required(integer),
  ETag: required(text),
  ChecksumCRC32: optional(text),
  ChecksumCRC32C: optional(text),
  ChecksumCRC64NVME: optional(text),
  ChecksumSHA1: optional(text),
  ChecksumSHA256: optional(text),
});
const completionShape = struct({ Part: many(partShape, 1, 10_000) });

type NamedPart = ShapeType<typeof partShape>;

function invalidPart(upload: Upload, named: NamedPart): AwsRefusal {
  return new AwsRefusal(
    400,
    'InvalidPart',
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { UploadId: upload.id, PartNumber: String(named.PartNumber), ETag: named.ETag },
  );
}

/**
 * Picks the parts the caller lists, each as it was uploaded.
 * @throws {InvalidPartOrder} when they are not in order
 * @throws {InvalidPart} when one was not uploaded so
 * @throws {EntityTooSmall} when any but the last is too small
 */
function chosenParts(upload: Upload, listed: readonly NamedPart[]): readonly Part[] {
  const parts = listed.map((named, position) => {
    const previous = listed[position - 1];
    if (previous !== undefined && previous.PartNumber >= named.PartNumber) {
      throw new AwsRefusal(
        400,
        'InvalidPartOrder',
        'The list of parts was not in ascending order. Parts must be ordered by part number.',
        {
          UploadId: upload.id,
        },
      );
    }
    const part = upload.parts.get(named.PartNumber);
    if (part === undefined || part.etag !== named.ETag.replaceAll('"', '')) throw invalidPart(upload, named);
    const { checksum } = part;
    const told = checksum === undefined ? undefined : named[checksumMember(checksum.algorithm)];
    if (told !== undefined && told !== checksum?.value) throw invalidPart(upload, named);
    return part;
  });
  const small = parts.slice(0, -1).find((part) => part.body.length < MIN_PART_BYTES);
  if (small !== undefined) {
    throw new AwsRefusal(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
      ProposedSize: String(small.body.length),
      MinSizeAllowed: String(MIN_PART_BYTES),
      PartNumber: String(small.number),
      ETag: small.etag,
    });
  }
  return parts;
}

/** MD5 of the parts' MD5s and their number; S3 User Guide, "Checking object integrity", "Using part-level checksums". */
function multipartEtag(parts: readonly Part[]): string {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part.etag, 'hex');
  return `${hash.digest('hex')}-${parts.length}`;
}

/**
 * Computes the object's checksum and compares it with the one the caller sent.
 * @throws {BadDigest} when they differ
 */
function finalChecksum(call: Call, upload: Upload, parts: readonly Part[], body: Buffer): Checksum | undefined {
  const algorithm = upload.checksumAlgorithm;
  if (algorithm === undefined) return undefined;
  const own = parts.flatMap((part) => (part.checksum === undefined ? [] : [part.checksum]));
  const checksum =
    upload.checksumType === 'COMPOSITE' ? compositeChecksum(algorithm, own) : computeChecksum(algorithm, body);
  const declared = declaredChecksum(call.request);
  if (declared !== undefined && declared.value.replace(/-\d+$/, '') !== checksum.value.replace(/-\d+$/, '')) {
    throw new AwsRefusal(
      400,
      'BadDigest',
      `The ${algorithm.toLowerCase()} you specified did not match the calculated checksum.`,
    );
  }
  return checksum;
}

function complete(call: Call): Reply {
  const bucket = bucketOf(call);
  const key = keyOf(call);
  const upload = uploadOf(call);
  const parts = chosenParts(upload, decodeXml(call.request.body, 'CompleteMultipartUpload', completionShape).Part);
  checkWrite(call, key, currentObject(bucket, key));
  const body = Buffer.concat(parts.map((part) => part.body));
  const size = header(call, 'x-amz-mp-object-size');
  if (size !== undefined && Number(size) !== body.length) {
    throw new AwsRefusal(
      400,
      'InvalidRequest',
      'The provided x-amz-mp-object-size header does not match the size of the object.',
    );
  }
  const stored = addObject(bucket, key, {
    ...upload.attributes,
    lastModified: call.context.now(),
    body,
    etag: multipartEtag(parts),
    checksum: finalChecksum(call, upload, parts, body),
    partSizes: parts.map((part) => part.body.length),
    tags: upload.tags,
  });
  bucket.uploads.delete(upload.id);
  return {
    headers: {
      'x-amz-server-side-encryption': stored.encryption,
      'x-amz-version-id': versionHeader(bucket, stored),
    },
    xml: {
      root: 'CompleteMultipartUploadResult',
      value: {
        Location: `http://${call.request.host}/${bucket.name}/${encodeURIComponent(key)}`,
        Bucket: bucket.name,
        Key: key,
        ETag: quoted(stored.etag),
        ...checksumElements(stored.checksum),
      },
    },
  };
}

export const completeHandlers: Handlers = { CompleteMultipartUpload: complete };
