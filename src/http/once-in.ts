import type { Clock } from '../base/clock';

/**
 * Gives what `make` makes, made at most once in `ms` milliseconds for all who ask, also for those who ask while it is
 * being made. A failure is not kept.
 */
export function onceIn<T>(ms: number, clock: Pick<Clock, 'monotonic'>, make: () => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly made: Promise<T> } | undefined;
  return () => {
    const now = clock.monotonic();
    if (last && now - last.at < ms) return last.made;
    const fresh = { at: now, made: make() };
    last = fresh;
    fresh.made.catch(() => {
      if (last === fresh) last = undefined;
    });
    return fresh.made;
  };
}
