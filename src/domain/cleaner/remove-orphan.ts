import { answer, definePlan, type StepHandle, type StepSpec, type Touch } from '../../engine/plan';
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

/** `run` looks; what it has seen goes by the steps that `more` adds. */
export interface Removal<T> extends StepSpec<Record<never, never>, T> {
  readonly run: () => Promise<T>;
}
type After = readonly StepHandle<unknown>[];

/** What a removal would take away, and why what is named stays, if it does. */
export interface Foreseen extends Orphaned {
  readonly touches: readonly Touch[];
}

/** Looks ahead at what a removal comes to. */
export async function foresee<T extends Orphaned>({ title, run, more }: Removal<T>): Promise<Foreseen> {
  const seen = await run();
  const { steps } = definePlan('clean', title, (step) => {
    more?.(step, seen);
    return answer({}, () => undefined);
  });
  const touches = steps.flatMap((step) => step.touches ?? []);
  return { touches, ...(seen.spared && { spared: seen.spared }) };
}

/** Makes a removal tell what it comes to, as far as that was foreseen. */
export function telling<T>(removal: Removal<T>, name: string, foreseen: Foreseen | undefined): Removal<T> {
  if (foreseen === undefined) return removal;
  const { touches, spared } = foreseen;
  return {
    ...removal,
    touches,
    ...(spared && { title: `Leave the orphaned ${name} unless this has changed: ${spared.because}` }),
  };
}

/** Removes an orphaned group: its members leave it, its policies are detached, then it is deleted. */
export function removeGroup(context: Context, group: string, bucket: string, after: After): Removal<OrphanedGroup> {
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
): Removal<OrphanedPolicy> {
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
export function removeOrphanedUser(
  context: Context,
  user: string,
  bucket: string,
  after: After,
): Removal<OrphanedUser> {
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
): Removal<Orphaned & { readonly records: readonly DnsRecord[] }> {
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
