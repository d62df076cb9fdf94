import type { Deadlines } from '../base/deadlines';
import type { Watched } from '../domain/shared/history';
import { type Display, eventsAfter } from './display';
import type { Entry } from './history-entry';

/** What is known of an operation now: what was read of it, or, where this process runs it, its entry. */
export type Sight = (Display & { readonly isOver: boolean }) | { readonly here: Entry };

/** While somebody watches it, what others do is looked at so often. */
const LOOK_MS = 1_000;
/** Looks in a row that find nothing: it is neither under way nor kept, and nothing more can come. */
const MOST_MISSES = 10;

/**
 * Makes an operation one that can be watched to its end, whichever process runs it: what others run is looked at again while
 * somebody watches. `look`: undefined when it is not to be found; may reject, then the next look may do better.
 */
export function watchAnywhere(
  first: Sight,
  look: () => Promise<Sight | undefined>,
  deadlines: Pick<Deadlines, 'after'>,
): Watched {
  const listeners = new Set<() => void>();
  let last = first;
  let misses = 0;
  let cancel: (() => void) | undefined;
  let stopHere: (() => void) | undefined;

  const seen = (): Sight => {
    // From then on another process tells what becomes of it.
    if ('here' in last && last.here.isHandedOver()) last = { ...last.here.soFar(), isOver: false };
    return last;
  };
  const display = (): Display => {
    const now = seen();
    return 'here' in now ? now.here.soFar() : now;
  };
  const isOver = (): boolean => {
    const now = seen();
    return 'here' in now ? now.here.isOver() : now.isOver || misses >= MOST_MISSES;
  };
  const rest = (): void => {
    cancel?.();
    stopHere?.();
    cancel = undefined;
    stopHere = undefined;
  };
  const tell = (): void => {
    for (const listener of [...listeners]) listener();
  };
  const watch = (): void => {
    if (listeners.size === 0 || isOver()) return rest();
    const now = seen();
    if ('here' in now) {
      stopHere ??= now.here.onChange(() => {
        tell();
        if (!('here' in seen())) {
          rest();
          watch();
        }
      });
    } else cancel ??= deadlines.after(LOOK_MS, () => void lookAgain());
  };
  const lookAgain = async (): Promise<void> => {
    cancel = undefined;
    const before = display().events;
    const now = await look().catch(() => last);
    misses = now ? 0 : misses + 1;
    last = now ?? last;
    const { events } = display();
    const isChanged = before.at(-1)?.id !== events.at(-1)?.id || before.length !== events.length;
    if (isChanged || isOver() || 'here' in last) tell();
    watch();
  };

  return {
    show: () => display().shown,
    eventsAfter: (after) => eventsAfter(display().events, after),
    isOver,
    onChange: (listener) => {
      const own = (): void => listener();
      listeners.add(own);
      watch();
      return () => {
        listeners.delete(own);
        if (listeners.size === 0) rest();
      };
    },
  };
}
