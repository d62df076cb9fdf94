import type { Clock } from '../base/clock';
import { toDomainError } from '../base/errors';
import type { Needed } from './attempt';
import type { Background } from './background';
import type { EngineEventPayload } from './events';
import { reversed, traverse } from './graph';
import { nameOf, type PlannedStep } from './planned-step';
import type { Remainder } from './recipe';
import { isTransient, type Pause, retry, stubbornPolicy } from './retry';
import type { Scopes } from './scope';

export interface Undoing {
  readonly steps: readonly PlannedStep[];
  /** Whether the step may have had an effect. */
  readonly mayHaveEffect: (step: PlannedStep) => boolean;
  readonly needsOf: (step: PlannedStep) => Needed;
  /** undefined when the reply was never seen. */
  readonly resultOf: (step: PlannedStep) => unknown;
  readonly clock: Clock;
  readonly scopes: Scopes;
  readonly concurrency: number;
  readonly background: Background;
  readonly emit: (event: EngineEventPayload) => void;
  /** Told whenever an undo goes on in the background, where it stands by then. */
  readonly onGoesOn: (standing: UndoStanding) => void;
  /** Told at the beginning how to ask where the undo stands. */
  readonly onBegin: (standing: () => UndoStanding) => void;
}

export interface Undone {
  /** Titles of the steps taken back, in the order in which that was done. */
  readonly undone: readonly string[];
  /** Steps that could not be taken back, and why. */
  readonly left: readonly Remainder[];
}

export interface UndoStanding extends Undone {
  /** Titles of steps that are still to be taken back. */
  readonly undoing: readonly string[];
}

/**
 * Takes back what had or may have had an effect: dependents before what they depend on (through steps that need no undo,
 * too), otherwise in parallel. Every undo is retried stubbornly, and when AWS is busy all the same it goes on in the
 * background for up to a day; `not-found` means there is nothing to take back. An undo that fails is reported and holds up
 * nobody: what it leaves behind may make the undo of a step below it fail as well, but trying is the only way to leave as
 * little as possible. Never rejects.
 */
export async function undo(undoing: Undoing): Promise<Undone> {
  const { steps, clock, scopes, emit, background } = undoing;
  const undone: string[] = [];
  const left: Remainder[] = [];
  const open = new Set(steps.filter((step) => step.undo && undoing.mayHaveEffect(step)));
  const standing = (): UndoStanding => ({
    undone: [...undone],
    left: [...left],
    undoing: [...open].map(({ title }) => title),
  });

  const takeBack = async (step: PlannedStep): Promise<void> => {
    const undoStep = step.undo;
    if (!undoStep || !open.has(step)) return;
    const of = nameOf(step);
    const policy = step.undoRetry ?? stubbornPolicy;
    const startedAt = clock.monotonic();
    emit({ type: 'undo-started', ...of });
    const input = { needs: undoing.needsOf(step), result: undoing.resultOf(step) };
    const attempt = async () => undoStep(input, scopes(step));
    const onRetry = (pause: Pause) => emit({ type: 'undo-retried', ...of, ...pause });
    try {
      await retry(policy, clock, attempt, onRetry).catch(async (thrown: unknown) => {
        if (!isTransient(toDomainError(thrown))) throw thrown;
        undoing.onGoesOn(standing());
        await background.insist({ thrown, attempt, policy, onRetry });
      });
    } catch (thrown) {
      const error = toDomainError(thrown);
      if (error.kind !== 'not-found') {
        open.delete(step);
        left.push({ step: step.title, error });
        emit({ type: 'undo-failed', ...of, durationMs: clock.monotonic() - startedAt, error });
        return;
      }
    }
    open.delete(step);
    undone.push(step.undone ?? step.title);
    emit({ type: 'undo-succeeded', ...of, durationMs: clock.monotonic() - startedAt });
  };

  undoing.onBegin(standing);
  await traverse({
    vertices: steps,
    before: reversed(steps.map((step) => step.dependsOn)),
    concurrency: undoing.concurrency,
    visit: takeBack,
  });
  return { undone, left };
}
