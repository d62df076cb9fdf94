import type { StepHandle, StepSpec } from '../../engine/plan';
import { oncePolicy } from '../../engine/retry';
import { removeRoles } from '../access/remove-role';
import { keepUser, removeUser } from '../access/remove-user';
import type { Context } from '../shared/context';
import { deleteAlias } from '../website/dns/aws/change';
import { type DnsRecord, pointsAtCloudFront, recordsOf, unlessNoZone } from '../website/dns/aws/records';
import {
  type Orphaned,
  type OrphanedGroup,
  type OrphanedPolicy,
  type OrphanedUser,
  seeOrphanedGroup,
  seeOrphanedPolicy,
  seeOrphanedUser,
} from './aws/see-orphans';

/** Each looks at an orphan once more and removes it, unless it is spared. Every read in it is retried by itself. */

type Step<T> = StepSpec<Record<never, never>, T>;
type After = readonly StepHandle<unknown>[];

/** Removes an orphaned group: its members leave it, its policies are detached, then it is deleted. */
export function removeGroup(context: Context, group: string, bucket: string, after: After): Step<OrphanedGroup> {
  return {
    title: `Remove the orphaned group ${group}`,
    after,
    retry: oncePolicy,
    run: () => seeOrphanedGroup(context, group, bucket),
    more: (step, { group: seen }) => {
      if (seen) removeRoles(context, { groups: [seen], policies: [] }, step);
    },
  };
}

/** Removes an orphaned policy: it is detached from whatever it is attached to, then deleted. */
export function removePolicy(
  context: Context,
  name: string,
  arn: string,
  bucket: string,
  after: After,
): Step<OrphanedPolicy> {
  return {
    title: `Remove the orphaned policy ${name}`,
    after,
    retry: oncePolicy,
    run: () => seeOrphanedPolicy(context, name, arn, bucket),
    more: (step, { policy }) => {
      if (policy) removeRoles(context, { groups: [], policies: [policy] }, step);
    },
  };
}

/** Takes an orphaned user out of the groups of its bucket, and deletes it unless it is spared. */
export function removeOrphanedUser(context: Context, user: string, bucket: string, after: After): Step<OrphanedUser> {
  return {
    title: `Remove the orphaned user ${user}`,
    after,
    retry: oncePolicy,
    run: () => seeOrphanedUser(context, user, bucket),
    more: (step, { user: seen }) => {
      if (seen) removeUser(context, seen, step);
    },
    keep: (step, { user: seen }) => keepUser(context, seen ?? null, step),
  };
}

/** Removes the orphaned records of a name: whatever sends its visitors to a distribution. */
export function removeRecord(
  context: Context,
  zone: string,
  site: string,
  after: After,
): Step<Orphaned & { readonly records: readonly DnsRecord[] }> {
  return {
    title: `Remove the orphaned DNS records of ${site}`,
    after,
    retry: oncePolicy,
    run: async () => {
      const records = (await unlessNoZone(recordsOf(context, zone, site))) ?? [];
      return { records: records.filter(pointsAtCloudFront) };
    },
    more: (step, { records }) => {
      if (records.length > 0) step(deleteAlias(context, zone, site, records));
    },
  };
}
