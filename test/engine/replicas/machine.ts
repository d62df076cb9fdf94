import type { Clock } from '../../../src/base/clock';
import type { Random } from './random';
import type { Scheduler } from './scheduler';

/** What may happen to a process. */
export type Fault =
  | { readonly kind: 'kill' }
  /** SIGSTOP, or with `isFrozen` a machine that is paused with its monotonic clock. */
  | { readonly kind: 'pause'; readonly ms: number; readonly isFrozen: boolean }
  /** It cannot reach the store. */
  | { readonly kind: 'cut-off'; readonly ms: number }
  /** Its wall clock is set. */
  | { readonly kind: 'jump'; readonly ms: number }
  | { readonly kind: 'terminate' };

/** A process on a machine of its own, as long as it lives. */
export interface Machine {
  readonly name: string;
  readonly clock: Clock;
  /** Does `work` in the process after so long: later when it is paused then, never when it is dead. */
  readonly after: (ms: number, work: () => void) => void;
  /** To be passed before and after whatever reaches out of the process: here its fault happens. False when it is dead. */
  readonly pass: (isRemoval?: boolean) => boolean;
  readonly isAlive: () => boolean;
  readonly isPaused: () => boolean;
  readonly isCutOff: () => boolean;
  /** How often it was stopped or cut off so far: what it had under way may have become somebody else's. */
  readonly troubles: () => number;
  readonly kill: () => void;
}

/** The faults of a life, in order. */
export type PlannedFaults = readonly {
  /** Boundaries passed before it. */
  readonly passes: number;
  /** It waits for a call that takes something away, at least so many milliseconds after the fault before it. */
  readonly atRemovalAfter?: number;
  readonly fault: Fault;
}[];

export interface MachineOptions {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly faults: PlannedFaults;
  readonly onTerminate: () => void;
  readonly note: (text: string) => void;
}

const EPOCH = Date.UTC(2030, 0, 1);

/** Starts a machine. */
export function startMachine({ name, scheduler, random, faults, onTerminate, note }: MachineOptions): Machine {
  const coming = [...faults];
  const startedAt = scheduler.now();
  let isDead = false;
  let pausedUntil = 0;
  let cutOffUntil = 0;
  /** By how much the monotonic clock is behind, and the wall clock beside, the true time. */
  let behind = startedAt - 1_000_000;
  let beside = random.between(-50, 50);
  let passes = 0;
  let troubles = 0;
  let sufferedAt = 0;

  const isPaused = (): boolean => pausedUntil > scheduler.now();
  const after: Machine['after'] = (ms, work) => {
    scheduler.after(ms, function due(): void {
      if (isDead) return;
      if (isPaused()) scheduler.after(pausedUntil - scheduler.now(), due);
      else work();
    });
  };
  const monotonic = (): number => scheduler.now() - behind;
  const clock: Clock = {
    now: () => EPOCH + scheduler.now() + beside,
    monotonic,
    random: random.next,
    sleep: (ms) =>
      new Promise((wake) => {
        const wakesAt = monotonic() + ms;
        // A clock that stood still has its timers wait for as long.
        const due = (): void => (monotonic() < wakesAt ? after(wakesAt - monotonic(), due) : wake());
        after(ms, due);
      }),
  };
  const kill = (): void => {
    isDead = true;
    troubles += 1;
  };
  const suffer = (fault: Fault): void => {
    note(`${name}: ${JSON.stringify(fault)}`);
    if (fault.kind === 'kill') kill();
    if (fault.kind === 'pause') {
      pausedUntil = Math.max(pausedUntil, scheduler.now() + fault.ms);
      if (fault.isFrozen) behind += fault.ms;
      troubles += 1;
    }
    if (fault.kind === 'cut-off') {
      cutOffUntil = scheduler.now() + fault.ms;
      troubles += 1;
    }
    if (fault.kind === 'jump') beside += fault.ms;
    if (fault.kind === 'jump' || fault.kind === 'terminate') troubles += 1;
    if (fault.kind === 'terminate') after(0, onTerminate);
  };
  return {
    name,
    clock,
    after,
    pass: (isRemoval = false) => {
      if (isDead) return false;
      passes += 1;
      const isNow = ({ passes: at, atRemovalAfter }: PlannedFaults[number]): boolean =>
        at <= passes && (atRemovalAfter === undefined || (isRemoval && scheduler.now() >= sufferedAt + atRemovalAfter));
      for (let [next] = coming; next !== undefined && isNow(next); [next] = coming) {
        coming.shift();
        sufferedAt = scheduler.now();
        suffer(next.fault);
      }
      return !isDead;
    },
    isAlive: () => !isDead,
    isPaused,
    isCutOff: () => cutOffUntil > scheduler.now(),
    troubles: () => troubles,
    kill,
  };
}
