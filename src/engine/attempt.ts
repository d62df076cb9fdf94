import { type DomainError, DomainFailure, isAmbiguous, toDomainError } from '../base/errors';
import type { Background } from './background';
import type { PlannedStep } from './planned-step';
import { isTransient, type Pause, retry, standardPolicy } from './retry';
import type { StepScope } from './step';

/** How a step ended, and what is known of its effect. */
export type StepEnd = { readonly state: 'done'; readonly result: unknown } | NotDone;

export type NotDone =
  /** Every attempt was refused; there is no effect. */
  | { readonly state: 'refused'; readonly error: DomainError }
  /**
   * An attempt's reply was lost. `effect` is what `alreadyDone` saw last: `absent`, or `unknown` when it could not tell;
   * `unseen` is then why.
   */
  | {
      readonly state: 'unclear';
      readonly error: DomainError;
      readonly effect: 'absent' | 'unknown';
      readonly unseen?: DomainError;
    };

export type Needed = Readonly<Record<string, unknown>>;

type Verdict =
  | { readonly effect: 'landed'; readonly result: unknown }
  /** `error`: what the check found in the step's place. */
  | { readonly effect: 'absent'; readonly error?: DomainError }
  /** `error`: what the check itself failed with. */
  | { readonly effect: 'unknown'; readonly error?: DomainError };

/** How a step that failed goes on in the background. */
export interface Resumption {
  readonly from: NotDone;
  readonly background: Background;
}

/**
 * Runs one step to its end under its retry policy; never rejects.
 *
 * When an attempt's reply was lost, `alreadyDone` is asked before the step is sent again, and once more after the last
 * attempt, whatever that was answered: a refusal like `exists` may be the echo of our own effect. When `alreadyDone`
 * throws `exists` or `conflict`, something of others is in the step's place: the step is not sent again, and that is
 * its error. When it throws anything else the step is not sent again either, because that might double its effect. A
 * step without `alreadyDone` says of itself that sending it twice does no harm.
 *
 * With `resumption` it takes a step up again that AWS was too busy for; then `alreadyDone` is insisted on as well.
 * `interrupted`: a former process may have sent the step, and this is what became of its reply.
 */
export async function runStep(
  step: PlannedStep,
  needs: Needed,
  scope: StepScope,
  onRetry: (pause: Pause) => void = () => undefined,
  resumption?: Resumption,
  interrupted?: DomainError,
): Promise<StepEnd> {
  const { clock } = scope;
  const policy = step.retry ?? standardPolicy;
  let lost = resumption?.from.state === 'unclear' ? resumption.from.error : interrupted;

  const attempt = async (): Promise<StepEnd> => {
    if (lost && step.alreadyDone) {
      const verdict = await askWhetherDone(step, needs, scope);
      if (verdict.effect === 'landed') return { state: 'done', result: verdict.result };
      if (verdict.effect === 'unknown') {
        if (resumption && verdict.error && isTransient(verdict.error)) throw new DomainFailure(verdict.error);
        return unknownAfter(lost, verdict.error);
      }
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
    if (!resumption) return await retry(policy, clock, attempt, onRetry);
    const { from, background } = resumption;
    return await background.insist({
      thrown: new DomainFailure(busyWith(from) ?? from.error),
      attempt,
      policy,
      onRetry,
    });
  } catch (thrown) {
    const error = toDomainError(thrown);
    if (policy.isDone?.(error)) return { state: 'done', result: undefined };
    if (!lost) return { state: 'refused', error };
    const verdict = await askWhetherDone(step, needs, scope);
    if (verdict.effect === 'landed') return { state: 'done', result: verdict.result };
    if (verdict.effect === 'absent') return { state: 'unclear', error: verdict.error ?? error, effect: 'absent' };
    return unknownAfter(error, verdict.error);
  }
}

/** Gives the error that a pause may heal, where a step failed with one; undefined when it failed for good. */
export function busyWith(end: NotDone): DomainError | undefined {
  if (end.state === 'unclear' && end.effect === 'unknown' && end.unseen)
    return isTransient(end.unseen) ? end.unseen : undefined;
  return isTransient(end.error) ? end.error : undefined;
}

const unknownAfter = (error: DomainError, unseen: DomainError | undefined): NotDone => ({
  state: 'unclear',
  error,
  effect: 'unknown',
  ...(unseen && { unseen }),
});

/** Asks `alreadyDone` whether the step has had its effect. */
export async function askWhetherDone(step: PlannedStep, needs: Needed, scope: StepScope): Promise<Verdict> {
  const { alreadyDone } = step;
  if (!alreadyDone) return { effect: 'unknown' };
  try {
    const found = await retry(standardPolicy, scope.clock, async () => alreadyDone(needs, scope));
    return found ? { effect: 'landed', result: found.result } : { effect: 'absent' };
  } catch (thrown) {
    const error = toDomainError(thrown);
    if (error.kind === 'exists' || error.kind === 'conflict') return { effect: 'absent', error };
    // The step's own error is the one worth reporting; this one only means that we do not know.
    return { effect: 'unknown', error };
  }
}
