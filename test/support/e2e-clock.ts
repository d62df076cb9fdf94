import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../src/clock';

/** Real time, but nobody waits: a sleep is over with the next turn of the event loop. */
export const eagerClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async () => {
    await nextTurn();
  },
  random: () => 0.5,
};
