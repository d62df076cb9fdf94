import { DeleteDistributionCommand } from '@aws-sdk/client-cloudfront';
import type { Context } from '../context';
import { gone } from '../context';
import type { StepSpec } from '../../engine/plan';
import type { RetryPolicy } from '../../engine/retry';
import { isTransient } from '../../engine/retry';
import { belongings } from '../reads/belongings';
import { getDistribution } from '../reads/distribution';
import { pointsAtCloudFront, recordsOf, unlessNoZone } from '../reads/dns';
import { findGroup, groupPolicies, policyUse } from '../reads/role';
import { RemoveUserFromGroupCommand } from '@aws-sdk/client-iam';
import { deleteAlias } from './dns';
import { deleteGroup, deletePolicy, emptyGroup, freePolicy } from './remove-role';
import { removeUser, settlingPolicy } from './remove-user';
import { settleAll, strip } from './strip-user';

type Step<T> = StepSpec<Record<never, never>, T>;

/** A 409 can still follow after a distribution is disabled and deployed. */
const deletePolicyOfDistributions: RetryPolicy = {
  attempts: 5,
  baseMs: 500,
  capMs: 5_000,
  retries: (error) => isTransient(error) || error.kind === 'conflict',
};

/** Deletes a distribution that is off and deployed; one that was turned on again meanwhile is left alone. */
export function deleteDistribution(context: Context, id: string, site: string): Step<string | undefined> {
  return {
    title: `Delete the CloudFront distribution ${id} of ${site}`,
    retry: deletePolicyOfDistributions,
    run: async () => {
      const found = await getDistribution(context, id);
      if (found === undefined) return id;
      const { DistributionConfig: config, Status } = found.distribution;
      if (config?.Enabled === true || Status !== 'Deployed') return undefined;
      await gone(context.session.cloudfront(new DeleteDistributionCommand({ Id: id, IfMatch: found.etag })));
      return id;
    },
  };
}

/** Removes an orphaned group: its members leave, its policies are detached. */
export function removeGroup(context: Context, group: string): Step<void> {
  const { iam } = context.session;
  return {
    title: `Remove the orphaned group ${group}`,
    retry: settlingPolicy,
    run: async (_, scope) => {
      const [found, policies] = await Promise.all([findGroup(context, group), groupPolicies(context, group)]);
      await settleAll(
        (found?.members ?? []).map(({ UserName }) => gone(iam(new RemoveUserFromGroupCommand({ GroupName: group, UserName })))),
      );
      const attached = policies.attached.map(({ Arn }) => Arn);
      await emptyGroup(context, group, { attached, inline: policies.inline }, []).run({}, scope);
      await deleteGroup(context, group, []).run({}, scope);
    },
  };
}

/** Removes an orphaned policy from whatever it is attached to, and deletes it. */
export function removePolicy(context: Context, name: string, arn: string): Step<void> {
  return {
    title: `Remove the orphaned policy ${name}`,
    retry: settlingPolicy,
    run: async (_, scope) => {
      const use = await policyUse(context, arn);
      if (use === undefined) return;
      await freePolicy(context, { name, arn, use }, []).run({}, scope);
      await deletePolicy(context, { name, arn }, []).run({}, scope);
    },
  };
}

/** Deletes an orphaned user with all that hangs on it. */
export function removeOrphanedUser(context: Context, user: string): Step<void> {
  const { iam } = context.session;
  return {
    title: `Remove the orphaned user ${user}`,
    run: async () => {
      const all = await belongings(context, user);
      if (all === undefined) return;
      await settleAll(
        all.groups.map(({ GroupName }) => gone(iam(new RemoveUserFromGroupCommand({ GroupName, UserName: user })))),
      );
      await strip(context, user, all);
      await removeUser(context, user);
    },
  };
}

/** Removes the orphaned records of a name: whatever sends its visitors to a distribution. */
export function removeRecord(context: Context, zone: string, site: string): Step<void> {
  return {
    title: `Remove the orphaned DNS records of ${site}`,
    run: async (_, scope) => {
      const records = (await unlessNoZone(recordsOf(context, zone, site))) ?? [];
      await deleteAlias(context, zone, site, records.filter(pointsAtCloudFront)).run({}, scope);
    },
  };
}
