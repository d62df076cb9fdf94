import type { SettingsRead } from '../../shared/settings-shapes';
import type { GroupShape, LoggingShape, PolicyShape, Spared, Tag } from '../../shared/shapes';

/** A document in AWS's own shape, handed through as AWS gave it: a distribution, a record set, an invalidation. */
export type AwsDocument = Readonly<Record<string, unknown>>;

export interface CreateWebsiteInput {
  readonly Tags?: readonly Tag[];
  readonly Lifecycle?: string;
  readonly BucketInput: { readonly Bucket: string };
  readonly WebsiteConfiguration?: WebsiteConfigurationInput;
}

/** AWS's WebsiteConfiguration. https://docs.aws.amazon.com/AmazonS3/latest/API/API_WebsiteConfiguration.html */
export interface WebsiteConfigurationInput {
  readonly IndexDocument?: { readonly Suffix: string };
  readonly ErrorDocument?: { readonly Key: string };
  readonly RedirectAllRequestsTo?: { readonly HostName: string; readonly Protocol?: 'http' | 'https' };
  readonly RoutingRules?: readonly {
    readonly Condition?: { readonly HttpErrorCodeReturnedEquals?: string; readonly KeyPrefixEquals?: string };
    readonly Redirect: {
      readonly HostName?: string;
      readonly HttpRedirectCode?: string;
      readonly Protocol?: 'http' | 'https';
      readonly ReplaceKeyPrefixWith?: string;
      readonly ReplaceKeyWith?: string;
    };
  }[];
}

export interface WebsiteCreated {
  readonly Bucket: string;
  /** The bucket admin's. */
  readonly Policy: PolicyShape;
  readonly Group: GroupShape;
  /** All of the site's, the bucket admin's first. */
  readonly Policies: readonly PolicyShape[];
  readonly Groups: readonly GroupShape[];
  readonly Distribution: AwsDocument;
  readonly DnsChange: AwsDocument;
}

export interface WebsiteDetails {
  readonly Tags: readonly Tag[];
  readonly Logging: LoggingShape | undefined;
  /** Our own greeting page does not count. */
  readonly Empty: boolean;
  readonly DNSRecord: AwsDocument | undefined;
  readonly Distribution: AwsDocument | undefined;
  /** The settings that were asked for; null where never set. */
  readonly settings?: Partial<SettingsRead>;
}

export interface WebsiteDeleted extends Spared {
  readonly Website: string;
  /** Names of what was deleted. */
  readonly Users: readonly string[];
  readonly Policies: readonly string[];
  readonly Groups: readonly string[];
  /** As they were before; undefined where there was none. */
  readonly DNSRecord: AwsDocument | undefined;
  readonly Distribution: AwsDocument | undefined;
  readonly DnsChange: AwsDocument | undefined;
}

export interface InvalidationMade {
  readonly Invalidation: AwsDocument;
  /** URL of the invalidation in CloudFront's API. */
  readonly Location: string;
}

/** What the cleaner deletes by itself, and what it only lists. Spared are orphans that were named and are not surely ours. */
export interface CleanerReport extends Spared {
  readonly distributions: readonly CleanerDistribution[];
  readonly orphans: readonly CleanerOrphan[];
  /** ISO-8601 time of the next run; undefined where the account has no cleaner. */
  readonly nextRun: string | undefined;
}

export interface CleanerDistribution {
  readonly id: string;
  readonly site: string;
  /** `deletable` now, or why it must wait. */
  readonly state: 'deletable' | 'deploying';
  /** What makes it the cleaner's: its bucket is gone, or the operation that made it was taken back. */
  readonly reason: 'bucket-gone' | 'retired';
}

export interface CleanerOrphan {
  readonly type: 'group' | 'policy' | 'user' | 'record';
  readonly name: string;
  readonly bucket: string;
  /** Whole seconds since it was made; undefined where AWS does not tell. */
  readonly ageSeconds: number | undefined;
  /** Of a record: the host it points at. */
  readonly target?: string | undefined;
}
