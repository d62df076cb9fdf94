import { fail } from '../../base/errors';
import type { RequestOf } from '../../base/operation-types';
import { answer } from '../../engine/plan';
import { operation } from '../shared/operation';
import { noWebsite, requireSiteDomain } from '../shared/site-names';
import { insideOf } from '../shared/subject-rules';
import { startInvalidation } from './aws/invalidate';
import { requireOwnWebsite } from './aws/website';
import { invalidationPaths } from './rules/invalidation-paths';
import type { InvalidationMade } from './rules/shapes';

/** Drops paths from a site's caches; never waits for CloudFront to be done. Two calls deep. */
export const invalidateCache = operation({
  ids: { website: 'invalidateCache' },
  kind: 'invalidate',
  version: 1,
  subject: insideOf,
  recovery: 'forward',
  title: ({ bucket }, _input: RequestOf<'invalidateCache'>) => `Invalidate cached paths of ${bucket}`,
  check: (_, __, { CacheInvalidation }) => void invalidationPaths(CacheInvalidation),
  look: async (context, { bucket: site }, _input, tagging) => {
    const domain = requireSiteDomain(context.session.account, site);
    const { distribution } = await requireOwnWebsite(context, site, domain, context.memory.sites, tagging);
    return { distributionId: (distribution ?? fail(noWebsite(site))).id };
  },
  plan: (context, { target: { bucket: site }, input, seen: { distributionId } }, step) => {
    const paths = invalidationPaths(input.CacheInvalidation);
    const started = step(startInvalidation(context, site, distributionId, paths));
    return answer({ started }, ({ started: { invalidation, location } }): InvalidationMade => ({
      Invalidation: { ...invalidation },
      Location:
        location ??
        `https://cloudfront.amazonaws.com/2020-05-31/distribution/${distributionId}/invalidation/${invalidation.Id ?? ''}`,
    }));
  },
});
