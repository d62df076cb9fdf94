import type { DomainError } from '../errors';
import { toDomainError } from '../errors';
import { runStep } from './attempt';
import type { Needed, StepEnd } from './attempt';
import type { EngineEventPayload } from './events';
import { traverse } from './graph';
import type { Plan, PlannedStep, StepScope } from './plan';
import type { Failed, Outcome, Remainder, RollbackFailed, RolledBack } from './recipe';
import { undo } from './undo';

export interface WalkOptions {
  readonly scope: StepScope;
  readonly emit: (event: EngineEventPayload) => void;
  /** Steps under way at once. Default 16. */
  readonly concurrency?: number;
}

const DEFAULT_CONCURRENCY = 16;

/** What `failedStep` says when every step succeeded and the plan's own answer could not be made of the results. */
const ANSWER_STEP = 'Put the answer together';

interface Cause {
  readonly step: string;
  readonly error: DomainError;
}

/**
 * Runs a plan to its one end; never rejects. A step starts as soon as what it depends on is done. After the first failure:
 *
 * - no pivot has succeeded: nothing new starts, what runs settles, and everything that may have had an effect is undone.
 *   A pivot under way is waited for first, because it decides.
 * - a pivot has succeeded: nothing is undone any more. What does not depend on a failure goes on, and `left` lists the rest.
 * - the pivot's reply was lost and `alreadyDone` cannot tell: going back might restore what leads to something destroyed,
 *   going forward might destroy what is still needed. So neither happens: nothing new starts, nothing is undone, `left`
 *   names the pivot and all that comes after, and the next run looks again and knows. When `alreadyDone` does see that
 *   the pivot had no effect, that is believed and the ordinary undo follows.
 *
 * The first error is reported; what fails after it is in the events.
 */
export async function walk<T>(plan: Plan<T>, options: WalkOptions): Promise<Outcome<T>> {
  const { scope, emit, concurrency = DEFAULT_CONCURRENCY } = options;
  const ends = new Map<number, StepEnd>();
  let cause: Cause | undefined;

  const isDone = (index: number): boolean => ends.get(index)?.state === 'done';
  const resultOf = (index: number): unknown => {
    const end = ends.get(index);
    return end?.state === 'done' ? end.result : undefined;
  };
  const needsOf = (step: PlannedStep): Needed =>
    Object.fromEntries(Object.entries(step.needs).map(([name, index]) => [name, resultOf(index)]));
  const pivots = plan.steps.filter((step) => step.pivot);
  const isPastPivot = (): boolean => pivots.some((step) => isDone(step.index));

  const visit = async (step: PlannedStep): Promise<void> => {
    const of = { step: step.index, title: step.title };
    const startedAt = scope.clock.monotonic();
    emit({ type: 'step-started', ...of });
    const end = await runStep(step, needsOf(step), scope, (pause) => emit({ type: 'step-retried', ...of, ...pause }));
    const durationMs = scope.clock.monotonic() - startedAt;
    ends.set(step.index, end);
    if (end.state === 'done') {
      emit({ type: 'step-succeeded', ...of, durationMs });
    } else {
      cause ??= { step: step.title, error: end.error };
      emit({ type: 'step-failed', ...of, durationMs, error: end.error });
    }
  };

  await traverse({
    vertices: plan.steps,
    before: plan.steps.map((step) => step.dependsOn),
    concurrency,
    mayStart: (step) => cause === undefined || (isPastPivot() && step.dependsOn.every(isDone)),
    visit,
  });

  if (!cause) {
    try {
      return { state: 'succeeded', value: plan.answer(plan.steps.map((step) => resultOf(step.index))) };
    } catch (thrown) {
      cause = { step: ANSWER_STEP, error: toDomainError(thrown) };
    }
  }
  const pivotInDoubt = pivots.some((step) => {
    const end = ends.get(step.index);
    return end?.state === 'unclear' && end.effect === 'unknown';
  });
  if (isPastPivot() || pivotInDoubt) return stayedForward(plan.steps, ends, cause);

  const mayHaveEffect = (step: PlannedStep): boolean => {
    const state = ends.get(step.index)?.state;
    return state === 'done' || state === 'unclear';
  };
  const { undone, left } = await undo({
    steps: plan.steps,
    mayHaveEffect,
    needsOf,
    resultOf: (step) => resultOf(step.index),
    scope,
    concurrency,
    emit,
  });
  return takenBack(cause, undone, left);
}

/** Nothing was undone: what is not done is still to be done. */
function stayedForward(steps: readonly PlannedStep[], ends: ReadonlyMap<number, StepEnd>, cause: Cause): Failed {
  const left = steps.flatMap((step): Remainder[] => {
    const end = ends.get(step.index);
    if (!end) return [{ step: step.title }];
    return end.state === 'done' ? [] : [{ step: step.title, error: end.error }];
  });
  const answerFailed = left.length === 0;
  return {
    state: 'failed',
    error: cause.error,
    failedStep: cause.step,
    left: answerFailed ? [{ step: cause.step, error: cause.error }] : left,
  };
}

function takenBack(
  cause: Cause,
  undone: readonly string[],
  left: readonly Remainder[],
): Failed | RolledBack | RollbackFailed {
  const facts = { error: cause.error, failedStep: cause.step };
  if (left.length > 0) return { state: 'rollback-failed', ...facts, undone, left };
  if (undone.length > 0) return { state: 'rolled-back', ...facts, undone };
  return { state: 'failed', ...facts, left: [] };
}
