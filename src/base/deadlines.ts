import type { Clock } from './clock';

/** Work for later that may be called off. Time is looked at when `tick` is called: whoever makes it says how finely. */
export interface Deadlines {
  /** Does `work` at the first tick after `ms` milliseconds; gives how to call it off. */
  readonly after: (ms: number, work: () => void) => () => void;
  /** Does what is due. */
  readonly tick: () => void;
  /** How much waits. */
  readonly size: () => number;
}

interface Due {
  readonly at: number;
  readonly work: () => void;
}

export function createDeadlines(clock: Pick<Clock, 'monotonic'>): Deadlines {
  const waiting = new Set<Due>();
  return {
    after: (ms, work) => {
      const due: Due = { at: clock.monotonic() + ms, work };
      waiting.add(due);
      return () => void waiting.delete(due);
    },
    tick: () => {
      const now = clock.monotonic();
      for (const due of [...waiting]) {
        // What was done before it may have called it off.
        if (due.at <= now && waiting.delete(due)) due.work();
      }
    },
    size: () => waiting.size,
  };
}
