/** `name` of the error with which a deadline ends a search. */
export const METADATA_TIMEOUT = 'MetadataTimeoutError';

function noAnswer(): Error {
  return Object.assign(new Error('no answer came in time'), { name: METADATA_TIMEOUT });
}

/**
 * Runs `work` for at most `ms` milliseconds; then its signal is aborted and the promise rejects with a `MetadataTimeoutError`,
 * whatever the work does about the signal. `waitNoMore` ends the count ahead of time: what follows has bounds of its own.
 */
export async function within<T>(
  ms: number,
  work: (signal: AbortSignal, waitNoMore: () => void) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => clearTimeout(timer);
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = noAnswer();
      controller.abort(error);
      reject(error);
    }, ms);
  });
  try {
    return await Promise.race([work(controller.signal, stop), deadline]);
  } finally {
    stop();
  }
}
