import type { Clock } from '../base/clock';
import { type DomainError, DomainFailure } from '../base/errors';
import { NOTICES_PREFIX, ownerOf, READ_ME } from './records';
import type { Register } from './register';

/**
 * The right of a process to go on with what it has begun, where several share one register. It is a record that the process
 * writes again and again; all its runs hold claims in its name. Others take a run over when neither its record nor the sign
 * of life of its process has changed for a whole lease on their own monotonic clock.
 */

export interface LeaseTimes {
  /** Milliseconds from a sign of life until others may take over. */
  readonly leaseMs: number;
  /** Milliseconds between signs of life while something runs. */
  readonly heartbeatMs: number;
}

export interface Lease {
  /** Names this process in claims. After a loss it is another: what was held in the old name is gone. */
  readonly owner: () => string;
  /** Resolves when the lease has just been renewed, or has most of its time left. Rejects when the register fails. */
  readonly ensure: () => Promise<void>;
  /** Enters a run that lives in the present name; ends with `leave`. */
  readonly enter: (lose: () => void) => Tenure;
  /** Tells others that this process has ended: what it held is free at once. Nothing may be under way any more. */
  readonly resign: () => Promise<void>;
  /** How often the lease was lost with runs under way. */
  readonly losses: () => number;
}

/** A run's part in the lease. */
export interface Tenure {
  readonly owner: string;
  /**
   * To be waited for right before a call is sent that may take so long: undefined when it may be sent at once.
   * @throws {superseded} it may not be sent at all any more
   */
  readonly mayCall: (timeoutMs: number) => Promise<void> | undefined;
  readonly leave: () => void;
}

/** What ends a run whose process may not go on with it. */
export const SUPERSEDED: DomainError = {
  kind: 'superseded',
  detail:
    'This process lost its hold on the operation, for the store of operations could not be reached in time or the process stood still; the next one goes on with it.',
  retryAfterSeconds: 5,
  origin: { effect: 'none' },
};

export const ownerKey = (owner: string): string => `${NOTICES_PREFIX}owner/${owner}`;

/** The sign of life of a process that is no more; short, so that a list tells it from the others. */
export const GONE = 'gone';

export interface LeaseOptions extends LeaseTimes {
  readonly register: Register;
  readonly clock: Clock;
  readonly newOwner: () => string;
}

/** A name is used again, so that signs of life do not pile up; but before others sweep its sign, which is after a day. */
const REUSED_MS = 43_200_000;

interface Term {
  readonly owner: string;
  version: string | undefined;
  /** Ends of the lease, on both clocks: one that stands still in a paused machine must not prolong it. Undefined: it has none now. */
  until: { readonly monotonic: number; readonly wall: number } | undefined;
  isLost: boolean;
  /** The sign of life that is on its way. */
  renewing: Promise<void> | undefined;
  readonly runs: Set<() => void>;
}

/** Makes the lease of a process, which holds nothing yet and writes nothing while nothing runs. */
export function createLease(options: LeaseOptions): Lease {
  const { register, clock, leaseMs, heartbeatMs, newOwner } = options;
  let losses = 0;
  let beating = false;
  /** Those who wait for the next renewal, or the loss. */
  let waiting: (() => void)[] = [];
  const begin = (): Term => ({
    owner: newOwner(),
    version: undefined,
    until: undefined,
    isLost: false,
    renewing: undefined,
    runs: new Set(),
  });
  let term = begin();

  const leftOf = ({ until }: Term): number =>
    until ? Math.min(until.monotonic - clock.monotonic(), until.wall - clock.now()) : -Infinity;
  const isOver = (one: Term): boolean => one.until !== undefined && leftOf(one) <= 0;
  const wake = (): void => {
    const woken = waiting;
    waiting = [];
    for (const tell of woken) tell();
  };

  const lose = (lost: Term): void => {
    if (lost.isLost) return;
    lost.isLost = true;
    if (term === lost) term = begin();
    if (lost.runs.size > 0) losses += 1;
    for (const tell of [...lost.runs]) tell();
    wake();
  };

  /** One sign of life. Whoever has declared this process dead has changed its record: then it is. */
  const beat = async (mine: Term): Promise<void> => {
    const sent = { monotonic: clock.monotonic(), wall: clock.now() };
    const value = { owner: mine.owner, at: new Date(sent.wall).toISOString(), readMe: READ_ME };
    const condition = mine.version === undefined ? ({ ifAbsent: true } as const) : { ifMatch: mine.version };
    const key = ownerKey(mine.owner);
    const written = await register.put(key, value, condition);
    if (!written.ok) {
      const entry = await register.get(key);
      if (ownerOf(entry?.value ?? null) !== mine.owner || entry?.version === mine.version) {
        lose(mine);
        return;
      }
      // Nobody else writes that: it is an earlier sign of life, whose reply was lost.
      mine.version = entry?.version;
      return beat(mine);
    }
    mine.version = written.version;
    mine.until = { monotonic: sent.monotonic + leaseMs, wall: sent.wall + leaseMs };
    wake();
  };

  const renew = (): Promise<void> => {
    const mine = term;
    // Of this term: one that a former term waits for says nothing about this one.
    mine.renewing ??= beat(mine).finally(() => (mine.renewing = undefined));
    return mine.renewing;
  };

  const keepBeating = async (): Promise<void> => {
    if (beating) return;
    beating = true;
    while (term.runs.size > 0) {
      await clock.sleep(heartbeatMs);
      if (term.runs.size === 0) break;
      if (isOver(term)) lose(term);
      // A register that fails now may answer before the lease is over.
      else await renew().catch(() => undefined);
    }
    beating = false;
  };

  /** While nothing runs there are no signs of life, and no need for them: that a lease ended then is no loss. */
  const lapse = (): void => {
    if (term.runs.size > 0 || term.until === undefined) return;
    const left = leftOf(term);
    if (left < -REUSED_MS) term = begin();
    // What little is left may be over before the next sign is written.
    else if (left < leaseMs - heartbeatMs) term.until = undefined;
  };

  return {
    owner: () => term.owner,
    losses: () => losses,
    ensure: async () => {
      lapse();
      if (isOver(term)) lose(term);
      if (leftOf(term) < leaseMs - heartbeatMs) await renew();
    },
    enter: (tell) => {
      lapse();
      // Nobody begins in a term that is over.
      if (isOver(term)) lose(term);
      const mine = term;
      mine.runs.add(tell);
      void keepBeating();
      const mayCall = (timeoutMs: number): Promise<void> | undefined => {
        if (mine.isLost) throw new DomainFailure(SUPERSEDED);
        const left = leftOf(mine);
        if (left >= timeoutMs) return undefined;
        if (isOver(mine)) {
          lose(mine);
          throw new DomainFailure(SUPERSEDED);
        }
        // The register is slow: a renewal may come, and else the end.
        return Promise.race([
          new Promise<void>((resolve) => waiting.push(resolve)),
          clock.sleep(Math.max(left, 1)),
        ]).then(() => mayCall(timeoutMs));
      };
      return { owner: mine.owner, mayCall, leave: () => void mine.runs.delete(tell) };
    },
    resign: async () => {
      const mine = term;
      if (mine.version === undefined) return;
      await register.put(ownerKey(mine.owner), GONE, { ifMatch: mine.version });
      mine.isLost = true;
      term = begin();
    },
  };
}
