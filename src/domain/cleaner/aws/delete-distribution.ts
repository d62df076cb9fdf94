import { DeleteDistributionCommand } from '@aws-sdk/client-cloudfront';
import type { StepSpec } from '../../../engine/plan';
import { isTransient, type RetryPolicy } from '../../../engine/retry';
import { type Context, gone } from '../../shared/context';
import { getDistribution } from '../../website/distribution/aws/find';

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
    touches: [{ action: 'delete', resource: `distribution ${id}` }],
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
