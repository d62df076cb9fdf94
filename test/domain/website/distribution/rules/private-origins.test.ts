import fc from 'fast-check';
import {
  isFull,
  nextNumber,
  numbered,
  numberOf,
} from '../../../../../src/domain/website/distribution/rules/private-origins';

test('the first has the bare name, the others their number; a name is read as it was made', () => {
  expect([1, 2, 10].map((number) => numbered('n', number))).toEqual(['n', 'n-2', 'n-10']);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999 }), (number) => {
      expect(numberOf('n', numbered('n', number))).toBe(number);
    }),
  );
});

test.each(['', 'n-', 'n-0', 'n-1', 'n-02', 'n-2x', 'n2', 'm', 'n-2-2', `n-${'9'.repeat(20)}`])(
  '%j is no name of ours',
  (text) => {
    expect(numberOf('n', text)).toBeUndefined();
  },
);

test.each<readonly [number, readonly number[]]>([
  [1, [1, 2, 3, 4]],
  [2, [2, 1, 3, 4, 5]],
  [4, [4, 1, 2, 3, 5, 6, 7]],
])('from %i on: earlier ones, then three new ones, then no more', (newest, order) => {
  const tried = [newest];
  for (let next = nextNumber(newest, tried); next !== undefined; next = nextNumber(newest, tried)) tried.push(next);
  expect(tried).toEqual(order);
});

test.each([
  ['TooManyDistributionsAssociatedToOriginAccessControl', true],
  ['TooManyDistributionsWithFunctionAssociations', true],
  ['TooManyDistributionsWithSingleFunctionARN', true],
  ['TooManyDistributions', false],
  ['TooManyFunctionAssociations', false],
])('%s: full is %s', (code, full) => {
  expect(isFull({ kind: 'quota', detail: '', origin: { code } })).toBe(full);
});

test('an error without a code is no full one', () => {
  expect(isFull({ kind: 'unforeseen', detail: '' })).toBe(false);
});
