import { createDeletedBuckets } from '../../../src/domain/shared/deleted-buckets';

test('operations are remembered; one without an id is none', () => {
  const deletedBuckets = createDeletedBuckets();
  deletedBuckets.add('op-1');
  deletedBuckets.add(undefined);
  expect([deletedBuckets.has('op-1'), deletedBuckets.has('op-2'), deletedBuckets.has('undefined')]).toEqual([
    true,
    false,
    false,
  ]);
});

test('of more than ten thousand the oldest are forgotten, and no others', () => {
  const deletedBuckets = createDeletedBuckets();
  for (let n = 0; n < 10_002; n += 1) deletedBuckets.add(`op-${String(n)}`);
  expect(['op-0', 'op-1', 'op-2', 'op-10001'].map((id) => deletedBuckets.has(id))).toEqual([false, false, true, true]);
  // One that is known takes nobody's place.
  deletedBuckets.add('op-2');
  expect(deletedBuckets.has('op-2')).toBe(true);
});
