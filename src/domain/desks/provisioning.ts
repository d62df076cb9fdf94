import { bucketDesk } from './bucket-desk';
import type { CleanerSchedule } from '../cleaner/schedule';
import { clientDesk } from './client-desk';
import { createDesk, type Desk, type ProvisioningOptions } from './desk';
import { keyDesk } from './key-desk';
import type { ObjectProvisioning } from './object-service';
import type { Provisioning } from './service';
import { userDesk } from './user-desk';
import type { WebsiteProvisioning } from './website-service';

/** Joins names, rules, sessions and the engine into what the HTTP side asks for. */
export function createProvisioning(
  options: ProvisioningOptions & { readonly schedule: Pick<CleanerSchedule, 'nextRun'> },
): Provisioning {
  const desk = createDesk(options);
  return {
    ...bucketDesk(desk),
    ...userDesk(desk),
    ...keyDesk(desk),
    ...clientDesk(desk),
    ...lazily(desk, options.schedule),
    ...objects(desk, options.sessions),
  };
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
    showWebsite: async (account, site, include) => (await load()).showWebsite(account, site, include),
    createWebsite: async (account, input) => (await load()).createWebsite(account, input),
    updateWebsite: async (account, site, input) => (await load()).updateWebsite(account, site, input),
    invalidate: async (account, site, paths) => (await load()).invalidate(account, site, paths),
    deleteWebsite: async (account, site) => (await load()).deleteWebsite(account, site),
    previewCleaner: async (account) => (await load()).previewCleaner(account),
    runCleaner: async (account, orphans) => (await load()).runCleaner(account, orphans),
  };
}

/** The side of object URLs, loaded when it is first asked for: the table of file types alone is a megabyte of memory. */
function objects(desk: Desk, sessions: ProvisioningOptions['sessions']): ObjectProvisioning {
  let loading: Promise<ObjectProvisioning> | undefined;
  const load = () => (loading ??= import('./object-desk').then(({ objectDesk }) => objectDesk(desk, sessions)));
  return {
    uploadUrl: async (...asked) => (await load()).uploadUrl(...asked),
    downloadUrl: async (...asked) => (await load()).downloadUrl(...asked),
    deleteUrl: async (...asked) => (await load()).deleteUrl(...asked),
  };
}
