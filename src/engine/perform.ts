import type { Clock } from '../clock';
import type { Listener } from './events';
import type { Performed, Recipe } from './recipe';
import type { JsonValue, Register } from './register';

export interface EngineOptions {
  readonly register: Register;
  readonly clock: Clock;
  /** A new, globally unique operation id (letters, digits, hyphens; fits an AWS tag value). */
  readonly newId: () => string;
  readonly listeners: readonly Listener[];
  /** Steps of one run that may be under way at once. */
  readonly concurrency?: number;
}

export interface Engine {
  /**
   * Runs a recipe to its end: claim → look → journal → act → release. Never rejects: whatever happens is in the outcome.
   */
  perform<P extends JsonValue, T>(recipe: Recipe<P, T>): Promise<Performed<T>>;
  /** Runs under way now. */
  running(): number;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
}

export type CreateEngine = (options: EngineOptions) => Engine;
