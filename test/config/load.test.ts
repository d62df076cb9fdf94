import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { loadConfig, readConfig } from '../../src/config/load';
import { formatProblem } from '../../src/config/problems';
import type { Config } from '../../src/config/types';
import { DomainFailure } from '../../src/base/errors';
import { isSecret } from '../../src/base/secret';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const minimal = { org: 'acme', token: 'psk', accounts: { demo: { region: 'us-east-1' } } };

const read = (
  file: unknown,
  env: Record<string, string> = {},
  readFile?: (path: string) => string,
): ReturnType<typeof readConfig> => readConfig({ text: JSON.stringify(file), env, ...(readFile && { readFile }) });

function accepted(file: unknown, env: Record<string, string> = {}, readFile?: (path: string) => string): Config {
  const result = read(file, env, readFile);
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
  return result.config;
}

const account = (settings: object): object => ({
  ...minimal,
  accounts: { demo: { region: 'us-east-1', ...settings } },
});
const only = (config: Config): NonNullable<ReturnType<Config['accounts']['get']>> => {
  const [first] = [...config.accounts.values()];
  if (first === undefined) throw new Error('no account');
  return first;
};

describe('a minimal file', () => {
  const config = accepted(minimal);

  test('gets every documented default', () => {
    expect(config).toMatchObject({
      listen: { host: undefined, port: 8080 },
      org: 'acme',
      logLevel: 'info',
      auth: { bcryptTokens: false, failuresPerMinute: 30 },
      operations: { store: 'memory', keepDays: 90, callTimeoutSeconds: 12 },
      limits: { bodyBytes: 65536, requestsPerMinute: undefined, concurrentWrites: 64, connectionsPerAddress: 512 },
      corsOrigins: [],
      trustProxy: false,
      shutdownGraceSeconds: 30,
    });
    expect(only(config)).toMatchObject({
      name: 'demo',
      id: undefined,
      credentials: { kind: 'default' },
      sessionSeconds: 900,
      sourceIdentity: false,
      iam: true,
      bucketNamespace: 'global',
      objectActions: ['s3:*'],
      allowPublicPolicies: false,
      trustedAccounts: [],
      presignUnseen: false,
      endpoint: undefined,
      pathStyle: undefined,
      cleaner: undefined,
      accessLog: undefined,
    });
  });

  test('has the documented admin actions', () => {
    const { bucketActions, distributionActions } = only(config);
    expect(bucketActions).toHaveLength(43);
    expect(bucketActions).toEqual(
      expect.arrayContaining(['s3:AbortMultipartUpload', 's3:ListBucket', 's3:PutBucketTagging', 's3:RestoreObject']),
    );
    expect(new Set(bucketActions).size).toBe(43);
    expect(distributionActions).toEqual(['cloudfront:ListInvalidations', 'cloudfront:CreateInvalidation']);
  });

  test('is frozen all the way down', () => {
    expect(Object.isFrozen(config.limits)).toBe(true);
    expect(Object.isFrozen(config.tokens[0])).toBe(true);
    expect(Object.isFrozen(only(config).bucketActions)).toBe(true);
    const writable = config.accounts as Map<string, unknown>;
    expect(() => writable.set('x', {})).toThrow('read-only');
    expect(() => writable.delete('demo')).toThrow('read-only');
    expect(() => writable.clear()).toThrow('read-only');
    expect(config.accounts.size).toBe(1);
  });
});

describe('the files beside the schema', () => {
  const env = {
    MALLARD_PORTAL_TOKEN_SHA256: sha256('portal'),
    TEACHING_ACCESS_KEY_ID: 'AKIATEACHING',
    TEACHING_SECRET_ACCESS_KEY: 'teaching-secret',
    LAB_ACCESS_KEY_ID: 'lab',
    MALLARD_SANDBOX_TOKEN: 'sandbox-token',
  };
  const fromDisk = (name: string): Config => {
    const result = readConfig({
      path: `config/${name}.json`,
      env,
      readFile: (path) => (path.startsWith('/run/secrets/') ? `${path.slice(13)}-value\n` : readFileSync(path, 'utf8')),
    });
    if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
    return result.config;
  };

  test('example.json is a valid configuration', () => {
    const config = fromDisk('example');
    expect([...config.accounts.keys()]).toEqual(['research', 'teaching', 'lab-store']);
    expect(config.tokens.map(({ id }) => id)).toEqual(['portal-2026', 'reports']);
    expect(config.tokens[0]?.sha256).toBe(sha256('portal'));
    expect(config.accounts.get('research')?.externalId).toBe('mallard-external-id-value');
    expect(config.accounts.get('research')?.cleaner).toEqual({ intervalSeconds: 1200, maxSplaySeconds: 60 });
    expect(config.accounts.get('lab-store')).toMatchObject({
      endpoint: 'https://s3.lab.example.org:9000',
      iam: false,
      pathStyle: true,
    });
    expect(config.operations).toEqual({
      store: 's3',
      account: 'research',
      bucket: 'acme-mallard-operations',
      prefix: 'operations/',
      keepDays: 90,
      callTimeoutSeconds: 12,
      leaseSeconds: 30,
      heartbeatSeconds: 8,
      scanSeconds: 2,
    });
  });

  test('sandbox.json listens on loopback, and names neither endpoint nor token', () => {
    const config = fromDisk('sandbox');
    expect(config.listen).toEqual({ host: '127.0.0.1', port: 8080 });
    expect(config.org).toBe('localdev');
    expect(only(config)).toMatchObject({ name: 'demo', region: 'us-east-1', endpoint: undefined });
    expect([...only(config).domains.keys()]).toEqual(['example.org']);
    expect(config.tokens[0]?.sha256).toBe(sha256('sandbox-token'));
  });
});

describe('accepted forms', () => {
  test('account with accountsMap: every name an account with those settings, its id and the role', () => {
    const config = accepted({
      org: 'acme',
      token: 'psk',
      account: {
        region: 'us-east-1',
        akid: 'AKIA1',
        secret: 's',
        role: 'Provisioner',
        externalId: 'x',
        domains: { 'example.org': { hostedZoneID: 'Z1' } },
      },
      accountsMap: { dev: '111111111111', prod: '222222222222' },
    });
    expect([...config.accounts.keys()]).toEqual(['dev', 'prod']);
    for (const [name, id] of [
      ['dev', '111111111111'],
      ['prod', '222222222222'],
    ] as const) {
      expect(config.accounts.get(name)).toMatchObject({
        name,
        id,
        role: 'Provisioner',
        externalId: 'x',
        region: 'us-east-1',
      });
      expect(config.accounts.get(name)?.credentials).toMatchObject({ kind: 'static', akid: 'AKIA1' });
      expect(config.accounts.get(name)?.domains.get('example.org')?.hostedZoneId).toBe('Z1');
    }
  });

  test('both forms side by side', () => {
    const config = accepted({
      ...minimal,
      account: { region: 'us-east-1', role: 'R' },
      accountsMap: { other: '111111111111' },
    });
    expect([...config.accounts.keys()]).toEqual(['demo', 'other']);
  });

  test('kebab-case spellings', () => {
    const config = accepted(
      account({
        'access-key-id': 'AKIA1',
        'secret-access-key': 'hush',
        host: 'store.example.org',
        'use-ssl': true,
        'path-style': true,
      }),
    );
    const { credentials, endpoint, pathStyle } = only(config);
    expect(credentials).toMatchObject({ kind: 'static', akid: 'AKIA1' });
    expect(credentials.kind === 'static' && credentials.secret.reveal()).toBe('hush');
    expect({ endpoint, pathStyle }).toEqual({ endpoint: 'https://store.example.org', pathStyle: true });
  });

  test.each([
    [{ host: '127.0.0.1:9000' }, 'http://127.0.0.1:9000'],
    [{ host: 'localhost:9000', useSsl: false }, 'http://localhost:9000'],
    [{ host: '[::1]:9000' }, 'http://[::1]:9000'],
    [{ host: 's3.example.org', useSsl: true }, 'https://s3.example.org'],
    [{ endpoint: 'https://s3.example.org/' }, 'https://s3.example.org'],
    [{ endpoint: 'https://s3.example.org/base' }, 'https://s3.example.org/base'],
    [{ endpoint: 'http://127.0.0.1:4566' }, 'http://127.0.0.1:4566'],
  ])('the address %j becomes %s', (settings, endpoint) => {
    expect(only(accepted(account(settings))).endpoint).toBe(endpoint);
  });

  test('plain http off loopback with allowInsecure', () => {
    const file = { ...account({ host: 'minio:9000' }), allowInsecure: true };
    expect(only(accepted(file)).endpoint).toBe('http://minio:9000');
  });

  test.each([
    [
      { akid: 'A', secret: 'B', sessionToken: 'C' },
      { kind: 'static', akid: 'A' },
    ],
    [{ profile: 'lab' }, { kind: 'profile', profile: 'lab' }],
    [{}, { kind: 'default' }],
  ])('credentials %j', (settings, credentials) => {
    expect(only(accepted(account(settings))).credentials).toMatchObject(credentials);
  });

  test('a plain token: one token "default" by its digest; the plain text is kept only for bcrypt', () => {
    expect(accepted(minimal).tokens).toEqual([
      {
        id: 'default',
        sha256: sha256('psk'),
        plain: undefined,
        expires: undefined,
        accounts: undefined,
        methods: undefined,
      },
    ]);
    const [kept] = accepted({ ...minimal, auth: { bcryptTokens: true } }).tokens;
    expect(isSecret(kept?.plain) && kept.plain.reveal()).toBe('psk');
  });

  test('tokens: methods in capitals, accounts by their names, expiry in milliseconds', () => {
    const { token: _, ...rest } = minimal;
    const config = accepted({
      ...rest,
      accounts: { demo: { region: 'us-east-1', id: '111111111111' } },
      tokens: [
        {
          id: 'a',
          sha256: sha256('a'),
          expires: '2027-01-31',
          accounts: ['demo', '111111111111'],
          methods: ['get', 'GET', 'Head'],
        },
        { id: 'b', sha256: sha256('b'), expires: '2027-01-31T18:00:00+02:00' },
      ],
    });
    expect(config.tokens[0]).toMatchObject({
      expires: Date.UTC(2027, 0, 31),
      accounts: ['demo'],
      methods: ['GET', 'HEAD'],
    });
    expect(config.tokens[1]).toMatchObject({
      expires: Date.UTC(2027, 0, 31, 16),
      accounts: undefined,
      methods: undefined,
    });
  });

  test('secrets from the environment and from files, one trailing newline trimmed', () => {
    const files: Record<string, string> = {
      '/s/secret': 'from-file\n',
      '/s/token': 'line\n\n',
      '/s/windows': 'crlf\r\n',
    };
    const config = accepted(
      {
        ...account({
          akid: { env: 'AKID' },
          secret: { file: '/s/secret' },
          sessionToken: { file: '/s/windows' },
          role: 'arn:aws:iam::123456789012:role/p/R',
          externalId: { env: 'EXT' },
        }),
        token: { file: '/s/token' },
      },
      { AKID: 'AKIAENV', EXT: 'ext' },
      (path) => files[path] ?? '',
    );
    const { credentials, externalId, id } = only(config);
    expect(
      credentials.kind === 'static' && [
        credentials.akid,
        credentials.secret.reveal(),
        credentials.sessionToken?.reveal(),
      ],
    ).toEqual(['AKIAENV', 'from-file', 'crlf']);
    expect(externalId).toBe('ext');
    expect(id).toBe('123456789012');
    expect(config.tokens[0]?.sha256).toBe(sha256('line\n'));
  });

  const inBucket = { store: 's3', account: 'demo', bucket: 'ops-bucket' };
  const lease = { callTimeoutSeconds: 12, leaseSeconds: 30, heartbeatSeconds: 8, scanSeconds: 2 };
  test.each([
    [{ store: 'memory' }, { store: 'memory', keepDays: 90, callTimeoutSeconds: 12 }],
    [
      { store: 'file', path: '/var/lib/mallard', keepDays: 7, callTimeoutSeconds: 60 },
      { store: 'file', path: '/var/lib/mallard', keepDays: 7, callTimeoutSeconds: 60 },
    ],
    [
      { store: 's3', account: 'demo', bucket: 'ops-bucket' },
      { store: 's3', account: 'demo', bucket: 'ops-bucket', prefix: '', keepDays: 90, ...lease },
    ],
    [
      { ...inBucket, leaseSeconds: 1.2, heartbeatSeconds: 0.4, scanSeconds: 0.1, callTimeoutSeconds: 0.5 },
      {
        ...inBucket,
        prefix: '',
        keepDays: 90,
        leaseSeconds: 1.2,
        heartbeatSeconds: 0.4,
        scanSeconds: 0.1,
        callTimeoutSeconds: 0.5,
      },
    ],
  ])('operations %j', (operations, expected) => {
    expect(accepted({ ...minimal, operations }).operations).toEqual(expected);
  });

  test('cleaner without splay, zone ids as the console shows them, access log placeholders untouched', () => {
    const config = accepted(
      account({
        cleaner: { interval: '1h30m' },
        accessLog: { bucket: 'logs-{account_id}-{account_number}', prefix: 's3' },
        domains: {
          'example.org': {
            hostedZoneID: '/hostedzone/Z1',
            geoRestriction: ['US'],
            origin: 'private',
            priceClass: 'PriceClass_All',
            minimumTls: 'TLSv1.3_2025',
          },
        },
      }),
    );
    expect(only(config).cleaner).toEqual({ intervalSeconds: 5400, maxSplaySeconds: 0 });
    expect(only(config).accessLog).toEqual({ bucket: 'logs-{account_id}-{account_number}', prefix: 's3' });
    expect(only(config).domains.get('example.org')).toEqual({
      certArn: undefined,
      hostedZoneId: 'Z1',
      origin: 'private',
      geoRestriction: ['US'],
      priceClass: 'PriceClass_All',
      minimumTls: 'TLSv1.3_2025',
    });
  });

  test('a byte order mark before the JSON', () => {
    expect(readConfig({ text: `\ufeff${JSON.stringify(minimal)}`, env: {} }).ok).toBe(true);
  });
});

describe('secrets', () => {
  const canary = 'c4n4ry-Sekret';
  const leaky: readonly (readonly [string, string])[] = [
    ['a token of the wrong type', JSON.stringify({ ...minimal, token: [canary] })],
    [
      'a digest that is the token itself',
      JSON.stringify({ ...minimal, token: undefined, tokens: [{ id: 'a', sha256: canary }] }),
    ],
    ['a secret without akid', JSON.stringify(account({ secret: canary }))],
    ['a reference with another member', JSON.stringify(account({ akid: 'A', secret: { env: 'X', value: canary } }))],
    ['a secret below an unknown key', JSON.stringify(account({ secrett: canary, akid: 'A' }))],
    ['a password in an endpoint', JSON.stringify(account({ endpoint: `https://me:${canary}@s3.example.org` }))],
    ['a password in a host', JSON.stringify(account({ host: `me:${canary}@s3.example.org` }))],
    ['a secret in broken JSON', `{"org":"a","token":"${canary}" "x":1}`],
    ['a bare secret in broken JSON', `{"token": ${canary}}`],
    [
      'a variable of the wrong form',
      JSON.stringify({ ...minimal, token: undefined, tokens: [{ id: 'a', sha256: { env: 'CANARY' } }] }),
    ],
  ];
  test.each(leaky)('%s does not appear in a problem', (_title, text) => {
    const result = readConfig({ text, env: { CANARY: canary } });
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).not.toContain(canary);
  });

  test('a configuration that is printed shows none', () => {
    const config = accepted({
      ...account({ akid: 'A', secret: canary, sessionToken: canary }),
      token: canary,
      auth: { bcryptTokens: true },
    });
    expect(JSON.stringify({ ...config, accounts: [...config.accounts] })).not.toContain(canary);
    expect(inspect(config, { depth: 10 })).not.toContain(canary);
  });
});

describe('loadConfig', () => {
  test('gives the configuration', () => {
    expect(loadConfig({ text: JSON.stringify(minimal), env: {} }).org).toBe('acme');
  });

  test('ends with misconfigured, listing every problem', () => {
    const load = (): Config => loadConfig({ text: '{"org": 1}', env: {} });
    expect(load).toThrow(DomainFailure);
    expect(load).toThrow(/exactly one.*\n\/org: found the number 1/s);
  });
});
