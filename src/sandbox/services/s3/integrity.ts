import { createHash } from 'node:crypto';
import { AwsRefusal } from '../../contract';
import { invalidRequest } from './refusals';
import { checkDeclaredChecksums, declaredChecksum } from './checksums';
import type { Call } from './call';

/** Digests a caller sends along with a body. */

/** Calls AWS refuses without Content-MD5 or a checksum. Source: their pages in the S3 API Reference. */
const REQUIRED = new Set(['DeleteObjects', 'PutBucketCors', 'PutBucketLifecycleConfiguration', 'PutBucketTagging']);

function checkContentMd5(call: Call): void {
  const declared = call.request.headers['content-md5'];
  if (declared === undefined) return;
  if (Buffer.from(declared, 'base64').length !== 16) {
    throw new AwsRefusal(400, 'InvalidDigest', 'The Content-MD5 you specified was invalid.', {
      'Content-MD5': declared,
    });
  }
  const actual = createHash('md5').update(call.request.body).digest('base64');
  if (actual !== declared) {
    throw new AwsRefusal(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.', {
      ExpectedDigest: declared,
      CalculatedDigest: actual,
    });
  }
}

/**
 * Checks the body against its MD5 and checksums, which some operations must have.
 * @throws {InvalidDigest | BadDigest | InvalidRequest} when one is malformed, wrong or missing
 */
export function checkIntegrity(call: Call): void {
  checkContentMd5(call);
  // The checksum of a completed upload is of the whole object, not of this request's body.
  if (call.operation === 'CompleteMultipartUpload') return;
  checkDeclaredChecksums(call.request);
  const { headers } = call.request;
  if (
    REQUIRED.has(call.operation) &&
    headers['content-md5'] === undefined &&
    declaredChecksum(call.request) === undefined
  ) {
    throw invalidRequest('Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
  }
}
