import { DeleteDistributionCommand, TagResourceCommand } from '@aws-sdk/client-cloudfront';
import type { StepSpec } from '../../../engine/plan';
import { isTransient, type RetryPolicy, standardPolicy } from '../../../engine/retry';
import { toDomainError } from '../../../base/errors';
import type { LeftThing } from '../../shared/shapes';
import { type Context, gone } from '../../shared/context';
import { distributionArn, getDistribution } from '../../website/distribution/aws/find';

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

/** Why a distribution waits that is on a plan. */
export const ON_PLAN =
  'it is on a flat-rate plan, and CloudFront deletes it only when the plan has ended: cancel the plan, and a later run deletes it';

/** Notes at a distribution since when it waits for the end of a plan: the preview has no other way to know. */
export const ON_PLAN_TAG = 'mallard:on-plan';

/**
 * CloudFront answers as for a stale version, and only its words tell the difference; nothing else in its API shows the plan.
 * Plans have an API of their own, for which operators would have to give a permission.
 * https://github.com/ekristen/aws-nuke/issues/1024
 * https://docs.aws.amazon.com/PricingPlanManager/latest/UserGuide/getting-started-pricingplanmanager-api.html
 */
function isOnPlan(thrown: unknown): boolean {
  const { detail, origin } = toDomainError(thrown);
  return origin?.code === 'PreconditionFailed' && /\bplan\b/i.test(detail);
}

export interface Doomed {
  readonly id: string;
  readonly site: string;
  /** Whether it is noted already that it waits. */
  readonly isNoted: boolean;
}

/** Deletes a distribution that is off and deployed; one that was turned on again meanwhile is left alone. */
export function deleteDistribution(
  context: Context,
  { id, site, isNoted }: Doomed,
): Step<string | undefined | Waiting> {
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
    more: (step, result) => {
      if (typeof result === 'object' && !isNoted) step(noteThatItWaits(context, id, site));
    },
  };
}

/** The run has told that it waits: that the preview can tell it as well is worth no failure. */
const hintPolicy: RetryPolicy = { ...standardPolicy, isDone: ({ origin }) => origin?.effect === 'none' };

function noteThatItWaits(context: Context, id: string, site: string): Step<void> {
  return {
    title: `Note that the CloudFront distribution ${id} of ${site} waits for the end of its plan`,
    touches: [{ action: 'change', resource: `tags of distribution ${id}` }],
    retry: hintPolicy,
    run: async () => {
      const Tags = { Items: [{ Key: ON_PLAN_TAG, Value: new Date(context.clock.now()).toISOString() }] };
      await context.session.cloudfront(new TagResourceCommand({ Resource: distributionArn(context, id), Tags }));
    },
  };
}
