import { AsyncLocalStorage } from 'node:async_hooks';

const requestIds = new AsyncLocalStorage<string>();

let underWay = 0;

/**
 * Runs `work`; every log line written in it, or in anything it awaits, carries `requestId`. Gives what `work` gives.
 * While nobody needs it the storage is switched off: on Node before 24 one that is on costs every promise of the whole
 * process (https://nodejs.org/docs/latest-v20.x/api/async_context.html#asynclocalstoragedisable).
 */
export async function withRequestId<T>(requestId: string, work: () => Promise<T> | T): Promise<T> {
  underWay++;
  try {
    return await requestIds.run(requestId, work);
  } finally {
    underWay--;
    if (underWay === 0) requestIds.disable();
  }
}

/** The id of the request this code runs for; undefined outside of one. */
export function currentRequestId(): string | undefined {
  return requestIds.getStore();
}
