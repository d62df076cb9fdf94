import { editDistance, likelyMeant, nearest } from '../../src/base/nearest';

test.each([
  ['', '', 0],
  ['abc', 'abc', 0],
  ['abc', '', 3],
  ['kitten', 'sitting', 3],
  ['regoin', 'region', 1],
  ['ab', 'ba', 1],
])('edit distance of %j and %j is %d', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
  expect(editDistance(b, a)).toBe(distance);
});

test.each([
  ['externalID', 'externalId'],
  ['session_token', 'sessionToken'],
  ['regoin', 'region'],
])('the nearest to %s is %s', (word, expected) => {
  expect(nearest(word, ['externalId', 'sessionToken', 'region', 'role'])).toBe(expected);
});

test('nothing is nearest among nothing', () => {
  expect(nearest('a', [])).toBeUndefined();
});

test.each([
  ['BkrAdmGrp', 'BktAdmGrp'],
  ['bktroGRP', 'BktROGrp'],
  ['something else', undefined],
  ['', undefined],
  ['x'.repeat(100_000), undefined],
])('what was likely meant by %s is %s', (word, expected) => {
  expect(nearest(word, ['BktAdmGrp', 'BktRWGrp', 'BktROGrp'], likelyMeant)).toBe(expected);
});
