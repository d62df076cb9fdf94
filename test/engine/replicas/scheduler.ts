import type { Random } from './random';

/** The one order in which everything of a simulated world happens. */
export interface Scheduler {
  /** True time in milliseconds, which no process can see. */
  readonly now: () => number;
  /** Does `work` after so long; of what is due at one moment the seed says what comes first. */
  readonly after: (ms: number, work: () => void) => void;
  /** Lets everything happen until `isOver`, or until a time; gives how many turns that took. */
  readonly run: (isOver: () => boolean, until: number) => Promise<number>;
}

interface Due {
  readonly at: number;
  readonly order: number;
  readonly work: () => void;
}

const settled = Promise.resolve();

/** Makes a scheduler on which no time passes but that of the simulation. */
export function createScheduler(random: Random): Scheduler {
  const heap: Due[] = [];
  let now = 0;
  const isSooner = (one: Due, other: Due): boolean =>
    one.at < other.at || (one.at === other.at && one.order < other.order);

  const push = (due: Due): void => {
    let index = heap.push(due) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above] ?? due;
      if (!isSooner(due, parent)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = due;
  };
  const pop = (): Due | undefined => {
    const [first] = heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const one = heap[left];
      if (one === undefined) break;
      const other = heap[left + 1];
      const below = other !== undefined && isSooner(other, one) ? left + 1 : left;
      const child = heap[below] ?? one;
      if (!isSooner(child, last)) break;
      heap[index] = child;
      index = below;
    }
    heap[index] = last;
    return first;
  };

  return {
    now: () => now,
    after: (ms, work) => push({ at: now + Math.max(0, ms), order: random.next(), work }),
    run: (isOver, until) =>
      new Promise((resolve) => {
        let turns = 0;
        const next = (): void => process.nextTick(turn);
        const turn = (): void => {
          if (isOver() || (heap[0]?.at ?? Infinity) > until) {
            resolve(turns);
            return;
          }
          const due = pop();
          if (due === undefined) return;
          now = due.at;
          turns += 1;
          due.work();
          // From a microtask: the tick comes when all others of this turn are done, those that they make included.
          void settled.then(next);
        };
        process.nextTick(turn);
      }),
  };
}
