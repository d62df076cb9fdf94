import { type DomainError, fail, toDomainError } from '../base/errors';
import { type JsonValue, throughJson } from '../base/json';
import { follow } from './afterwards';
import type { Background } from './background';
import { claimAndLook } from './begin';
import { createClaims, isBusy } from './claims';
import { type Control, createControl } from './control';
import { createEmitter } from './emit';
import { createEnds } from './ends';
import type { EngineEventPayload } from './events';
import type { Following } from './following';
import { CANCELLED, type Interrupted, replay } from './interrupted';
import { createJournal, type Journal, type JournalRecord } from './journal';
import { SUPERSEDED } from './lease';
import { tokenIn } from './notary';
import { type EngineOptions, noNotary } from './options';
import type { Plan } from './plan';
import { createProgressKeeper, noProgressKeeper, NO_PROGRESS, type Progress, type ProgressKeeper } from './progress';
import type { Deliver, Outcome, Recipe, Running } from './recipe';
import type { ClaimRecord } from './records';
import type { InterruptedRun } from './recover';
import { recordEnd } from './record-end';
import { usingRegister } from './using-register';
import { walk } from './walk';

/** Calls to AWS are given up after so long, where nothing else is said. */
const CALL_TIMEOUT_MS = 12_000;

type Emit = (event: EngineEventPayload) => void;

/** A run from its beginning to its end. */
export interface UnderWay<T> {
  readonly operationId: string;
  readonly kind: string;
  readonly title: string;
  /** Titles of what would be left behind if the process ended now. */
  readonly left: () => readonly string[];
  readonly control: Control;
  /** Never rejects. */
  readonly ended: Promise<Outcome<T>>;
  /** Resolves when nobody should wait for the end any longer; perhaps never. */
  readonly goesOn: Promise<Running>;
  /** Resolves when its claims are given back, where that takes longer than the run; asked at its end. */
  readonly releasing: () => Promise<void> | undefined;
}

export interface RunOptions extends EngineOptions {
  readonly background: Background;
  readonly following: Following;
}

/** How a run begins, or goes on that was begun before. */
export interface Beginning<T> {
  readonly deliver?: Deliver<T> | undefined;
  /** A former process began it, and holds its claims. */
  readonly interrupted?: InterruptedRun;
  /** It has ended and left something; its claims were given back. */
  readonly ended?: JournalRecord;
  /** Under an id that was given before, perhaps to attempts that have not succeeded. */
  readonly as?: { readonly operationId: string; readonly attempt: number };
}

/** Makes the id of a run that will be begun. */
export const idFor = (
  { claims }: { readonly claims: readonly string[] },
  { newId }: Pick<EngineOptions, 'newId'>,
): string => newId([...claims].sort()[0] ?? '');

/** Begins a run from claim to release. Between claim and release no other run writes to the same resources. */
export function startRun<P extends JsonValue, T>(
  recipe: Recipe<P, T>,
  options: RunOptions,
  beginning: Beginning<T> = {},
): UnderWay<T> {
  const { kind, title } = recipe;
  const { notary = noNotary, within = (_, work) => work() } = options;
  const record = beginning.interrupted?.record ?? beginning.ended;
  const operationId = record?.operationId ?? beginning.as?.operationId ?? idFor(recipe, options);
  const asked = record?.asked ?? notary.asked();
  const control = createControl(options.lease);
  // Taken over in a name that this process has lost since.
  if (beginning.interrupted && beginning.interrupted.record.owner !== control.owner) control.leave();
  let left: () => readonly string[] = () => [];
  let releasing: Promise<void> | undefined;
  let tell: (running: Running) => void = () => undefined;
  const goesOn = new Promise<Running>((resolve) => (tell = resolve));
  const run: RunFacts<T> = {
    operationId,
    asked,
    record,
    attempt: record ? (record.attempt ?? 1) + (beginning.ended ? 1 : 0) : (beginning.as?.attempt ?? 1),
    control,
    beginning,
    onGoesOn: tell,
    onPhase: (next) => void (left = next),
    onReleasing: (release) => {
      releasing = release;
    },
  };
  const ended = within({ operationId, tokenId: tokenIn(asked), mayCall: control.mayCall }, () =>
    runRecipe(recipe, run, options),
  );
  return {
    operationId,
    kind,
    title,
    left: () => left(),
    control,
    ended,
    goesOn,
    releasing: () => releasing,
  };
}

interface RunFacts<T> {
  readonly operationId: string;
  readonly asked: JsonValue;
  /** Of a run that was begun before. */
  readonly record: JournalRecord | undefined;
  readonly attempt: number;
  readonly control: Control;
  readonly beginning: Beginning<T>;
  readonly onGoesOn: (running: Running) => void;
  readonly onPhase: (left: () => readonly string[]) => void;
  readonly onReleasing: (release: Promise<void>) => void;
}

async function runRecipe<P extends JsonValue, T>(
  recipe: Recipe<P, T>,
  run: RunFacts<T>,
  options: RunOptions,
): Promise<Outcome<T>> {
  const { operationId, asked, record, attempt, control, onPhase } = run;
  const { interrupted, ended, deliver = () => Promise.resolve(true) } = run.beginning;
  const { register, clock, lease, background, following } = options;
  const { callTimeoutMs = CALL_TIMEOUT_MS, notary = noNotary } = options;
  const startedAt = clock.monotonic();
  const tellListeners = createEmitter(options.listeners, clock, operationId, recipe.kind);
  let keeper: ProgressKeeper = noProgressKeeper;
  let journal: Journal | undefined;
  /** Whether its journal may be there, for another process to go on with. */
  let mayGoOn = interrupted !== undefined;
  /** It comes into being while the run is worked on. */
  const journalOf = (): Journal | undefined => journal;
  const emit: Emit = (event) => {
    // What a run does that another process has taken over is that one's to tell.
    if (control.isLost() && mayGoOn) return;
    if (event.type === 'remembered') keeper.remember(event);
    tellListeners(event);
  };
  emit({
    type: 'operation-started',
    title: recipe.title,
    claims: record?.claims ?? recipe.claims,
    ...(attempt > 1 && { attempt }),
    ...(record && { recovery: record.recovery }),
    ...(record?.asked !== undefined && { asked: record.asked }),
    ...(record?.display !== undefined && { display: record.display }),
  });

  const self: ClaimRecord = {
    operationId,
    kind: recipe.kind,
    startedAt: record?.startedAt ?? new Date(clock.now()).toISOString(),
    ...(control.owner !== undefined && { owner: control.owner }),
  };
  const claims = createClaims(register, clock, self, interrupted?.taken);
  /** Told once: what is behind by then is what the caller was told. */
  const told: Running[] = [];
  let endFollowing: () => void = () => undefined;
  const onGoesOn = (running: Running): void => {
    if (control.isLeft() || told.push(running) > 1) return;
    endFollowing();
    const { undoing, finishing, error } = running;
    emit({ type: 'operation-goes-on', undoing, finishing, error });
    run.onGoesOn(running);
  };

  const work = async (): Promise<Outcome<T>> => {
    // A run without claims excludes nobody; a key of its own gives its journal a place.
    const first = recipe.claims.length > 0 ? recipe.claims : [`operation/${operationId}`];
    if (ended) await usingRegister('claim', emit, () => claims.takeAgain(ended.claims));
    // What is held in the name of this process counts for as long as it gives signs of life.
    if (record && lease) await usingRegister('claim', emit, lease.ensure);
    const preImage = (record?.preImage ??
      throughJson(await claimAndLook(recipe, { claims, first, emit, options }))) as P;
    const input = record?.input ?? throughJson(recipe.input);
    const plan = recipe.plan(preImage, operationId, input);
    emit({ type: 'planned', steps: plan.steps.map(({ title, dependsOn }) => ({ title, dependsOn })) });
    if (control.isCancelled() && !record) fail(CANCELLED);
    const display = (): JsonValue => notary.display(operationId);
    const written = createJournal({ claims, self, recipe, input, preImage, attempt, asked, display });
    const write = (progress?: Progress) => usingRegister('journal', emit, () => written.write(progress));
    const writeOn = (progress?: Progress): Promise<void> =>
      write(progress).catch((thrown: unknown) => {
        // The record says that another process goes on with the run.
        if (isBusy(thrown)) control.lose();
        throw thrown;
      });
    mayGoOn = true;
    // Time may have passed since it was taken over: whoever goes on with it must still be the one that the record names.
    if (!interrupted) await write(record?.progress);
    else if (lease) await writeOn(record?.progress);
    journal = written;
    control.holdFast();
    // What former attempts have made that could not be taken back, or was not shown yet, counts as done.
    const before: Interrupted | undefined = record
      ? { progress: record.progress ?? NO_PROGRESS, recovery: record.recovery }
      : attempt > 1
        ? { progress: NO_PROGRESS, recovery: 'forward' }
        : undefined;
    if (options.isDurable)
      keeper = createProgressKeeper(writeOn, {
        from: before?.progress,
        clock,
        // Where a write is a request it waits for more to say.
        isSparing: lease !== undefined,
        onStuck: (error) => onGoesOn({ ...NOTHING_YET, error, failedStep: 'Note how far it has come' }),
      });
    const { concurrency } = options;
    const walking = {
      scope: { operationId, clock, attempt },
      emit,
      background,
      onGoesOn,
      onPhase,
      keeper,
      control,
      interrupted: before,
      ...(concurrency !== undefined && { concurrency }),
    };
    const answered = before?.progress.delivered;
    const outcome = before && answered !== undefined ? hadAnswered(plan, before.progress) : await walk(plan, walking);
    if (outcome.state !== 'succeeded' || !recipe.afterwards) return outcome;
    control.tooLateWhen(() => true);
    const { value } = outcome;
    endFollowing = following.begin(operationId);
    // A secret that another process is about to take back must not go out.
    await control.mayCall(callTimeoutMs);
    // Nobody is there any more to whom an answer of a former process could be given.
    const delivered = record ? answered === true : await handOut(value, operationId, deliver);
    const afterwards = recipe.afterwards(value, delivered, preImage, operationId);
    if (afterwards) await keeper.delivered(delivered);
    return follow(outcome, afterwards, delivered, walking);
  };

  const worked = work().catch((thrown: unknown): Outcome<T> => {
    // Only what comes before the first effect throws; a walk ends with an outcome.
    const error = toDomainError(thrown);
    return error === CANCELLED
      ? { state: 'cancelled', error, failedStep: '', undone: [] }
      : { state: 'failed', error, left: [] };
  });
  const ending = await Promise.race([worked, control.lost]);
  const isNowhere = !mayGoOn && (ending === 'lost' || control.isLeft());
  // Nobody goes on with what has not begun.
  const outcome: Outcome<T> | 'lost' = isNowhere ? { state: 'failed', error: NOT_BEGUN, left: [] } : ending;

  const handOver = (): Outcome<T> => {
    endFollowing();
    void keeper.close();
    run.onGoesOn(NOTHING_YET);
    tellListeners({
      type: 'operation-handed-over',
      durationMs: clock.monotonic() - startedAt,
      ...(told.length > 0 && { wentOn: true }),
    });
    control.end();
    return { state: 'failed', error: SUPERSEDED, left: [] };
  };
  if (outcome === 'lost') return handOver();
  const begun = journalOf();
  // What was done before stands: the record stays, and whoever can goes on with it.
  if (interrupted && !begun) return handOver();
  control.tooLateWhen(() => true);
  if (control.isLeft() && !isNowhere) {
    await keeper.close();
    // Who cannot say so leaves a lease that ends by itself.
    if (begun) await begun.handOver(keeper.progress()).catch(() => undefined);
    else await claims.release().catch(() => undefined);
    return handOver();
  }
  if (begun) {
    const ended = { record: begun.record(keeper.progress()), outcome };
    const mayEnd = () => control.mayEnd(callTimeoutMs);
    const recording = recordEnd({ notary, clock, emit, background, mayEnd, onGoesOn }, ended);
    if ((await Promise.race([recording, control.lost])) === 'lost') return handOver();
  }
  await keeper.close();

  const release = async (): Promise<void> => {
    // A late call of the dead owner must not hit a successor of the same name.
    if (interrupted && lease) await Promise.race([clock.sleep(callTimeoutMs), control.lost]);
    // What the run has done stands, whatever becomes of its claims.
    if (!control.isLost()) await usingRegister('release', emit, claims.release).catch(() => undefined);
    endFollowing();
    control.end();
  };
  const tellEnd = (): void =>
    emit({
      type: 'operation-ended',
      state: outcome.state,
      durationMs: clock.monotonic() - startedAt,
      ...(outcome.state !== 'succeeded' && { error: outcome.error }),
      ...('left' in outcome && outcome.left.length > 0 && { left: outcome.left.map(({ step }) => step) }),
      ...(told.length > 0 && { wentOn: true }),
    });
  if (lease) {
    // Requests of their own, for which nobody should wait: whoever asks for the next thing here does.
    const before = endFollowing;
    const end = following.begin(operationId);
    endFollowing = () => {
      before();
      end();
    };
    tellEnd();
    run.onReleasing(release());
  } else {
    await release();
    tellEnd();
  }
  return outcome;
}

const NOT_BEGUN: DomainError = {
  kind: 'unavailable',
  detail: 'This process is about to end, or cannot reach the store of operations in time. Nothing was done.',
  retryAfterSeconds: 1,
  origin: { effect: 'none' },
};

const NOTHING_YET: Running = {
  state: 'running',
  error: SUPERSEDED,
  failedStep: 'Go on with it',
  undone: [],
  undoing: [],
  finishing: [],
  left: [],
};

/** Tells how a plan ended of which a former process has given the answer: secrets are no longer in it. */
function hadAnswered<T>(plan: Plan<T>, progress: Progress): Outcome<T> {
  const ends = createEnds(plan);
  replay(ends, progress);
  return { state: 'succeeded', value: plan.answer(plan.steps.map(({ index }) => ends.resultOf(index))) };
}

/** Tells whether the answer went out; one that could not be made did not. */
async function handOut<T>(value: T, operationId: string, deliver: Deliver<T>): Promise<boolean> {
  try {
    return await deliver(value, operationId);
  } catch {
    return false;
  }
}
