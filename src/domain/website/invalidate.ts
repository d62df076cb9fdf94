import { fail } from '../../base/errors';
import type { RequestOf } from '../../base/operation-types';
import { answer } from '../../engine/plan';
import { CACHE_TAG_HEADER } from '../shared/cache-tags';
import { operation } from '../shared/operation';
import { noWebsite, requireSiteDomain } from '../shared/site-names';
import { insideOf } from '../shared/subject-rules';
import { startInvalidation } from './aws/invalidate';
import { requireOwnWebsite } from './aws/website';
import type { DistributionFound } from './distribution/aws/find';
import { invalidationPaths, isTagged } from './rules/invalidation-paths';
import type { InvalidationMade } from './rules/shapes';

/** Drops paths, and what has a cache tag, from a site's caches; never waits for CloudFront to be done. Two calls deep. */
export const invalidateCache = operation({
  ids: { website: 'invalidateCache' },
  kind: 'invalidate',
  version: 1,
  subject: insideOf,
  recovery: 'forward',
  title: ({ bucket }, _input: RequestOf<'invalidateCache'>) => `Invalidate cached paths of ${bucket}`,
  check: (_, __, { CacheInvalidation }) => void invalidationPaths(CacheInvalidation),
  look: async (context, { bucket: site }, { CacheInvalidation: entries }, tagging) => {
    const domain = requireSiteDomain(context.session.account, site);
    const found = await requireOwnWebsite(context, site, domain, context.memory.sites, tagging);
    const distribution = found.distribution ?? fail(noWebsite(site));
    if (entries.some(isTagged)) requireCacheTags(site, distribution);
    return { distributionId: distribution.id };
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

/**
 * Requires CloudFront to know the cache tags of what it keeps of a site; else an invalidation by tag drops nothing.
 * https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CacheTagConfig.html
 * @throws {conflict} when the distribution names no header that carries tags
 */
function requireCacheTags(site: string, { id, distribution }: DistributionFound): void {
  if (distribution.DistributionConfig?.CacheTagConfig?.HeaderName !== undefined) return;
  fail({
    kind: 'conflict',
    detail: `the distribution ${id} of ${site} reads no cache tags, so nothing can be invalidated by tag: the website was made before new ones had them. Name paths, e.g. "/*", or set ${CACHE_TAG_HEADER} as the HeaderName of the distribution's CacheTagConfig in CloudFront and invalidate "/*" once`,
  });
}
