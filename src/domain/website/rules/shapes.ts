import type { AnswerOf, Input, RequestOf } from '../../../base/operation-types';
import type { LoggingShape, ShownSettings } from '../../shared/shapes';

/** What websites and the cleaner take and give, as openapi.yaml has it. */

export type CreateWebsiteInput = RequestOf<'createWebsite'>;
/** AWS's WebsiteConfiguration. https://docs.aws.amazon.com/AmazonS3/latest/API/API_WebsiteConfiguration.html */
export type WebsiteConfigurationInput = Input<'WebsiteConfiguration'>;

export type WebsiteCreated = AnswerOf<'createWebsite'>;

export interface WebsiteDetails extends Pick<
  AnswerOf<'showWebsite'>,
  'URL' | 'Tags' | 'Empty' | 'DNSRecord' | 'Distribution'
> {
  readonly Logging: LoggingShape | undefined;
  /** The settings that were asked for, as answers show them; null where never set. */
  readonly settings?: ShownSettings;
}

export type WebsiteDeleted = AnswerOf<'deleteWebsite'>;
export type InvalidationMade = AnswerOf<'invalidateCache'>;

/** What the cleaner deletes by itself, and what it only lists. Spared are orphans that were named and are not surely ours. */
export interface CleanerReport extends Omit<AnswerOf<'runCleaner'>, 'nextRun'> {
  /** ISO-8601 time of the next run; undefined where the account has no cleaner. */
  readonly nextRun: string | undefined;
}
export type CleanerDistribution = CleanerReport['distributions'][number];
export type CleanerOrphan = CleanerReport['orphans'][number];
