import { loadConfig } from '../../src/config/load';
import { digestOf } from '../../src/config/normalise';
import type { Config } from '../../src/config/types';
import { adaptToSandbox, pointAt, randomToken, sandboxAccounts, sandboxBuckets } from '../../src/main/sandbox-mode';

const load = (accounts: object, more: object = { token: 'psk' }): Config =>
  loadConfig({ text: JSON.stringify({ org: 'a', accounts, ...more }), env: {} });

test('tokens are 256 random bits in hex', () => {
  const [one, other] = [randomToken(), randomToken()];
  expect(one).toMatch(/^[0-9a-f]{64}$/);
  expect(one).not.toBe(other);
});

test("the banner's token is added to those of the file, or is one of them", () => {
  const config = load({ demo: { region: 'us-east-1' } });
  expect(adaptToSandbox(config, 'banner').tokens.map(({ id, sha256 }) => [id, sha256])).toEqual([
    ['default', digestOf('psk')],
    ['sandbox', digestOf('banner')],
  ]);
  expect(adaptToSandbox(config, 'psk').tokens).toEqual(config.tokens);
});

test('every account gets an id and static keys of its own, and no role', () => {
  const config = adaptToSandbox(
    load({
      own: { region: 'us-east-1', id: '111111111111', akid: 'AKIAOWN', secret: 'own' },
      chain: { region: 'us-east-1' },
      taken: { region: 'us-east-1', id: '100000000001' },
      role: { region: 'us-east-1', id: '222222222222', role: 'R', akid: 'AKIASHARED', secret: 's' },
      shared: { region: 'us-east-1', akid: 'AKIASHARED', secret: 's' },
      session: { region: 'us-east-1', akid: 'ASIA', secret: 's', sessionToken: 't' },
    }),
    'token',
  );
  const accounts = sandboxAccounts(config);
  expect(accounts.map(({ name }) => name)).toEqual(['own', 'chain', 'taken', 'role', 'shared', 'session']);
  expect(new Set(accounts.map(({ id }) => id)).size).toBe(6);
  expect(new Set(accounts.map(({ accessKeyId }) => accessKeyId)).size).toBe(6);
  expect(accounts[0]).toEqual({
    id: '111111111111',
    name: 'own',
    accessKeyId: 'AKIAOWN',
    secretAccessKey: 'own',
    partition: 'aws',
  });
  for (const { id, accessKeyId } of accounts.slice(1)) {
    expect(id).toMatch(/^\d{12}$/);
    expect(accessKeyId).toMatch(/^AKIASBOX\d{12}$/);
  }
  expect([...config.accounts.values()].every(({ role }) => role === undefined)).toBe(true);
});

test('every account is in the partition of its region; the region of a store is none, and counts as aws', () => {
  const config = adaptToSandbox(
    load({
      us: { region: 'us-east-1' },
      china: { region: 'cn-north-1' },
      gov: { region: 'us-gov-west-1' },
      eu: { region: 'eusc-de-east-1' },
      store: { region: 'garage', endpoint: 'https://s3.example.org', iam: false },
    }),
    'token',
  );
  expect(sandboxAccounts(config).map(({ name, partition }) => [name, partition])).toEqual([
    ['us', 'aws'],
    ['china', 'aws-cn'],
    ['gov', 'aws-us-gov'],
    ['eu', 'aws-eusc'],
    ['store', 'aws'],
  ]);
});

test('every account is sent to the sandbox, in path style; the result is frozen', () => {
  const config = pointAt(
    load({ a: { region: 'us-east-1', endpoint: 'https://elsewhere.example' }, b: { region: 'eu-west-1' } }),
    'http://127.0.0.1:1',
  );
  expect([...config.accounts.values()].map(({ endpoint, pathStyle }) => [endpoint, pathStyle])).toEqual([
    ['http://127.0.0.1:1', true],
    ['http://127.0.0.1:1', true],
  ]);
  expect(Object.isFrozen(config.accounts.get('a'))).toBe(true);
});

test('the buckets of operations and of access logs are there from the start', () => {
  const accessLog = { bucket: 'logs-{account_number}', prefix: 's3' };
  const accounts = {
    demo: { region: 'us-east-1', id: '111111111111', accessLog },
    china: { region: 'cn-north-1', id: '222222222222', accessLog },
    plain: { region: 'us-east-1', id: '333333333333' },
  };
  const operations = { store: 's3', account: 'demo', bucket: 'acme-operations' };
  expect(sandboxBuckets(load(accounts, { token: 'psk', operations }))).toEqual([
    { accountId: '111111111111', name: 'acme-operations', region: 'us-east-1' },
    { accountId: '111111111111', name: 'logs-111111111111', region: 'us-east-1' },
    { accountId: '222222222222', name: 'logs-222222222222', region: 'cn-north-1' },
  ]);
  expect(sandboxBuckets(load({ demo: { region: 'us-east-1' } }))).toEqual([]);
});

test('an account without keys is none of the sandbox', () => {
  expect(sandboxAccounts(load({ a: { region: 'us-east-1' } }))).toEqual([]);
});
