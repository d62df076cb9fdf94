import { plannedStep, type PlannedStep } from './planned-step';
import type { Needs, Results, StepFactory, StepHandle } from './step';

export type { PlannedStep } from './planned-step';
export type { Needs, Results, StepFactory, StepHandle, StepScope, StepSpec, Touch } from './step';

/** Frozen data: what will be done, in which order, and how the answer is made of the steps' results. */
export interface Plan<T> {
  /** Names the kind of plan, e.g. `create-bucket`; a metric label, so never anything a caller chose. */
  readonly kind: string;
  readonly title: string;
  /** Those that are known before anything is done; some may add more. */
  readonly steps: readonly PlannedStep[];
  readonly answer: (results: readonly unknown[]) => T;
  /** Undefined for a step of another plan. */
  readonly indexOf: (handle: StepHandle<unknown>) => number | undefined;
}

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
  const indexes = new Map<StepHandle<unknown>, number>();
  let open = true;

  const indexOf = (handle: StepHandle<unknown>): number => {
    const index = indexes.get(handle);
    if (index === undefined) throw new Error(`plan ${kind}: step "${handle.title}" belongs to another plan`);
    return index;
  };

  const step: StepFactory = (spec) => {
    if (!open) throw new Error(`plan ${kind} is finished; step "${spec.title}" came too late`);
    const index = steps.length;
    steps.push(plannedStep(spec, { index, indexOf }));
    const handle = Object.freeze({ index, title: spec.title });
    indexes.set(handle, index);
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
    indexOf: (handle: StepHandle<unknown>) => indexes.get(handle),
  });
}
