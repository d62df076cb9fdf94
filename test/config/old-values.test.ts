import { accountMembers, fileMembers } from '../../src/config/old-values';

const interval = (value: unknown): unknown => accountMembers({ cleaner: { interval: value } }, '/a').members;

test.each([
  ['1.5h', '5400s'],
  ['500ms', '1s'],
  ['1h0.5s', '3601s'],
  ['1m500ms', '61s'],
  ['0', '0s'],
  ['90s', '90s'],
  ['1h30m', '1h30m'],
  ['1.5d', '1.5d'],
  ['.', '.'],
  [7, 7],
])('the duration %j is read as %j', (written, expected) => {
  expect(interval(written)).toEqual({ cleaner: { interval: expected } });
});

test.each(['', null])('a duration, keys, a role, lists and domains that are %j count as absent', (nothing) => {
  expect(interval(nothing)).toEqual({ cleaner: {} });
  expect(
    accountMembers(
      { akid: nothing, role: nothing, domains: nothing, accessLog: nothing, cleaner: nothing, region: 'r' },
      '/a',
    ),
  ).toEqual({
    members: { region: 'r' },
    warnings: [{ setting: '/a/akid', message: expect.stringContaining('absent') }],
  });
  expect(accountMembers({ domains: { 'a.example': { certArn: nothing, hostedZoneID: 'Z' } } }, '/a').members).toEqual({
    domains: { 'a.example': { hostedZoneID: 'Z' } },
  });
});

test('a list of actions that is null is said; an empty string in its place stays, to be refused', () => {
  expect(accountMembers({ defaultS3BucketActions: null, defaultS3ObjectActions: '' }, '/a')).toEqual({
    members: { defaultS3ObjectActions: '' },
    warnings: [{ setting: '/a/defaultS3BucketActions', message: expect.stringContaining('default list') }],
  });
});

test('levels have the names of logrus, and what is no level stays', () => {
  expect(fileMembers({ logLevel: 'WARNING' }).members).toEqual({ logLevel: 'warn' });
  expect(fileMembers({ logLevel: 'panic' }).members).toEqual({ logLevel: 'fatal' });
  expect(fileMembers({ logLevel: 'loud' }).members).toEqual({ logLevel: 'loud' });
  expect(fileMembers({ logLevel: '' }).members).toEqual({});
});

test('members that only this service has are judged as they are written', () => {
  expect(fileMembers({ org: '', tokens: null, constructor: '' }).members).toEqual({
    org: '',
    tokens: null,
    constructor: '',
  });
  expect(accountMembers({ assume: null, partition: '', domains: { a: 7 } }, '/a').members).toEqual({
    assume: null,
    partition: '',
    domains: { a: 7 },
  });
});

test('an access log without a bucket is none', () => {
  expect(accountMembers({ accessLog: { bucket: '', prefix: 'x' } }, '/a').members).toEqual({});
  expect(accountMembers({ accessLog: { bucket: 'b' } }, '/a').members).toEqual({ accessLog: { bucket: 'b' } });
});
