import type { Behavior } from '../services/cloudfront/behavior-shape';
import { itemsOf } from '../services/cloudfront/counted';
import { MANAGED_CACHE_POLICIES } from '../services/cloudfront/cache-policies';

/** How long an answer stays at the edge. Source: CloudFront Developer Guide, "Manage how long content stays in the cache". */

export interface Caching {
  /** Seconds. */
  readonly min: number;
  readonly preset: number;
  readonly max: number;
  /** Whether the query string is forwarded and tells answers apart. */
  readonly queryStrings: boolean;
  /** Request headers that are forwarded and tell answers apart, in lower case. */
  readonly headers: readonly string[];
}

export function cachingOf(behavior: Behavior): Caching {
  const policy = MANAGED_CACHE_POLICIES.get(behavior.CachePolicyId ?? '');
  if (policy !== undefined)
    return {
      min: policy.minTtl,
      preset: policy.defaultTtl,
      max: policy.maxTtl,
      queryStrings: policy.queryStrings,
      headers: [],
    };
  return {
    min: behavior.MinTTL ?? 0,
    preset: behavior.DefaultTTL ?? 86_400,
    max: behavior.MaxTTL ?? 31_536_000,
    queryStrings: behavior.ForwardedValues?.QueryString ?? false,
    headers: itemsOf('Name', behavior.ForwardedValues?.Headers).map((name) => name.toLowerCase()),
  };
}

/** Seconds the origin's own headers ask for: `s-maxage` before `max-age` before `Expires`; undefined when they are silent. */
function askedFor(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const control = (headers['cache-control'] ?? '').toLowerCase();
  if (/(^|,)\s*(no-store|no-cache|private)\s*(=|,|$)/.test(control)) return 0;
  const [, shared] = /s-maxage=(\d+)/.exec(control) ?? [];
  const [, age] = /(?:^|[\s,])max-age=(\d+)/.exec(control) ?? [];
  const seconds = shared ?? age;
  if (seconds !== undefined) return Number(seconds);
  const expires = Date.parse(headers['expires'] ?? '');
  return Number.isNaN(expires) ? undefined : Math.max(0, (expires - now) / 1000);
}

/** Seconds an answer may stay; 0 keeps it out of the cache. */
export function timeToLive(caching: Caching, headers: Readonly<Record<string, string>>, now: number): number {
  const asked = askedFor(headers, now);
  if (asked === undefined) return caching.preset;
  return Math.min(caching.max, Math.max(caching.min, asked));
}
