import { toDomainError } from '../errors';
import type { Needed } from './attempt';
import type { EngineEventPayload } from './events';
import { reversed, traverse } from './graph';
import type { PlannedStep, StepScope } from './plan';
import type { Remainder } from './recipe';
import { retry, stubbornPolicy } from './retry';

export interface Undoing {
  readonly steps: readonly PlannedStep[];
  /** Whether the step may have had an effect. */
  readonly mayHaveEffect: (step: PlannedStep) => boolean;
  readonly needsOf: (step: PlannedStep) => Needed;
  /** undefined when the reply was never seen. */
  readonly resultOf: (step: PlannedStep) => unknown;
  readonly scope: StepScope;
  readonly concurrency: number;
  readonly emit: (event: EngineEventPayload) => void;
}

export interface Undone {
  /** Titles of the steps taken back, in the order in which that was done. */
  readonly undone: readonly string[];
  /** Steps that could not be taken back, and why. */
  readonly left: readonly Remainder[];
}

/**
 * Takes back what had or may have had an effect: dependents before what they depend on (through steps that need no undo,
 * too), otherwise in parallel. Every undo is retried stubbornly; `not-found` means there is nothing to take back.
 * An undo that fails is reported and holds up nobody: what it leaves behind may make the undo of a step below it fail as
 * well, but trying is the only way to leave as little as possible. Never rejects.
 */
export async function undo(undoing: Undoing): Promise<Undone> {
  const { steps, scope, emit } = undoing;
  const undone: string[] = [];
  const left: Remainder[] = [];

  const takeBack = async (step: PlannedStep): Promise<void> => {
    const undoStep = step.undo;
    if (!undoStep || !undoing.mayHaveEffect(step)) return;
    const of = { step: step.index, title: step.title };
    const startedAt = scope.clock.monotonic();
    emit({ type: 'undo-started', ...of });
    const input = { needs: undoing.needsOf(step), result: undoing.resultOf(step) };
    try {
      await retry(stubbornPolicy, scope.clock, async () => undoStep(input, scope));
    } catch (thrown) {
      const error = toDomainError(thrown);
      if (error.kind !== 'not-found') {
        left.push({ step: step.title, error });
        emit({ type: 'undo-failed', ...of, durationMs: scope.clock.monotonic() - startedAt, error });
        return;
      }
    }
    undone.push(step.undone ?? step.title);
    emit({ type: 'undo-succeeded', ...of, durationMs: scope.clock.monotonic() - startedAt });
  };

  await traverse({
    vertices: steps,
    before: reversed(steps.map((step) => step.dependsOn)),
    concurrency: undoing.concurrency,
    visit: takeBack,
  });
  return { undone, left };
}
