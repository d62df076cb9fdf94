import { plain, samePlain } from '../../../../../src/domain/bucket/settings/rules/plain';

test.each([
  ['text, numbers and truth values stay', ['a', 1, true], ['a', 1, true]],
  [
    'times are ISO-8601 in UTC, without fractions that are none',
    [new Date(0), new Date(5)],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.005Z'],
  ],
  ['absent members are left out, at every depth', { a: undefined, b: { c: undefined, d: null } }, { b: { d: null } }],
  ['nothing is null', undefined, null],
  [
    'what is no setting is null',
    { stream: () => 'x', big: 1n, sign: Symbol('s') },
    { stream: null, big: null, sign: null },
  ],
])('%s', (_, shape, expected) => {
  expect(plain(shape)).toEqual(expected);
});

test.each([
  [{ a: 1, b: [2] }, { b: [2], a: 1 }, true],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [{ a: 1, b: undefined }, { a: 1, c: undefined }, false],
  [[1, 2], [2, 1], false],
  [[1], { 0: 1 }, false],
  [null, {}, false],
  ['a', 'a', true],
])('%j and %j say the same: %s', (left, right, expected) => {
  expect(samePlain(left, right)).toBe(expected);
  expect(samePlain(right, left)).toBe(expected);
});
