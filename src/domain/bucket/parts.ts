import type { Needs, StepFactory, StepHandle } from '../../engine/plan';
import {
  attachRole,
  createRoleGroup,
  createRolePolicy,
  type GroupMade,
  type NeededDocument,
} from '../access/aws/ensure-role';
import type { Context } from '../shared/context';
import { rolePolicy } from '../shared/policies';
import type { Role } from '../shared/role';
import type { PolicyShape, Tag } from '../shared/shapes';
import type { Warning } from '../shared/store-features';
import { confirmObjectLock, createBucket } from './aws/make-bucket';
import { publicAccess } from './settings/aws/public-access';
import type { NewBucketFacts } from './settings/aws/setting';
import { optionalSetting } from './settings/aws/store-setting';
import { confirmTags, tagging } from './settings/aws/tags';
import { newSettings } from './settings/new';
import type { WantedSettings } from './settings/wanted';

/** Parts of plans that buckets and websites are put together from. */

export interface BucketParts extends NewBucketFacts {
  /** The caller's, the org tag and the system tags. */
  readonly tags: readonly Tag[];
  /** Wall time of the look wave in milliseconds. */
  readonly lookedAt: number;
  readonly settings: WantedSettings;
}

export interface NewBucketSteps {
  readonly made: StepHandle<void>;
  readonly confirmed: StepHandle<Warning>;
  /** The public access block. */
  readonly blocked: StepHandle<unknown>;
  /** Every step that a store may be unable to do. */
  readonly optional: readonly StepHandle<Warning>[];
}

/** Makes a bucket with all its settings; gives the steps that others may have to wait for. */
export function bucketParts(
  context: Context,
  bucket: string,
  { tags, lookedAt, settings, ...facts }: BucketParts,
  step: StepFactory,
): NewBucketSteps {
  const { objectLock } = facts;
  const made = step(createBucket(context, { bucket, tags, objectLock, lookedAt }));
  const after = [made];
  const confirmed = step(optionalSetting(context, bucket, tagging, { ...confirmTags(context, bucket, tags), after }));
  if (objectLock && !context.session.account.iam) step({ ...confirmObjectLock(context, bucket), after });
  const given = newSettings(context, bucket, settings, { made, others: [confirmed], ...facts }, step);
  const blocked = given.byName.get(publicAccess.name) ?? made;
  return { made, confirmed, blocked, optional: [confirmed, ...given.all] };
}

/** Makes the policy document of a role that needs nothing but its bucket. */
function ownDocument({ session }: Context, role: Role): NeededDocument<Record<never, never>> {
  return { needs: {}, make: () => rolePolicy(role, session) };
}

export type NewRole = { readonly policy: StepHandle<PolicyShape>; readonly group: StepHandle<GroupMade> };

/** Adds the steps for a role that must not exist before: policy and group side by side, then attached. */
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
