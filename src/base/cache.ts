import { LRUCache } from 'lru-cache';
import type { Clock } from './clock';

export interface CacheOptions<V> {
  /** Entries kept; for one more, the one used longest ago is forgotten. */
  readonly most: number;
  /** What an entry counts for of `most`; default: 1. */
  readonly sizeOf?: (value: V) => number;
  /** Milliseconds after which an entry is forgotten, counted from its first `set` with `noUpdateTTL`, else from its last. */
  readonly ttlMs?: number;
  /** Whose monotonic time `ttlMs` is counted in. */
  readonly clock?: Pick<Clock, 'monotonic'>;
}

export type Cache<V extends NonNullable<unknown>> = LRUCache<string, V>;

/** Makes a cache that takes memory for what it holds, and no timers: expiry is looked at when an entry is asked for. */
export function createCache<V extends NonNullable<unknown>>({ most, ttlMs, clock, sizeOf }: CacheOptions<V>): Cache<V> {
  return new LRUCache<string, V>({
    // A bound on sizes, not `max`, for which the library reserves its lists in full at once.
    maxSize: most,
    sizeCalculation: sizeOf ?? (() => 1),
    ...(ttlMs !== undefined &&
      clock !== undefined && {
        // The library keeps entries of exactly this age.
        ttl: ttlMs - 1,
        // It reads the time at each question, and a time of 0 as none.
        ttlResolution: 0,
        perf: { now: () => clock.monotonic() + 1 },
      }),
  });
}
