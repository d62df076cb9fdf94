import type { Clock } from '../base/clock';
import { type DomainError, toDomainError } from '../base/errors';

/** How often and after which errors something is tried again; waits use full jitter: random × min(cap, base × 2^n). */
export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  readonly baseMs: number;
  readonly capMs: number;
  /** No attempt begins later than so long after the first one began. Default 30,000. */
  readonly withinMs?: number;
  readonly retries: (error: DomainError) => boolean;
  /** Errors of the last attempt that mean: what the step wants is so already. Only for steps without a result. */
  readonly isDone?: (error: DomainError) => boolean;
}

/** Tells whether a pause may heal an error: throttling, a concurrent change, AWS down or silent. Never quotas. */
export function isTransient(error: DomainError): boolean {
  return error.kind === 'throttled' || error.kind === 'contended' || error.kind === 'unavailable';
}

/**
 * A call that is never answered costs the whole time that calls are given, and retries lie inside one another: counted in
 * attempts alone, a silent AWS would hold the caller and its claims for a quarter of an hour.
 */
const WITHIN_MS = 30_000;

/** For calls that may be sent again. */
export const standardPolicy: RetryPolicy = { attempts: 5, baseMs: 200, capMs: 4_000, retries: isTransient };

/** For calls that name something this plan has just made: IAM may not know it yet for some seconds. */
export const freshEntityPolicy: RetryPolicy = {
  attempts: 9,
  baseMs: 250,
  capMs: 5_000,
  retries: (error) => isTransient(error) || error.kind === 'not-found',
};

/**
 * For taking away what was made a moment ago: IAM may not know it yet, so "not there" is believed only after some
 * seconds; then it is as good as done.
 */
export const goneInTimePolicy: RetryPolicy = {
  attempts: 5,
  baseMs: 300,
  capMs: 3_000,
  retries: (error) => isTransient(error) || error.kind === 'not-found',
  isDone: (error) => error.kind === 'not-found',
};

/**
 * For making what others may make at the same moment: AWS says that it exists, and may not show it yet for some seconds. The
 * step looks for it after such an answer.
 */
export const sharedEntityPolicy: RetryPolicy = {
  attempts: 5,
  baseMs: 300,
  capMs: 3_000,
  retries: (error) => isTransient(error) || error.kind === 'exists',
};

/** For taking away what may be gone already: "not there" is as good as done. */
export const gonePolicy: RetryPolicy = { ...standardPolicy, isDone: (error) => error.kind === 'not-found' };

/** For deleting what other things hung on a moment ago: IAM may need some seconds to see that they are gone. */
export const settlingPolicy: RetryPolicy = {
  attempts: 8,
  baseMs: 250,
  capMs: 4_000,
  retries: (error) => isTransient(error) || isDeleteConflict(error),
  isDone: (error) => error.kind === 'not-found',
};

/** Tells whether IAM says that other things hang on what is to be deleted. */
export const isDeleteConflict = ({ kind, origin }: DomainError): boolean =>
  kind === 'conflict' && origin?.code === 'DeleteConflict';

/** One attempt, for what must not be sent twice. */
export const oncePolicy: RetryPolicy = { attempts: 1, baseMs: 0, capMs: 0, retries: () => false };

/**
 * For cleaning up: giving up leaves something behind, so conflicts (a removal before it that is not visible
 * everywhere yet) and the unforeseen are tried again, too.
 */
export const stubbornPolicy: RetryPolicy = {
  attempts: 6,
  baseMs: 300,
  capMs: 5_000,
  withinMs: 60_000,
  retries: (error) => isTransient(error) || error.kind === 'conflict' || error.kind === 'unforeseen',
};

/** For taking back what was made a moment ago: IAM may not know it yet, so "not there" is believed only after some seconds. */
export const freshUndoPolicy: RetryPolicy = {
  ...stubbornPolicy,
  retries: (error) => stubbornPolicy.retries(error) || error.kind === 'not-found',
};

/**
 * For what goes on after the caller was answered: nothing may be left behind because AWS was busy for a while. After a day
 * a person has to look.
 */
export const lastingPolicy: RetryPolicy = {
  attempts: Number.POSITIVE_INFINITY,
  baseMs: 5_000,
  capMs: 300_000,
  withinMs: 86_400_000,
  retries: isTransient,
};

/** A pause between two attempts. */
export interface Pause {
  /** Number of the attempt that failed, from 1. */
  readonly attempt: number;
  readonly waitMs: number;
  readonly error: DomainError;
}

/**
 * Calls `attempt` (told its number, from 1) until it succeeds, the policy does not want its error, or the attempts or
 * their time are used up; rejects with what the last attempt threw. `onRetry` is told before every pause.
 */
export async function retry<T>(
  policy: RetryPolicy,
  clock: Clock,
  attempt: (n: number) => Promise<T>,
  onRetry?: (pause: Pause) => void,
): Promise<T> {
  const lastBegin = clock.monotonic() + (policy.withinMs ?? WITHIN_MS);
  for (let n = 1; ; n += 1) {
    try {
      return await attempt(n);
    } catch (thrown) {
      const error = toDomainError(thrown);
      if (n >= policy.attempts || !policy.retries(error)) throw thrown;
      const waitMs = pauseAfter(n, error, policy, clock);
      if (clock.monotonic() + waitMs > lastBegin) throw thrown;
      onRetry?.({ attempt: n, waitMs, error });
      await clock.sleep(waitMs);
    }
  }
}

/**
 * Gives the pause in milliseconds. One that the answer itself asked for is kept, with jitter on top so that parallel
 * steps do not come back as one; but one beyond the cap is not believed: claims are held meanwhile, and the policy says
 * for how long.
 */
function pauseAfter(n: number, error: DomainError, policy: RetryPolicy, clock: Clock): number {
  const jitterMs = clock.random() * Math.min(policy.capMs, policy.baseMs * 2 ** (n - 1));
  const asked = (error.origin?.pauseSeconds ?? 0) * 1_000;
  const sensible = asked > 0 && asked <= policy.capMs;
  return Math.round(sensible ? Math.min(policy.capMs, asked + jitterMs) : jitterMs);
}
