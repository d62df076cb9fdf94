import { DomainFailure } from '../base/errors';
import { askWhetherDone, busyWith, type NotDone, type StepEnd } from './attempt';
import type { Finishing } from './finish';
import { nameOf, type PlannedStep } from './planned-step';
import { standardPolicy } from './retry';

/** Tells whether nobody can tell if a step has had its effect. */
export const isInDoubt = (end: StepEnd | undefined): end is NotDone =>
  end?.state === 'unclear' && end.effect === 'unknown';

/**
 * Asks in the background, for up to a day, whether steps have had their effect of which AWS was too busy to tell; sends
 * none of them again. What nobody can tell in the end stays in doubt.
 */
export async function settleDoubts(
  steps: readonly PlannedStep[],
  settling: Omit<Finishing, 'concurrency'>,
): Promise<void> {
  await Promise.all(steps.map((step) => settleDoubt(step, settling)));
}

async function settleDoubt(
  step: PlannedStep,
  { ends, clock, scopes, background, emit, onGoesOn }: Omit<Finishing, 'concurrency'>,
): Promise<void> {
  const from = ends.of(step);
  if (!isInDoubt(from) || !step.alreadyDone) return;
  const busy = busyWith(from);
  if (!busy) return;

  const ask = async (): Promise<StepEnd> => {
    const verdict = await askWhetherDone(step, ends.needsOf(step), scopes(step));
    if (verdict.effect === 'landed') return { state: 'done', result: verdict.result };
    if (verdict.effect === 'absent') return { state: 'unclear', error: verdict.error ?? from.error, effect: 'absent' };
    throw new DomainFailure(verdict.error ?? from.error);
  };
  const of = nameOf(step);
  const startedAt = clock.monotonic();
  onGoesOn(busy);
  emit({ type: 'step-resumed', ...of });
  const end = await background
    .insist({
      thrown: new DomainFailure(busy),
      attempt: ask,
      policy: standardPolicy,
      onRetry: (pause) => emit({ type: 'step-retried', ...of, ...pause }),
    })
    .catch(() => from);
  ends.set(step, end);
  const durationMs = clock.monotonic() - startedAt;
  if (end.state === 'done') emit({ type: 'step-succeeded', ...of, durationMs });
  else emit({ type: 'step-failed', ...of, durationMs, error: end.error });
}
