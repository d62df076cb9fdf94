import type { Clock } from '../base/clock';
import type { RetryPolicy } from './retry';

declare const resultOf: unique symbol;

/** Stands for a step inside its plan and carries the type of the step's result; made by `step()` only. */
export interface StepHandle<T> {
  readonly index: number;
  readonly title: string;
  readonly [resultOf]?: T;
}

export type Needs = Readonly<Record<string, StepHandle<unknown>>>;

export type Results<N extends Needs> = { readonly [K in keyof N]: N[K] extends StepHandle<infer T> ? T : never };

/** What a step may know of the run it is part of. */
export interface StepScope {
  readonly operationId: string;
  readonly clock: Clock;
}

/** What an undo is told: `result` is undefined when the step failed ambiguously and its reply was never seen. */
export interface UndoInput<N extends Needs, T> {
  readonly needs: Results<N>;
  readonly result: T | undefined;
}

export interface StepSpec<N extends Needs, T> {
  /** A sentence for people: "Create bucket photos". */
  readonly title: string;
  /** What taking it back amounts to, where that is not "as if it had never been". Default: the title. */
  readonly undone?: string;
  /** Steps whose results `run` is given. */
  readonly needs?: N;
  /** Steps that must be done first and whose results do not matter. */
  readonly after?: readonly StepHandle<unknown>[];
  readonly run: (needs: Results<N>, scope: StepScope) => Promise<T>;
  /**
   * Takes the step's effect back. Must tolerate "not there": it also runs for a step that failed ambiguously.
   * A step without `undo` has nothing worth taking back.
   */
  readonly undo?: (input: UndoInput<N, T>, scope: StepScope) => Promise<void>;
  /**
   * Asked after an ambiguous attempt, before the step is sent again: the result when the effect has landed,
   * undefined when it has not. Ends with `exists` or `conflict` when something of others is in its place: then the step
   * is not sent again and fails with that; after any other error it is not sent again because nobody can tell. Reads only.
   */
  readonly alreadyDone?: (needs: Results<N>, scope: StepScope) => Promise<{ readonly result: T } | undefined>;
  /** Defaults to the engine's standard policy. */
  readonly retry?: RetryPolicy;
  /**
   * Point of no return: once this step succeeded nothing is undone any more; the rest only goes forward. It should have
   * `alreadyDone`, with a read that shows its effect at once: without it a lost reply stops the plan where it stands.
   */
  readonly pivot?: boolean;
}

/** A step as the walker sees it: types erased, edges as indexes of earlier steps. */
export interface PlannedStep {
  readonly index: number;
  readonly title: string;
  readonly undone?: string;
  readonly needs: Readonly<Record<string, number>>;
  /** Every step that must be done first, `needs` included; ascending, without duplicates. */
  readonly dependsOn: readonly number[];
  readonly run: (needs: Readonly<Record<string, unknown>>, scope: StepScope) => Promise<unknown>;
  readonly undo?: (
    input: { readonly needs: Readonly<Record<string, unknown>>; readonly result: unknown },
    scope: StepScope,
  ) => Promise<void>;
  readonly alreadyDone?: (
    needs: Readonly<Record<string, unknown>>,
    scope: StepScope,
  ) => Promise<{ readonly result: unknown } | undefined>;
  readonly retry?: RetryPolicy;
  readonly pivot: boolean;
}

/** Frozen data: what will be done, in which order, and how the answer is made of the steps' results. */
export interface Plan<T> {
  /** Names the kind of plan, e.g. `create-bucket`; a metric label, so never anything a caller chose. */
  readonly kind: string;
  readonly title: string;
  readonly steps: readonly PlannedStep[];
  readonly answer: (results: readonly unknown[]) => T;
}

export type StepFactory = <T, N extends Needs = Record<never, never>>(spec: StepSpec<N, T>) => StepHandle<T>;

/** How a plan's answer is put together: from which steps, and how. */
export interface Answer<N extends Needs, T> {
  readonly needs: N;
  readonly make: (results: Results<N>) => T;
}

/** Pairs steps with what is made of their results; a call of its own lets the compiler see the types of both. */
export function answer<N extends Needs, T>(needs: N, make: (results: Results<N>) => T): Answer<N, T> {
  return { needs, make };
}

/**
 * Builds a plan from a recipe that calls `step()` for every step and returns how the answer is made.
 * Handles come only from earlier `step()` calls, so the graph is acyclic by construction.
 */
export function definePlan<T, N extends Needs>(
  kind: string,
  title: string,
  recipe: (step: StepFactory) => Answer<N, T>,
): Plan<T> {
  const steps: PlannedStep[] = [];
  const handles = new Set<StepHandle<unknown>>();
  let open = true;

  const indexOf = (handle: StepHandle<unknown>): number => {
    if (!handles.has(handle)) throw new Error(`plan ${kind}: step "${handle.title}" belongs to another plan`);
    return handle.index;
  };

  const step: StepFactory = (spec) => {
    if (!open) throw new Error(`plan ${kind} is finished; step "${spec.title}" came too late`);
    const needs = Object.fromEntries(Object.entries(spec.needs ?? {}).map(([name, handle]) => [name, indexOf(handle)]));
    const edges = [...Object.values(needs), ...(spec.after ?? []).map(indexOf)];
    const handle = Object.freeze({ index: steps.length, title: spec.title });
    // The types of needs and result are checked above, where they are known; the walker handles every step alike.
    const erased = spec as unknown as PlannedStep;
    steps.push(
      Object.freeze({
        index: handle.index,
        title: spec.title,
        ...(spec.undone !== undefined && { undone: spec.undone }),
        needs: Object.freeze(needs),
        dependsOn: Object.freeze([...new Set(edges)].sort((a, b) => a - b)),
        run: erased.run,
        ...(erased.undo && { undo: erased.undo }),
        ...(erased.alreadyDone && { alreadyDone: erased.alreadyDone }),
        ...(spec.retry && { retry: spec.retry }),
        pivot: spec.pivot ?? false,
      }),
    );
    handles.add(handle);
    return handle;
  };

  const made = recipe(step);
  open = false;
  const answerNeeds = Object.entries(made.needs).map(([name, handle]) => [name, indexOf(handle)] as const);
  return Object.freeze({
    kind,
    title,
    steps: Object.freeze(steps),
    answer: (results: readonly unknown[]) =>
      made.make(Object.fromEntries(answerNeeds.map(([name, index]) => [name, results[index]])) as Results<N>),
  });
}
