import type { Faults } from '../../../src/sandbox/faults';
import { isAuditor } from '../e2e/target';

/** An AWS that throttles, in front of the sandbox. */

/** Calls a second by service, about as an account has them. */
export type Rates = Readonly<Record<string, number>>;

const AWS_RATES: Rates = { iam: 15, route53: 5, cloudfront: 10, acm: 10, s3: 200 };

export interface LimiterOptions {
  /** Milliseconds. */
  readonly now: () => number;
  /** Default: `AWS_RATES`. */
  readonly rates?: Rates;
  /** The limits count from the first call of this operation on. Default: at once. */
  readonly from?: string;
  /** Milliseconds from then on in which nothing at all gets through. Default 0. */
  readonly standstillMs?: number;
}

export interface Limiter {
  /** Calls throttled so far. */
  readonly throttled: () => number;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

/**
 * One token bucket a service, which holds what comes in within a second; a call that finds it empty is throttled and costs
 * nothing. The auditor is not limited. Ends with `faults.clear`.
 */
export function limitRates(
  faults: Faults,
  { now, rates = AWS_RATES, from, standstillMs = 0 }: LimiterOptions,
): Limiter {
  let begunAt = from === undefined ? now() : undefined;
  const buckets = new Map<string, Bucket>(
    Object.entries(rates).map(([service, tokens]) => [service, { tokens, filledAt: now() }]),
  );
  const isThrottled = (service: string): boolean => {
    const [bucket, rate] = [buckets.get(service), rates[service]];
    if (bucket === undefined || rate === undefined) return false;
    bucket.tokens = Math.min(rate, bucket.tokens + ((now() - bucket.filledAt) / 1_000) * rate);
    bucket.filledAt = now();
    if (bucket.tokens < 1) return true;
    bucket.tokens -= 1;
    return false;
  };
  const handle = faults.add({
    kind: 'throttle',
    matching: ({ service, operation, request }) => {
      if (operation === from) begunAt ??= now();
      if (begunAt === undefined || isAuditor(request.headers['user-agent'])) return false;
      return now() < begunAt + standstillMs || isThrottled(service);
    },
  });
  return { throttled: () => handle.hits };
}
