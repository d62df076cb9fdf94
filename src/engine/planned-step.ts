import type { RetryPolicy } from './retry';
import type { Needs, StepFactory, StepHandle, StepScope, StepSpec, Touch } from './step';

/** Which step has added another. */
export interface Parent {
  readonly step: number;
  readonly title: string;
}

/** A step as the walker sees it: types erased, edges as indexes. */
export interface PlannedStep {
  readonly index: number;
  readonly title: string;
  readonly touches?: readonly Touch[];
  readonly undone?: string;
  /** Absent for steps that were in the plan from the beginning. */
  readonly parent?: Parent;
  /** Added by `keep`. */
  readonly putsBack?: true;
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
  readonly undoRetry?: RetryPolicy;
  readonly pivot: boolean | ((result: unknown) => boolean);
  readonly irrevocable?: boolean;
  readonly more?: (step: StepFactory, result: unknown) => void;
  readonly keep?: (step: StepFactory, result: unknown) => void;
  readonly says?: (result: unknown) => string | undefined;
}

/** Gives what events name a step by. */
export const nameOf = ({ index, title, parent }: Pick<PlannedStep, 'index' | 'title' | 'parent'>) => ({
  step: index,
  title,
  ...(parent && { parent }),
});

/** The place of a step in its plan. */
interface Place extends Pick<PlannedStep, 'index' | 'parent' | 'putsBack'> {
  readonly indexOf: (handle: StepHandle<unknown>) => number;
  /** Steps it waits for besides those it names itself, for each of them. */
  readonly alsoAfter?: (index: number) => readonly number[];
}

/** Turns what a plan says of a step into what the walker works with. */
export function plannedStep<T, N extends Needs>(
  spec: StepSpec<N, T>,
  { index, indexOf, alsoAfter = () => [], ...added }: Place,
): PlannedStep {
  const needs = Object.fromEntries(Object.entries(spec.needs ?? {}).map(([name, handle]) => [name, indexOf(handle)]));
  const named = [...Object.values(needs), ...(spec.after ?? []).map(indexOf)];
  const edges = [...named, ...named.flatMap(alsoAfter), ...(added.parent ? [added.parent.step] : [])];
  // The types of needs and result are checked by `StepSpec`, where they are known; the walker handles every step alike.
  const erased = spec as unknown as PlannedStep;
  return Object.freeze({
    index,
    title: spec.title,
    ...(spec.touches && { touches: spec.touches }),
    ...added,
    ...(spec.undone !== undefined && { undone: spec.undone }),
    needs: Object.freeze(needs),
    dependsOn: ascending(edges),
    run: erased.run,
    ...(erased.undo && { undo: erased.undo }),
    ...(erased.alreadyDone && { alreadyDone: erased.alreadyDone }),
    ...(spec.retry && { retry: spec.retry }),
    ...(spec.undoRetry && { undoRetry: spec.undoRetry }),
    ...(erased.more && { more: erased.more }),
    ...(erased.keep && { keep: erased.keep }),
    ...(erased.says && { says: erased.says }),
    pivot: (spec.pivot as PlannedStep['pivot'] | undefined) ?? false,
    ...(spec.irrevocable && { irrevocable: true }),
  });
}

/** Sorts indexes; each is there once. */
export const ascending = (indexes: readonly number[]): readonly number[] =>
  Object.freeze([...new Set(indexes)].sort((a, b) => a - b));
