import { createBackground } from './background';
import { createFollowing } from './following';
import type { Deliver, Performed, Recipe } from './recipe';
import type { EngineOptions } from './options';
import type { JsonValue } from '../base/json';
import type { InterruptedRun } from './recover';
import { startRun, type UnderWay } from './run';

/** A run that has not ended, and what it would leave behind if the process ended now. */
export interface LeftBehind {
  readonly operationId: string;
  readonly kind: string;
  readonly title: string;
  /** Titles of steps: done and not taken back, or behind a pivot and not done. */
  readonly left: readonly string[];
}

export interface Engine {
  /**
   * Runs a recipe: claim → look → journal → act → release. Resolves with its end, or, when AWS is too busy for what it
   * must not leave behind, with `running`; the run then goes on and keeps its claims. Never rejects: whatever happens is
   * in the outcome. `deliver` hands a recipe's answer out that has an `afterwards`; without it, it counts as delivered.
   */
  perform<P extends JsonValue, T>(recipe: Recipe<P, T>, deliver?: Deliver<T>): Promise<Performed<T>>;
  /**
   * Goes on with a run that its process did not survive, whose plan can be made of its journal (`fits`): forward or back, as
   * its recovery says. The claims are held meanwhile.
   */
  resume<T>(recipe: Recipe<JsonValue, T>, interrupted: InterruptedRun): Promise<Performed<T>>;
  /** Runs under way now, those that go on included. */
  running(): number;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
  /** Cuts the pauses of runs that go on short: the process is about to end. */
  hurry(): void;
  /** What would be left behind if the process ended now, oldest run first. */
  leftBehind(): readonly LeftBehind[];
}

/** Makes an engine, in which nothing is under way yet. */
export function createEngine(options: EngineOptions): Engine {
  const shared = { background: createBackground(options.clock), following: createFollowing() };
  /** With what is over when whoever waits for the run has been told. */
  const underWay = new Map<UnderWay<never>, Promise<unknown>>();
  const follow = <T>(run: UnderWay<T>): Promise<Performed<T>> => {
    const known = run as UnderWay<never>;
    const { operationId } = run;
    const ended = run.ended.finally(() => underWay.delete(known));
    const performed = Promise.race([
      ended.then((outcome) => ({ operationId, outcome })),
      run.goesOn.then((outcome) => ({ operationId, outcome, ended })),
    ]);
    underWay.set(known, Promise.all([ended, performed]));
    return performed;
  };
  const running = { ...options, ...shared };
  return {
    perform: (recipe, deliver) => follow(startRun(recipe, running, { deliver })),
    resume: (recipe, interrupted) => follow(startRun(recipe, running, { interrupted })),
    running: () => underWay.size,
    idle: async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay.values());
    },
    hurry: shared.background.hurry,
    leftBehind: () =>
      [...underWay.keys()].map(({ operationId, kind, title, left }) => ({ operationId, kind, title, left: left() })),
  };
}
