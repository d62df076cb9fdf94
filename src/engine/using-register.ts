import { type DomainError, fail, toDomainError } from '../base/errors';
import { isRefusal } from './claims';
import type { EngineEventPayload } from './events';

const RETRY_SECONDS = 5;

/**
 * Uses the register. Its own failures mean nothing to a caller: they are told apart here, once.
 * @throws {unavailable} in place of such a failure
 */
export async function usingRegister<R>(
  during: Extract<EngineEventPayload, { type: 'register-failed' }>['during'],
  emit: (event: EngineEventPayload) => void,
  work: () => Promise<R>,
): Promise<R> {
  try {
    return await work();
  } catch (thrown) {
    if (isRefusal(thrown)) throw thrown;
    const error: DomainError = toDomainError(thrown);
    emit({ type: 'register-failed', during, error });
    return fail({
      kind: 'unavailable',
      detail:
        during === 'journal'
          ? 'The store of operations cannot be reached. Nothing was changed, unless the store has the journal all the same and another process goes on with it: ask for the operation before you try again.'
          : 'The store of operations cannot be reached; nothing was changed.',
      retryAfterSeconds: RETRY_SECONDS,
      origin: { effect: 'none' },
    });
  }
}
