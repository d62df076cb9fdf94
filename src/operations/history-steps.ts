import type { OperationState, ShownOperation } from '../domain/shared/history';
import type { EngineEvent } from '../engine/events';
import { shownError } from './history-facts';

type Step = ShownOperation['steps'][number];
type Mutable = { -readonly [Name in keyof Step]: Step[Name] };
interface Planned {
  readonly title: string;
  readonly dependsOn: readonly number[];
}

/** The steps of an operation as its events tell them. */
export interface Steps {
  readonly all: () => readonly Step[];
  /** Notes the plan; undefined when it is the one that is known already. */
  readonly plan: (planned: readonly Planned[]) => readonly unknown[] | undefined;
  /** Adds steps below the one of that index; gives those that are new. */
  readonly add: (parent: number, added: readonly (Planned & { readonly step: number })[]) => readonly unknown[];
  /** Notes what has become of a step; gives what has changed, undefined when nothing has. */
  readonly note: (event: EngineEvent) => Readonly<Record<string, unknown>> | undefined;
  /** Titles of those that were taken back. */
  readonly undone: () => readonly string[];
  /** As they are once the operation has ended so: what has not begun by now never will. */
  readonly atEnd: (state: OperationState) => readonly Step[];
}

/** `before`: steps of an operation that goes on. What a former process did since then is known when it has ended. */
export function createSteps(before: readonly Step[] = []): Steps {
  // What never began in the attempt before may begin in this one.
  const goingOn = (step: Step): Mutable => (step.state === 'skipped' ? { ...step, state: 'waiting' } : { ...step });
  let steps: Mutable[] = before.map(goingOn);
  const isKnown = (index: number, { title }: Planned): boolean => before[index]?.title === title;

  const put = (index: number, { title, dependsOn }: Planned, parent: number | undefined): void => {
    const state = 'waiting';
    steps[index] = {
      title,
      dependsOn,
      parent,
      state,
      startedAt: undefined,
      endedAt: undefined,
      attempts: 0,
      error: undefined,
    };
  };

  const change = (event: Extract<EngineEvent, { readonly step: number }>, step: Mutable): boolean => {
    const at = new Date(event.at);
    switch (event.type) {
      case 'step-started':
        Object.assign(step, { state: 'running', startedAt: at, attempts: step.attempts + 1 });
        return true;
      case 'step-resumed':
        Object.assign(step, { state: 'running', endedAt: undefined, attempts: step.attempts + 1 });
        return true;
      case 'step-retried':
        Object.assign(step, { attempts: event.attempt + 1, error: shownError(event.error) });
        return true;
      case 'step-succeeded':
        Object.assign(step, { state: 'succeeded', endedAt: at, error: undefined });
        return true;
      case 'step-failed':
        Object.assign(step, { state: 'failed', endedAt: at, error: shownError(event.error) });
        return true;
      case 'undo-started':
        step.state = 'undoing';
        return true;
      case 'undo-retried':
        step.error = shownError(event.error);
        return true;
      case 'undo-succeeded':
        step.state = 'undone';
        return true;
      case 'undo-failed':
        Object.assign(step, { state: 'undo-failed', error: shownError(event.error) });
        return true;
      default:
        return false;
    }
  };

  const atEnd = (step: Step, state: OperationState): Step => {
    const isOpen = step.state === 'waiting' || step.state === 'running';
    if (isOpen && before.length > 0 && state === 'succeeded') return { ...step, state: 'succeeded' };
    return step.state === 'waiting' ? { ...step, state: 'skipped' } : step;
  };

  return {
    all: () => steps.map((step) => ({ ...step })),
    plan: (planned) => {
      if (planned.length > 0 && planned.every((step, index) => isKnown(index, step))) return undefined;
      steps = [];
      planned.forEach((step, index) => put(index, step, undefined));
      return planned.map(({ title, dependsOn }) => ({ title, dependsOn }));
    },
    add: (parent, added) => {
      const fresh = added.filter((step) => !isKnown(step.step, step) || steps[step.step] === undefined);
      for (const step of fresh) put(step.step, step, parent);
      return fresh.map(({ step, title, dependsOn }) => ({ step, title, dependsOn }));
    },
    note: (event) => {
      const step = 'step' in event ? steps[event.step] : undefined;
      if (!('step' in event) || step === undefined || !change(event, step)) return undefined;
      const { title, state, attempts, error } = step;
      return { step: event.step, title, state, attempts, error: error ?? null };
    },
    undone: () => steps.filter(({ state }) => state === 'undone').map(({ title }) => title),
    atEnd: (state) => steps.map((step) => atEnd(step, state)),
  };
}
