import { bucketDesk } from './bucket-desk';
import type { CleanerSchedule } from './cleaner-schedule';
import type { Desk, ProvisioningOptions } from './desk';
import { createDesk } from './desk';
import type { Provisioning } from './service';
import { userDesk } from './user-desk';
import type { WebsiteProvisioning } from './website-service';

/** Joins names, rules, sessions and the engine into what the HTTP side asks for. */
export function createProvisioning(
  options: ProvisioningOptions & { readonly schedule: Pick<CleanerSchedule, 'nextRun'> },
): Provisioning {
  const desk = createDesk(options);
  return { ...bucketDesk(desk), ...userDesk(desk), ...lazily(desk, options.schedule) };
}

/**
 * The website side, loaded when it is first asked for: CloudFront, Route 53 and ACM are a sixth of the memory of a
 * service that has no websites.
 */
function lazily(desk: Desk, schedule: Pick<CleanerSchedule, 'nextRun'>): WebsiteProvisioning {
  let loading: Promise<WebsiteProvisioning> | undefined;
  const load = () => (loading ??= import('./website-desk').then(({ websiteDesk }) => websiteDesk(desk, schedule)));
  return {
    listWebsites: async (account) => (await load()).listWebsites(account),
    requireWebsite: async (account, site) => (await load()).requireWebsite(account, site),
    showWebsite: async (account, site) => (await load()).showWebsite(account, site),
    createWebsite: async (account, input) => (await load()).createWebsite(account, input),
    updateWebsite: async (account, site, input) => (await load()).updateWebsite(account, site, input),
    invalidate: async (account, site, paths) => (await load()).invalidate(account, site, paths),
    deleteWebsite: async (account, site) => (await load()).deleteWebsite(account, site),
    previewCleaner: async (account) => (await load()).previewCleaner(account),
    runCleaner: async (account, orphans) => (await load()).runCleaner(account, orphans),
  };
}
