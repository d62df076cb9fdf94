import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';

/**
 * Adds `Content-MD5` where the SDK adds one of its newer checksums: many S3-compatible stores know only that header and
 * refuse, say, PutBucketLifecycleConfiguration without it. AWS accepts both; those stores ignore the newer one.
 */
export function addContentMd5(client: S3Client): S3Client {
  client.middlewareStack.add(
    (next) => async (args) => {
      const { request } = args;
      if (hasChecksum(request))
        request.headers['content-md5'] = createHash('md5').update(request.body).digest('base64');
      return next(args);
    },
    // After the SDK's own checksum, before the signature.
    { step: 'build', priority: 'low', name: 'contentMd5' },
  );
  return client;
}

interface Checksummed {
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array;
}

function hasChecksum(request: unknown): request is Checksummed {
  if (typeof request !== 'object' || request === null || !('headers' in request) || !('body' in request)) return false;
  const { headers, body } = request;
  if (typeof headers !== 'object' || headers === null) return false;
  const known = typeof body === 'string' || body instanceof Uint8Array;
  return known && Object.keys(headers).some((name) => name.toLowerCase().startsWith('x-amz-checksum-'));
}
