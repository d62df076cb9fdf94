import { AsyncLocalStorage } from 'node:async_hooks';

const requestIds = new AsyncLocalStorage<string>();

/** Runs `work`; every log line written in it, or in anything it awaits, carries `requestId`. Gives what `work` gives. */
export function withRequestId<T>(requestId: string, work: () => T): T {
  return requestIds.run(requestId, work);
}

/** The id of the request this code runs for; undefined outside of one. */
export function currentRequestId(): string | undefined {
  return requestIds.getStore();
}
