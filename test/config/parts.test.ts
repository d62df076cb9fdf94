import { parseDuration } from '../../src/config/duration';
import { checkEndpoint, checkHost } from '../../src/config/endpoint';
import { isLoopback, parseListenAddress } from '../../src/config/listen';
import { describe as inWords, describeHidden, keysOf, pointerTo } from '../../src/config/problems';
import { loadConfig } from '../../src/config/load';
import { configWarnings } from '../../src/config/warnings';

test.each([
  [':8080', { host: undefined, port: 8080 }],
  ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
  ['localhost:80', { host: 'localhost', port: 80 }],
  ['[::1]:8080', { host: '::1', port: 8080 }],
  ['[::]:8080', { host: '::', port: 8080 }],
  [':65536', undefined],
  ['::1:8080', undefined],
  ['[::zz]:80', undefined],
  ['[127.0.0.1]:80', undefined],
  ['8080', undefined],
  ['', undefined],
  ['http://localhost:80', undefined],
])('listen address %j', (text, expected) => {
  expect(parseListenAddress(text)).toEqual(expected);
});

test.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['LOCALHOST', true],
  ['127.evil.example.org', false],
  ['localhost.example.org', false],
  ['0.0.0.0', false],
  ['10.0.0.1', false],
  ['::', false],
])('%s is loopback: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

test.each([
  ['1200s', 1200],
  ['20m', 1200],
  ['1h30m', 5400],
  ['1h0m1s', 3601],
  ['0s', 0],
  ['', undefined],
  ['10', undefined],
  ['1s1m', undefined],
  ['-1s', undefined],
  ['1.5h', undefined],
])('duration %j is %s seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test('pointers escape and unescape', () => {
  expect(pointerTo('/a', 'b/c', 'd~e', 0)).toBe('/a/b~1c/d~0e/0');
  expect(keysOf('/a/b~1c/d~0e/0')).toEqual(['a', 'b/c', 'd~e', '0']);
  expect(keysOf('')).toEqual([]);
});

test.each([
  [undefined, 'nothing'],
  [null, 'null'],
  [[], 'an empty array'],
  [[1, 2], 'an array of 2'],
  [{}, 'an empty object'],
  [{ a: 1 }, 'an object'],
  ['', 'an empty string'],
  ['x', '"x"'],
  [7, 'the number 7'],
  [true, 'the boolean true'],
])('%j in words', (value, words) => {
  expect(inWords(value)).toBe(words);
});

test('long strings are cut, secrets are not shown', () => {
  expect(inWords('x'.repeat(100))).toHaveLength(82);
  expect(describeHidden('hush')).toBe('a string (not shown: it is a secret)');
  expect(describeHidden(12345)).toBe('a number (not shown: it is a secret)');
  expect(describeHidden('')).toBe('an empty string');
});

test.each([
  'https://a:b@s3.example.org',
  'https://a@s3.example.org',
  'https://a:b@s3.example.org:99999',
  'a:b@s3.example.org',
])('the endpoint %s is refused without repeating it', (url) => {
  const checked = checkEndpoint(url, true);
  expect(checked).toMatchObject({ ok: false, found: 'a URL with a user name or password' });
});

test.each(['a b', 'a/b', '', 'store:99999', '[::zz]'])('the host %j is refused', (host) => {
  expect(checkHost(host, true, false)).toMatchObject({ ok: false, found: JSON.stringify(host) });
});

describe('warnings', () => {
  const load = (more: object): ReturnType<typeof configWarnings> => {
    const file = { org: 'a', token: 'b', accounts: { demo: { region: 'us-east-1' } }, ...more };
    return configWarnings(file, loadConfig({ text: JSON.stringify(file), env: {} }));
  };

  test('none for operations, wherever they are kept', () => {
    expect(load({})).toEqual([]);
    expect(load({ operations: { store: 'memory' } })).toEqual([]);
    expect(load({ operations: { store: 'file', path: '/x' } })).toEqual([]);
    expect(load({ operations: { store: 's3', account: 'demo', bucket: 'ops-bucket' } })).toEqual([]);
  });
});
