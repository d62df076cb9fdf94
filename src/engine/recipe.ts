import type { DomainError } from '../base/errors';
import type { Plan } from './plan';
import type { JsonValue } from '../base/json';

/** What happens with a run that its process did not survive. */
export type Recovery =
  /** Creates and updates: finish the work. */
  | 'forward'
  /** The answer holds a secret nobody can receive any more: take everything back. */
  | 'back'
  /** Deletions: give up before the pivot, finish after it. */
  | 'forward-after-pivot';

/** One write on the world, from claim to answer: claim → look → journal → act. */
export interface Recipe<P extends JsonValue, T> {
  /** E.g. `create-bucket`; equals the kind of the plan. */
  readonly kind: string;
  /** A sentence for people. */
  readonly title: string;
  /** Of what the journal keeps, `input` and the pre-image: a program that knows another one does not plan from it. */
  readonly version: number;
  /** What was asked for; with the pre-image it is all that the plan needs, and holds no secret. */
  readonly input: JsonValue;
  /** Resources this run is the only writer of, as register keys below `claims/`, e.g. `demo/bucket/photos`. */
  readonly claims: readonly string[];
  /**
   * Claims of others that stop this run while they are held: exact keys, or prefixes when they end in `/`.
   * Checked after our own claims are held, so that of two runs that exclude each other at most one goes on.
   */
  readonly yieldsTo?: readonly string[];
  readonly recovery: Recovery;
  /** One parallel wave of reads: what is there of all the plan will touch. Journaled before the first effect. */
  readonly look: () => Promise<P>;
  /**
   * Further claims that what was seen asks for. They are waited for (bounded), and then everything is looked at again.
   */
  readonly claimsAfterLook?: (preImage: P) => readonly string[];
  /**
   * The plan for what was asked and seen, of the journal's copy of both in every run; throws a `DomainFailure` when what was
   * seen forbids the work.
   */
  readonly plan: (preImage: P, operationId: string, input: JsonValue) => Plan<T>;
  /**
   * What follows when the answer has reached its caller, or could not: for answers that hold a secret, which nobody can be
   * given twice. The claims are held until it is done; undefined: nothing follows.
   */
  afterwards?(value: T, delivered: boolean, preImage: P, operationId: string): Afterwards | undefined;
}

export interface Afterwards {
  /** Its steps only go forward; none is given up because AWS is busy. */
  readonly plan: Plan<unknown>;
  /** With this the run ends as `failed` all the same. */
  readonly error?: DomainError;
}

/** Hands an answer to its caller; gives whether it went out whole. */
export type Deliver<T> = (value: T, operationId: string) => Promise<boolean>;

/** How a run ended. `failed` with an empty `left` means: nothing was changed that is worth taking back. */
export type Outcome<T> = { readonly state: 'succeeded'; readonly value: T } | Failed | RolledBack | RollbackFailed;

/**
 * Refused, or failed with nothing to take back. After a pivot, or when nobody can tell whether the pivot happened, `left`
 * lists the steps that are still to be done: asking for the same work again finishes it.
 */
export interface Failed {
  readonly state: 'failed';
  readonly error: DomainError;
  readonly failedStep?: string;
  readonly left: readonly Remainder[];
}

/** `cancelled`: because somebody asked for it. */
export interface RolledBack {
  readonly state: 'rolled-back' | 'cancelled';
  readonly error: DomainError;
  readonly failedStep: string;
  /** Titles of the steps that were taken back. */
  readonly undone: readonly string[];
}

export interface RollbackFailed {
  readonly state: 'rollback-failed';
  readonly error: DomainError;
  readonly failedStep: string;
  readonly undone: readonly string[];
  /** What could not be taken back, and why. */
  readonly left: readonly Remainder[];
}

export interface Remainder {
  readonly step: string;
  readonly error?: DomainError;
}

/**
 * The run failed and goes on: AWS is busy, and what was done is taken back, or what lies behind the pivot is finished, as
 * soon as it lets us, for up to a day. The claims are held meanwhile.
 */
export interface Running {
  readonly state: 'running';
  readonly error: DomainError;
  readonly failedStep: string;
  readonly undone: readonly string[];
  /** Titles of steps that are still being taken back. */
  readonly undoing: readonly string[];
  /** Titles of steps that are still being done. */
  readonly finishing: readonly string[];
  /** What could not be taken back or done for good. */
  readonly left: readonly Remainder[];
}

/** A run of which its caller can be told the end, or that it goes on. */
export interface Performed<T> {
  readonly operationId: string;
  readonly outcome: Outcome<T> | Running;
  /** How a run that goes on has ended; never rejects. Absent where the outcome is the end. */
  readonly ended?: Promise<Outcome<T>>;
}
