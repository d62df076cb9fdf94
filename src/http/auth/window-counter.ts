import { createCache } from '../../base/cache';
import type { Clock } from '../../base/clock';

export interface WindowCounter {
  /** Counts one event of `key`; seconds until the key's window ends when that is more than `limit` in it, else 0. */
  hit(key: string, limit: number): number;
  /** Whether the key has reached `limit` in its window already; counts nothing. */
  isFull(key: string, limit: number): boolean;
}

export interface WindowCounterOptions {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly windowMs?: number;
  /** More keys than this are not remembered: the one whose last event is the oldest makes room. */
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
  const windows = createCache<{ readonly endsAt: number; count: number }>({ most: maxKeys, ttlMs: windowMs, clock });
  return {
    hit(key, limit) {
      const now = clock.monotonic();
      const window = windows.get(key) ?? { endsAt: now + windowMs, count: 0 };
      if (window.count === 0) windows.set(key, window);
      window.count++;
      return window.count > limit ? Math.max(1, Math.ceil((window.endsAt - now) / 1000)) : 0;
    },
    isFull: (key, limit) => (windows.peek(key)?.count ?? 0) >= limit,
  };
}
