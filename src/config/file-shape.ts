/**
 * A configuration file after its secrets are resolved and config/schema.json has accepted it. Both generations of
 * files and both spellings are here; `normalise.ts` makes one shape of them.
 */
export interface FileConfig {
  readonly listenAddress?: string;
  readonly org: string;
  readonly logLevel?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  readonly token?: string;
  readonly tokens?: readonly FileToken[];
  readonly auth?: { readonly bcryptTokens?: boolean; readonly failuresPerMinute?: number };
  readonly accounts?: Readonly<Record<string, FileAccount>>;
  readonly account?: FileAccount;
  readonly accountsMap?: Readonly<Record<string, string>>;
  readonly operations?: FileOperations;
  readonly limits?: {
    readonly bodyBytes?: number;
    readonly requestsPerMinute?: number;
    readonly concurrentWrites?: number;
    readonly connectionsPerAddress?: number;
  };
  readonly cors?: { readonly origins?: readonly string[] };
  readonly trustProxy?: boolean;
  readonly allowInsecure?: boolean;
  readonly shutdownGraceSeconds?: number;
}

export interface FileToken {
  readonly id: string;
  readonly sha256: string;
  readonly expires?: string;
  readonly accounts?: readonly string[];
  readonly methods?: readonly string[];
}

export interface FileAccount {
  readonly id?: string;
  readonly region: string;
  readonly akid?: string;
  readonly 'access-key-id'?: string;
  readonly secret?: string;
  readonly 'secret-access-key'?: string;
  readonly sessionToken?: string;
  readonly profile?: string;
  readonly role?: string;
  readonly externalId?: string;
  readonly sessionSeconds?: number;
  readonly endpoint?: string;
  readonly host?: string;
  readonly useSsl?: boolean;
  readonly 'use-ssl'?: boolean;
  readonly pathStyle?: boolean;
  readonly 'path-style'?: boolean;
  readonly iam?: boolean;
  readonly defaultS3BucketActions?: readonly string[];
  readonly defaultS3ObjectActions?: readonly string[];
  readonly defaultCloudfrontDistributionActions?: readonly string[];
  readonly domains?: Readonly<Record<string, FileDomain>>;
  readonly permissionsBoundary?: string;
  readonly allowPublicPolicies?: boolean;
  readonly trustedAccounts?: readonly string[];
  readonly presignUnseen?: boolean;
  readonly accessLog?: { readonly bucket: string; readonly prefix: string };
  readonly cleaner?: { readonly interval: string; readonly maxSplay?: string };
}

export interface FileDomain {
  readonly certArn?: string;
  readonly hostedZoneID: string;
  readonly origin?: 'public' | 'private';
  readonly geoRestriction?: readonly string[];
  readonly priceClass?: string;
}

export interface FileOperations {
  readonly store: 'memory' | 'file' | 's3';
  readonly path?: string;
  readonly account?: string;
  readonly bucket?: string;
  readonly prefix?: string;
  readonly keepDays?: number;
}

/** The same with anything missing: what is left of a file when the parts the schema refused are cut out. */
export type Draft<T> = T extends readonly (infer U)[]
  ? readonly (Draft<U> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Draft<T[K]> | undefined }
    : T;

/** Spellings of older files, and the ones used since. */
export const otherSpellings = [
  ['access-key-id', 'akid'],
  ['secret-access-key', 'secret'],
  ['use-ssl', 'useSsl'],
  ['path-style', 'pathStyle'],
] as const;

/** An account's settings with one spelling each; the new spelling wins. */
export function oneSpelling<Settings extends Draft<FileAccount>>(account: Settings): Settings & UnifiedSpelling {
  return {
    ...account,
    akid: account.akid ?? account['access-key-id'],
    secret: account.secret ?? account['secret-access-key'],
    useSsl: account.useSsl ?? account['use-ssl'],
    pathStyle: account.pathStyle ?? account['path-style'],
  };
}

interface UnifiedSpelling {
  readonly akid: string | undefined;
  readonly secret: string | undefined;
  readonly useSsl: boolean | undefined;
  readonly pathStyle: boolean | undefined;
}
