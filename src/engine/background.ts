import type { Clock } from '../base/clock';
import { createGate } from './gate';
import { isTransient, lastingPolicy, type Pause, retry, type RetryPolicy } from './retry';

/** What must not be given up because AWS is busy, and why it has not succeeded so far. */
export interface Unfinished<T> {
  /** What the last attempt threw. */
  readonly thrown: unknown;
  readonly attempt: () => Promise<T>;
  /** Of the attempts before: what it wants tried again for other reasons than a busy AWS is tried again here, too. */
  readonly policy: RetryPolicy;
  readonly onRetry: (pause: Pause) => void;
}

/** Goes on with what its caller waits for no longer. Shared by all runs of an engine. */
export interface Background {
  /**
   * Tries again with growing pauses, a day long, for as long as AWS is busy. Rejects with what the last attempt threw: a
   * refusal, or a day is over.
   */
  readonly insist: <T>(unfinished: Unfinished<T>) => Promise<T>;
  /** Cuts pauses short from now on: the process ends soon. */
  readonly hurry: () => void;
}

/** Attempts under way at once in all: an AWS that throttles is not helped by many who insist. */
const AT_ONCE = 4;
/** The longest pause of those who hurry. */
const HURRIED_MS = 1_000;

/** Makes the background that all runs of an engine share. */
export function createBackground(clock: Clock): Background {
  const gate = createGate(AT_ONCE);
  const sleepers = new Set<() => void>();
  let hurried = false;
  const sleep = (ms: number): Promise<void> => {
    if (hurried) return clock.sleep(Math.min(ms, HURRIED_MS));
    return new Promise((resolve, reject) => {
      const wake = (): void => {
        sleepers.delete(wake);
        resolve();
      };
      sleepers.add(wake);
      clock.sleep(ms).then(wake, reject);
    });
  };
  const pausing: Clock = {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    random: () => clock.random(),
    sleep,
  };

  return {
    insist: ({ thrown, attempt, policy, onRetry }) => {
      const impatient: RetryPolicy = { ...policy, retries: (error) => !isTransient(error) && policy.retries(error) };
      // The first attempt is the one that has failed already, so that a pause comes first.
      const again = async (n: number) => {
        if (n === 1) throw thrown;
        return gate(() => retry(impatient, clock, attempt));
      };
      return retry(lastingPolicy, pausing, again, onRetry);
    },
    hurry: () => {
      hurried = true;
      for (const wake of [...sleepers]) wake();
    },
  };
}
