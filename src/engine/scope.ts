import type { Clock } from '../base/clock';
import type { EngineEventPayload } from './events';
import { createMemory } from './memory';
import { nameOf, type PlannedStep } from './planned-step';
import { NO_PROGRESS, type Progress } from './progress';
import type { StepScope } from './step';

/** What is the same for all steps of a run. */
export interface RunScope {
  readonly operationId: string;
  readonly clock: Clock;
  /** Of the operation, from 1. Default 1. */
  readonly attempt?: number;
}

/** The scope of each step: its memory lasts from its first attempt to its undo. */
export type Scopes = (step: PlannedStep) => StepScope;

/** Makes the scopes of a run's steps; whatever a step notes is told as an event. `kept`: what a former process has noted. */
export function createScopes(
  { operationId, clock, attempt = 1 }: RunScope,
  emit: (event: EngineEventPayload) => void,
  kept: Pick<Progress, 'notes' | 'shared'> = NO_PROGRESS,
): Scopes {
  const scopes = new Map<number, StepScope>();
  /** Events name the step that wrote; the memory is one. */
  let writer: PlannedStep | undefined;
  const shared = createMemory((notes) => {
    if (writer) emit({ type: 'remembered', ...nameOf(writer), by: 'run', notes });
  }, kept.shared);
  const scopeFor = (step: PlannedStep): StepScope => ({
    operationId,
    clock,
    attempt,
    memory: createMemory(
      (notes) => emit({ type: 'remembered', ...nameOf(step), by: 'step', notes }),
      kept.notes[step.index],
    ),
    shared: {
      get: shared.get,
      set: (name, value) => {
        writer = step;
        shared.set(name, value);
      },
    },
  });
  return (step) => {
    const scope = scopes.get(step.index) ?? scopeFor(step);
    scopes.set(step.index, scope);
    return scope;
  };
}
