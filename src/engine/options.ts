import type { Clock } from '../base/clock';
import type { JsonValue } from '../base/json';
import type { RunningOperation } from '../base/running-operation';
import type { Listener } from './events';
import type { Lease } from './lease';
import type { Notary } from './notary';
import type { Register } from './register';

/** Runs work as part of an operation, so that whatever speaks to AWS knows of it. */
export type Within = <T>(operation: RunningOperation, work: () => Promise<T>) => Promise<T>;

export interface EngineOptions {
  readonly register: Register;
  readonly clock: Clock;
  /**
   * A new, globally unique operation id (letters, digits, hyphens; fits an AWS tag value). `claim`: key of the claim whose
   * record will hold the journal.
   */
  readonly newId: (claim: string) => string;
  readonly listeners: readonly Listener[];
  /** Steps of one run that may be under way at once. Default 16. */
  readonly concurrency?: number;
  /** Whether the register outlives the process, so that the progress of runs is worth writing down. Default false. */
  readonly isDurable?: boolean;
  /** Where several processes share the register. Absent: this one has it to itself. */
  readonly lease?: Lease;
  /** Milliseconds after which a call to AWS is given up: so long may one of a dead process still have its effect. Default 12,000. */
  readonly callTimeoutMs?: number;
  /** Default: keeps nothing. */
  readonly notary?: Notary;
  /** Default: nobody is told. */
  readonly within?: Within;
}

/** Keeps nothing of a run. */
export const noNotary: Notary = {
  asked: (): JsonValue => null,
  display: (): JsonValue => null,
  end: () => Promise.resolve(),
};
