import type { AccountConfig } from '../config/types';
import { fail } from '../errors';
import type { Desk } from './desk';
import { noWebsite } from './site-names';

/** The ARN of a website's distribution, which its admin role names; undefined when it has none. Ends with `not-found`. */
export async function distributionArnOf(desk: Desk, account: AccountConfig, site: string): Promise<string | undefined> {
  // Loaded when first needed: CloudFront and Route 53 are a sixth of the memory of a service that has no websites.
  const { findWebsite, isWebsite } = await import('./reads/website');
  const found = await findWebsite(await desk.forReading(account), site, desk.checkSite(account, site), desk.sites);
  if (!isWebsite(found)) fail(noWebsite(site));
  return found.distribution?.distribution.ARN;
}
