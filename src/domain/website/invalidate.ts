import type { Context } from '../shared/context';
import { answer, definePlan } from '../../engine/plan';
import type { DomainConfig } from '../../config/types';
import { fail } from '../../base/errors';
import { claimInBucket, claimOnBucket } from '../shared/names';
import { requireOwnWebsite } from './aws/website';
import type { SiteMemory } from '../shared/site-memory';
import { noWebsite } from '../shared/site-names';
import { startInvalidation } from './aws/invalidate';
import type { InvalidationMade } from './rules/shapes';
import { asDocument } from './create';
import type { HolderRecipe } from '../access/only-ours';

type Seen = { readonly distributionId: string };

/**
 * Drops paths from a site's caches; never waits for CloudFront to be done. Invalidations do not exclude one another:
 * `requestId` keeps their claims apart. Two calls deep.
 */
export function invalidate(
  context: Context,
  site: string,
  domain: DomainConfig,
  paths: readonly string[],
  memory: SiteMemory,
  requestId: string,
): HolderRecipe<Seen, InvalidationMade> {
  const { name } = context.session.account;
  const kind = 'invalidate';
  const title = `Invalidate cached paths of ${site}`;
  return {
    kind,
    title,
    claims: [claimInBucket(name, site, `invalidation-${requestId}`)],
    yieldsTo: [claimOnBucket(name, site)],
    recovery: 'forward',
    look: async (tagging) => {
      const { distribution } = await requireOwnWebsite(context, site, domain, memory, tagging);
      return { distributionId: (distribution ?? fail(noWebsite(site))).id };
    },
    plan: ({ distributionId }) =>
      definePlan(kind, title, (step) => {
        const started = step(startInvalidation(context, site, distributionId, paths));
        return answer({ started }, ({ started: { invalidation, location } }) => ({
          Invalidation: asDocument(invalidation),
          Location:
            location ??
            `https://cloudfront.amazonaws.com/2020-05-31/distribution/${distributionId}/invalidation/${invalidation.Id ?? ''}`,
        }));
      }),
  };
}
