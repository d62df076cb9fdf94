import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { type BucketNaming, bucketInS3 } from '../../base/bucket-names';
import type { Life, ObjectUse, PresignRequest } from './types';

export interface SignedUrl {
  readonly url: string;
  readonly fields?: Readonly<Record<string, string>>;
}

/** Signs the URL for one use of one object, with the client's credentials for the client's region. Makes no call. */
export async function signUrl(
  client: S3Client,
  request: PresignRequest,
  life: Life,
  naming: BucketNaming,
): Promise<SignedUrl> {
  if (request.use.kind === 'form') {
    // No command is sent here, so the client does not see to the name.
    return signForm(client, { ...request, bucket: bucketInS3(naming, request.bucket) }, request.use, life);
  }
  const options = { expiresIn: life.seconds, signingDate: life.signedAt };
  const object = { Bucket: request.bucket, Key: request.key };
  switch (request.use.kind) {
    case 'upload': {
      const { contentType, metadata } = request.use;
      const command = new PutObjectCommand({
        ...object,
        ...(contentType !== undefined && { ContentType: contentType }),
        Metadata: withoutPrefix(metadata),
      });
      const signing = {
        ...options,
        // The presigner leaves Content-Type unsigned unless it is named here.
        ...(contentType !== undefined && { signableHeaders: new Set(['content-type']) }),
        // It puts other headers of S3 into the URL, where not every store looks for them.
        unhoistableHeaders: new Set(Object.keys(metadata)),
      };
      return { url: await getSignedUrl(client, command, signing) };
    }
    case 'download': {
      const { disposition } = request.use;
      const command = new GetObjectCommand({
        ...object,
        ...(disposition !== undefined && { ResponseContentDisposition: disposition }),
      });
      return { url: await getSignedUrl(client, command, options) };
    }
    case 'delete':
      return { url: await getSignedUrl(client, new DeleteObjectCommand(object), options) };
  }
}

/** The client puts the prefix before every name again. */
const withoutPrefix = (metadata: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name.replace(/^x-amz-meta-/, ''), value]));

type Form = Extract<ObjectUse, { kind: 'form' }>;

/**
 * Fields of a form with its signed policy.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
async function signForm(
  client: S3Client,
  { bucket, key }: PresignRequest,
  { contentType, metadata, maxBytes }: Form,
  life: Life,
): Promise<SignedUrl> {
  return createPresignedPost(at(client, life.signedAt), {
    Bucket: bucket,
    Key: key,
    Expires: life.seconds,
    ...(maxBytes !== undefined && { Conditions: [['content-length-range', 0, maxBytes]] }),
    Fields: { ...(contentType !== undefined && { 'Content-Type': contentType }), ...metadata },
  });
}

/** The library signs by the system's clock and the client's correction of it: a correction to the wanted time. */
function at(client: S3Client, time: Date): S3Client {
  const config = { ...client.config, systemClockOffset: time.getTime() - Date.now() };
  return Object.create(client, { config: { value: config } }) as S3Client;
}
