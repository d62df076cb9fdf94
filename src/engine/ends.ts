import type { DomainError } from '../base/errors';
import type { Needed, NotDone, StepEnd } from './attempt';
import type { EngineEventPayload } from './events';
import { createGrowth } from './growth';
import type { Plan } from './plan';
import { nameOf, type PlannedStep } from './planned-step';
import type { Remainder } from './recipe';

/** What failed first in a run. */
export interface Cause {
  readonly step: string;
  readonly error: DomainError;
}

/** The steps of a run and how they have ended so far. */
export interface Ends {
  /** Those of the plan and those added since; see `Growth`. */
  readonly steps: readonly PlannedStep[];
  readonly before: readonly (readonly number[])[];
  readonly of: (step: PlannedStep) => StepEnd | undefined;
  /** undefined when the step is done, or has not ended. */
  readonly failureOf: (step: PlannedStep) => NotDone | undefined;
  /** Notes how a step has ended; one that is done adds what it has to add. */
  readonly set: (step: PlannedStep, end: StepEnd) => void;
  readonly isDone: (index: number) => boolean;
  /** undefined when the step is not done. */
  readonly resultOf: (index: number) => unknown;
  readonly needsOf: (step: PlannedStep) => Needed;
  /** Steps that are not done, and why they failed where they did. */
  readonly open: () => readonly Remainder[];
  /** The first failure of all; undefined while there is none. */
  readonly cause: () => Cause | undefined;
  /**
   * Adds what puts back, for steps below which something is not done. Gives what is to be called for each when that has
   * ended: it says so in the errors of what failed.
   */
  readonly putBack: () => readonly (() => void)[];
}

type Grown = Pick<Plan<unknown>, 'kind' | 'steps' | 'indexOf'>;

/** Keeps how the steps of a plan end; all of them are open at first. `onDone` is told the result of every step that is done. */
export function createEnds(
  plan: Grown,
  emit: (event: EngineEventPayload) => void = () => undefined,
  onDone: (step: PlannedStep, result: unknown) => void = () => undefined,
): Ends {
  const growth = createGrowth(plan);
  const ends = new Map<number, StepEnd>();
  const grown = new Set<number>();
  let first: (Cause & { readonly index: number }) | undefined;

  const failureAt = (index: number): NotDone | undefined => {
    const end = ends.get(index);
    return end === undefined || end.state === 'done' ? undefined : end;
  };
  const resultOf = (index: number): unknown => {
    const end = ends.get(index);
    return end?.state === 'done' ? end.result : undefined;
  };
  const isDone = (index: number): boolean => ends.get(index)?.state === 'done';
  const announce = (parent: PlannedStep, added: readonly PlannedStep[]): void => {
    if (added.length === 0) return;
    const steps = added.map(({ index, title, dependsOn }) => ({ step: index, title, dependsOn }));
    emit({ type: 'steps-added', ...nameOf(parent), steps });
  };
  /** What the journal would keep of a result: added steps must not come from more than that. */
  const kept = (index: number): unknown => {
    const result = resultOf(index);
    return result === undefined ? undefined : (JSON.parse(JSON.stringify(result)) as unknown);
  };
  const grow = (step: PlannedStep): void => {
    const { more } = step;
    if (!more || grown.has(step.index)) return;
    grown.add(step.index);
    announce(
      step,
      growth.add(step, (add) => more(add, kept(step.index))),
    );
  };

  const putBackFor = (step: PlannedStep): readonly (() => void)[] => {
    const { keep } = step;
    const failed = growth.below(step.index).filter(({ index }) => !isDone(index));
    if (!keep || !isDone(step.index) || failed.length === 0) return [];
    announce(
      step,
      growth.putBack(step, (add) => keep(add, kept(step.index))),
    );
    const tell = (): void => {
      const sentences = growth
        .puttingBack(step.index)
        .flatMap(({ index, says }) => (says && isDone(index) ? (says(kept(index)) ?? []) : []));
      const telling = (error: DomainError) => ({ ...error, detail: [error.detail, ...sentences].join(' ') });
      for (const { index } of failed) {
        const end = failureAt(index);
        if (end === undefined) continue;
        ends.set(index, { ...end, error: telling(end.error) });
        if (first?.index === index) first = { ...first, error: telling(first.error) };
      }
    };
    return [tell];
  };

  return {
    steps: growth.steps,
    before: growth.before,
    of: ({ index }) => ends.get(index),
    failureOf: ({ index }) => failureAt(index),
    set: (step, end) => {
      ends.set(step.index, end);
      if (end.state === 'done') {
        onDone(step, end.result);
        grow(step);
      } else first ??= { index: step.index, step: step.title, error: end.error };
    },
    isDone,
    resultOf,
    needsOf: (step) => Object.fromEntries(Object.entries(step.needs).map(([name, index]) => [name, resultOf(index)])),
    open: () =>
      growth.steps.flatMap(({ index, title }): Remainder[] => {
        const end = ends.get(index);
        if (!end) return [{ step: title }];
        return end.state === 'done' ? [] : [{ step: title, error: end.error }];
      }),
    cause: () => first && { step: first.step, error: first.error },
    putBack: () => growth.steps.filter(({ putsBack }) => !putsBack).flatMap(putBackFor),
  };
}
