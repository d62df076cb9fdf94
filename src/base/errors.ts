/**
 * Every way a request or an operation can end badly, as values of one closed union.
 * Nothing here knows HTTP or AWS: `aws/errors/map.ts` makes these values of AWS answers,
 * `http/problem.ts` makes problem documents of them. Each border maps once.
 */

/** What is known about the effect of a call that failed: `none` is proof, `unknown` means it may have landed. */
export type Effect = 'none' | 'unknown';

/** Facts about the AWS call behind an error; absent where no call was made. */
export interface Origin {
  /** AWS's wire code, e.g. `AccessDenied`. */
  readonly code?: string;
  /** AWS's operation, e.g. `CreateBucket`. */
  readonly call?: string;
  /** The service spoken to, e.g. `s3`. */
  readonly service?: string;
  readonly effect?: Effect;
  /** What answered was not AWS, or not in its protocol: a page of HTML, say. */
  readonly foreign?: true;
  /** What came in the place of the call's own answer, e.g. `a listing`: who answered does not know the call. */
  readonly instead?: string;
  /** Seconds the answer itself asks to wait; what callers are told to wait may be a guess. */
  readonly pauseSeconds?: number;
  /** Where the answer says the bucket is, e.g. `eu-west-1`; S3 tells it even to those it refuses. */
  readonly region?: string;
}

interface Detailed {
  /** One or two sentences for the caller: what is wrong, what is allowed, how to go on. No internals, no secrets. */
  readonly detail: string;
  readonly origin?: Origin;
}

export type DomainError =
  /** The caller's input is wrong; nothing was done. */
  | (Detailed & { readonly kind: 'invalid'; readonly pointer?: string })
  /** No or a wrong token. */
  | (Detailed & { readonly kind: 'unauthenticated' })
  /** Known caller, or our own credentials, may not do this. */
  | (Detailed & { readonly kind: 'denied' })
  /** A protection that somebody has put on the resource forbids the change; only he can lift it. */
  | (Detailed & { readonly kind: 'protected' })
  | (Detailed & { readonly kind: 'not-found' })
  /** A thing of that name is there already. */
  | (Detailed & { readonly kind: 'exists' })
  | (Detailed & { readonly kind: 'not-empty' })
  /** A state of the resource forbids the request (e.g. two keys exist, user is Inactive). */
  | (Detailed & { readonly kind: 'conflict' })
  /** What would be done is not what the caller has agreed to; `planDigest` is that of the plan as it is now. */
  | (Detailed & { readonly kind: 'precondition-failed'; readonly planDigest: string })
  /** Another operation holds the resource; try again. */
  | (Detailed & { readonly kind: 'busy'; readonly holder?: string; readonly retryAfterSeconds: number })
  /** AWS asks for a pause and did nothing. */
  | (Detailed & { readonly kind: 'throttled'; readonly retryAfterSeconds: number })
  /** AWS answers that a concurrent change is in the way and did nothing (OperationAborted, ConcurrentModification …). */
  | (Detailed & { readonly kind: 'contended' })
  /** A quota of the account is used up; waiting does not help. */
  | (Detailed & { readonly kind: 'quota' })
  /** AWS answered 5xx, timed out or could not be reached. */
  | (Detailed & { readonly kind: 'unavailable'; readonly retryAfterSeconds: number })
  /** This process may not go on with the operation; another one does. Never worth a retry here. */
  | (Detailed & { readonly kind: 'superseded'; readonly retryAfterSeconds: number })
  /** This service is draining or has too much to do. */
  | (Detailed & { readonly kind: 'overloaded'; readonly retryAfterSeconds: number })
  /** The operator's configuration names something that does not work; `setting` says which. */
  | (Detailed & { readonly kind: 'misconfigured'; readonly setting: string })
  /** This account or build cannot do that at all. */
  | (Detailed & { readonly kind: 'unsupported' })
  /** A bug or an answer nobody foresaw; `cause` goes to the log only. */
  | (Detailed & { readonly kind: 'unforeseen'; readonly cause?: unknown });

export type DomainErrorKind = DomainError['kind'];

/** Carries a `DomainError` through code that throws. The only Error class of the project. */
export class DomainFailure extends Error {
  override readonly name = 'DomainFailure';
  constructor(readonly error: DomainError) {
    super(error.detail, error.kind === 'unforeseen' ? { cause: error.cause } : undefined);
  }
}

/** Ends the current work with `error`. */
export function fail(error: DomainError): never {
  throw new DomainFailure(error);
}

/** Finds the `DomainError` inside anything that was thrown; what is not ours becomes `unforeseen`. */
export function toDomainError(thrown: unknown): DomainError {
  if (thrown instanceof DomainFailure) return thrown.error;
  return { kind: 'unforeseen', detail: 'an unforeseen error occurred', cause: thrown };
}

/**
 * Tells whether a failed call may have had its effect all the same (timeout, reset, 5xx).
 * Errors of unknown origin count as ambiguous: an undo that finds nothing does no harm.
 */
export function isAmbiguous(error: DomainError): boolean {
  if (error.origin?.effect !== undefined) return error.origin.effect === 'unknown';
  return error.kind === 'unavailable' || error.kind === 'unforeseen';
}

/**
 * Tells whether a request was refused as it is, by a name that says so or by one that nobody foresaw. Stores have names of
 * their own for that.
 */
export function isRefusedAsIs({ kind, origin }: DomainError): boolean {
  return kind === 'invalid' || (kind === 'unforeseen' && origin?.effect === 'none');
}
