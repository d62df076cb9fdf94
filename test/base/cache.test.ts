import { createCache } from '../../src/base/cache';
import { createTestClock } from '../support/clock';

test('of more entries than it may hold, those used longest ago are forgotten', () => {
  const cache = createCache<number>({ most: 2 });
  cache.set('a', 1).set('b', 2);
  cache.get('a');
  cache.set('c', 3);
  expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([1, undefined, 3]);
});

test.each([0, 0.5, 12_345.678])('an entry set at %s ms is forgotten when it is as old as it may become', (start) => {
  const clock = createTestClock();
  clock.advance(start);
  const cache = createCache<number>({ most: 10, ttlMs: 1_000, clock });
  cache.set('a', 1);
  clock.advance(999);
  expect(cache.get('a')).toBe(1);
  clock.advance(1);
  expect([cache.get('a'), cache.has('a'), cache.peek('a')]).toEqual([undefined, false, undefined]);
});

test('a cache of many takes no memory before it holds them', () => {
  const before = process.memoryUsage();
  const caches = Array.from({ length: 100 }, () => createCache<number>({ most: 10_000 }));
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  expect(caches).toHaveLength(100);
  expect(arrayBuffers - before.arrayBuffers + heapUsed - before.heapUsed).toBeLessThan(10_000_000);
});
