import { DomainFailure, toDomainError } from '../../base/errors';
import { problem, problemOf } from '../problem';
import { sendProblem } from '../send';
import type { Answer, HttpOptions } from '../types';
import type { LogUnforeseen } from '../writes';

/** Writes what nobody foresaw to the log, under an id that goes to the caller. */
export function unforeseenLog({ log, newId }: Pick<HttpOptions, 'log' | 'newId'>): LogUnforeseen {
  return (res, cause) => {
    const logId = newId();
    const { requestId, operationId, route } = res.locals;
    log.error({ requestId, operationId, route, logId, err: cause }, 'unforeseen error');
    return logId;
  };
}

/** Makes a problem document of everything that was thrown. */
export function errorHandler(logUnforeseen: LogUnforeseen) {
  return (thrown: unknown, res: Answer): void => {
    if (isBadPath(thrown)) return sendProblem(res, problem('invalid', 'the path is not valid percent-encoding'));
    const error = toDomainError(thrown);
    const cause = thrown instanceof DomainFailure ? (thrown.cause ?? error.detail) : thrown;
    sendProblem(res, problemOf(error, error.kind === 'unforeseen' ? logUnforeseen(res, cause) : ''));
  };
}

/**
 * Tells whether this is the router's error for a path parameter that cannot be decoded: an URIError with status 400.
 */
function isBadPath(thrown: unknown): boolean {
  return thrown instanceof URIError && 'status' in thrown && thrown.status === 400;
}
