import { AsyncLocalStorage } from 'node:async_hooks';

/** The operation that something is done for, as whatever speaks to AWS may know it. */
export interface RunningOperation {
  readonly operationId: string;
  /** Of the token that asked for it; undefined for what the service does by itself. */
  readonly tokenId?: string | undefined;
  /**
   * To be called before every attempt of a call, last before the socket, and waited for where it gives something to wait for.
   * Throws when this process may not send it any more, because another one may be at work on the operation before the call has
   * timed out. `timeoutMs`: of the call.
   */
  readonly mayCall: (timeoutMs: number) => Promise<void> | undefined;
}

const operations = new AsyncLocalStorage<RunningOperation>();

let underWay = 0;

/**
 * Runs `work` as part of an operation. While there is none the storage is switched off: on Node before 24 one that is on costs
 * every promise of the process (https://nodejs.org/docs/latest-v20.x/api/async_context.html#asynclocalstoragedisable).
 */
export async function withOperation<T>(operation: RunningOperation, work: () => Promise<T>): Promise<T> {
  underWay++;
  try {
    return await operations.run(operation, work);
  } finally {
    underWay--;
    if (underWay === 0) operations.disable();
  }
}

/** Gives the operation that this code runs for; undefined outside of one. */
export function runningOperation(): RunningOperation | undefined {
  return operations.getStore();
}

/**
 * Runs `work` for the same operation, if any, without asking whether a call may be sent: for calls that leave nothing behind
 * when they come late.
 */
export function unfenced<T>(work: () => Promise<T>): Promise<T> {
  const running = operations.getStore();
  return running ? operations.run({ ...running, mayCall: () => undefined }, work) : work();
}
