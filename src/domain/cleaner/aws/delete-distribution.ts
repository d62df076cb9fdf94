import { DeleteDistributionCommand } from '@aws-sdk/client-cloudfront';
import type { StepSpec } from '../../../engine/plan';
import { isTransient, type RetryPolicy } from '../../../engine/retry';
import { toDomainError } from '../../../base/errors';
import type { LeftThing } from '../../shared/shapes';
import { type Context, gone } from '../../shared/context';
import { getDistribution } from '../../website/distribution/aws/find';

type Step<T> = StepSpec<Record<never, never>, T>;

/** A distribution that CloudFront does not delete for now, and why. */
interface Waiting {
  readonly waits: LeftThing;
}

/** A 409 can still follow after a distribution is disabled and deployed. */
const deletePolicyOfDistributions: RetryPolicy = {
  attempts: 5,
  baseMs: 500,
  capMs: 5_000,
  retries: (error) => isTransient(error) || error.kind === 'conflict',
};

const ON_PLAN =
  'it is on a flat-rate plan, and CloudFront deletes it only when the plan has ended: cancel the plan, and a later run deletes it';

/**
 * CloudFront answers as for a stale version, and only its words tell the difference; nothing else in its API shows the plan.
 * https://github.com/ekristen/aws-nuke/issues/1024
 */
function isOnPlan(thrown: unknown): boolean {
  const { detail, origin } = toDomainError(thrown);
  return origin?.code === 'PreconditionFailed' && /\bplan\b/i.test(detail);
}

/** Deletes a distribution that is off and deployed; one that was turned on again meanwhile is left alone. */
export function deleteDistribution(context: Context, id: string, site: string): Step<string | undefined | Waiting> {
  return {
    title: `Delete the CloudFront distribution ${id} of ${site}`,
    touches: [{ action: 'delete', resource: `distribution ${id}` }],
    retry: deletePolicyOfDistributions,
    run: async () => {
      const found = await getDistribution(context, id);
      if (found === undefined) return id;
      const { DistributionConfig: config, Status } = found.distribution;
      if (config?.Enabled === true || Status !== 'Deployed') return undefined;
      try {
        await gone(context.session.cloudfront(new DeleteDistributionCommand({ Id: id, IfMatch: found.etag })));
      } catch (thrown) {
        if (!isOnPlan(thrown)) throw thrown;
        return { waits: { Resource: `distribution ${id}`, because: ON_PLAN } };
      }
      return id;
    },
  };
}
