import { AwsRefusal } from '../../contract';
import { partitionOf } from '../../partitions';
import { type Call, findBucket } from './call';
import { copySourceOf } from './address';
import { isKnownBucketName, isValidKey } from './names';
import { accessDenied } from './refusals';
import type { Bucket } from './store';

/**
 * What S3 looks at before it asks who the caller is: is the name a name, is the bucket there, was the call signed
 * for the bucket's region, is the owner the one the caller expects.
 */

/** Operations that name no existing bucket. */
const WITHOUT_BUCKET = new Set(['ListBuckets', 'CreateBucket']);

export function regionHeaders(bucket: Bucket): Readonly<Record<string, string>> {
  return { 'x-amz-bucket-region': bucket.region };
}

/**
 * A path-style call reaches the endpoint of the region it was signed for, which redirects; a virtual-host call
 * reaches the bucket's own region, where the signature's region is wrong.
 */
function wrongRegion(call: Call, bucket: Bucket): AwsRefusal {
  const signed = call.context.region;
  if (call.address.style === 'virtual-host') {
    return new AwsRefusal(
      400,
      'AuthorizationHeaderMalformed',
      `The authorization header is malformed; the region '${signed}' is wrong; expecting '${bucket.region}'`,
      { Region: bucket.region },
      regionHeaders(bucket),
    );
  }
  return new AwsRefusal(
    301,
    'PermanentRedirect',
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    { Endpoint: `s3.${bucket.region}.${partitionOf(bucket.region).dnsSuffix}`, Bucket: bucket.name },
    regionHeaders(bucket),
  );
}

function isSignedForRegion(call: Call, bucket: Bucket): boolean {
  const { region, principal } = call.context;
  if (principal.kind === 'anonymous' || region === bucket.region) return true;
  // GetBucketLocation is how clients find the region out: us-east-1 answers it for every bucket.
  return call.operation === 'GetBucketLocation' && region === 'us-east-1';
}

/**
 * Checks that the bucket belongs to the account that the header names.
 * @throws {AccessDenied} when it does not
 * @throws {InvalidBucketOwnerAWSAccountID} when the header is no account id
 */
function checkOwner(call: Call, bucket: Bucket, header: string): void {
  const expected = call.request.headers[header];
  if (expected === undefined) return;
  if (!/^\d{12}$/.test(expected)) {
    throw new AwsRefusal(
      400,
      'InvalidBucketOwnerAWSAccountID',
      `The value of the expected bucket owner parameter must be an AWS account ID: ${expected}`,
    );
  }
  if (expected !== bucket.ownerId) throw accessDenied();
}

/**
 * Checks what S3 checks of every call on a bucket before it looks at anything else.
 * @throws {InvalidBucketName | NoSuchBucket | KeyTooLongError} when bucket or key cannot be
 * @throws {PermanentRedirect | AuthorizationHeaderMalformed} when the call was made for another region
 * @throws {AccessDenied} when the bucket is not the expected owner's
 */
export function admit(call: Call): void {
  if (WITHOUT_BUCKET.has(call.operation)) return;
  const { bucket: name = '', key } = call.address;
  if (!isKnownBucketName(name)) {
    throw new AwsRefusal(400, 'InvalidBucketName', 'The specified bucket is not valid.', { BucketName: name });
  }
  const bucket = findBucket(call, name);
  if (!isSignedForRegion(call, bucket)) throw wrongRegion(call, bucket);
  checkOwner(call, bucket, 'x-amz-expected-bucket-owner');
  if (key !== undefined && !isValidKey(key)) {
    throw new AwsRefusal(400, 'KeyTooLongError', 'Your key is too long', {
      Size: String(Buffer.byteLength(key)),
      MaxSizeAllowed: '1024',
    });
  }
  const source = call.request.headers['x-amz-copy-source'];
  if (source !== undefined && (call.operation === 'CopyObject' || call.operation === 'UploadPartCopy')) {
    checkOwner(call, findBucket(call, copySourceOf(source).bucket), 'x-amz-source-expected-bucket-owner');
  }
}
