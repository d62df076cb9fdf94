import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../src/base/clock';

/** A clock that moves only when a test says so. */
export interface HandClock extends Clock {
  /** Lets so much time pass, and everything happen that is due meanwhile. */
  readonly pass: (ms: number) => Promise<void>;
  /** Sets one of the clocks and leaves the other; nobody wakes by that. */
  readonly jump: (which: 'wall' | 'monotonic', ms: number) => void;
}

const EPOCH = Date.UTC(2030, 0, 1);
/** Turns of the event loop after which all that follows from one moment has happened. */
const TURNS = 3;

export function createHandClock(): HandClock {
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  let elapsed = 0;
  const set = { wall: 0, monotonic: 0 };
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < TURNS; turn += 1) await nextTurn();
  };
  return {
    now: () => EPOCH + elapsed + set.wall,
    monotonic: () => elapsed + set.monotonic,
    random: () => 0.5,
    sleep: (ms) => new Promise((wake) => sleepers.push({ at: elapsed + ms, wake })),
    pass: async (ms) => {
      const until = elapsed + ms;
      for (;;) {
        await settle();
        sleepers.sort((one, other) => one.at - other.at);
        const [next] = sleepers;
        if (next === undefined || next.at > until) break;
        sleepers.shift();
        elapsed = Math.max(elapsed, next.at);
        next.wake();
      }
      elapsed = until;
    },
    jump: (which, ms) => {
      set[which] += ms;
    },
  };
}
