import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { deepFreeze, frozenMap } from '../config/freeze';
import { digestOf } from '../config/normalise';
import type { AccountConfig, Config } from '../config/types';
import { partitionOf } from '../base/partitions';
import { secret } from '../base/secret';
import { accessLogBucket } from '../domain/shared/own-stores';

/** The part of `dist/sandbox.js` that the program uses; the bundle shares no types with the service. */
export interface SandboxModule {
  readonly startSandbox: (options: {
    readonly accounts: readonly SandboxAccount[];
    readonly dataDir?: string;
    readonly certificates?: readonly { readonly accountId: string; readonly domainName: string }[];
    readonly hostedZones?: readonly { readonly accountId: string; readonly id: string; readonly name: string }[];
    readonly buckets?: readonly { readonly accountId: string; readonly name: string; readonly region: string }[];
    readonly log?: (line: Readonly<Record<string, unknown>>) => void;
  }) => Promise<RunningSandbox>;
}

export interface SandboxAccount {
  readonly id: string;
  readonly name: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly partition: string;
}

export interface RunningSandbox {
  readonly endpoint: string;
  readonly stop: () => Promise<void>;
}

/** The variable that config/sandbox.json takes its token from; whoever sets it chooses the token. */
export const TOKEN_VARIABLE = 'MALLARD_SANDBOX_TOKEN';

/** Makes a token for this start only: 256 random bits in hex. */
export function randomToken(): string {
  return randomBytes(32).toString('hex');
}

/**
 * Makes every account of a configuration fit for the sandbox: an id, static keys that are that account's alone, and no
 * role, as the sandbox's root key acts in each account itself. Keys of real accounts are not used where two accounts
 * share them; nothing of them leaves the process anyway.
 */
export function adaptToSandbox(config: Config, token: string): Config {
  const taken = new Set([...config.accounts.values()].map(({ id }) => id));
  const keyUse = new Map<string, number>();
  for (const { credentials } of config.accounts.values()) {
    if (credentials.kind === 'static') keyUse.set(credentials.akid, (keyUse.get(credentials.akid) ?? 0) + 1);
  }
  let next = 100_000_000_001;
  const freeId = (): string => {
    while (taken.has(String(next))) next++;
    return String(next++);
  };
  const accounts = [...config.accounts].map(([name, account]) => {
    const id = account.id ?? freeId();
    const { credentials } = account;
    const own =
      credentials.kind === 'static' && credentials.sessionToken === undefined && keyUse.get(credentials.akid) === 1;
    return [name, { ...account, id, role: undefined, credentials: own ? credentials : madeUpKeys(id) }] as const;
  });
  return deepFreeze<Config>({
    ...config,
    accounts: frozenMap<AccountConfig>(accounts),
    tokens: withToken(config, token),
  });
}

/** Keeps operations beside the sandbox's state, where the configuration keeps them in memory: what is begun there outlives the process. */
export function keepBeside(config: Config, dataDir: string): Config {
  const { store, keepDays, callTimeoutSeconds } = config.operations;
  if (store !== 'memory') return config;
  const operations = { store: 'file', path: join(dataDir, 'operations'), keepDays, callTimeoutSeconds } as const;
  return deepFreeze<Config>({ ...config, operations });
}

/** Sends every AWS client of every account to the sandbox. */
export function pointAt(config: Config, endpoint: string): Config {
  const accounts = [...config.accounts].map(
    ([name, account]) => [name, { ...account, endpoint, pathStyle: true }] as const,
  );
  return deepFreeze<Config>({ ...config, accounts: frozenMap<AccountConfig>(accounts) });
}

/** Gives what the sandbox must know of an adapted configuration. */
export function sandboxAccounts(config: Config): readonly SandboxAccount[] {
  return [...config.accounts.values()].flatMap(({ name, id, region, credentials }) =>
    id === undefined || credentials.kind !== 'static'
      ? []
      : [
          {
            id,
            name,
            accessKeyId: credentials.akid,
            secretAccessKey: credentials.secret.reveal(),
            partition: partitionOf(region).partition,
          },
        ],
  );
}

/** Gives what websites need of an account: its domains' hosted zones, and a certificate for every name in them. */
export function sandboxDomains(config: Config) {
  const domains = [...config.accounts.values()].flatMap(({ id, domains: of }) =>
    id === undefined ? [] : [...of].map(([name, { hostedZoneId }]) => ({ accountId: id, name, id: hostedZoneId })),
  );
  return {
    hostedZones: domains,
    certificates: domains.map(({ accountId, name }) => ({ accountId, domainName: `*.${name}` })),
  };
}

/** Gives the buckets that the configuration takes for granted: that of operations, and those of access logs. */
export function sandboxBuckets({ accounts, operations }: Config) {
  const of = (account: AccountConfig | undefined, name: string | undefined) =>
    account?.id === undefined || name === undefined ? [] : [{ accountId: account.id, name, region: account.region }];
  return [
    ...(operations.store === 's3' ? of(accounts.get(operations.account), operations.bucket) : []),
    ...[...accounts.values()].flatMap((account) => of(account, accessLogBucket(account, account.id ?? ''))),
  ];
}

function madeUpKeys(id: string): AccountConfig['credentials'] {
  return {
    kind: 'static',
    akid: `AKIASBOX${id}`,
    secret: secret(randomBytes(30).toString('base64url')),
    sessionToken: undefined,
  };
}

/** The banner's token must work, whatever tokens the file names. */
function withToken(config: Config, token: string): Config['tokens'] {
  const sha256 = digestOf(token);
  if (config.tokens.some((known) => known.sha256 === sha256)) return config.tokens;
  return [
    ...config.tokens,
    { id: 'sandbox', sha256, plain: undefined, expires: undefined, accounts: undefined, methods: undefined },
  ];
}
