import type { Secret } from '../base/secret';

/** The one internal shape that every accepted form of the configuration file becomes. Deeply frozen. */
export interface Config {
  readonly listen: { readonly host: string | undefined; readonly port: number };
  readonly org: string;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  readonly tokens: readonly TokenConfig[];
  readonly auth: { readonly bcryptTokens: boolean; readonly failuresPerMinute: number };
  /** By configured name. */
  readonly accounts: ReadonlyMap<string, AccountConfig>;
  readonly operations: OperationsConfig;
  readonly limits: {
    readonly bodyBytes: number;
    readonly requestsPerMinute: number | undefined;
    readonly concurrentWrites: number;
    /** Open at once from one client address; undefined: as many as in all. */
    readonly connectionsPerAddress: number | undefined;
  };
  readonly corsOrigins: readonly string[];
  readonly trustProxy: boolean;
  readonly shutdownGraceSeconds: number;
}

export interface TokenConfig {
  readonly id: string;
  /** Lower-case hex SHA-256 of the token. */
  readonly sha256: string;
  /** The token itself, only when the file holds it in the plain and `auth.bcryptTokens` needs it. */
  readonly plain: Secret | undefined;
  /** Milliseconds since the epoch. */
  readonly expires: number | undefined;
  /** Configured account names; undefined: every account. */
  readonly accounts: readonly string[] | undefined;
  /** HTTP methods in upper case; undefined: every method. */
  readonly methods: readonly string[] | undefined;
}

export type CredentialsConfig =
  | {
      readonly kind: 'static';
      readonly akid: string;
      readonly secret: Secret;
      readonly sessionToken: Secret | undefined;
    }
  | { readonly kind: 'profile'; readonly profile: string }
  /** The SDK's default chain. */
  | { readonly kind: 'default' };

export interface AccountConfig {
  readonly name: string;
  /** 12 digits; undefined: ask STS. */
  readonly id: string | undefined;
  readonly region: string;
  readonly credentials: CredentialsConfig;
  /** Name or ARN of the role to assume in the account. */
  readonly role: string | undefined;
  readonly externalId: string | undefined;
  readonly sessionSeconds: number;
  /** Sessions of the role carry their name as source identity, too. */
  readonly sourceIdentity: boolean;
  /** Absolute URL for every AWS client of the account; undefined: the SDK's own conventions. */
  readonly endpoint: string | undefined;
  /** undefined: path style for IP addresses, localhost and single-label hosts only. */
  readonly pathStyle: boolean | undefined;
  /** false: an S3-compatible store without IAM. */
  readonly iam: boolean;
  /** `account-regional`: S3's names of the buckets end in the account's id, its region and `-an`. */
  readonly bucketNamespace: 'global' | 'account-regional';
  readonly bucketActions: readonly string[];
  readonly objectActions: readonly string[];
  readonly distributionActions: readonly string[];
  readonly domains: ReadonlyMap<string, DomainConfig>;
  readonly permissionsBoundary: string | undefined;
  readonly allowPublicPolicies: boolean;
  /** Ids of other AWS accounts that bucket policies may let in; 12 digits each. */
  readonly trustedAccounts: readonly string[];
  /** Sign object URLs for buckets that the account's credentials may not look at, whosever they are. */
  readonly presignUnseen: boolean;
  /** `{account_id}` and `{account_number}` not yet replaced. */
  readonly accessLog: { readonly bucket: string; readonly prefix: string } | undefined;
  readonly cleaner: { readonly intervalSeconds: number; readonly maxSplaySeconds: number } | undefined;
}

export interface DomainConfig {
  readonly certArn: string | undefined;
  readonly hostedZoneId: string;
  readonly origin: 'public' | 'private';
  readonly geoRestriction: readonly string[];
  readonly priceClass: string | undefined;
  /** A security policy of CloudFront's; undefined: TLSv1.2_2021. */
  readonly minimumTls: 'TLSv1.2_2021' | 'TLSv1.2_2025' | 'TLSv1.3_2025' | undefined;
}

export type OperationsConfig = KeepingConfig &
  (
    | { readonly store: 'memory' }
    | { readonly store: 'file'; readonly path: string }
    | ({
        readonly store: 's3';
        readonly account: string;
        readonly bucket: string;
        readonly prefix: string;
      } & LeaseConfig)
  );

/** What holds wherever operations are kept. */
interface KeepingConfig {
  readonly keepDays: number;
  /** After so long a call to AWS is given up. */
  readonly callTimeoutSeconds: number;
}

/** How processes that share a store know that one of them is gone. */
interface LeaseConfig {
  readonly leaseSeconds: number;
  readonly heartbeatSeconds: number;
  readonly scanSeconds: number;
}
