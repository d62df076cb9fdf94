import type { AccountConfig } from '../../config/types';
import type { Desk } from './desk';
import { otherOrg } from '../shared/org';
import type { Website } from '../website/aws/website';

/** Looks at websites for desks that serve buckets, too. */

/** Loaded when first needed: CloudFront and Route 53 are a sixth of the memory of a service that has no websites. */
const websiteReads = () => import('../website/aws/website');

/** Ends with `not-found` unless the website is there; asks AWS when nothing is known of the last seconds. */
export async function requireSite(desk: Desk, account: AccountConfig, site: string): Promise<void> {
  if (desk.existence.factsOf(account.name, site)?.isSite) return;
  const { tags } = await foundSite(desk, account, site);
  desk.existence.seen(account.name, site, {
    isSite: true,
    ...(otherOrg(tags, desk.org()) === undefined && { isOurs: true }),
  });
}

/** The ARN of a website's distribution, which its admin role names; undefined when it has none. Ends with `not-found`, and with `conflict` when it is another org's. */
export async function distributionArnOf(desk: Desk, account: AccountConfig, site: string): Promise<string | undefined> {
  const domain = desk.checkSite(account, site);
  const { requireOwnWebsite } = await websiteReads();
  const { distribution } = await requireOwnWebsite(await desk.forReading(account), site, domain, desk.sites);
  return distribution?.distribution.ARN;
}

async function foundSite(desk: Desk, account: AccountConfig, site: string): Promise<Website> {
  const domain = desk.checkSite(account, site);
  const { requireWebsite } = await websiteReads();
  return requireWebsite(await desk.forReading(account), site, domain, desk.sites);
}
