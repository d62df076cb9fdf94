import { CreateInvalidationCommand, type Invalidation } from '@aws-sdk/client-cloudfront';
import type { Context } from '../../shared/context';
import type { StepSpec } from '../../../engine/plan';
import { isTransient, type RetryPolicy, standardPolicy } from '../../../engine/retry';
import { fail } from '../../../base/errors';
import { isTagged } from '../rules/invalidation-paths';

export interface InvalidationStarted {
  readonly invalidation: Invalidation;
  /** URL CloudFront answers with; undefined where it gives none. */
  readonly location: string | undefined;
}

/** Room for more comes in minutes: too late for whoever waits for the answer, who is told when to ask again. */
const invalidationPolicy: RetryPolicy = {
  ...standardPolicy,
  retries: (error) => isTransient(error) && error.origin?.code !== 'TooManyInvalidationsInProgress',
};

/**
 * Asks CloudFront to drop paths, and what has a cache tag (`#tag`), from its caches. The caller reference is the operation's id: sent again after a lost
 * reply, CloudFront answers with the invalidation it has made already.
 * https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_InvalidationBatch.html
 */
export function startInvalidation(
  { session }: Context,
  site: string,
  distributionId: string,
  paths: readonly string[],
): StepSpec<Record<never, never>, InvalidationStarted> {
  return {
    title: `Invalidate ${counted(paths)} of ${site}`,
    touches: [
      { action: 'create', resource: `invalidation of distribution ${distributionId}`, document: { Paths: paths } },
    ],
    retry: invalidationPolicy,
    run: async (_, { operationId }) => {
      const { Invalidation: invalidation, Location } = await session.cloudfront(
        new CreateInvalidationCommand({
          DistributionId: distributionId,
          InvalidationBatch: { CallerReference: operationId, Paths: { Quantity: paths.length, Items: [...paths] } },
        }),
      );
      return {
        invalidation:
          invalidation ?? fail({ kind: 'unforeseen', detail: 'CloudFront answered without an invalidation' }),
        location: Location,
      };
    },
  };
}

function counted(entries: readonly string[]): string {
  const tags = entries.filter(isTagged).length;
  const paths = entries.length - tags;
  return [
    ...(paths > 0 ? [`${String(paths)} path${paths === 1 ? '' : 's'}`] : []),
    ...(tags > 0 ? [`${String(tags)} cache tag${tags === 1 ? '' : 's'}`] : []),
  ].join(' and ');
}
