/** What counts when the file says nothing. */
export const defaults = {
  listenAddress: ':8080',
  logLevel: 'info',
  failuresPerMinute: 30,
  sessionSeconds: 900,
  bodyBytes: 65_536,
  /** What `limits.bodyBytes` counts as at most: reading and checking more takes the event loop from everybody else. */
  mostBodyBytes: 1_048_576,
  concurrentWrites: 64,
  connectionsPerAddress: 512,
  keepDays: 90,
  callTimeoutSeconds: 12,
  leaseSeconds: 30,
  heartbeatSeconds: 8,
  scanSeconds: 2,
  shutdownGraceSeconds: 30,
} as const;

/** Actions on the bucket itself in the documented admin policy. */
export const defaultBucketActions: readonly string[] = Object.freeze([
  's3:AbortMultipartUpload',
  's3:DeleteBucketWebsite',
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  's3:GetAccelerateConfiguration',
  's3:GetBucketAcl',
  's3:GetBucketCORS',
  's3:GetBucketLocation',
  's3:GetBucketLogging',
  's3:GetBucketNotification',
  's3:GetBucketPolicy',
  's3:GetBucketTagging',
  's3:GetBucketVersioning',
  's3:GetBucketWebsite',
  's3:GetLifecycleConfiguration',
  's3:GetObject',
  's3:GetObjectAcl',
  's3:GetObjectVersion',
  's3:GetObjectVersionAcl',
  's3:GetReplicationConfiguration',
  's3:ListAllMyBuckets',
  's3:ListBucket',
  's3:ListBucketMultipartUploads',
  's3:ListBucketVersions',
  's3:ListMultipartUploadParts',
  's3:PutAccelerateConfiguration',
  's3:PutBucketAcl',
  's3:PutBucketCORS',
  's3:PutBucketLogging',
  's3:PutBucketNotification',
  's3:PutBucketPolicy',
  's3:PutBucketRequestPayment',
  's3:PutBucketTagging',
  's3:PutBucketVersioning',
  's3:PutBucketWebsite',
  's3:PutLifecycleConfiguration',
  's3:PutReplicationConfiguration',
  's3:PutObject',
  's3:PutObjectAcl',
  's3:PutObjectVersionAcl',
  's3:ReplicateDelete',
  's3:ReplicateObject',
  's3:RestoreObject',
]);

/** Actions on the bucket's objects in the documented admin policy. */
export const defaultObjectActions: readonly string[] = Object.freeze(['s3:*']);

/** What a website's admins may do with its distribution. */
export const defaultDistributionActions: readonly string[] = Object.freeze([
  'cloudfront:ListInvalidations',
  'cloudfront:CreateInvalidation',
]);
