import type { Clock } from '../base/clock';
import type { Listener } from './events';
import type { Register } from './register';

export interface EngineOptions {
  readonly register: Register;
  readonly clock: Clock;
  /** A new, globally unique operation id (letters, digits, hyphens; fits an AWS tag value). */
  readonly newId: () => string;
  readonly listeners: readonly Listener[];
  /** Steps of one run that may be under way at once. Default 16. */
  readonly concurrency?: number;
  /** Whether the register outlives the process, so that the progress of runs is worth writing down. Default false. */
  readonly isDurable?: boolean;
  /** Names this process in its claims, where several share one register. */
  readonly owner?: string;
}
