import { DeleteDistributionCommand } from '@aws-sdk/client-cloudfront';
import { type Context, gone } from '../../shared/context';
import type { StepSpec } from '../../../engine/plan';
import { isTransient, type RetryPolicy } from '../../../engine/retry';
import { belongings } from '../../access/aws/belongings';
import { getDistribution } from '../../website/distribution/aws/find';
import { pointsAtCloudFront, recordsOf, unlessNoZone } from '../../website/dns/aws/records';
import { findGroup, groupPolicies } from '../../access/aws/role';
import { groupVerdict, isPolicyOfHolder, policyFound, policyVerdict } from '../../access/aws/role-verdict';
import { userVerdict } from '../../access/aws/user-verdict';
import { asWebsite, type Holder, isOwnPolicy, ownGroups } from '../../shared/holder';
import { sitesInName } from '../../shared/site-names';
import type { KeptUser, LeftThing } from '../../shared/shapes';
import { RemoveUserFromGroupCommand } from '@aws-sdk/client-iam';
import { deleteAlias } from '../../website/dns/aws/change';
import { deleteGroup, deletePolicy, emptyGroup, freePolicy } from '../../access/aws/remove-role';
import { removeUser, settlingPolicy } from '../../access/aws/remove-user';
import { settleAll, strip } from '../../access/aws/strip-user';

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

/** Why an orphan that was named is still there; undefined when it is gone. */
export type Orphaned = KeptUser | LeftThing | undefined;

/** Whose an orphan may have been: a website has every role that a bucket has; the predecessor kept those of a site's folders, too, under `/`. */
const holdersOf = ({ session }: Context, bucket: string): readonly Holder[] =>
  [bucket, ...sitesInName(bucket, session.account.domains)].map(asWebsite);

/** Undefined when one of the holders has no objection, else the objection of the first. */
async function objection(
  context: Context,
  bucket: string,
  judge: (holder: Holder) => Promise<string | undefined>,
): Promise<string | undefined> {
  const verdicts = await Promise.all(holdersOf(context, bucket).map(judge));
  return verdicts.includes(undefined) ? undefined : verdicts[0];
}

/** Removes an orphaned group, unless it gives its members more than its bucket did: its members leave, its policies are detached. */
export function removeGroup(context: Context, group: string, bucket: string): Step<Orphaned> {
  const { iam } = context.session;
  return {
    title: `Remove the orphaned group ${group}`,
    retry: settlingPolicy,
    run: async (_, scope) => {
      const [found, policies] = await Promise.all([findGroup(context, group), groupPolicies(context, group)]);
      const because = await objection(context, bucket, async (holder) =>
        groupVerdict(
          context,
          holder,
          { name: group, ...policies },
          await strangePolicies(context, holder, policies.attached),
        ),
      );
      if (because !== undefined) return { Resource: `group ${group}`, because };
      await settleAll(
        (found?.members ?? []).map(({ UserName }) =>
          gone(iam(new RemoveUserFromGroupCommand({ GroupName: group, UserName }))),
        ),
      );
      const attached = policies.attached.map(({ Arn }) => Arn);
      await emptyGroup(context, group, { attached, inline: policies.inline }, []).run({}, scope);
      await deleteGroup(context, group, []).run({}, scope);
      return undefined;
    },
  };
}

/** ARNs of those policies by the holder's names that are not the holder's. */
async function strangePolicies(
  context: Context,
  holder: Holder,
  attached: readonly { readonly Arn: string; readonly PolicyName: string }[],
): Promise<readonly string[]> {
  const named = attached.filter(({ Arn }) => isOwnPolicy(holder, context.session, Arn));
  const judged = await Promise.all(
    named.map(async ({ Arn: arn, PolicyName: name }) => {
      const found = await policyFound(context, arn);
      return found === undefined || (await isPolicyOfHolder(context, holder, { name, arn, ...found })) ? [] : [arn];
    }),
  );
  return judged.flat();
}

/** Removes an orphaned policy from whatever it is attached to, and deletes it, unless it is not surely its bucket's. */
export function removePolicy(context: Context, name: string, arn: string, bucket: string): Step<Orphaned> {
  return {
    title: `Remove the orphaned policy ${name}`,
    retry: settlingPolicy,
    run: async (_, scope) => {
      const found = await policyFound(context, arn);
      if (found === undefined) return undefined;
      const holders = { groups: [name.replace(/Plc$/, 'Grp')], users: [bucket] };
      const because = await objection(
        context,
        bucket,
        async (holder) => (await policyVerdict(context, holder, { name, arn }, found, holders)).stays ?? undefined,
      );
      if (because !== undefined) return { Resource: `policy ${name}`, because };
      await freePolicy(context, { name, arn, use: found.use }, []).run({}, scope);
      await deletePolicy(context, { name, arn }, []).run({}, scope);
      return undefined;
    },
  };
}

/**
 * Deletes an orphaned user, unless it is somebody else's as well: then it only leaves the groups of its bucket. Gives why
 * it was kept.
 */
export function removeOrphanedUser(context: Context, user: string, bucket: string): Step<Orphaned> {
  const { iam } = context.session;
  const holder = asWebsite(bucket);
  return {
    title: `Remove the orphaned user ${user}`,
    run: async () => {
      const all = await belongings(context, user);
      if (all === undefined) return undefined;
      const ownPolicies = all.attached.flatMap(({ Arn }) => (isOwnPolicy(holder, context.session, Arn) ? [Arn] : []));
      const because = await userVerdict(context, { holder, user, ownPolicies }, all, 'along');
      await settleAll(
        ownGroups(all.groups, holder).map(({ GroupName }) =>
          gone(iam(new RemoveUserFromGroupCommand({ GroupName, UserName: user }))),
        ),
      );
      if (because !== undefined) return { UserName: user, because };
      await strip(context, user, all);
      await removeUser(context, user);
      return undefined;
    },
  };
}

/** Removes the orphaned records of a name: whatever sends its visitors to a distribution. */
export function removeRecord(context: Context, zone: string, site: string): Step<Orphaned> {
  return {
    title: `Remove the orphaned DNS records of ${site}`,
    run: async (_, scope) => {
      const records = (await unlessNoZone(recordsOf(context, zone, site))) ?? [];
      await deleteAlias(context, zone, site, records.filter(pointsAtCloudFront)).run({}, scope);
      return undefined;
    },
  };
}
