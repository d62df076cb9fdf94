import { createDeparted } from '../../../src/domain/shared/departed';

test('operations are remembered; one without an id is none', () => {
  const departed = createDeparted();
  departed.add('op-1');
  departed.add(undefined);
  expect([departed.has('op-1'), departed.has('op-2'), departed.has('undefined')]).toEqual([true, false, false]);
});

test('of more than ten thousand the oldest are forgotten, and no others', () => {
  const departed = createDeparted();
  for (let n = 0; n < 10_002; n += 1) departed.add(`op-${String(n)}`);
  expect(['op-0', 'op-1', 'op-2', 'op-10001'].map((id) => departed.has(id))).toEqual([false, false, true, true]);
  // One that is known takes nobody's place.
  departed.add('op-2');
  expect(departed.has('op-2')).toBe(true);
});
