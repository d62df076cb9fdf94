import { ownSuffix } from '../base/bucket-names';
import { defaultBucketActions, defaultDistributionActions, defaultObjectActions, defaults } from '../config/defaults';
import type { AccountConfig, Config, CredentialsConfig, DomainConfig, TokenConfig } from '../config/types';
import type { ConfigWarning } from '../config/warnings';
import { accessLogBucket, accessLogPrefix } from '../domain/shared/own-stores';

/**
 * Tells what a configuration was understood to be, as lines for people: every account with how it is reached, and what
 * counts where the file said nothing. No secret is in it: tokens appear by their ids, access key ids by their ends.
 */
export function describeConfig(config: Config, warnings: readonly ConfigWarning[]): readonly string[] {
  const { host, port } = config.listen;
  const { bodyBytes, requestsPerMinute, concurrentWrites, connectionsPerAddress } = config.limits;
  const service = table([
    [
      'listens on',
      `${host === undefined ? 'every interface' : host}, port ${port === 0 ? '0: a free one' : String(port)}`,
    ],
    ['org', `${config.org}, as the tag spinup:org on everything made`],
    ['tokens', config.tokens.map((token) => describeToken(token)).join('; ')],
    ['bcrypt tokens', config.auth.bcryptTokens ? 'accepted' : 'refused (auth.bcryptTokens turns them on)'],
    ['log level', config.logLevel],
    ['operations', describeOperations(config)],
    [
      'limits',
      `bodies of ${String(bodyBytes)} bytes, ${String(concurrentWrites)} writes at once, ` +
        `${requestsPerMinute === undefined ? 'any number of' : String(requestsPerMinute)} requests a minute per token, ` +
        `${String(config.auth.failuresPerMinute)} failed attempts a minute per client, ` +
        `${connectionsPerAddress === undefined ? 'any number of' : String(connectionsPerAddress)} connections at once per client`,
    ],
    ['web pages', config.corsOrigins.length === 0 ? 'none may call (cors.origins)' : config.corsOrigins.join(', ')],
    ['proxy', config.trustProxy ? 'X-Forwarded-For is believed' : 'X-Forwarded-For is not believed'],
    ['calls to AWS', `given up after ${String(config.operations.callTimeoutSeconds)} s`],
    ['shutdown', `within ${String(config.shutdownGraceSeconds)} s`],
  ]);
  return [
    ...service,
    ...[...config.accounts.values()].flatMap((account) => ['', ...describeAccount(account)]),
    ...(warnings.length === 0
      ? []
      : ['', ...warnings.map(({ setting, message }) => `warning: ${setting}: ${message}`)]),
  ];
}

function describeOperations({ operations }: Config): string {
  switch (operations.store) {
    case 'file':
      return `those under way in the folder ${operations.path}, until they have ended`;
    case 's3':
      return `in the bucket ${operations.bucket} of the account ${operations.account}, ${operations.prefix === '' ? '' : `below ${operations.prefix}, `}leases of ${String(operations.leaseSeconds)} s`;
    case 'memory':
      return 'in memory, until the process ends';
  }
}

type Row = readonly [label: string, text: string];

/** Rows with their texts below one another; a row without a label belongs to the one above. */
function table(rows: readonly Row[], indent = ''): readonly string[] {
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  return rows.map(([label, text]) => `${indent}${label.padEnd(width)}${text}`);
}

function describeToken({ id, expires, accounts, methods }: TokenConfig): string {
  const limits = [
    expires === undefined ? undefined : `until ${new Date(expires).toISOString()}`,
    accounts && `for ${accounts.join(', ')} only`,
    methods && `${methods.join(', ')} only`,
  ].filter((limit) => limit !== undefined);
  return limits.length === 0 ? id : `${id} (${limits.join('; ')})`;
}

function describeAccount(account: AccountConfig): readonly string[] {
  const { iam, accessLog, cleaner } = account;
  const rows: readonly Row[] = [
    ['id', account.id ?? (iam ? 'asked of STS at first use' : 'none')],
    ['region', account.region],
    ['credentials', describeCredentials(account.credentials)],
    ['role', describeRole(account)],
    ['endpoint', describeEndpoint(account)],
    ...(account.bucketNamespace === 'global'
      ? []
      : [['bucket names', `end in ${ownSuffix(account)} at S3 (bucketNamespace)`] as const]),
    [
      'IAM',
      iam
        ? 'yes: users, groups, policies and websites'
        : 'no: an S3-compatible store; buckets without users, no websites',
    ],
    ...describeDomains(account),
    [
      'object URLs',
      account.presignUnseen
        ? 'also for buckets that may not be looked at, whosever they are (presignUnseen)'
        : 'only for buckets that may be looked at',
    ],
    [
      'access log',
      accessLog === undefined
        ? 'off'
        : `${accessLogBucket(account, account.id ?? '') ?? ''}, below ${accessLogPrefix(account, '<bucket>')}`,
    ],
    [
      'cleaner',
      cleaner === undefined
        ? 'off'
        : `every ${String(cleaner.intervalSeconds)} s, and up to ${String(cleaner.maxSplaySeconds)} s later`,
    ],
    ...(iam ? describePolicies(account) : []),
  ];
  return [`account ${account.name}`, ...table(rows, '  ')];
}

function describeCredentials(credentials: CredentialsConfig): string {
  switch (credentials.kind) {
    case 'static':
      return `access key ${masked(credentials.akid)}${credentials.sessionToken === undefined ? '' : ' with a session token'}`;
    case 'profile':
      return `profile ${JSON.stringify(credentials.profile)} of the shared AWS files`;
    case 'default':
      return "the SDK's default chain: environment, shared files, web identity, container, instance";
  }
}

/** Enough of an access key id to know it by. */
const masked = (akid: string): string => (akid.length < 12 ? '…' : `${akid.slice(0, 4)}…${akid.slice(-4)}`);

function describeRole({ role, externalId, sessionSeconds, sourceIdentity }: AccountConfig): string {
  if (role === undefined) return 'none: the credentials act themselves';
  const life = `sessions of ${String(sessionSeconds)} s${sessionSeconds === defaults.sessionSeconds ? ' (default)' : ''}`;
  const origin = sourceIdentity ? ', with a source identity' : '';
  return `${role}, ${life}, ${externalId === undefined ? 'without' : 'with'} an external id${origin}`;
}

function describeEndpoint({ endpoint, pathStyle }: AccountConfig): string {
  const style = pathStyle === undefined ? '' : pathStyle ? ', path style' : ', virtual-host style';
  return `${endpoint ?? "the SDK's own: AWS, or what AWS_ENDPOINT_URL and the shared files say"}${style}`;
}

function describeDomains({ domains }: AccountConfig): readonly Row[] {
  if (domains.size === 0) return [['domains', 'none: no websites']];
  return [...domains].map(([name, domain], n): Row => [n === 0 ? 'domains' : '', `${name}: ${describeDomain(domain)}`]);
}

function describeDomain({
  hostedZoneId,
  certArn,
  origin,
  priceClass,
  minimumTls,
  geoRestriction,
}: DomainConfig): string {
  return [
    `zone ${hostedZoneId}`,
    `certificate ${certArn ?? 'found through ACM'}`,
    `${origin} origin`,
    priceClass ?? 'PriceClass_100 (default)',
    ...(minimumTls === undefined ? [] : [minimumTls]),
    geoRestriction.length === 0 ? 'all countries' : `only ${geoRestriction.join(', ')}`,
  ].join(', ');
}

function describePolicies(account: AccountConfig): readonly Row[] {
  const { permissionsBoundary, trustedAccounts } = account;
  return [
    [
      'admin policy',
      `on the bucket ${actions(account.bucketActions, defaultBucketActions)}, on objects ${actions(account.objectActions, defaultObjectActions)}`,
    ],
    ['web policy', actions(account.distributionActions, defaultDistributionActions)],
    ['boundary', permissionsBoundary ?? 'none'],
    [
      'public',
      account.allowPublicPolicies ? 'callers may make buckets public' : 'callers may not make plain buckets public',
    ],
    [
      'trusted',
      trustedAccounts.length === 0
        ? 'no other accounts (trustedAccounts)'
        : `bucket policies may let in ${trustedAccounts.join(', ')}`,
    ],
  ];
}

function actions(list: readonly string[], byDefault: readonly string[]): string {
  const isDefault = list.length === byDefault.length && list.every((action, n) => action === byDefault[n]);
  const text = list.length > 4 ? `${String(list.length)} actions` : list.join(' ');
  return isDefault ? `${text} (default)` : text;
}
