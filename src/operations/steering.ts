import { fail } from '../base/errors';
import type { History, ShownOperation } from '../domain/shared/history';
import type { Found } from './archive';

/** What callers may do to an operation. Both resolve when it is under way; how it ends is in the history. */
export interface Steering {
  /**
   * Gives an operation up: what it has done is taken back.
   * @throws {conflict} it has ended, or is past its point of no return
   */
  readonly cancel: (account: string, id: string) => Promise<void>;
  /**
   * Goes on with what an operation has left, as its next attempt.
   * @throws {conflict} it has left nothing, is under way, or others have worked on its resources since
   */
  readonly retry: (account: string, id: string) => Promise<void>;
}

/** Whoever runs operations. */
export interface Steered {
  /** @throws {conflict} it is past its point of no return, or has ended meanwhile */
  readonly cancel: (account: string, id: string) => Promise<void>;
  /**
   * `ended`: what is kept of it, with the journal that it goes on with.
   * @throws {busy} another operation works on its resources
   */
  readonly retry: (account: string, id: string, ended: Found) => Promise<void>;
}

export interface SteeringOptions {
  readonly history: Pick<History, 'find'> & {
    readonly ended: (account: string, id: string) => Promise<Found | undefined>;
    readonly isNewest: (shown: ShownOperation) => Promise<boolean>;
  };
  readonly engine: Steered;
}

/** Refuses what cannot be done to an operation as it is now, and has the rest done. */
export function createSteering({ history, engine }: SteeringOptions): Steering {
  return {
    cancel: async (account, id) => {
      const found = await history.find(account, id);
      if (found?.isOver() !== false) conflict('the operation has ended: there is nothing to cancel');
      await engine.cancel(account, id);
    },
    retry: async (account, id) => {
      const running = await history.find(account, id);
      if (running?.isOver() === false) conflict('the operation is under way');
      const ended = await history.ended(account, id);
      if (ended?.record.journal === undefined)
        return conflict('the operation has left nothing that could be tried again');
      if (!(await history.isNewest(ended.shown)))
        conflict('others have worked on its bucket, website or user since: what it had left may be theirs by now');
      await engine.retry(account, id, ended);
    },
  };
}

/** Runs nothing that could be steered. */
export const notSteered: Steered = Object.freeze({
  cancel: () => unsupported('cancelled'),
  retry: () => unsupported('retried'),
});

const conflict = (detail: string): never => fail({ kind: 'conflict', detail });

const unsupported = async (what: string): Promise<never> =>
  fail({ kind: 'unsupported', detail: `this version lets no operation be ${what}` });
