import type { ShownOperation } from '../domain/shared/history';
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
  readonly plan: (planned: readonly Planned[]) => readonly unknown[];
  /** Adds steps below the one of that index. */
  readonly add: (parent: number, added: readonly (Planned & { readonly step: number })[]) => readonly unknown[];
  /** Notes what has become of a step; gives what has changed, undefined when nothing has. */
  readonly note: (event: EngineEvent) => Readonly<Record<string, unknown>> | undefined;
  /** Titles of those that were taken back. */
  readonly undone: () => readonly string[];
  /** What has not begun by now never will. */
  readonly end: () => void;
}

export function createSteps(): Steps {
  const steps: Mutable[] = [];

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

  return {
    all: () => steps.map((step) => ({ ...step })),
    plan: (planned) => {
      planned.forEach((step, index) => put(index, step, undefined));
      return planned.map(({ title, dependsOn }) => ({ title, dependsOn }));
    },
    add: (parent, added) => {
      for (const step of added) put(step.step, step, parent);
      return added.map(({ step, title, dependsOn }) => ({ step, title, dependsOn }));
    },
    note: (event) => {
      const step = 'step' in event ? steps[event.step] : undefined;
      if (!('step' in event) || step === undefined || !change(event, step)) return undefined;
      const { title, state, attempts, error } = step;
      return { step: event.step, title, state, attempts, error: error ?? null };
    },
    undone: () => steps.filter(({ state }) => state === 'undone').map(({ title }) => title),
    end: () => {
      for (const step of steps) if (step.state === 'waiting') step.state = 'skipped';
    },
  };
}
