import type { AccountConfig } from '../../config/types';
import type { Performed } from '../../engine/recipe';
import type { SettingName } from '../shared/settings-shapes';
import type { UpdateBucketInput } from '../shared/shapes';
import type {
  CleanerReport,
  CreateWebsiteInput,
  InvalidationMade,
  WebsiteCreated,
  WebsiteDeleted,
  WebsiteDetails,
} from '../website/rules/shapes';

/** What the HTTP side can ask for about websites; rejects and answers as `Provisioning` does. */
export interface WebsiteProvisioning {
  /** Names of the account's websites: buckets in its domains that serve one. */
  listWebsites(account: AccountConfig): Promise<readonly string[]>;
  requireWebsite(account: AccountConfig, site: string): Promise<void>;
  /** `include`: settings of the bucket to be shown besides. */
  showWebsite(account: AccountConfig, site: string, include: readonly SettingName[]): Promise<WebsiteDetails>;
  createWebsite(account: AccountConfig, input: CreateWebsiteInput): Promise<Performed<WebsiteCreated>>;
  /** Tags of the bucket and of the distribution; settings of the bucket. */
  updateWebsite(account: AccountConfig, site: string, input: UpdateBucketInput): Promise<Performed<void>>;
  /** Asks CloudFront to drop cached paths; does not wait for it. */
  invalidate(account: AccountConfig, site: string, paths: readonly string[]): Promise<Performed<InvalidationMade>>;
  deleteWebsite(account: AccountConfig, site: string): Promise<Performed<WebsiteDeleted>>;
  /** What the cleaner would do now. */
  previewCleaner(account: AccountConfig): Promise<CleanerReport>;
  /** Runs the cleaner now; `orphans` names what else is to be removed, as `type/name`. Gives what was removed. */
  runCleaner(account: AccountConfig, orphans: readonly string[]): Promise<Performed<CleanerReport>>;
}
