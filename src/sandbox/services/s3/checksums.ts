import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsRefusal, type WireRequest } from '../../contract';
import { crc32c, crc64nvme } from './crc';
import { invalidRequest } from './refusals';

/** Checksums beside MD5. Source: S3 User Guide, "Checking object integrity in Amazon S3". */

export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; a composite one ends in `-<number of parts>`. */
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

function fourBytes(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}

const DIGESTS: Readonly<Record<ChecksumAlgorithm, (data: Buffer) => Buffer>> = {
  CRC32: (data) => fourBytes(crc32(data)),
  CRC32C: (data) => fourBytes(crc32c(data)),
  CRC64NVME: crc64nvme,
  SHA1: (data) => createHash('sha1').update(data).digest(),
  SHA256: (data) => createHash('sha256').update(data).digest(),
};

const CHECKSUM_ALGORITHMS = Object.keys(DIGESTS) as readonly ChecksumAlgorithm[];

export const checksumHeader = (algorithm: ChecksumAlgorithm): string => `x-amz-checksum-${algorithm.toLowerCase()}`;

/** Gives the document member, e.g. `ChecksumCRC32`. */
export const checksumMember = (algorithm: ChecksumAlgorithm): `Checksum${ChecksumAlgorithm}` => `Checksum${algorithm}`;

export function computeChecksum(algorithm: ChecksumAlgorithm, data: Buffer): Checksum {
  return { algorithm, value: DIGESTS[algorithm](data).toString('base64'), type: 'FULL_OBJECT' };
}

/** Computes the checksum of the parts' checksums. */
export function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly Checksum[]): Checksum {
  const joined = Buffer.concat(parts.map((part) => Buffer.from(part.value, 'base64')));
  const value = DIGESTS[algorithm](joined).toString('base64');
  return { algorithm, value: `${value}-${parts.length}`, type: 'COMPOSITE' };
}

/**
 * Reads the name of an algorithm, in any case.
 * @throws {InvalidRequest} when S3 knows no such algorithm
 */
export function readAlgorithm(name: string | undefined): ChecksumAlgorithm | undefined {
  if (name === undefined) return undefined;
  const found = CHECKSUM_ALGORITHMS.find((algorithm) => algorithm === name.toUpperCase());
  if (found === undefined) {
    throw invalidRequest(
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    );
  }
  return found;
}

/** Reads the checksum the caller sent as header or trailer. */
export function declaredChecksum(request: WireRequest): Pick<Checksum, 'algorithm' | 'value'> | undefined {
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const value = request.headers[checksumHeader(algorithm)];
    if (value !== undefined) return { algorithm, value };
  }
  return undefined;
}

/**
 * Compares the checksum that was sent with the body.
 * @throws {BadDigest} when they differ
 * @throws {InvalidRequest} when it is malformed, or more than one was sent
 */
export function checkDeclaredChecksums(request: WireRequest): void {
  const declared = CHECKSUM_ALGORITHMS.flatMap((algorithm) => {
    const value = request.headers[checksumHeader(algorithm)];
    return value === undefined ? [] : [{ algorithm, value }];
  });
  const [first] = declared;
  if (first === undefined) return;
  if (declared.length > 1) {
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  }
  const actual = computeChecksum(first.algorithm, request.body);
  if (
    Buffer.from(first.value, 'base64').toString('base64') !== first.value ||
    first.value.length !== actual.value.length
  ) {
    throw invalidRequest(`Value for ${checksumHeader(first.algorithm)} header is invalid.`);
  }
  if (actual.value !== first.value) {
    throw new AwsRefusal(
      400,
      'BadDigest',
      `The ${first.algorithm} you specified did not match the calculated checksum.`,
    );
  }
}

/** Makes the document members that tell a checksum. */
export function checksumElements(checksum: Checksum | undefined): Readonly<Record<string, string>> {
  return checksum === undefined
    ? {}
    : { [checksumMember(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type };
}

/** Makes the response headers that tell a checksum. */
export function checksumHeaders(checksum: Checksum | undefined): Readonly<Record<string, string>> {
  return checksum === undefined
    ? {}
    : { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}
