import type { Clock } from '../../src/base/clock';

/** A clock on which no test ever waits: sleeping moves the time instead of spending it. */
export interface TestClock extends Clock {
  /** Every sleep that was asked for, in milliseconds, in the order of asking. */
  readonly sleeps: readonly number[];
  /** Moves the time forward, as a slow call would. */
  advance(ms: number): void;
  /** What `random()` gives from now on: always this number, or what the function says. */
  setRandom(value: number | (() => number)): void;
}

export interface TestClockOptions {
  /** Wall time at the beginning, milliseconds since the epoch. */
  readonly start?: number;
  readonly random?: number | (() => number);
}

interface Sleeper {
  readonly wakesAt: number;
  readonly wake: () => void;
}

/**
 * Sleepers wake one per macrotask, the earliest first, so that everything that became possible at one moment
 * happens before the time moves on, and the order is that of real time.
 */
export function createTestClock(options: TestClockOptions = {}): TestClock {
  const start = options.start ?? Date.UTC(2030, 0, 1);
  const sleeps: number[] = [];
  const sleepers: Sleeper[] = [];
  let elapsed = 0;
  let random = options.random ?? 0.5;

  const wakeNext = (): void => {
    const next = sleepers.shift();
    if (!next) return;
    elapsed = Math.max(elapsed, next.wakesAt);
    next.wake();
  };

  return {
    sleeps,
    now: () => start + elapsed,
    monotonic: () => elapsed,
    random: () => (typeof random === 'function' ? random() : random),
    sleep: (ms) =>
      new Promise((wake) => {
        sleeps.push(ms);
        const wakesAt = elapsed + ms;
        const later = sleepers.findIndex((other) => other.wakesAt > wakesAt);
        sleepers.splice(later < 0 ? sleepers.length : later, 0, { wakesAt, wake });
        setImmediate(wakeNext);
      }),
    advance: (ms) => {
      elapsed += ms;
    },
    setRandom: (value) => {
      random = value;
    },
  };
}
