import { createHash } from 'node:crypto';
import { secret } from '../base/secret';
import { accountEntries, type AccountEntry } from './account-entries';
import { accountIdOfRole } from './check-account';
import { accountNameOf, parseExpiry } from './check-tokens';
import { defaultBucketActions, defaultDistributionActions, defaultObjectActions, defaults } from './defaults';
import { parseDuration } from './duration';
import { checkEndpoint, checkHost, type Endpoint, isAwsHost } from './endpoint';
import { type FileAccount, type FileConfig, type FileDomain, oneSpelling } from './file-shape';
import { deepFreeze, frozenMap } from './freeze';
import { parseListenAddress } from './listen';
import type { AccountConfig, Config, CredentialsConfig, DomainConfig, OperationsConfig, TokenConfig } from './types';

/** Makes the one internal shape, deeply frozen, of a file in which nothing is wrong. */
export function normalise(file: FileConfig): Config {
  const entries = accountEntries(file);
  return deepFreeze<Config>({
    listen: sure(parseListenAddress(file.listenAddress ?? defaults.listenAddress)),
    org: file.org,
    logLevel: file.logLevel ?? defaults.logLevel,
    tokens: tokensOf(file, entries),
    auth: {
      bcryptTokens: file.auth?.bcryptTokens ?? false,
      failuresPerMinute: file.auth?.failuresPerMinute ?? defaults.failuresPerMinute,
    },
    accounts: frozenMap(entries.map((entry) => [entry.name, accountOf(entry, file.allowInsecure ?? false)] as const)),
    operations: operationsOf(file),
    limits: {
      bodyBytes: Math.min(file.limits?.bodyBytes ?? defaults.bodyBytes, defaults.mostBodyBytes),
      requestsPerMinute: file.limits?.requestsPerMinute,
      concurrentWrites: file.limits?.concurrentWrites ?? defaults.concurrentWrites,
      // Behind a proxy all connections come from its address.
      connectionsPerAddress:
        file.limits?.connectionsPerAddress ?? (file.trustProxy === true ? undefined : defaults.connectionsPerAddress),
    },
    corsOrigins: file.cors?.origins ?? [],
    trustProxy: file.trustProxy ?? false,
    shutdownGraceSeconds: file.shutdownGraceSeconds ?? defaults.shutdownGraceSeconds,
  });
}

/** Hashes a token: SHA-256 in lower-case hex. */
export function digestOf(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex');
}

function tokensOf(file: FileConfig, entries: readonly AccountEntry<FileAccount>[]): readonly TokenConfig[] {
  if (file.token !== undefined) {
    const plain = file.auth?.bcryptTokens === true ? secret(file.token) : undefined;
    return [
      {
        id: 'default',
        sha256: digestOf(file.token),
        plain,
        expires: undefined,
        accounts: undefined,
        methods: undefined,
      },
    ];
  }
  return (file.tokens ?? []).map((token) => ({
    id: token.id,
    sha256: token.sha256,
    plain: undefined,
    expires: token.expires === undefined ? undefined : parseExpiry(token.expires),
    accounts: token.accounts && [...new Set(token.accounts.map((account) => sure(accountNameOf(account, entries))))],
    methods: token.methods && [...new Set(token.methods.map((method) => method.toUpperCase()))],
  }));
}

function accountOf(entry: AccountEntry<FileAccount>, allowInsecure: boolean): AccountConfig {
  const settings = oneSpelling(sure(entry.settings));
  return {
    name: entry.name,
    id: entry.id ?? accountIdOfRole(settings.role),
    region: settings.region,
    credentials: credentialsOf(settings),
    role: settings.role,
    externalId: settings.externalId,
    sessionSeconds: settings.sessionSeconds ?? defaults.sessionSeconds,
    sourceIdentity: settings.sourceIdentity ?? false,
    endpoint: endpointOf(settings, allowInsecure),
    pathStyle: settings.pathStyle,
    iam: settings.iam ?? !hasStoreHost(settings),
    bucketNamespace: settings.bucketNamespace ?? 'global',
    bucketActions: settings.defaultS3BucketActions ?? defaultBucketActions,
    objectActions: settings.defaultS3ObjectActions ?? defaultObjectActions,
    distributionActions: settings.defaultCloudfrontDistributionActions ?? defaultDistributionActions,
    domains: frozenMap(
      Object.entries(settings.domains ?? {}).map(([name, domain]) => [name, domainOf(domain)] as const),
    ),
    permissionsBoundary: settings.permissionsBoundary,
    allowPublicPolicies: settings.allowPublicPolicies ?? false,
    trustedAccounts: settings.trustedAccounts ?? [],
    presignUnseen: settings.presignUnseen ?? false,
    accessLog: settings.accessLog,
    cleaner: settings.cleaner && {
      intervalSeconds: sure(parseDuration(settings.cleaner.interval)),
      maxSplaySeconds: sure(parseDuration(settings.cleaner.maxSplay ?? '0s')),
    },
  };
}

function credentialsOf(settings: FileAccount): CredentialsConfig {
  const { akid, secret: plain, sessionToken, profile } = settings;
  if (akid !== undefined && plain !== undefined) {
    return {
      kind: 'static',
      akid,
      secret: secret(plain),
      sessionToken: sessionToken === undefined ? undefined : secret(sessionToken),
    };
  }
  return profile === undefined ? { kind: 'default' } : { kind: 'profile', profile };
}

function endpointOf(settings: FileAccount, allowInsecure: boolean): string | undefined {
  if (settings.endpoint !== undefined) return urlOf(checkEndpoint(settings.endpoint, allowInsecure));
  if (settings.host === undefined || isAwsHost(settings.host)) return undefined;
  return urlOf(checkHost(settings.host, settings.useSsl ?? false, allowInsecure));
}

/** Tells whether `host` leads to an S3-compatible store, which has no IAM unless the file says so. */
function hasStoreHost({ host }: FileAccount): boolean {
  return host !== undefined && !isAwsHost(host);
}

function urlOf(endpoint: Endpoint): string {
  return sure(endpoint.ok ? endpoint.url : undefined);
}

/** What schema and checks have seen to. */
function sure<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a configuration was normalised that had not passed its checks');
  return value;
}

function domainOf(domain: FileDomain): DomainConfig {
  return {
    certArn: domain.certArn,
    hostedZoneId: domain.hostedZoneID.replace(/^\/hostedzone\//, ''),
    origin: domain.origin ?? 'public',
    geoRestriction: domain.geoRestriction ?? [],
    priceClass: domain.priceClass,
    minimumTls: domain.minimumTls,
  };
}

function operationsOf(file: FileConfig): OperationsConfig {
  const { operations } = file;
  const keeping = {
    keepDays: operations?.keepDays ?? defaults.keepDays,
    callTimeoutSeconds: operations?.callTimeoutSeconds ?? defaults.callTimeoutSeconds,
  };
  switch (operations?.store) {
    case 'file':
      return { store: 'file', path: sure(operations.path), ...keeping };
    case 's3':
      return {
        store: 's3',
        account: sure(operations.account),
        bucket: sure(operations.bucket),
        prefix: operations.prefix ?? '',
        leaseSeconds: operations.leaseSeconds ?? defaults.leaseSeconds,
        heartbeatSeconds: operations.heartbeatSeconds ?? defaults.heartbeatSeconds,
        scanSeconds: operations.scanSeconds ?? defaults.scanSeconds,
        ...keeping,
      };
    default:
      return { store: 'memory', ...keeping };
  }
}
