import { createEnds } from './ends';
import { finish } from './finish';
import { INTERRUPTED } from './interrupted';
import type { Afterwards, Outcome, Running } from './recipe';
import { createScopes } from './scope';
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
    interrupted,
  }: WalkOptions & Required<Pick<WalkOptions, 'background' | 'onGoesOn' | 'onPhase'>>,
): Promise<Outcome<T>> {
  const then = afterwards?.plan.steps.map(({ title }) => title) ?? [];
  emit({ type: 'answered', delivered, then });
  if (!afterwards) return outcome;

  const ends = createEnds(afterwards.plan, emit);
  const open = (): readonly string[] => ends.open().map(({ step }) => step);
  onPhase(open);
  await finish({
    ends,
    clock: scope.clock,
    scopes: createScopes(scope, emit),
    emit,
    background,
    concurrency,
    interrupted: interrupted && INTERRUPTED,
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
