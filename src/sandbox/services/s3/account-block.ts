import type { Permission } from '../../contract';
import type { PublicAccessBlock } from './documents';
import { isPublicPolicy } from './policy-rules';
import type { Bucket, S3State } from './store';

/**
 * What blocks public access: the bucket, its account, or the account's organization. The most restrictive combination counts.
 * Source: S3 User Guide, "Blocking public access to your Amazon S3 storage".
 */

const ALL: PublicAccessBlock = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

/** What is in effect for all buckets of an account; undefined: nobody has set anything. */
export function effectiveBlock(state: S3State, accountId: string): PublicAccessBlock | undefined {
  return state.organizationBlocks.has(accountId) ? ALL : state.accountBlocks.get(accountId);
}

/** Tells whether a part of the block is on for a bucket. */
export function isBlocked(state: S3State, { config, ownerId }: Bucket, part: keyof PublicAccessBlock): boolean {
  return config.publicAccessBlock?.[part] === true || effectiveBlock(state, ownerId)?.[part] === true;
}

/** Cuts off what a public policy gives to strangers, where the owner's account says so. */
export function restricted(state: S3State, permission: Permission): Permission {
  const { resourceOwner: owner, resourcePolicy: policy } = permission;
  const isRestricted = owner !== undefined && effectiveBlock(state, owner)?.RestrictPublicBuckets === true;
  return isRestricted && policy !== undefined && isPublicPolicy(policy)
    ? { ...permission, restrictPublic: true }
    : permission;
}
