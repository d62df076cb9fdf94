import type { S3Client } from '@aws-sdk/client-s3';
import { type BucketNaming, bucketInS3 } from '../../base/bucket-names';

/**
 * Makes a client send S3's name of every bucket that a command names: commands hold the names that callers use. Buckets that
 * a document names (that of access logs) are S3's already, and so is what S3 lists.
 */
export function sendBucketNames(client: S3Client, naming: BucketNaming): void {
  if (naming.bucketNamespace === 'global') return;
  client.middlewareStack.add(
    (next) => (args) => {
      const { input } = args;
      if (!('Bucket' in input) || typeof input.Bucket !== 'string') return next(args);
      return next({ ...args, input: { ...input, Bucket: bucketInS3(naming, input.Bucket) } });
    },
    // Ahead of whatever reads the name.
    { step: 'initialize', priority: 'high', name: 'sendBucketNames' },
  );
}
