/** A bucket's settings as callers send them, as checked, and as they are shown; AWS's own words and shapes. */

/** JSON: what goes into the journal and into answers as it is. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [member: string]: Plain };

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSRule.html */
export type CorsRule = {
  readonly ID?: string;
  readonly AllowedOrigins: readonly string[];
  readonly AllowedMethods: readonly string[];
  readonly AllowedHeaders?: readonly string[];
  readonly ExposeHeaders?: readonly string[];
  readonly MaxAgeSeconds?: number;
};

export type CorsConfiguration = { readonly CORSRules: readonly CorsRule[] };

export type VersioningStatus = 'Enabled' | 'Suspended';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html */
export type PublicAccessBlock = {
  readonly BlockPublicAcls: boolean;
  readonly IgnorePublicAcls: boolean;
  readonly BlockPublicPolicy: boolean;
  readonly RestrictPublicBuckets: boolean;
};

/** The members of a request that set something. Absent ones are left as they are, and so are those that are null. */
export interface SettingsInput {
  readonly CORS?: CorsConfiguration | null;
  readonly Versioning?: { readonly Status: VersioningStatus } | null;
  /** A name of the registry in `lifecycle.ts`, or what is shown of a lifecycle that has one. */
  readonly Lifecycle?: string | { readonly Name: string | null; readonly Rules?: readonly unknown[] | null } | null;
  readonly PublicAccessBlock?: PublicAccessBlock | null;
  /** A policy document, or its JSON text. */
  readonly BucketPolicy?: Readonly<Record<string, unknown>> | string | null;
}

/** The settings that can be taken away again. */
export type RemovableSetting = 'CORS' | 'Lifecycle' | 'BucketPolicy';

export interface SettingsChange extends SettingsInput {
  readonly Remove?: readonly RemovableSetting[] | null;
}

/** Settings that may be asked for, by the names of `include`. */
export interface SettingsRead {
  readonly cors: CorsConfiguration | null;
  /** Null: versioning was never on. */
  readonly versioning: VersioningStatus | null;
  readonly lifecycle: LifecycleRead | null;
  /** JSON text. */
  readonly policy: string | null;
  /** Null: nothing is blocked. */
  readonly publicAccess: PublicAccessBlock | null;
  /** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionConfiguration.html */
  readonly encryption: { readonly Rules: readonly Plain[] } | null;
}

export type LifecycleRead = {
  readonly rules: readonly Plain[];
  /** AWS's `TransitionDefaultMinimumObjectSize`, which belongs to the rules. */
  readonly minimumSize: string | null;
};

export type SettingName = keyof SettingsRead;
