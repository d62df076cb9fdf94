import { isAmbiguous, toDomainError } from '../errors';
import type { DomainError } from '../errors';
import type { PlannedStep, StepScope } from './plan';
import { retry, standardPolicy } from './retry';
import type { Pause } from './retry';

/** How a step ended, and what is known of its effect. */
export type StepEnd =
  | { readonly state: 'done'; readonly result: unknown }
  /** Every attempt was refused; there is no effect. */
  | { readonly state: 'refused'; readonly error: DomainError }
  /** An attempt's reply was lost. `effect` is what `alreadyDone` saw last: `absent`, or `unknown` when it could not tell. */
  | { readonly state: 'unclear'; readonly error: DomainError; readonly effect: 'absent' | 'unknown' };

export type Needed = Readonly<Record<string, unknown>>;

type Verdict =
  | { readonly effect: 'landed'; readonly result: unknown }
  /** `error`: what the check found in the step's place. */
  | { readonly effect: 'absent'; readonly error?: DomainError }
  | { readonly effect: 'unknown' };

/**
 * Runs one step to its end under its retry policy; never rejects.
 *
 * After an attempt whose reply was lost, `alreadyDone` is asked before the step is sent again and once more when the
 * attempts have ended, whatever the last one was answered: a refusal like `exists` may be the echo of our own effect.
 * When it ends with `exists` or `conflict`, something of others is in the step's place: the step is not sent again, and
 * that is its error. When it fails in any other way the step is not sent again either, because that might double its
 * effect. A step without `alreadyDone` says of itself that sending it twice does no harm.
 */
export async function runStep(
  step: PlannedStep,
  needs: Needed,
  scope: StepScope,
  onRetry?: (pause: Pause) => void,
): Promise<StepEnd> {
  let lost: DomainError | undefined;

  const attempt = async (): Promise<StepEnd> => {
    if (lost && step.alreadyDone) {
      const verdict = await askWhetherDone(step, needs, scope);
      if (verdict.effect === 'landed') return { state: 'done', result: verdict.result };
      if (verdict.effect === 'unknown') return { state: 'unclear', error: lost, effect: 'unknown' };
      if (verdict.error) return { state: 'unclear', error: verdict.error, effect: 'absent' };
    }
    try {
      return { state: 'done', result: await step.run(needs, scope) };
    } catch (thrown) {
      const error = toDomainError(thrown);
      if (isAmbiguous(error)) lost = error;
      throw thrown;
    }
  };

  try {
    return await retry(step.retry ?? standardPolicy, scope.clock, attempt, onRetry);
  } catch (thrown) {
    const error = toDomainError(thrown);
    if (!lost) return { state: 'refused', error };
    const verdict = await askWhetherDone(step, needs, scope);
    if (verdict.effect === 'landed') return { state: 'done', result: verdict.result };
    if (verdict.effect === 'absent') return { state: 'unclear', error: verdict.error ?? error, effect: 'absent' };
    return { state: 'unclear', error, effect: 'unknown' };
  }
}

async function askWhetherDone(step: PlannedStep, needs: Needed, scope: StepScope): Promise<Verdict> {
  const { alreadyDone } = step;
  if (!alreadyDone) return { effect: 'unknown' };
  try {
    const found = await retry(standardPolicy, scope.clock, async () => alreadyDone(needs, scope));
    return found ? { effect: 'landed', result: found.result } : { effect: 'absent' };
  } catch (thrown) {
    const error = toDomainError(thrown);
    if (error.kind === 'exists' || error.kind === 'conflict') return { effect: 'absent', error };
    // The step's own error is the one worth reporting; this one only means that we do not know.
    return { effect: 'unknown' };
  }
}
