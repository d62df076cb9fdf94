import type { Context } from '../shared/context';
import type { Needs, StepFactory, StepHandle, StepSpec } from '../../engine/plan';
import { lifecycleRules } from './settings/rules/lifecycle';
import { accessLogBucket, accessLogPrefix } from '../shared/own-stores';
import { rolePolicy } from '../shared/policies';
import type { StoreSetting } from './settings/aws/known';
import type { Role } from '../shared/role';
import type { PublicAccessBlock } from '../shared/settings-shapes';
import type { PolicyShape, Tag } from '../shared/shapes';
import { encrypt } from './settings/aws/encryption';
import {
  attachRole,
  createRoleGroup,
  createRolePolicy,
  type GroupMade,
  type NeededDocument,
} from '../access/aws/ensure-role';
import {
  blockPublicAccess,
  confirmObjectLock,
  confirmTags,
  createBucket,
  enableLogging,
  putLifecycle,
} from './aws/make-bucket';
import { setNewBlock } from './settings/aws/put';
import { optionalSetting } from './settings/aws/store-setting';
import type { Warning } from '../shared/store-features';

/** Sub-plans that buckets and websites are put together from. */

export interface BucketParts {
  /** The caller's, the org tag and the system tags. */
  readonly tags: readonly Tag[];
  readonly objectLock: boolean;
  /** Wall time of the look wave in milliseconds. */
  readonly lookedAt: number;
  /** Name in the registry. */
  readonly lifecycle: string | undefined;
  /** A public website lifts the two blocks that stand in a public bucket policy's way; everything else stays blocked. */
  readonly publicPolicy: boolean;
  /** The caller's own public access block, in place of all that. */
  readonly block?: PublicAccessBlock | undefined;
}

export interface NewBucketSteps {
  readonly made: StepHandle<void>;
  readonly confirmed: StepHandle<Warning>;
  readonly blocked: StepHandle<Warning>;
  /** Every step that a store may be unable to do. */
  readonly optional: readonly StepHandle<Warning>[];
}

/** A new bucket with all its settings; gives the steps that others may have to wait for. */
export function bucketParts(
  context: Context,
  bucket: string,
  { tags, objectLock, lookedAt, lifecycle, publicPolicy, block }: BucketParts,
  step: StepFactory,
): NewBucketSteps {
  const { account, accountId } = context.session;
  const made = step(createBucket(context, { bucket, tags, objectLock, lookedAt }));
  const after = [made];
  const all: StepHandle<Warning>[] = [];
  const setting = (feature: StoreSetting, spec: StepSpec<Record<never, never>, void>): StepHandle<Warning> => {
    const handle = step(optionalSetting(context, bucket, feature, { ...spec, after }));
    all.push(handle);
    return handle;
  };
  const confirmed = setting('tagging', confirmTags(context, bucket, tags));
  setting('encryption', encrypt(context, bucket));
  const blocked = setting(
    'publicAccessBlock',
    block ? setNewBlock(context, bucket, block) : blockPublicAccess(context, bucket, publicPolicy),
  );
  const logBucket = accessLogBucket(account, accountId);
  if (logBucket !== undefined) {
    setting('logging', enableLogging(context, bucket, { bucket: logBucket, prefix: accessLogPrefix(account, bucket) }));
  }
  if (lifecycle !== undefined) {
    setting('lifecycle', putLifecycle(context, bucket, lifecycle, lifecycleRules(lifecycle)));
  }
  if (objectLock && !account.iam) step({ ...confirmObjectLock(context, bucket), after });
  return { made, confirmed, blocked, optional: all };
}

/** The policy document of a role that needs nothing but its bucket. */
function ownDocument({ session }: Context, role: Role): NeededDocument<Record<never, never>> {
  const { account, partition } = session;
  return { needs: {}, make: () => rolePolicy(role, { partition, ...account }) };
}

export type NewRole = { readonly policy: StepHandle<PolicyShape>; readonly group: StepHandle<GroupMade> };

/** A role that must not exist before: policy and group side by side, then attached. */
export function newRole<N extends Needs = Record<never, never>>(
  context: Context,
  role: Role,
  step: StepFactory,
  document?: NeededDocument<N>,
): NewRole {
  const policy =
    document === undefined
      ? step(createRolePolicy(context, role, 'exclusive', ownDocument(context, role)))
      : step(createRolePolicy(context, role, 'exclusive', document));
  const group = step(createRoleGroup(context, role, 'exclusive'));
  step(attachRole(context, role, [policy, group]));
  return { policy, group };
}
