import { createBackground } from './background';
import { createFollowing } from './following';
import type { JournalRecord } from './journal';
import type { Deliver, Performed, Recipe } from './recipe';
import type { EngineOptions } from './options';
import type { JsonValue } from '../base/json';
import type { InterruptedRun } from './recover';
import { type Beginning, idFor, startRun, type UnderWay } from './run';

/** A run that has not ended, and what it would leave behind if the process ended now. */
export interface LeftBehind {
  readonly operationId: string;
  readonly kind: string;
  readonly title: string;
  /** Titles of steps: done and not taken back, or behind a pivot and not done. */
  readonly left: readonly string[];
}

export interface Engine {
  /** Gives an id for a run of the recipe, for `perform`. */
  newId(recipe: { readonly claims: readonly string[] }): string;
  /**
   * Runs a recipe: claim → look → journal → act → release. Resolves with its end, or, when AWS is too busy for what it
   * must not leave behind, with `running`; the run then goes on and keeps its claims. Never rejects: whatever happens is
   * in the outcome. `deliver` hands a recipe's answer out that has an `afterwards`; without it, it counts as delivered.
   * `as`: the id that it was given before, and which attempt of that operation it is.
   */
  perform<P extends JsonValue, T>(
    recipe: Recipe<P, T>,
    deliver?: Deliver<T>,
    as?: Beginning<T>['as'],
  ): Promise<Performed<T>>;
  /**
   * Goes on with a run that its process did not survive, whose plan can be made of its journal (`fits`): forward or back, as
   * its recovery says. The claims are held meanwhile.
   */
  resume<T>(recipe: Recipe<JsonValue, T>, interrupted: InterruptedRun): Promise<Performed<T>>;
  /** Takes up what a run has left that has ended: refused when others have worked there since. */
  settle<T>(recipe: Recipe<JsonValue, T>, ended: JournalRecord): Promise<Performed<T>>;
  /**
   * Asks a run to stop and to take back what it did. `too-late`: it is past its point of no return, or has ended but for its
   * claims; undefined: it is not under way here.
   */
  cancel(operationId: string): 'asked' | 'too-late' | undefined;
  /** Runs under way now, those that go on included. */
  running(): number;
  readonly isRunning: (operationId: string) => boolean;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
  /** Cuts the pauses of runs that go on short: the process is about to end. */
  hurry(): void;
  /** Leaves what is under way to other processes, and sends no call any more. Resolves when nothing is under way. */
  handOver(): Promise<void>;
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
    const ended = run.ended.finally(() => {
      if (!run.releasing()) underWay.delete(known);
    });
    const performed = Promise.race([
      run.goesOn.then((outcome) => ({ operationId, outcome, ended })),
      ended.then((outcome) => ({ operationId, outcome })),
    ]);
    const released = ended.then(run.releasing).finally(() => underWay.delete(known));
    underWay.set(known, Promise.all([released, performed]));
    return performed;
  };
  const running = { ...options, ...shared };
  const idle = async (): Promise<void> => {
    while (underWay.size > 0) await Promise.allSettled(underWay.values());
  };
  const find = (id: string): UnderWay<never> | undefined =>
    [...underWay.keys()].find(({ operationId }) => operationId === id);
  return {
    newId: (recipe) => idFor(recipe, options),
    perform: (recipe, deliver, as) => follow(startRun(recipe, running, { deliver, ...(as && { as }) })),
    resume: (recipe, interrupted) => follow(startRun(recipe, running, { interrupted })),
    settle: (recipe, ended) => follow(startRun(recipe, running, { ended })),
    cancel: (id) => {
      const run = find(id);
      if (run === undefined) return undefined;
      return run.control.cancel() ? 'asked' : 'too-late';
    },
    running: () => underWay.size,
    isRunning: (id) => find(id) !== undefined,
    idle,
    hurry: shared.background.hurry,
    handOver: async () => {
      shared.background.hurry();
      for (const { control } of underWay.keys()) control.leave();
      await idle();
    },
    leftBehind: () =>
      [...underWay.keys()].map(({ operationId, kind, title, left }) => ({ operationId, kind, title, left: left() })),
  };
}
