import type { DomainError } from '../base/errors';
import { askWhetherDone } from './attempt';
import { createEnds, type Ends } from './ends';
import { traverse } from './graph';
import type { Plan } from './plan';
import type { PlannedStep } from './planned-step';
import type { Progress } from './progress';
import type { Recovery } from './recipe';
import type { Scopes } from './scope';

/** A run that its process did not survive, as its journal tells of it. */
export interface Interrupted {
  readonly progress: Progress;
  readonly recovery: Recovery;
}

/** What became of the replies that nobody was there to see. */
export const INTERRUPTED: DomainError = {
  kind: 'unavailable',
  detail: 'The service ended while this operation was under way.',
  retryAfterSeconds: 1,
  origin: { effect: 'unknown' },
};

/** Why a run is taken back that did not fail. */
export const CANCELLED: DomainError = {
  kind: 'conflict',
  detail: 'The operation was cancelled.',
  origin: { effect: 'none' },
};

/** What `failedStep` says when nothing failed, and somebody asked to go back. */
export const CANCELLED_STEP = 'Cancel';

/** What `failedStep` says when nothing failed but the process. */
export const INTERRUPTED_STEP = 'Go on after the service had ended';

/**
 * Notes what the journal says is done; steps that were added since are added again.
 *
 * @throws an Error when the plan has other steps than the one that the journal tells of
 */
export function replay(ends: Ends, { done }: Progress): void {
  for (const { step: index, title, result } of done) {
    const step = ends.steps[index];
    if (step?.title !== title)
      throw new Error(
        `the journal has step ${String(index)}, "${title}", where the plan has "${step?.title ?? 'none'}"`,
      );
    ends.set(step, { state: 'done', result });
  }
}

/** Whether the journal tells of this plan. */
export function fits(plan: Plan<unknown>, progress: Progress): boolean {
  try {
    replay(createEnds(plan), progress);
    return true;
  } catch {
    return false;
  }
}

/** Whether all that a step is given is known: one of which it is not cannot be asked about, and cannot be undone. */
export const isReady = (ends: Ends, { needs }: PlannedStep): boolean => Object.values(needs).every(ends.isDone);

/**
 * Finds out which of `asked` a former process has done, in the order of the plan. What AWS does not tell of a pivot is noted
 * as being in doubt, and so is what it does not tell of a step that nothing takes back and that can be asked about; any other
 * step is then undone in any case, so that a doubt does not matter.
 */
export async function findOut(
  ends: Ends,
  scopes: Scopes,
  concurrency: number,
  asked: (step: PlannedStep) => boolean,
): Promise<void> {
  const visit = async (step: PlannedStep): Promise<void> => {
    if (ends.of(step) !== undefined || !asked(step) || !isReady(ends, step)) return;
    const verdict = await askWhetherDone(step, ends.needsOf(step), scopes(step));
    if (verdict.effect === 'landed') ends.set(step, { state: 'done', result: verdict.result });
    else if (
      verdict.effect === 'unknown' &&
      (step.pivot !== false || (step.irrevocable === true && step.alreadyDone !== undefined))
    )
      ends.set(step, {
        state: 'unclear',
        error: INTERRUPTED,
        effect: 'unknown',
        ...(verdict.error && { unseen: verdict.error }),
      });
  };
  await traverse({ vertices: ends.steps, before: ends.before, concurrency, visit });
}
