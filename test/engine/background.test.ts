import { createBackground } from '../../src/engine/background';
import { createGate } from '../../src/engine/gate';
import { standardPolicy } from '../../src/engine/retry';
import { createTestClock } from '../support/clock';
import { errors, failure } from '../support/errors';

const busy = failure(errors.contended);
const quiet = { policy: standardPolicy, onRetry: () => undefined };

test('what insists pauses before its first attempt', async () => {
  const clock = createTestClock();
  const attempt = jest.fn(async () => clock.monotonic());
  expect(await createBackground(clock).insist({ ...quiet, thrown: busy, attempt })).toBe(2_500);
  expect(attempt).toHaveBeenCalledTimes(1);
});

test('of many that insist four at once speak to AWS', async () => {
  const clock = createTestClock({ random: 0 });
  const { insist } = createBackground(clock);
  let [underWay, most, done] = [0, 0, 0];
  const attempt = async (): Promise<void> => {
    underWay += 1;
    most = Math.max(most, underWay);
    await clock.sleep(100);
    underWay -= 1;
    done += 1;
  };
  await Promise.all(Array.from({ length: 40 }, () => insist({ ...quiet, thrown: busy, attempt })));
  expect({ most, done }).toEqual({ most: 4, done: 40 });
});

test('who hurries pauses a second at most, also who is pausing already', async () => {
  const clock = createTestClock({ random: 0.999_999 });
  const background = createBackground({
    ...clock,
    sleep: (ms) => (ms > 1_000 ? new Promise(() => undefined) : clock.sleep(ms)),
  });
  let attempts = 0;
  const insisting = background.insist({
    ...quiet,
    thrown: busy,
    attempt: async () => {
      attempts += 1;
      if (attempts < 5) throw busy;
      return clock.monotonic();
    },
  });
  await clock.sleep(0);
  background.hurry();
  expect(await insisting).toBe(4_000);
});

test('a gate lets those that wait in, in their order, also after a failure', async () => {
  const gate = createGate(1);
  const order: number[] = [];
  const visits = [1, 2, 3].map((n) =>
    gate(async () => {
      order.push(n);
      await Promise.resolve();
      if (n === 1) throw new Error('no');
    }),
  );
  expect((await Promise.allSettled(visits)).map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
  expect(order).toEqual([1, 2, 3]);
});
