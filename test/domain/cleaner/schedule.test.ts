import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AccountConfig } from '../../../src/config/types';
import { createCleanerSchedule } from '../../../src/domain/cleaner/schedule';
import { createTestClock } from '../../support/clock';

/** The schedule looks at nothing but these two members. */
const account = (name: string, cleaner?: AccountConfig['cleaner']) => ({ name, cleaner }) as AccountConfig;
const START = Date.UTC(2030, 0, 1);
const EVERY = { intervalSeconds: 1_200, maxSplaySeconds: 60 };

/** Stops the schedule at the nth run, and tells when the runs were, in seconds. */
async function runsOf(
  count: number,
  random: number,
  run: (clock: ReturnType<typeof createTestClock>) => Promise<unknown> = async () => undefined,
) {
  const clock = createTestClock({ start: START, random });
  const schedule = createCleanerSchedule(clock);
  const seconds: number[] = [];
  await new Promise<void>((resolve) => {
    schedule.start([account('demo', EVERY)], async () => {
      seconds.push((clock.now() - START) / 1_000);
      if (seconds.length === count) {
        schedule.stop();
        resolve();
      }
      return run(clock);
    });
  });
  return seconds;
}

test('a run comes after every interval and a random splay', async () => {
  expect(await runsOf(3, 0)).toEqual([1_200, 2_400, 3_600]);
  expect(await runsOf(3, 0.5)).toEqual([1_230, 2_460, 3_690]);
});

test('the next wait begins after a run: never two at once', async () => {
  const slow = async (clock: ReturnType<typeof createTestClock>) => clock.advance(5_000_000);
  expect(await runsOf(3, 0, slow)).toEqual([1_200, 7_400, 13_600]);
});

test('a run that fails is followed by the next', async () => {
  expect(await runsOf(2, 0, () => Promise.reject(new Error('denied')))).toEqual([1_200, 2_400]);
});

test('the time of the next run is told, for accounts with a cleaner', () => {
  const schedule = createCleanerSchedule(createTestClock({ start: START, random: 0.5 }));
  schedule.start([account('demo', EVERY), account('other')], async () => undefined);
  expect(schedule.nextRun('demo')).toBe('2030-01-01T00:20:30.000Z');
  expect(schedule.nextRun('other')).toBeUndefined();
  schedule.stop();
  expect(schedule.nextRun('demo')).toBeUndefined();
});

test('a new start takes the place of the former one', async () => {
  const schedule = createCleanerSchedule(createTestClock({ start: START, random: 0 }));
  const runs: string[] = [];
  schedule.start([account('old', EVERY)], async () => runs.push('old'));
  await new Promise<void>((resolve) => {
    schedule.start([account('new', EVERY)], async () => {
      runs.push('new');
      if (runs.length < 3) return;
      schedule.stop();
      resolve();
    });
  });
  await nextTurn();
  expect(runs).toEqual(['new', 'new', 'new']);
  expect(schedule.nextRun('old')).toBeUndefined();
});
