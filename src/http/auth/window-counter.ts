import type { Clock } from '../../base/clock';

export interface WindowCounter {
  /** Counts one event of `key`; seconds until the key's window ends when that is more than `limit` in it, else 0. */
  hit(key: string, limit: number): number;
  /** Whether the key has reached `limit` in its window already; counts nothing. */
  isFull(key: string, limit: number): boolean;
  /** Keys remembered now. */
  size(): number;
}

export interface WindowCounterOptions {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly windowMs?: number;
  /** More keys than this are not remembered: the oldest window makes room. */
  readonly maxKeys?: number;
}

/**
 * Counts events by key in windows that begin with a key's first event. Limits are passed with each event, because they
 * come from a configuration that may change.
 */
export function createWindowCounter({
  clock,
  windowMs = 60_000,
  maxKeys = 10_000,
}: WindowCounterOptions): WindowCounter {
  // Windows are appended when they begin and all are equally long, so the first in the map ends first.
  const windows = new Map<string, { readonly began: number; count: number }>();

  const current = (key: string, now: number) => {
    const window = windows.get(key);
    return window && now - window.began < windowMs ? window : undefined;
  };

  const makeRoom = (now: number): void => {
    for (const [key, { began }] of windows) {
      if (windows.size < maxKeys && now - began < windowMs) return;
      windows.delete(key);
    }
  };

  return {
    hit(key, limit) {
      const now = clock.monotonic();
      let window = current(key, now);
      if (!window) {
        windows.delete(key);
        makeRoom(now);
        window = { began: now, count: 0 };
        windows.set(key, window);
      }
      window.count++;
      return window.count > limit ? Math.max(1, Math.ceil((window.began + windowMs - now) / 1000)) : 0;
    },
    isFull(key, limit) {
      return (current(key, clock.monotonic())?.count ?? 0) >= limit;
    },
    size: () => windows.size,
  };
}
