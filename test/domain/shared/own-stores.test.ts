import { accessLogBucket, accessLogPrefix, ownStores } from '../../../src/domain/shared/own-stores';
import { accountConfig } from '../../support/config';

test('{account_id} is the account’s name, {account_number} its digits', () => {
  const account = accountConfig({
    name: 'demo',
    accessLog: { bucket: '{account_id}-{account_number}-logs', prefix: 's3' },
  });
  expect(accessLogBucket(account, '123456789012')).toBe('demo-123456789012-logs');
  expect(accessLogBucket(account, '')).toBe('demo-{account_number}-logs');
  expect(accessLogBucket(accountConfig({}), '1')).toBeUndefined();
});

test.each([
  ['s3', 's3/photos/'],
  ['s3/', 's3/photos/'],
  ['', 'photos/'],
])('prefix %j gives %s', (prefix, expected) => {
  expect(accessLogPrefix(accountConfig({ accessLog: { bucket: 'logs', prefix } }), 'photos')).toBe(expected);
});

test('without access logging the prefix is the bucket’s name', () => {
  expect(accessLogPrefix(accountConfig({}), 'photos')).toBe('photos/');
});

test('the stores are the log buckets of all accounts and the operations bucket', () => {
  const accounts = new Map([
    ['a', accountConfig({ name: 'a', id: '111111111111', accessLog: { bucket: 'logs-{account_number}', prefix: '' } })],
    ['b', accountConfig({ name: 'b' })],
  ]);
  const keeping = { keepDays: 90, callTimeoutSeconds: 12 };
  const leases = { leaseSeconds: 30, heartbeatSeconds: 8, scanSeconds: 2 };
  const memory = { accounts, operations: { ...keeping, store: 'memory' } } as const;
  expect([...ownStores(memory)]).toEqual(['logs-111111111111']);
  const s3 = {
    accounts,
    operations: { ...keeping, ...leases, store: 's3', account: 'a', bucket: 'ops', prefix: '' },
  } as const;
  expect([...ownStores(s3)]).toEqual(['logs-111111111111', 'ops']);
  expect(ownStores(s3)).toBe(ownStores(s3));
});
