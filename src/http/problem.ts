import type { DomainError, DomainErrorKind } from '../base/errors';
import type { Outcome, Remainder, Running } from '../engine/recipe';

/** Ways to be refused that only HTTP knows. */
type HttpKind =
  | 'method-not-allowed'
  | 'request-timeout'
  | 'too-large'
  | 'unsupported-media-type'
  | 'expectation-failed'
  | 'key-reused'
  | 'headers-too-large';
export type ProblemKind = DomainErrorKind | HttpKind;

interface Shape {
  readonly status: number;
  readonly title: string;
  /** The same request may succeed later. */
  readonly retryable?: true;
}

/** The one place where an error gets its status. */
const SHAPES: Readonly<Record<ProblemKind, Shape>> = {
  invalid: { status: 400, title: 'Invalid request' },
  unauthenticated: { status: 403, title: 'No valid token' },
  denied: { status: 403, title: 'Access denied' },
  protected: { status: 403, title: 'Protected' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  'request-timeout': { status: 408, title: 'Request timed out' },
  exists: { status: 409, title: 'Exists already' },
  'not-empty': { status: 409, title: 'Not empty' },
  conflict: { status: 409, title: 'Conflict' },
  busy: { status: 409, title: 'Busy', retryable: true },
  contended: { status: 409, title: 'Concurrent change', retryable: true },
  'precondition-failed': { status: 412, title: 'Another plan' },
  'too-large': { status: 413, title: 'Body too large' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type' },
  'expectation-failed': { status: 417, title: 'Expectation failed' },
  'key-reused': { status: 422, title: 'Key used for another request' },
  throttled: { status: 429, title: 'Too many requests', retryable: true },
  quota: { status: 429, title: 'Quota used up' },
  'headers-too-large': { status: 431, title: 'Headers too large' },
  unforeseen: { status: 500, title: 'Internal error' },
  misconfigured: { status: 500, title: 'Misconfigured' },
  unsupported: { status: 501, title: 'Not supported' },
  unavailable: { status: 503, title: 'Unavailable', retryable: true },
  superseded: { status: 503, title: 'Goes on elsewhere', retryable: true },
  overloaded: { status: 503, title: 'Overloaded', retryable: true },
};

/** What one problem document says; `instance` and `requestId` are added when it is sent. */
export interface Problem {
  readonly kind: ProblemKind;
  readonly status: number;
  readonly retryAfterSeconds?: number;
  readonly members: Readonly<Record<string, unknown>>;
}

/** Makes a problem document of RFC 9457. `detail` is for the caller: no internals, no secrets. */
export function problem(kind: ProblemKind, detail: string, more: Readonly<Record<string, unknown>> = {}): Problem {
  const { status, title, retryable = false } = SHAPES[kind];
  return { kind, status, members: { type: `urn:mallard:problem:${kind}`, title, status, detail, retryable, ...more } };
}

/** Makes the problem document of `error`; one about something unforeseen says nothing but `logId`. */
export function problemOf(error: DomainError, logId: string, more: Readonly<Record<string, unknown>> = {}): Problem {
  const seconds = retryAfter(error);
  return {
    ...problem(
      error.kind,
      error.kind === 'unforeseen' ? `${publicDetail(error)}; the log has it as ${logId}` : error.detail,
      {
        ...(error.origin?.code !== undefined && { code: error.origin.code }),
        ...(error.kind === 'invalid' && error.pointer !== undefined && { pointer: error.pointer }),
        ...(error.kind === 'precondition-failed' && { planDigest: error.planDigest }),
        ...(error.kind === 'busy' && error.holder !== undefined && { holder: error.holder }),
        ...(error.kind === 'misconfigured' && { setting: error.setting }),
        ...(error.kind === 'unforeseen' && { logId }),
        ...more,
      },
    ),
    ...(seconds !== undefined && { retryAfterSeconds: seconds }),
  };
}

/**
 * Tells how a failed write ended, as members of its problem document: what failed, what was undone, what is left; of
 * one that goes on, what is still being undone or done.
 */
export function endingOf(
  outcome: Exclude<Outcome<unknown>, { state: 'succeeded' }> | Running,
): Readonly<Record<string, unknown>> {
  const goesOn = outcome.state === 'running';
  return {
    state: outcome.state,
    ...(outcome.failedStep !== undefined && { failedStep: outcome.failedStep }),
    ...('undone' in outcome && { undone: outcome.undone }),
    ...(goesOn && outcome.undoing.length > 0 && { undoing: outcome.undoing }),
    ...(goesOn && outcome.finishing.length > 0 && { finishing: outcome.finishing }),
    ...('left' in outcome && !(goesOn && outcome.left.length === 0) && { left: outcome.left.map(remainderOf) }),
  };
}

function remainderOf({ step, error }: Remainder): Readonly<Record<string, unknown>> {
  return {
    step,
    ...(error && { detail: publicDetail(error) }),
    ...(error?.origin?.code !== undefined && { code: error.origin.code }),
  };
}

/** Nobody foresaw what an `unforeseen` detail holds, so nobody outside reads it. */
function publicDetail(error: DomainError): string {
  return error.kind === 'unforeseen' ? 'an unforeseen error occurred' : error.detail;
}

/** Whole seconds, at least one; undefined where waiting does not help. */
function retryAfter(error: DomainError): number | undefined {
  if (error.kind === 'contended') return 1;
  return 'retryAfterSeconds' in error ? Math.max(1, Math.ceil(error.retryAfterSeconds)) : undefined;
}
