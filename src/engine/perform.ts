import type { Clock } from '../clock';
import type { Listener } from './events';
import type { Performed, Recipe } from './recipe';
import type { JsonValue, Register } from './register';
import { runRecipe } from './run';

export interface EngineOptions {
  readonly register: Register;
  readonly clock: Clock;
  /** A new, globally unique operation id (letters, digits, hyphens; fits an AWS tag value). */
  readonly newId: () => string;
  readonly listeners: readonly Listener[];
  /** Steps of one run that may be under way at once. Default 16. */
  readonly concurrency?: number;
  /** Names this process in its claims, where several share one register. */
  readonly owner?: string;
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

export function createEngine(options: EngineOptions): Engine {
  const underWay = new Set<Promise<unknown>>();
  return {
    perform: async (recipe) => {
      const run = runRecipe(recipe, options);
      underWay.add(run);
      try {
        return await run;
      } finally {
        underWay.delete(run);
      }
    },
    running: () => underWay.size,
    idle: async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}
