import { bucketDesk } from './bucket-desk';
import type { CleanerSchedule } from './cleaner-schedule';
import type { ProvisioningOptions } from './desk';
import { createDesk } from './desk';
import type { Provisioning } from './service';
import { userDesk } from './user-desk';
import { websiteDesk } from './website-desk';

/** Joins names, rules, sessions and the engine into what the HTTP side asks for. */
export function createProvisioning(
  options: ProvisioningOptions & { readonly schedule: Pick<CleanerSchedule, 'nextRun'> },
): Provisioning {
  const desk = createDesk(options);
  return { ...bucketDesk(desk), ...userDesk(desk), ...websiteDesk(desk, options.schedule) };
}
