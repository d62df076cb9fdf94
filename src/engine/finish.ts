import { busyWith, runStep } from './attempt';
import type { Background } from './background';
import type { Ends } from './ends';
import type { EngineEventPayload } from './events';
import { traverse } from './graph';
import type { PlannedStep, StepScope } from './plan';
import type { DomainError } from '../base/errors';

export interface Finishing {
  readonly steps: readonly PlannedStep[];
  /** How they have ended so far; brought up to date. */
  readonly ends: Ends;
  readonly scope: StepScope;
  readonly concurrency: number;
  readonly background: Background;
  readonly emit: (event: EngineEventPayload) => void;
  /** Told whenever a step goes on in the background, and why. */
  readonly onGoesOn: (error: DomainError) => void;
}

/**
 * Does what is still to be done of a plan that only goes forward. A step that fails because AWS is busy goes on in the
 * background for up to a day; one that is refused stays undone, and so does what depends on it. Never rejects.
 */
export async function finish({
  steps,
  ends,
  scope,
  concurrency,
  background,
  emit,
  onGoesOn,
}: Finishing): Promise<void> {
  const mayStart = (step: PlannedStep): boolean => {
    const failure = ends.failureOf(step);
    return (failure === undefined || busyWith(failure) !== undefined) && step.dependsOn.every(ends.isDone);
  };

  const visit = async (step: PlannedStep): Promise<void> => {
    if (ends.isDone(step.index)) return;
    const of = { step: step.index, title: step.title };
    const startedAt = scope.clock.monotonic();
    const run = (failure = ends.failureOf(step)) => {
      const busy = failure && busyWith(failure);
      if (busy) onGoesOn(busy);
      const resumption = failure && { from: failure, background };
      return runStep(
        step,
        ends.needsOf(step),
        scope,
        (pause) => emit({ type: 'step-retried', ...of, ...pause }),
        resumption,
      );
    };
    const isResumed = ends.of(step) !== undefined;
    emit({ type: isResumed ? 'step-resumed' : 'step-started', ...of });
    let end = await run();
    if (!isResumed && end.state !== 'done' && busyWith(end)) end = await run(end);
    ends.set(step, end);
    const durationMs = scope.clock.monotonic() - startedAt;
    if (end.state === 'done') emit({ type: 'step-succeeded', ...of, durationMs });
    else emit({ type: 'step-failed', ...of, durationMs, error: end.error });
  };

  await traverse({ vertices: steps, before: steps.map((step) => step.dependsOn), concurrency, mayStart, visit });
}
