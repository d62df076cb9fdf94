import type { Clock } from '../clock';
import type { DomainError } from '../errors';

/** How often and after which errors something is tried again; waits use full jitter: random × min(cap, base × 2^n). */
export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  readonly baseMs: number;
  readonly capMs: number;
  readonly retries: (error: DomainError) => boolean;
}

/** Errors that a pause may heal: throttling, a concurrent change, AWS down or silent. Never quotas. */
export function isTransient(error: DomainError): boolean {
  return error.kind === 'throttled' || error.kind === 'contended' || error.kind === 'unavailable';
}

export const standardPolicy: RetryPolicy = { attempts: 5, baseMs: 200, capMs: 4_000, retries: isTransient };

/** For calls that name something this plan has just made: IAM may not know it yet for some seconds. */
export const freshEntityPolicy: RetryPolicy = {
  attempts: 9,
  baseMs: 250,
  capMs: 5_000,
  retries: (error) => isTransient(error) || error.kind === 'not-found',
};

/** One attempt, for what must not be sent twice. */
export const oncePolicy: RetryPolicy = { attempts: 1, baseMs: 0, capMs: 0, retries: () => false };
