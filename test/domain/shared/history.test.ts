import { isWatching, noHistory } from '../../../src/domain/shared/history';

test.each([
  ['nothing', null, false],
  ['a text', 'watched', false],
  ['an operation without a time', { watched: {} }, false],
  ['a time without an operation', { waitSeconds: 1 }, false],
  ['an operation and a time', { watched: {}, waitSeconds: 1 }, true],
])('%s is watched: %j → %s', (_title, value, expected) => {
  expect(isWatching(value)).toBe(expected);
});

test('who remembers nothing finds nothing', async () => {
  expect(await noHistory.find('demo', 'op-1')).toBeUndefined();
});
