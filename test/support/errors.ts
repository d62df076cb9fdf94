import { type DomainError, DomainFailure } from '../../src/base/errors';

/** The kinds of answers that tests make calls end with. */
export const errors = {
  denied: { kind: 'denied', detail: 'not allowed', origin: { code: 'AccessDenied', effect: 'none' } },
  exists: { kind: 'exists', detail: 'there already', origin: { code: 'EntityAlreadyExists', effect: 'none' } },
  notFound: { kind: 'not-found', detail: 'not there', origin: { code: 'NoSuchEntity', effect: 'none' } },
  throttled: {
    kind: 'throttled',
    detail: 'slow down',
    retryAfterSeconds: 1,
    origin: { effect: 'none', pauseSeconds: 1 },
  },
  contended: { kind: 'contended', detail: 'in the way', origin: { code: 'OperationAborted', effect: 'none' } },
  conflict: { kind: 'conflict', detail: 'still attached', origin: { code: 'DeleteConflict', effect: 'none' } },
  quota: { kind: 'quota', detail: 'used up', origin: { code: 'LimitExceeded', effect: 'none' } },
  silent: { kind: 'unavailable', detail: 'no reply', retryAfterSeconds: 0, origin: { effect: 'unknown' } },
  unreachable: { kind: 'unavailable', detail: 'no connection', retryAfterSeconds: 0, origin: { effect: 'none' } },
} as const satisfies Record<string, DomainError>;

export function failure(error: DomainError): DomainFailure {
  return new DomainFailure(error);
}
