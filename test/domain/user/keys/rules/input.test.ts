import fc from 'fast-check';
import { DomainFailure } from '../../../../../src/base/errors';
import { checkKeyId, markerOf, reportRange } from '../../../../../src/domain/user/keys/rules/input';

const HOUR_MS = 3_600_000;

test.each(['AKIAJTGA5ITTTJ7WOR7A', 'A'.repeat(16), 'a_1'.repeat(42)])('%s can be the id of a key', (id) => {
  expect(() => checkKeyId(id)).not.toThrow();
});

test.each([
  '',
  'A'.repeat(15),
  'A'.repeat(129),
  'AKIAJTGA5ITTTJ7WOR7-',
  'AKIAJTGA5ITTTJ7WOR7A\n',
  'ÄKIAJTGA5ITTTJ7WOR7A',
])('%j cannot be the id of a key', (id) => {
  expect(() => checkKeyId(id)).toThrow(DomainFailure);
});

test.each([
  ['90d', 90 * 24 * HOUR_MS],
  ['36h', 36 * HOUR_MS],
  ['0d', 0],
  ['99999h', 99_999 * HOUR_MS],
])('%s is an age', (olderThan, ms) => {
  expect(reportRange({ olderThan })).toEqual({ olderThanMs: ms, limit: 100, after: undefined });
});

test.each(['90', 'd', '90D', '90 d', '-1d', '1e3d', '123456d', '90d\n', '٩d'])(
  '%j is no age, and the refusal names the form',
  (olderThan) => {
    expect(() => reportRange({ olderThan })).toThrow(/like 90d or 36h/);
  },
);

test.each([0, 1_001, 1.5, Number.NaN, -1])('a limit of %d is refused', (limit) => {
  expect(() => reportRange({ limit })).toThrow(/1 to 1000/);
});

test('a marker leads back to where it was made', () => {
  const user = fc.stringMatching(/^[A-Za-z0-9_+=,.@-]{1,64}$/);
  const key = fc.option(fc.stringMatching(/^\w{16,128}$/), { nil: undefined });
  fc.assert(
    fc.property(user, key, (name, id) => {
      expect(reportRange({ marker: markerOf({ user: name, key: id }) }).after).toEqual({ user: name, key: id });
    }),
  );
});

test('a text that no report gave as a marker is refused', () => {
  const good = markerOf({ user: 'somebucketuser', key: undefined });
  for (const marker of [
    '',
    '!',
    `${good}=`,
    good.slice(1),
    Buffer.from('a/b').toString('base64url'),
    Buffer.from('a b').toString('base64url'),
  ]) {
    expect(() => reportRange({ marker })).toThrow(/marker/);
  }
});
