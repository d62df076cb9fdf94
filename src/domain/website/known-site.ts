import type { Context } from '../shared/context';
import { otherOrg } from '../shared/org';
import { requireSiteDomain } from '../shared/site-names';

/**
 * Requires a website to be there; asks AWS when nothing is known of the last seconds.
 * @throws {not-found} when it is not
 */
export async function requireSite(context: Context, site: string): Promise<void> {
  const { account } = context.session;
  const { existence, sites } = context.memory;
  if (existence.factsOf(account.name, site)?.isSite) return;
  // Loaded when first needed: CloudFront and Route 53 are a sixth of the memory of a service that has no websites.
  const { requireWebsite } = await import('./aws/website');
  const { tags } = await requireWebsite(context, site, requireSiteDomain(account, site), sites);
  existence.seen(account.name, site, {
    isSite: true,
    ...(otherOrg(tags, context.org) === undefined && { isOurs: true }),
  });
}
