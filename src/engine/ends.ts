import type { DomainError } from '../base/errors';
import type { Needed, NotDone, StepEnd } from './attempt';
import type { PlannedStep } from './plan';
import type { Remainder } from './recipe';

/** What failed first in a run. */
export interface Cause {
  readonly step: string;
  readonly error: DomainError;
}

/** How the steps of a plan have ended so far. */
export interface Ends {
  readonly of: (step: PlannedStep) => StepEnd | undefined;
  /** undefined when the step is done, or has not ended. */
  readonly failureOf: (step: PlannedStep) => NotDone | undefined;
  readonly set: (step: PlannedStep, end: StepEnd) => void;
  readonly isDone: (index: number) => boolean;
  /** undefined when the step is not done. */
  readonly resultOf: (index: number) => unknown;
  readonly needsOf: (step: PlannedStep) => Needed;
  /** Steps that are not done, and why they failed where they did. */
  readonly open: () => readonly Remainder[];
}

export function createEnds(steps: readonly PlannedStep[]): Ends {
  const ends = new Map<number, StepEnd>();
  const resultOf = (index: number): unknown => {
    const end = ends.get(index);
    return end?.state === 'done' ? end.result : undefined;
  };
  return {
    of: ({ index }) => ends.get(index),
    failureOf: ({ index }) => {
      const end = ends.get(index);
      return end === undefined || end.state === 'done' ? undefined : end;
    },
    set: ({ index }, end) => void ends.set(index, end),
    isDone: (index) => ends.get(index)?.state === 'done',
    resultOf,
    needsOf: (step) => Object.fromEntries(Object.entries(step.needs).map(([name, index]) => [name, resultOf(index)])),
    open: () =>
      steps.flatMap(({ index, title }): Remainder[] => {
        const end = ends.get(index);
        if (!end) return [{ step: title }];
        return end.state === 'done' ? [] : [{ step: title, error: end.error }];
      }),
  };
}
