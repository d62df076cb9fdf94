import type { Deadlines } from '../base/deadlines';
import type { Watched } from '../domain/shared/history';
import { type Display, eventsAfter } from './display';

/** What is known of an operation that another process runs. */
export interface Sight extends Display {
  readonly isOver: boolean;
  /** It runs here by now, or is to be looked for elsewhere: who is watched from then on. */
  readonly here?: Watched | undefined;
}

/** While somebody watches it, what others do is looked at so often. */
const LOOK_MS = 1_000;
/** Looks in a row that find nothing: it is neither under way nor kept, and nothing more can come. */
const MOST_MISSES = 10;

/**
 * Makes an operation of another process one that can be watched: it is looked at again while somebody watches. `look`: undefined
 * when it is not to be found; may reject, then the next look may do better.
 */
export function watchElsewhere(
  first: Sight,
  look: () => Promise<Sight | undefined>,
  deadlines: Pick<Deadlines, 'after'>,
): Watched {
  const listeners = new Set<() => void>();
  let seen = first;
  let misses = 0;
  let cancel: (() => void) | undefined;
  let stopHere: (() => void) | undefined;

  const tell = (): void => {
    for (const listener of [...listeners]) listener();
  };
  const isOver = (): boolean => seen.here?.isOver() ?? (seen.isOver || misses >= MOST_MISSES);
  const lookAgain = async (): Promise<void> => {
    cancel = undefined;
    const now = await look().catch(() => seen);
    misses = now ? 0 : misses + 1;
    const before = seen;
    seen = now ?? seen;
    if (listeners.size === 0) return;
    if (isOver() || seen.here || isChanged(before, seen)) tell();
    watch();
  };
  const watch = (): void => {
    if (listeners.size === 0 || isOver()) return;
    if (seen.here) stopHere ??= seen.here.onChange(tell);
    else cancel ??= deadlines.after(LOOK_MS, () => void lookAgain());
  };

  return {
    show: () => seen.here?.show() ?? seen.shown,
    eventsAfter: (after) => seen.here?.eventsAfter(after) ?? eventsAfter(seen.events, after),
    isOver,
    onChange: (listener) => {
      const own = (): void => listener();
      listeners.add(own);
      watch();
      return () => {
        listeners.delete(own);
        if (listeners.size > 0) return;
        cancel?.();
        cancel = undefined;
        stopHere?.();
        stopHere = undefined;
      };
    },
  };
}

const isChanged = (before: Display, now: Display): boolean =>
  before.events.at(-1)?.id !== now.events.at(-1)?.id || before.events.length !== now.events.length;
