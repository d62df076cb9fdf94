import { parentPort } from 'node:worker_threads';
import { compareSync } from 'bcryptjs';

/** Runs in a thread of its own, see bcrypt-thread.ts: one question at a time, and one answer for each. */

export interface ThreadQuestion {
  readonly id: number;
  readonly header: string;
  readonly plains: readonly string[];
}

export interface ThreadAnswer {
  readonly id: number;
  /** Index of the first plain text that `header` is a hash of; -1: of none. */
  readonly match: number;
}

parentPort?.on('message', ({ id, header, plains }: ThreadQuestion) => {
  const match = plains.findIndex((plain) => compareSync(plain, header));
  parentPort?.postMessage({ id, match } satisfies ThreadAnswer);
});
