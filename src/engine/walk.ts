import { toDomainError } from '../base/errors';
import { runStep } from './attempt';
import { type Background, createBackground } from './background';
import { type Cause, createEnds, type Ends } from './ends';
import type { Control } from './control';
import type { EngineEventPayload } from './events';
import { isInDoubt, settleDoubts } from './doubt';
import { finish } from './finish';
import { SUPERSEDED } from './lease';
import { traverse } from './graph';
import type { Plan } from './plan';
import type { Pause } from './retry';
import { nameOf, type PlannedStep } from './planned-step';
import type { Failed, Outcome, Remainder, RollbackFailed, RolledBack, Running } from './recipe';
import {
  CANCELLED,
  CANCELLED_STEP,
  findOut,
  INTERRUPTED,
  INTERRUPTED_STEP,
  type Interrupted,
  isReady,
  replay,
} from './interrupted';
import { noProgressKeeper, type ProgressKeeper } from './progress';
import { createScopes, type RunScope } from './scope';
import { undo } from './undo';

export interface WalkOptions {
  readonly scope: RunScope;
  readonly emit: (event: EngineEventPayload) => void;
  /** Steps under way at once. Default 16. */
  readonly concurrency?: number;
  /** Default: one of its own. */
  readonly background?: Background;
  /** Told whenever something goes on in the background for which nobody should wait any longer. */
  readonly onGoesOn?: (running: Running) => void;
  /** Told, at the beginning of each phase, how to ask for the titles of what would be left if the process ended now. */
  readonly onPhase?: (left: () => readonly string[]) => void;
  /** Told what is worth being known after the process has ended. */
  readonly keeper?: ProgressKeeper;
  /** What others may ask of the run. Default: nothing. */
  readonly control?: Pick<Control, 'isCancelled' | 'isLeft' | 'isLost' | 'tooLateWhen'>;
  /** What a former process has done of the plan. */
  readonly interrupted?: Interrupted | undefined;
}

const NOBODY_ASKS: Required<WalkOptions>['control'] = {
  isCancelled: () => false,
  isLeft: () => false,
  isLost: () => false,
  tooLateWhen: () => undefined,
};

/** Steps of one run under way at once, where nothing else is said. */
export const DEFAULT_CONCURRENCY = 16;

/** What `failedStep` says when every step succeeded and the plan's own answer could not be made of the results. */
const ANSWER_STEP = 'Put the answer together';

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
 * An AWS that is busy is no reason to leave anything behind: undos, steps behind a pivot and the question whether a pivot
 * happened go on in the background, for up to a day. `onGoesOn` is told, so that whoever waits can be.
 *
 * The first error is reported; what fails after it is in the events.
 *
 * A plan that a former process has begun goes on where that one stood, or goes back, as its recovery says. Of what is not
 * known to be done it is asked first whether it is; what cannot be told is done again, or undone all the same.
 */
export async function walk<T>(plan: Plan<T>, options: WalkOptions): Promise<Outcome<T>> {
  const {
    scope,
    emit,
    concurrency = DEFAULT_CONCURRENCY,
    onGoesOn = () => undefined,
    onPhase = () => undefined,
    keeper = noProgressKeeper,
    control = NOBODY_ASKS,
    interrupted,
  } = options;
  const background = options.background ?? createBackground(scope.clock);
  const { clock } = scope;
  const scopes = createScopes(scope, emit, interrupted?.progress);
  const ends = createEnds(plan, emit, keeper.succeeded);
  const { steps } = ends;
  const repliesLost = interrupted && INTERRUPTED;

  // What nothing takes back decides like a pivot, where a deletion is gone on with that was not going back.
  const isOneWay = interrupted?.recovery === 'forward-after-pivot' && !interrupted.progress.undoing;
  const decisionOf = ({ pivot, irrevocable }: PlannedStep): PlannedStep['pivot'] =>
    isOneWay && irrevocable === true ? true : pivot;
  const pivots = (): readonly PlannedStep[] => steps.filter((step) => decisionOf(step) !== false);
  const isPastPivot = (): boolean =>
    pivots().some((step) => {
      const decision = decisionOf(step);
      return (
        ends.isDone(step.index) && (typeof decision === 'function' ? decision(ends.resultOf(step.index)) : decision)
      );
    });
  const isCancelled = (): boolean => control.isCancelled() || interrupted?.progress.cancelled === true;
  const isAllDone = (): boolean => steps.every(({ index }) => ends.isDone(index));
  control.tooLateWhen(() => isPastPivot() || isAllDone());
  const mayHaveEffect = (step: PlannedStep): boolean => {
    const state = ends.of(step)?.state;
    if (state === undefined) return interrupted !== undefined && isReady(ends, step);
    return state !== 'refused' || interrupted !== undefined;
  };
  const titlesOf = (some: readonly PlannedStep[]): readonly string[] => some.map(({ title }) => title);

  const visit = async (step: PlannedStep): Promise<void> => {
    if (ends.isDone(step.index)) return;
    if (step.parent) await keeper.written();
    const of = nameOf(step);
    const startedAt = clock.monotonic();
    emit({ type: 'step-started', ...of });
    const onRetry = (pause: Pause) => emit({ type: 'step-retried', ...of, ...pause });
    const end = await runStep(step, ends.needsOf(step), scopes(step), onRetry, undefined, repliesLost);
    const durationMs = clock.monotonic() - startedAt;
    if (end.state === 'done') emit({ type: 'step-succeeded', ...of, durationMs });
    else emit({ type: 'step-failed', ...of, durationMs, error: end.error });
    ends.set(step, end);
  };

  onPhase(() =>
    titlesOf(
      isPastPivot()
        ? steps.filter(({ index }) => !ends.isDone(index))
        : steps.filter((step) => step.undo && mayHaveEffect(step)),
    ),
  );
  /** Takes up what a former process has done; gives whether it is to be taken back. */
  const goesBack = async ({ progress, recovery }: Interrupted): Promise<boolean> => {
    replay(ends, progress);
    if (isPastPivot() || (recovery === 'forward' && !progress.undoing)) return false;
    await findOut(ends, scopes, concurrency, (step) => decisionOf(step) !== false);
    return !isPastPivot();
  };
  const isBack = interrupted !== undefined && (await goesBack(interrupted));
  if (!isBack)
    await traverse({
      vertices: steps,
      before: ends.before,
      concurrency,
      mayStart: (step) =>
        (ends.cause() === undefined && !isCancelled()) || (isPastPivot() && step.dependsOn.every(ends.isDone)),
      visit,
    });

  // The next process finds out how far it came.
  if (control.isLeft() || control.isLost()) return { state: 'failed', error: SUPERSEDED, left: [] };
  const stopped = isCancelled() && !isPastPivot() && !isAllDone();
  const answered =
    ends.cause() ??
    (stopped ? { step: CANCELLED_STEP, error: CANCELLED } : undefined) ??
    (isBack ? { step: INTERRUPTED_STEP, error: INTERRUPTED } : answerOf(plan, ends));
  if ('value' in answered) return { state: 'succeeded', value: answered.value };
  const cause: Cause = answered;
  const { step: failedStep, error } = cause;
  const goesOn = (more: Partial<Running>): void =>
    onGoesOn({ state: 'running', error, failedStep, undone: [], undoing: [], finishing: [], left: [], ...more });
  const stillOpen = (): readonly string[] => ends.open().map(({ step }) => step);
  const finishing = {
    ends,
    clock,
    scopes,
    concurrency,
    background,
    emit,
    onGoesOn: () => goesOn({ finishing: stillOpen() }),
    interrupted: repliesLost,
    keeper,
  };

  if (!isPastPivot()) await settleDoubts(pivots(), finishing);
  if (isPastPivot()) {
    onPhase(stillOpen);
    await finish(finishing);
    const answer = stillOpen().length === 0 ? answerOf(plan, ends) : cause;
    return 'value' in answer ? { state: 'succeeded', value: answer.value } : stayedForward(ends, ends.cause() ?? cause);
  }
  if (pivots().some((step) => isInDoubt(ends.of(step)))) return stayedForward(ends, cause);

  await keeper.undoing(cause.error === CANCELLED);
  // An undo is told what its step came to, where that can still be learnt.
  if (interrupted) await findOut(ends, scopes, concurrency, () => true);
  const { undone, left } = await undo({
    steps,
    mayHaveEffect,
    needsOf: ends.needsOf,
    resultOf: ({ index }) => ends.resultOf(index),
    clock,
    scopes,
    concurrency,
    background,
    emit,
    onGoesOn: goesOn,
    onBegin: (standing) => onPhase(() => [...standing().undoing, ...standing().left.map(({ step }) => step)]),
  });
  return takenBack(cause, undone, left);
}

/** Makes the plan's answer, or tells why it could not be made of the results. */
function answerOf<T>(plan: Plan<T>, ends: Ends): { readonly value: T } | Cause {
  try {
    return { value: plan.answer(plan.steps.map(({ index }) => ends.resultOf(index))) };
  } catch (thrown) {
    return { step: ANSWER_STEP, error: toDomainError(thrown) };
  }
}

/** Nothing was undone: what is not done is still to be done. */
function stayedForward(ends: Ends, cause: Cause): Failed {
  const left = ends.open();
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
  if (cause.error === CANCELLED) return { state: 'cancelled', ...facts, undone };
  if (undone.length > 0) return { state: 'rolled-back', ...facts, undone };
  return { state: 'failed', ...facts, left: [] };
}
