import type { Context } from '../shared/context';
import type { Target } from '../shared/operation';
import { requireSiteDomain } from '../shared/site-names';

/**
 * Finds the ARN of a website's distribution, which its admin role names; undefined for a bucket, and for a website
 * without one.
 * @throws {not-found} when there is no such website
 * @throws {conflict} when it is another org's
 */
export async function siteArn(context: Context, { kind, bucket: site }: Target): Promise<string | undefined> {
  if (kind !== 'website') return undefined;
  // Loaded when first needed: CloudFront and Route 53 are a sixth of the memory of a service that has no websites.
  const { requireOwnWebsite } = await import('../website/aws/website');
  const domain = requireSiteDomain(context.session.account, site);
  const { distribution } = await requireOwnWebsite(context, site, domain, context.memory.sites);
  return distribution?.distribution.ARN;
}
