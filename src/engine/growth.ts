import type { Plan } from './plan';
import { ascending, plannedStep, type PlannedStep } from './planned-step';
import { oncePolicy } from './retry';
import type { StepFactory, StepHandle } from './step';

/** The steps of a run: those of its plan and those that were added since. */
export interface Growth {
  /** Grows at its end; what waits for a step that has added others is replaced in its place. */
  readonly steps: readonly PlannedStep[];
  /** For each step those it waits for, as `traverse` wants it; kept up to date as well. */
  readonly before: readonly (readonly number[])[];
  /**
   * Adds the steps that `ask` asks for below `parent`; whatever waits for `parent` waits for them from now on. What `ask`
   * throws becomes the error of a step that stands for them all, so that nobody takes the parent for whole.
   */
  readonly add: (parent: PlannedStep, ask: (step: StepFactory) => void) => readonly PlannedStep[];
  /** Adds steps that put something back; nothing else waits for them. */
  readonly putBack: (parent: PlannedStep, ask: (step: StepFactory) => void) => readonly PlannedStep[];
  /** Steps that this one, and those it has added, have added; without those that put back. */
  readonly below: (index: number) => readonly PlannedStep[];
  /** Steps that put back what has failed below this one, and what those have added. */
  readonly puttingBack: (index: number) => readonly PlannedStep[];
}

type Growing = Pick<Plan<unknown>, 'kind' | 'steps' | 'indexOf'>;

/**
 * Lets a plan grow. Indexes are given in the order in which steps are added: whoever repeats that order gets the same steps.
 */
export function createGrowth(plan: Growing): Growth {
  const steps: PlannedStep[] = [...plan.steps];
  const before: (readonly number[])[] = steps.map(({ dependsOn }) => dependsOn);
  const handles = new Map<StepHandle<unknown>, number>();

  const isBelow = (step: PlannedStep, index: number): boolean => {
    const parent = step.parent?.step;
    if (parent === undefined || step.putsBack) return false;
    return parent === index || isBelow(steps[parent] as PlannedStep, index);
  };
  const keptBy = ({ parent, putsBack }: PlannedStep): number | undefined =>
    parent === undefined || putsBack ? parent?.step : keptBy(steps[parent.step] as PlannedStep);
  const below = (index: number): readonly PlannedStep[] => steps.filter((step) => isBelow(step, index));
  const waitsFor = (index: number, other: number, seen = new Set<number>()): boolean => {
    if (seen.has(index)) return false;
    seen.add(index);
    return index === other || (before[index] ?? []).some((next) => waitsFor(next, other, seen));
  };

  const ask = (
    parent: PlannedStep,
    asking: (step: StepFactory) => void,
    putsBack: boolean,
  ): readonly (readonly [StepHandle<unknown>, PlannedStep])[] => {
    const added: (readonly [StepHandle<unknown>, PlannedStep])[] = [];
    const own = new Map<StepHandle<unknown>, number>();
    const refuse = (why: string): never => {
      throw new Error(`plan ${plan.kind}: what "${parent.title}" adds ${why}`);
    };
    /** A step that has added others is waited for as a whole, unless it is the one below which all this happens. */
    const wholeOf = (index: number): readonly number[] =>
      index === parent.index || isBelow(parent, index) ? [] : below(index).map((step) => step.index);
    const indexOf = (handle: StepHandle<unknown>): number => {
      const mine = own.get(handle);
      if (mine !== undefined) return mine;
      const index =
        handles.get(handle) ?? plan.indexOf(handle) ?? refuse(`waits for "${handle.title}" of another plan`);
      const isAbove = index === parent.index || isBelow(parent, index);
      if (!isAbove && [index, ...wholeOf(index)].some((one) => waitsFor(one, parent.index)))
        refuse(`waits for "${handle.title}", which waits for it`);
      return index;
    };
    const step: StepFactory = (spec) => {
      const index = steps.length + added.length;
      const place = { index, indexOf, alsoAfter: wholeOf, parent: { step: parent.index, title: parent.title } };
      const handle = Object.freeze({ index, title: spec.title });
      added.push([handle, plannedStep(spec, { ...place, ...(putsBack && { putsBack: true }) })]);
      own.set(handle, index);
      return handle;
    };
    asking(step);
    return added;
  };

  const append = (parent: PlannedStep, asking: (step: StepFactory) => void, putsBack: boolean) => {
    const failing = (thrown: unknown) =>
      ask(
        parent,
        (step) =>
          step({
            title: `Find out what comes after "${parent.title}"`,
            retry: oncePolicy,
            run: () => Promise.reject(thrown as Error),
          }),
        putsBack,
      );
    let added: ReturnType<typeof ask>;
    try {
      added = ask(parent, asking, putsBack);
    } catch (thrown) {
      added = failing(thrown);
    }
    for (const [handle, step] of added) {
      handles.set(handle, step.index);
      steps.push(step);
      before.push(step.dependsOn);
    }
    return added.map(([, step]) => step);
  };

  const add: Growth['add'] = (parent, asking) => {
    const waiting = steps.filter(({ dependsOn }) => dependsOn.includes(parent.index));
    const added = append(parent, asking, false);
    for (const step of waiting) {
      const dependsOn = ascending([...step.dependsOn, ...added.map(({ index }) => index)]);
      steps[step.index] = Object.freeze({ ...step, dependsOn });
      before[step.index] = dependsOn;
    }
    return added;
  };

  return {
    steps,
    before,
    add,
    putBack: (parent, asking) => append(parent, asking, true),
    below,
    puttingBack: (index) => steps.filter((step) => keptBy(step) === index),
  };
}
