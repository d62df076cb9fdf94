import type { Deliver, Performed } from '../engine/recipe';
import { type DomainError, fail } from '../base/errors';
import { type EarlyAnswer, LONGEST_ANSWER_MS } from './operations/early';
import { endingOf, problemOf } from './problem';
import { sendProblem } from './send';
import type { Answer, HttpOptions } from './types';

export interface Write<T> {
  /** `deliver` answers at once; to be handed on where it matters whether the answer arrives: it holds a secret. */
  readonly run: (deliver: Deliver<T>) => Promise<Performed<T>>;
  readonly respond: (value: T) => void;
  /** How it may be answered before it has ended; absent where the answer is for this caller alone. */
  readonly early?: EarlyAnswer;
}

/** Runs a write and answers with its value, or with how it failed. */
export type PerformWrite = <T>(res: Answer, write: Write<T>) => Promise<void>;

export interface Writes {
  readonly perform: PerformWrite;
  /** Resolves when no write is under way any more. */
  readonly idle: () => Promise<void>;
}

/** Logs what nobody foresaw and gives the id under which the log has it. */
export type LogUnforeseen = (res: Answer, cause: unknown) => string;

/**
 * Bounds the writes under way to `limits.concurrentWrites` and takes none while the service is not ready. A write holds
 * its place to its end, also when its caller has left.
 */
export function performWrites(
  { ready, deadlines }: Pick<HttpOptions, 'ready' | 'deadlines'>,
  logUnforeseen: LogUnforeseen,
): Writes {
  let underWay = 0;
  const waiting: (() => void)[] = [];

  const unforeseenId = (res: Answer, error: DomainError): string =>
    error.kind === 'unforeseen' ? logUnforeseen(res, error.cause ?? error.detail) : '';

  const perform: PerformWrite = async (res, { run, respond, early }) => {
    if (!ready())
      fail({
        kind: 'overloaded',
        detail: 'this service is starting or stopping and takes no new writes',
        retryAfterSeconds: 5,
      });
    if (underWay >= res.locals.config.limits.concurrentWrites) {
      fail({ kind: 'overloaded', detail: 'too many writes are under way', retryAfterSeconds: 2 });
    }
    underWay++;
    const answers: Promise<boolean>[] = [];
    const name = (operationId: string): void => {
      res.locals.operationId = operationId;
      if (!res.headersSent) res.setHeader('X-Operation-Id', operationId);
    };
    const answer = async <V>(send: (value: V) => void, value: V): Promise<boolean> => {
      send(value);
      return isDelivered(res);
    };
    let cancel: () => void = () => undefined;
    /** Whether it was answered before its end; undefined while nobody has tried. */
    let answeredEarly: Promise<boolean> | undefined;
    res.locals.began = (operationId) => {
      name(operationId);
      if (early && !early.atOnce)
        cancel = deadlines.after(
          LONGEST_ANSWER_MS,
          () => void (answeredEarly = early.send(operationId).catch(() => false)),
        );
    };
    res.locals.acts = (operationId) => {
      if (early?.atOnce) answeredEarly ??= early.send(operationId).catch(() => false);
    };
    try {
      const { operationId, outcome } = await run((value, id) => {
        name(id);
        const answering = Promise.resolve(answeredEarly).then(
          (isAnswered) => isAnswered === true || answer(respond, value),
        );
        answers.push(answering);
        return answering;
      });
      await Promise.all(answers);
      // What has become of the operation since then is in the log: here the last word was said.
      if (answers.length > 0) return;
      cancel();
      if (await answeredEarly) {
        if (outcome.state !== 'succeeded') unforeseenId(res, outcome.error);
        await isDelivered(res);
        return;
      }
      name(operationId);
      // Whoever waits for the writes to end may close their connections then.
      const isOut = isDelivered(res);
      if (outcome.state === 'succeeded') {
        respond(outcome.value);
        await isOut;
        return;
      }
      sendProblem(res, problemOf(outcome.error, unforeseenId(res, outcome.error), endingOf(outcome)));
      await isOut;
    } finally {
      cancel();
      underWay--;
      if (underWay === 0) for (const tell of waiting.splice(0)) tell();
    }
  };

  return {
    perform,
    idle: () => (underWay === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}

/** Tells whether the answer went out whole; false when the caller left before. */
function isDelivered(res: Answer): Promise<boolean> {
  return new Promise((resolve) => {
    if (res.writableFinished || res.destroyed || res.socket?.destroyed !== false) return resolve(res.writableFinished);
    // Node calls an answer finished, too, when its connection is gone with bytes of it.
    res.once('finish', () => resolve(!res.req.socket.destroyed)).once('close', () => resolve(false));
  });
}
