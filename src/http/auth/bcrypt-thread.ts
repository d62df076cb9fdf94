import { Worker } from 'node:worker_threads';
import source from 'thread:./bcrypt.thread';
import type { ThreadAnswer, ThreadQuestion } from './bcrypt.thread';

export interface BcryptThread {
  /** Finds the first of `plains` that `header` is a bcrypt hash of, as an index; -1: none. Rejected when the thread ended twice over it. */
  readonly match: (header: string, plains: readonly string[]) => Promise<number>;
}

interface Pending {
  readonly question: ThreadQuestion;
  readonly resolve: (match: number) => void;
  readonly reject: (error: Error) => void;
  attempts: number;
}

/** How often a question is asked whose thread ended over it. */
const MOST_ATTEMPTS = 2;

/** bcrypt needs hardly any memory; more than this is a fault. */
const startThread = (): Worker =>
  new Worker(source, {
    eval: true,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 8 },
  });

/**
 * Makes a thread that compares bcrypt hashes, so that the event loop answers everybody else meanwhile. It is started
 * with the first question, keeps no process alive that has nothing else to do, and is started anew when it ended.
 */
export function createBcryptThread(start: () => Worker = startThread): BcryptThread {
  const pending = new Map<number, Pending>();
  let thread: Worker | undefined;
  let lastId = 0;

  const answered = ({ id, match }: ThreadAnswer): void => {
    pending.get(id)?.resolve(match);
    pending.delete(id);
    if (pending.size === 0) thread?.unref();
  };

  const running = (): Worker => {
    if (thread !== undefined) return thread;
    const started = start();
    let why: unknown;
    started.on('message', answered);
    started.on('error', (error: unknown) => (why = error));
    started.once('exit', () => {
      if (thread === started) thread = undefined;
      for (const one of pending.values()) ask(one, why);
    });
    thread = started;
    return started;
  };

  const ask = (one: Pending, why?: unknown): void => {
    if (one.attempts++ >= MOST_ATTEMPTS) return giveUp(one, why);
    try {
      const worker = running();
      worker.ref();
      worker.postMessage(one.question);
    } catch (cause) {
      giveUp(one, cause);
    }
  };
  const giveUp = (one: Pending, cause: unknown): void => {
    pending.delete(one.question.id);
    one.reject(new Error('the thread that compares tokens ended', { cause }));
  };

  return {
    match: (header, plains) =>
      new Promise((resolve, reject) => {
        const one: Pending = { question: { id: ++lastId, header, plains }, resolve, reject, attempts: 0 };
        pending.set(one.question.id, one);
        ask(one);
      }),
  };
}
