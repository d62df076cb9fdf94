import type { Permission } from '../../contract';
import { bucketArn } from './bucket-arn';
import { restrictsPublic } from './bucket-policy';
import { type Call, header, parameter } from './call';
import type { Bucket } from './store';
import type { Tag } from './tags';

/** What permissions are put together from. */

export type Conditions = Readonly<Record<string, string | readonly string[]>>;

const withBucket = (
  bucket: Bucket | undefined,
): Pick<Permission, 'resourcePolicy' | 'resourceOwner' | 'restrictPublic'> =>
  bucket === undefined
    ? {}
    : { resourcePolicy: bucket.config.policy, resourceOwner: bucket.ownerId, restrictPublic: restrictsPublic(bucket) };

const ownerCondition = (bucket: Bucket): Conditions => ({ 's3:ResourceAccount': bucket.ownerId });

export function onBucket(action: string, bucket: Bucket, conditions: Conditions = {}): Permission {
  return {
    action: `s3:${action}`,
    resource: bucketArn(bucket),
    conditions: { ...ownerCondition(bucket), ...conditions },
    ...withBucket(bucket),
  };
}

export function onObject(action: string, bucket: Bucket, key: string, conditions: Conditions = {}): Permission {
  return { ...onBucket(action, bucket, conditions), resource: `${bucketArn(bucket)}/${key}` };
}

/** Headers that are condition keys under their own name. Source: Service Authorization Reference, Amazon S3. */
const HEADER_KEYS = [
  'x-amz-acl',
  'x-amz-bucket-namespace',
  'x-amz-content-sha256',
  'x-amz-copy-source',
  'x-amz-metadata-directive',
  'x-amz-object-ownership',
  'x-amz-server-side-encryption',
  'x-amz-storage-class',
  'x-amz-website-redirect-location',
  'if-match',
  'if-none-match',
];

export function headerConditions(call: Call): Conditions {
  const entries = HEADER_KEYS.flatMap((name) => {
    const value = header(call, name);
    return value === undefined ? [] : [[`s3:${name}`, value] as const];
  });
  return Object.fromEntries(entries);
}

/** Gives `s3:prefix`, `s3:delimiter`, `s3:max-keys`: present when the parameter is, even if empty. */
export function listingConditions(call: Call): Conditions {
  const entries = ['prefix', 'delimiter', 'max-keys'].flatMap((name) => {
    const value = call.request.query.get(name);
    return value === null ? [] : [[`s3:${name}`, value] as const];
  });
  return Object.fromEntries(entries);
}

export function versionCondition(versionId: string | undefined): Conditions {
  return versionId === undefined ? {} : { 's3:VersionId': versionId };
}

export const requestedVersion = (call: Call): string | undefined => parameter(call, 'versionId');

/** Tags as condition keys: one key a tag under `name`, and all their keys. */
export function tagConditions(name: string, keysName: string | undefined, tags: readonly Tag[]): Conditions {
  return {
    ...Object.fromEntries(tags.map((tag) => [`${name}/${tag.Key}`, tag.Value])),
    ...(keysName === undefined || tags.length === 0 ? {} : { [keysName]: tags.map((tag) => tag.Key) }),
  };
}
