import { createSiteMemory } from '../../../src/domain/shared/site-memory';

const site = (n: number): string => `s${String(n)}.example.org`;

test('a site is remembered by account, with the id that was seen last', () => {
  const memory = createSiteMemory();
  memory.set('demo', site(1), 'E1');
  memory.set('demo', site(1), 'E2');
  expect([memory.get('demo', site(1)), memory.get('other', site(1)), memory.get('demo', site(2))]).toEqual([
    'E2',
    undefined,
    undefined,
  ]);
});

test('of more than ten thousand sites those are forgotten that were not seen for the longest time', () => {
  const memory = createSiteMemory();
  for (let n = 0; n < 10_000; n += 1) memory.set('demo', site(n), 'E1');
  memory.set('demo', site(0), 'E2');
  // One that is known takes nobody's place.
  expect(memory.get('demo', site(1))).toBe('E1');
  memory.set('demo', site(10_000), 'E3');
  expect([0, 1, 2, 10_000].map((n) => memory.get('demo', site(n)))).toEqual(['E2', undefined, 'E1', 'E3']);
});
