import type { DomainErrorKind } from '../../base/errors';
import type { ServiceName } from '../services';

/**
 * How one call ended. `refused`: AWS said no, with proof that nothing was done; `failed`: nobody foresaw the answer;
 * the others as the domain errors of the same names.
 */
export type CallOutcome = 'ok' | 'refused' | 'throttled' | 'contended' | 'unavailable' | 'misconfigured' | 'failed';

/** One request over the wire. Nothing in it was chosen by a caller, so every member may be a metric label. */
export interface AwsCall {
  readonly service: ServiceName;
  /** E.g. `CreateBucket`. */
  readonly operation: string;
  readonly outcome: CallOutcome;
  /** AWS's wire code, when the call failed with one. */
  readonly code?: string;
  /** HTTP status, when there was an answer. */
  readonly status?: number;
  readonly durationMs: number;
  /** The configured name of the account. */
  readonly accountName: string;
  /** AWS's id of the request, for its support. */
  readonly requestId?: string;
}

/** Told of every call after its end; metrics and the debug log hang here. */
export type CallListener = (call: AwsCall) => void;

/** Gives the outcome that a domain error stands for. */
export function outcomeOf(kind: DomainErrorKind): CallOutcome {
  switch (kind) {
    case 'throttled':
    case 'contended':
    case 'unavailable':
    case 'misconfigured':
      return kind;
    case 'unforeseen':
      return 'failed';
    default:
      return 'refused';
  }
}

/** Tells the listener; one that throws must not turn a call that succeeded into a failure. */
export function report(listener: CallListener | undefined, call: AwsCall): void {
  try {
    listener?.(call);
  } catch {
    // What a listener does is its own affair.
  }
}
