import type { Permission } from '../../contract';
import { readCreation } from './buckets';
import { bucketOf, type Call, header } from './call';
import { readBatch } from './delete-objects';
import { OBJECT_PERMISSIONS, deletionPermissions } from './object-permissions';
import { bucketArn } from './bucket-arn';
import { headerConditions, listingConditions, onBucket, tagConditions } from './permission-parts';

/**
 * What a caller must be allowed to do for each call.
 * Source: S3 User Guide, "Required permissions for Amazon S3 API operations".
 */

/** Calls that need one action on the bucket, spelled as IAM spells it. */
const BUCKET_ACTIONS: Readonly<Record<string, string>> = {
  DeleteBucket: 'DeleteBucket',
  DeleteBucketCors: 'PutBucketCORS',
  DeleteBucketEncryption: 'PutEncryptionConfiguration',
  DeleteBucketLifecycle: 'PutLifecycleConfiguration',
  DeleteBucketOwnershipControls: 'PutBucketOwnershipControls',
  DeleteBucketPolicy: 'DeleteBucketPolicy',
  DeleteBucketTagging: 'PutBucketTagging',
  DeleteBucketWebsite: 'DeleteBucketWebsite',
  DeletePublicAccessBlock: 'PutBucketPublicAccessBlock',
  GetBucketAccelerateConfiguration: 'GetAccelerateConfiguration',
  GetBucketAbac: 'GetBucketAbac',
  GetBucketAcl: 'GetBucketAcl',
  GetBucketCors: 'GetBucketCORS',
  GetBucketEncryption: 'GetEncryptionConfiguration',
  GetBucketLifecycleConfiguration: 'GetLifecycleConfiguration',
  GetBucketLocation: 'GetBucketLocation',
  GetBucketLogging: 'GetBucketLogging',
  GetBucketNotificationConfiguration: 'GetBucketNotification',
  GetBucketOwnershipControls: 'GetBucketOwnershipControls',
  GetBucketPolicy: 'GetBucketPolicy',
  GetBucketPolicyStatus: 'GetBucketPolicyStatus',
  GetBucketRequestPayment: 'GetBucketRequestPayment',
  GetBucketTagging: 'GetBucketTagging',
  GetBucketVersioning: 'GetBucketVersioning',
  GetBucketWebsite: 'GetBucketWebsite',
  GetObjectLockConfiguration: 'GetBucketObjectLockConfiguration',
  GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
  HeadBucket: 'ListBucket',
  ListMultipartUploads: 'ListBucketMultipartUploads',
  ListObjectVersions: 'ListBucketVersions',
  ListObjects: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  PutBucketAbac: 'PutBucketAbac',
  PutBucketAcl: 'PutBucketAcl',
  PutBucketCors: 'PutBucketCORS',
  PutBucketEncryption: 'PutEncryptionConfiguration',
  PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
  PutBucketLogging: 'PutBucketLogging',
  PutBucketOwnershipControls: 'PutBucketOwnershipControls',
  PutBucketPolicy: 'PutBucketPolicy',
  PutBucketTagging: 'PutBucketTagging',
  PutBucketVersioning: 'PutBucketVersioning',
  PutBucketWebsite: 'PutBucketWebsite',
  PutObjectLockConfiguration: 'PutBucketObjectLockConfiguration',
  PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
};

const LISTINGS = new Set(['ListObjects', 'ListObjectsV2', 'ListObjectVersions', 'ListMultipartUploads']);

/** A bucket still to be made belongs to the caller; tags, ACL, ownership and object lock need their own actions. */
function creating(call: Call): readonly Permission[] {
  const { locationConstraint, tags } = readCreation(call);
  const conditions = {
    ...headerConditions(call),
    ...tagConditions('aws:RequestTag', 'aws:TagKeys', tags),
    ...(locationConstraint === undefined ? {} : { 's3:LocationConstraint': locationConstraint }),
  };
  const also: readonly (readonly [boolean, string])[] = [
    [tags.length > 0, 'TagResource'],
    [header(call, 'x-amz-acl') !== undefined, 'PutBucketAcl'],
    [header(call, 'x-amz-object-ownership') !== undefined, 'PutBucketOwnershipControls'],
    [header(call, 'x-amz-bucket-object-lock-enabled') !== undefined, 'PutBucketObjectLockConfiguration'],
    [header(call, 'x-amz-bucket-object-lock-enabled') !== undefined, 'PutBucketVersioning'],
  ];
  const actions = ['CreateBucket', ...also.filter(([needed]) => needed).map(([, action]) => action)];
  const resource = bucketArn({ name: call.address.bucket ?? '', region: call.context.region });
  return actions.map((action) => ({ action: `s3:${action}`, resource, conditions }));
}

export function permissionsOf(call: Call): readonly Permission[] {
  switch (call.operation) {
    case 'ListBuckets':
      return [{ action: 's3:ListAllMyBuckets', resource: bucketArn({ name: '*', region: call.context.region }) }];
    case 'CreateBucket':
      return creating(call);
    case 'OptionsPreflight':
      return [];
    case 'DeleteObjects':
      // Asked key by key while it runs, where the server lets it.
      return call.context.allows === undefined
        ? readBatch(call).Object.flatMap((item) => deletionPermissions(call, item))
        : [];
  }
  const action = BUCKET_ACTIONS[call.operation];
  if (action === undefined) return OBJECT_PERMISSIONS[call.operation]?.(call) ?? [];
  const conditions = LISTINGS.has(call.operation) ? listingConditions(call) : headerConditions(call);
  return [onBucket(action, bucketOf(call), conditions)];
}
