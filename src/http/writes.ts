import type { Performed } from '../engine/recipe';
import { fail } from '../errors';
import { endingOf, problemOf } from './problem';
import { sendProblem } from './send';
import type { Answer, HttpOptions } from './types';

export interface Write<T> {
  readonly run: () => Promise<Performed<T>>;
  readonly respond: (value: T) => void;
  /** Takes back what is of no use to anyone when the answer does not reach its caller: a key with a secret in it. */
  readonly undelivered?: (value: T) => Promise<void>;
}

/** Runs a write and answers with its value, or with how it failed. */
export type PerformWrite = <T>(res: Answer, write: Write<T>) => Promise<void>;

export interface Writes {
  readonly perform: PerformWrite;
  /** Resolves when no write is under way any more, keys that are taken back included. */
  readonly idle: () => Promise<void>;
}

/** Logs what nobody foresaw and gives the id under which the log has it. */
export type LogUnforeseen = (res: Answer, cause: unknown) => string;

/**
 * Bounds the writes under way to `limits.concurrentWrites` and takes none while the service is not ready. A write holds
 * its place to its end, also when its caller has left.
 */
export function performWrites(
  { ready, log }: Pick<HttpOptions, 'ready' | 'log'>,
  logUnforeseen: LogUnforeseen,
): Writes {
  let underWay = 0;
  const waiting: (() => void)[] = [];

  const withdraw = async (res: Answer, undelivered: () => Promise<void>): Promise<void> => {
    const { requestId, operationId } = res.locals;
    try {
      await undelivered();
      log.info({ requestId, operationId }, 'answer not delivered; its key is withdrawn');
    } catch (thrown) {
      log.error({ requestId, operationId, err: thrown }, 'answer not delivered, and its key could not be withdrawn');
    }
  };

  const perform: PerformWrite = async (res, { run, respond, undelivered }) => {
    if (!ready()) fail({ kind: 'overloaded', detail: 'this service is starting or stopping and takes no new writes', retryAfterSeconds: 5 });
    if (underWay >= res.locals.config.limits.concurrentWrites) {
      fail({ kind: 'overloaded', detail: 'too many writes are under way', retryAfterSeconds: 2 });
    }
    underWay++;
    try {
      const { operationId, outcome } = await run();
      res.locals.operationId = operationId;
      if (!res.headersSent) res.setHeader('X-Operation-Id', operationId);
      if (outcome.state === 'succeeded') {
        respond(outcome.value);
        if (!undelivered || (await isDelivered(res))) return;
        await withdraw(res, () => undelivered(outcome.value));
        return;
      }
      const logId = outcome.error.kind === 'unforeseen' ? logUnforeseen(res, outcome.error.cause ?? outcome.error.detail) : '';
      sendProblem(res, problemOf(outcome.error, logId, endingOf(outcome)));
    } finally {
      underWay--;
      if (underWay === 0) for (const tell of waiting.splice(0)) tell();
    }
  };

  return { perform, idle: () => (underWay === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))) };
}

/** Whether the answer went out whole; false when the caller left before. */
function isDelivered(res: Answer): Promise<boolean> {
  return new Promise((resolve) => {
    if (res.writableFinished || res.destroyed || res.socket?.destroyed !== false) return resolve(res.writableFinished);
    // Node calls an answer finished, too, when its connection is gone with bytes of it.
    res.once('finish', () => resolve(!res.req.socket.destroyed)).once('close', () => resolve(false));
  });
}
