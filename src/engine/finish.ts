import type { Clock } from '../base/clock';
import type { DomainError } from '../base/errors';
import { busyWith, runStep } from './attempt';
import type { Background } from './background';
import type { Ends } from './ends';
import type { EngineEventPayload } from './events';
import { traverse } from './graph';
import { nameOf, type PlannedStep } from './planned-step';
import type { ProgressKeeper } from './progress';
import type { Scopes } from './scope';

export interface Finishing {
  /** The steps and how they have ended so far; brought up to date. */
  readonly ends: Ends;
  readonly clock: Clock;
  readonly scopes: Scopes;
  readonly concurrency: number;
  readonly background: Background;
  readonly emit: (event: EngineEventPayload) => void;
  /** Told whenever a step goes on in the background, and why. */
  readonly onGoesOn: (error: DomainError) => void;
  /** Where a former process may have sent any of the steps: what became of its replies. */
  readonly interrupted?: DomainError | undefined;
  readonly keeper?: Pick<ProgressKeeper, 'written'>;
}

/**
 * Does what is still to be done of a plan that only goes forward. A step that fails because AWS is busy goes on in the
 * background for up to a day; one that is refused stays undone, and so does what depends on it. Then steps below which
 * something has failed for good put back what they want to keep. Never rejects.
 */
export async function finish(finishing: Finishing): Promise<void> {
  const { ends } = finishing;
  await goOn(finishing, 0);
  const former = ends.steps.length;
  const tellings = ends.putBack();
  if (tellings.length === 0) return;
  await goOn(finishing, former);
  for (const tell of tellings) tell();
}

/** Does what can be done of the steps from `first` on. */
async function goOn(
  { ends, clock, scopes, concurrency, background, emit, onGoesOn, interrupted, keeper }: Finishing,
  first: number,
): Promise<void> {
  const mayStart = (step: PlannedStep): boolean => {
    const failure = ends.failureOf(step);
    const isOpen = failure === undefined || (step.index >= first && busyWith(failure) !== undefined);
    return isOpen && step.dependsOn.every(ends.isDone);
  };

  const visit = async (step: PlannedStep): Promise<void> => {
    if (ends.isDone(step.index)) return;
    if (step.parent) await keeper?.written();
    const of = nameOf(step);
    const startedAt = clock.monotonic();
    const run = (failure = ends.failureOf(step)) => {
      const busy = failure && busyWith(failure);
      if (busy) onGoesOn(busy);
      const resumption = failure && { from: failure, background };
      return runStep(
        step,
        ends.needsOf(step),
        scopes(step),
        (pause) => emit({ type: 'step-retried', ...of, ...pause }),
        resumption,
        interrupted,
      );
    };
    const isResumed = ends.of(step) !== undefined;
    emit({ type: isResumed ? 'step-resumed' : 'step-started', ...of });
    let end = await run();
    if (!isResumed && end.state !== 'done' && busyWith(end)) end = await run(end);
    const durationMs = clock.monotonic() - startedAt;
    if (end.state === 'done') emit({ type: 'step-succeeded', ...of, durationMs });
    else emit({ type: 'step-failed', ...of, durationMs, error: end.error });
    ends.set(step, end);
  };

  await traverse({ vertices: ends.steps, before: ends.before, concurrency, mayStart, visit });
}
