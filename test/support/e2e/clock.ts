import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../../src/base/clock';
import type { Calls } from '../../../src/sandbox/calls';

/** Real time, but nobody waits: a sleep is over with the next turn of the event loop. */
export const eagerClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async () => {
    await nextTurn();
  },
  random: () => 0.5,
};

export interface PatientClock extends Clock {
  /** To be called before the first sleep: the calls that time waits for. */
  readonly watch: (calls: Calls) => void;
}

/** Turns of the event loop without a call: more than anything takes from one call to the next. */
const QUIET_TURNS = 20;
/** Milliseconds in which sleepers that would wake one after the other wake together. */
const TICK_MS = 25;

/**
 * A time of its own, in which calls take none: it moves on to the next sleeper only when no call has been under way for a
 * while. So what is limited to so many calls a second is, however fast or slow this computer is. Jitter differs from sleep to
 * sleep, and is the same in every run.
 */
export function createPatientClock(): PatientClock {
  const start = Date.now();
  let elapsed = 0;
  let seed = 1;
  let watched: Calls | undefined;
  const sleepers: { readonly wakesAt: number; readonly wake: () => void }[] = [];
  let isMoving = false;

  const quiet = async (): Promise<void> => {
    let known = -1;
    for (let turns = 0; turns < QUIET_TURNS; turns += 1) {
      const all = watched?.all() ?? [];
      // Calls end about in the order in which they begin.
      const isBusy = all.length !== known || all.slice(-500).some(({ ended }) => ended === Infinity);
      known = all.length;
      if (isBusy) turns = 0;
      await nextTurn();
    }
  };
  const move = async (): Promise<void> => {
    isMoving = true;
    while (sleepers.length > 0) {
      await quiet();
      sleepers.sort((a, b) => a.wakesAt - b.wakesAt);
      elapsed = Math.max(elapsed, (sleepers[0]?.wakesAt ?? 0) + TICK_MS);
      const awake = sleepers.filter(({ wakesAt }) => wakesAt <= elapsed);
      sleepers.splice(0, awake.length);
      for (const { wake } of awake) wake();
    }
    isMoving = false;
  };

  return {
    watch: (calls) => void (watched = calls),
    now: () => start + elapsed,
    monotonic: () => elapsed,
    // Park and Miller's generator: spread is all that is asked of it.
    random: () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647,
    sleep: (ms) =>
      new Promise((wake) => {
        sleepers.push({ wakesAt: elapsed + ms, wake });
        if (!isMoving) void move();
      }),
  };
}
