import { createEnds } from './ends';
import { finish } from './finish';
import type { Afterwards, Outcome, Running } from './recipe';
import { DEFAULT_CONCURRENCY, type WalkOptions } from './walk';

/** Does what follows an answer; gives how the run ends by that. Never rejects. */
export async function follow<T>(
  outcome: Outcome<T>,
  afterwards: Afterwards | undefined,
  delivered: boolean,
  {
    scope,
    emit,
    background,
    concurrency = DEFAULT_CONCURRENCY,
    onGoesOn,
    onPhase,
  }: Required<Omit<WalkOptions, 'concurrency'>> & WalkOptions,
): Promise<Outcome<T>> {
  const steps = afterwards?.plan.steps ?? [];
  emit({ type: 'answered', delivered, then: steps.map(({ title }) => title) });
  if (!afterwards) return outcome;

  const ends = createEnds(steps);
  const open = (): readonly string[] => ends.open().map(({ step }) => step);
  onPhase(open);
  await finish({
    steps,
    ends,
    scope,
    emit,
    background,
    concurrency,
    onGoesOn: (error) => {
      const running: Running = {
        state: 'running',
        error,
        failedStep: open()[0] ?? '',
        undone: [],
        undoing: [],
        finishing: open(),
        left: [],
      };
      onGoesOn(running);
    },
  });
  const left = ends.open();
  const failed = left.find(({ error }) => error !== undefined);
  const error = failed?.error ?? afterwards.error;
  return error ? { state: 'failed', error, ...(failed && { failedStep: failed.step }), left } : outcome;
}
