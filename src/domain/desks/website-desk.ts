import type { AccountConfig } from '../../config/types';
import { fail } from '../../base/errors';
import type { CleanerSchedule } from '../cleaner/schedule';
import type { Desk } from './desk';
import { invalidationPaths } from '../website/rules/invalidation-paths';
import { clean, previewCleaner } from '../cleaner/clean';
import { createWebsite } from '../website/create';
import { deleteWebsite } from '../website/delete';
import { invalidate } from '../website/invalidate';
import { updateWebsite } from '../website/update';
import { listWebsites, requireWebsite, showWebsite } from '../website/aws/website';
import { requireDomain } from '../shared/site-names';
import { checkSomethingIsMeant, checkWebsiteSettings, wantedSettings } from '../bucket/settings/rules/input';
import { policyScope } from '../bucket/settings/rules/policy';
import { checkTags } from '../shared/tags';
import { checkCreateWebsite, checkPrivateOrigin } from '../website/rules/input';
import type { WebsiteProvisioning } from './website-service';

/** Everything about websites but their users, and the cleaner. */
export function websiteDesk(desk: Desk, schedule: Pick<CleanerSchedule, 'nextRun'>): WebsiteProvisioning {
  const { checkSite, forReading, forSite, forCleaner, sites, write } = desk;
  const nextRun = (account: AccountConfig) => schedule.nextRun(account.name);
  return {
    listWebsites: async (account) => {
      desk.requireIam(account);
      const names = account.domains.size === 0 ? [] : await listWebsites(await forReading(account));
      return names.filter((name) => !desk.isOwnStore(name));
    },
    requireWebsite: async (account, site) => {
      const domain = checkSite(account, site);
      await requireWebsite(await forReading(account), site, domain, sites);
    },
    showWebsite: async (account, site, include) => {
      const domain = checkSite(account, site);
      return showWebsite(await forReading(account), site, domain, sites, include);
    },
    createWebsite: async (account, input) => {
      const site = input.BucketInput.Bucket;
      checkCreateWebsite({ org: desk.org() }, input);
      desk.requireIam(account);
      const domain = requireDomain(account.domains, site);
      if (domain.origin === 'private') checkPrivateOrigin(input.WebsiteConfiguration);
      if (desk.isOwnStore(site)) fail({ kind: 'exists', detail: `a bucket ${site} exists already` });
      const context = await forSite(account, site);
      const done = await desk.create(
        context,
        site,
        createWebsite(context, { input, domain, certificates: desk.certificates, isOwnStore: desk.isOwnStore }),
      );
      if (done.outcome.state === 'succeeded') {
        sites.set(account.name, site, String(done.outcome.value.Distribution['Id']));
      }
      return done;
    },
    updateWebsite: async (account, site, input) => {
      const domain = checkSite(account, site);
      checkSomethingIsMeant(input);
      checkTags(input.Tags ?? [], desk.org());
      checkWebsiteSettings(input);
      const settings = wantedSettings(input, policyScope(account, site, desk.partitionOf(account)));
      const context = await forSite(account, site);
      return write(
        context,
        site,
        updateWebsite(context, site, domain, { tags: input.Tags ?? undefined, settings }, sites),
      );
    },
    invalidate: async (account, site, paths) => {
      const domain = checkSite(account, site);
      const normal = invalidationPaths(paths);
      const context = await forSite(account, site);
      return write(context, site, invalidate(context, site, domain, normal, sites, desk.newId()));
    },
    deleteWebsite: async (account, site) => {
      const domain = checkSite(account, site);
      const context = await forSite(account, site);
      return write(context, site, deleteWebsite(context, site, domain, sites));
    },
    previewCleaner: async (account) => {
      desk.requireIam(account);
      return { ...(await previewCleaner(await forReading(account))), nextRun: nextRun(account) };
    },
    runCleaner: async (account, orphans) => {
      desk.requireIam(account);
      const context = await forCleaner(account);
      const { operationId, outcome } = await desk.create(context, '', clean(context, orphans));
      return {
        operationId,
        outcome:
          outcome.state === 'succeeded'
            ? { state: 'succeeded', value: { ...outcome.value, nextRun: nextRun(account) } }
            : outcome,
      };
    },
  };
}
