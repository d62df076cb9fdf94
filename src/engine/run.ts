import { type DomainError, fail, toDomainError } from '../base/errors';
import { follow } from './afterwards';
import type { Background } from './background';
import { type ClaimRecord, type Claims, createClaims, isBusy } from './claims';
import { createEmitter } from './emit';
import type { EngineEventPayload } from './events';
import { type Interrupted, replay } from './interrupted';
import { writeJournal } from './journal';
import { createEnds } from './ends';
import { createProgressKeeper, noProgressKeeper, NO_PROGRESS, type Progress, type ProgressKeeper } from './progress';
import type { InterruptedRun } from './recover';
import type { Plan } from './plan';
import type { Following } from './following';
import type { EngineOptions } from './options';
import type { Deliver, Outcome, Recipe, Running } from './recipe';
import { type JsonValue, throughJson } from '../base/json';
import { walk, type WalkOptions } from './walk';

/** A look may ask for claims, and the look after those for further ones; more rounds mean that others are changing it. */
const LOOK_ROUNDS = 3;
const REGISTER_RETRY_SECONDS = 5;
/** Runs about to end that are waited for one after the other. */
const FOLLOWING_ROUNDS = 4;

type Emit = (event: EngineEventPayload) => void;

/** A run from its beginning to its end. */
export interface UnderWay<T> {
  readonly operationId: string;
  readonly kind: string;
  readonly title: string;
  /** Titles of what would be left behind if the process ended now. */
  readonly left: () => readonly string[];
  /** Never rejects. */
  readonly ended: Promise<Outcome<T>>;
  /** Resolves when nobody should wait for the end any longer; perhaps never. */
  readonly goesOn: Promise<Running>;
}

export interface RunOptions extends EngineOptions {
  readonly background: Background;
  readonly following: Following;
}

/** How a run begins, or goes on that a former process has begun. */
export interface Beginning<T> {
  readonly deliver?: Deliver<T> | undefined;
  readonly interrupted?: InterruptedRun;
}

/** Begins a run from claim to release. Between claim and release no other run writes to the same resources. */
export function startRun<P extends JsonValue, T>(
  recipe: Recipe<P, T>,
  options: RunOptions,
  beginning: Beginning<T> = {},
): UnderWay<T> {
  const { kind, title } = recipe;
  const operationId = beginning.interrupted?.record.operationId ?? options.newId();
  let left: () => readonly string[] = () => [];
  let tell: (running: Running) => void = () => undefined;
  const goesOn = new Promise<Running>((resolve) => (tell = resolve));
  const phases: Phases = { onGoesOn: tell, onPhase: (next) => void (left = next) };
  const ended = runRecipe(recipe, operationId, options, phases, beginning);
  return { operationId, kind, title, left: () => left(), ended, goesOn };
}

type Phases = Required<Pick<WalkOptions, 'onGoesOn' | 'onPhase'>>;

async function runRecipe<P extends JsonValue, T>(
  recipe: Recipe<P, T>,
  operationId: string,
  options: RunOptions,
  phases: Phases,
  { deliver = () => Promise.resolve(true), interrupted }: Beginning<T>,
): Promise<Outcome<T>> {
  const { register, clock, owner, background, following } = options;
  const startedAt = clock.monotonic();
  const tellListeners = createEmitter(options.listeners, clock, operationId, recipe.kind);
  let keeper: ProgressKeeper = noProgressKeeper;
  const emit: Emit = (event) => {
    if (event.type === 'remembered') keeper.remember(event);
    tellListeners(event);
  };
  const record = interrupted?.record;
  emit({
    type: 'operation-started',
    title: recipe.title,
    claims: record?.claims ?? recipe.claims,
    ...(record && { recovery: record.recovery }),
  });

  const self: ClaimRecord = {
    operationId,
    kind: recipe.kind,
    startedAt: record?.startedAt ?? new Date(clock.now()).toISOString(),
    ...(owner !== undefined && { owner }),
  };
  const claims = createClaims(register, clock, self, interrupted?.taken);
  /** Told once: what is behind by then is what the caller was told. */
  const told: Running[] = [];
  let endFollowing: () => void = () => undefined;
  const onGoesOn = (running: Running): void => {
    if (told.push(running) > 1) return;
    endFollowing();
    const { undoing, finishing, error } = running;
    emit({ type: 'operation-goes-on', undoing, finishing, error });
    phases.onGoesOn(running);
  };
  let outcome: Outcome<T>;
  try {
    const preImage = (record?.preImage ??
      throughJson(await claimAndLook(recipe, operationId, claims, options, emit))) as P;
    const plan = recipe.plan(preImage, operationId, record?.input ?? throughJson(recipe.input));
    emit({ type: 'planned', steps: plan.steps.map(({ title, dependsOn }) => ({ title, dependsOn })) });
    const write = (progress?: Progress) =>
      usingRegister('journal', emit, () => writeJournal(claims, self, recipe, preImage, progress));
    if (!record) await write();
    const before: Interrupted | undefined = record && {
      progress: record.progress ?? NO_PROGRESS,
      recovery: record.recovery,
    };
    // Progress that cannot be written is found out again.
    if (options.isDurable)
      keeper = createProgressKeeper((progress) => write(progress).catch(() => undefined), before?.progress);
    const { concurrency } = options;
    const walking = {
      scope: { operationId, clock },
      emit,
      background,
      onGoesOn,
      onPhase: phases.onPhase,
      keeper,
      interrupted: before,
      ...(concurrency !== undefined && { concurrency }),
    };
    const answered = before?.progress.delivered;
    outcome = before && answered !== undefined ? hadAnswered(plan, before.progress) : await walk(plan, walking);
    if (outcome.state === 'succeeded' && recipe.afterwards) {
      const { value } = outcome;
      endFollowing = following.begin(operationId);
      // Nobody is there any more to whom an answer of a former process could be given.
      const delivered = before ? answered === true : await handOut(value, operationId, deliver);
      const afterwards = recipe.afterwards(value, delivered, preImage, operationId);
      if (afterwards) await keeper.delivered(delivered);
      outcome = await follow(outcome, afterwards, delivered, walking);
    }
  } catch (thrown) {
    // Only what comes before the first effect throws; a walk ends with an outcome.
    outcome = { state: 'failed', error: toDomainError(thrown), left: [] };
  }
  await keeper.close();
  // What the run has done stands, whatever becomes of its claims.
  await usingRegister('release', emit, claims.release).catch(() => undefined);
  endFollowing();

  emit({
    type: 'operation-ended',
    state: outcome.state,
    durationMs: clock.monotonic() - startedAt,
    ...(outcome.state !== 'succeeded' && { error: outcome.error }),
    ...('left' in outcome && outcome.left.length > 0 && { left: outcome.left.map(({ step }) => step) }),
    ...(told.length > 0 && { wentOn: true }),
  });
  return outcome;
}

/** Tells how a plan ended of which a former process has given the answer: secrets are no longer in it. */
function hadAnswered<T>(plan: Plan<T>, progress: Progress): Outcome<T> {
  const ends = createEnds(plan);
  replay(ends, progress);
  return { state: 'succeeded', value: plan.answer(plan.steps.map(({ index }) => ends.resultOf(index))) };
}

/** Takes the claims and looks; gives what was seen while every claim that it asks for was held. */
async function claimAndLook<P extends JsonValue, T>(
  recipe: Recipe<P, T>,
  operationId: string,
  claims: Claims,
  { clock, following }: RunOptions,
  emit: Emit,
): Promise<P> {
  // A run without claims excludes nobody; a key of its own gives its journal a place.
  const first = recipe.claims.length > 0 ? recipe.claims : [`operation/${operationId}`];
  await usingRegister('claim', emit, () =>
    waitingOut(following, async () => {
      await claims.take(first);
      await claims.yieldTo(recipe.yieldsTo ?? []);
    }),
  );
  for (let round = 0; round < LOOK_ROUNDS; round += 1) {
    const startedAt = clock.monotonic();
    const preImage = await recipe.look();
    emit({ type: 'looked', durationMs: clock.monotonic() - startedAt });
    const further = (recipe.claimsAfterLook?.(preImage) ?? []).filter((key) => !claims.holds(key));
    if (further.length === 0) return preImage;
    await usingRegister('claim', emit, () => claims.takeWaiting(further));
  }
  return fail({
    kind: 'busy',
    detail: 'What this operation would touch keeps changing. Try again in a moment.',
    retryAfterSeconds: REGISTER_RETRY_SECONDS,
  });
}

/** Tells whether the answer went out; one that could not be made did not. */
async function handOut<T>(value: T, operationId: string, deliver: Deliver<T>): Promise<boolean> {
  try {
    return await deliver(value, operationId);
  } catch {
    return false;
  }
}

/** Takes claims again when whoever held them was about to end. */
async function waitingOut(following: Following, take: () => Promise<void>): Promise<void> {
  for (let round = 1; ; round += 1) {
    try {
      await take();
      return;
    } catch (thrown) {
      const error = toDomainError(thrown);
      const holder = error.kind === 'busy' ? error.holder : undefined;
      if (round >= FOLLOWING_ROUNDS || !(await following.over(holder))) throw thrown;
    }
  }
}

/**
 * Uses the register. Its own failures mean nothing to a caller: they are told apart here, once.
 * @throws {unavailable} in place of such a failure
 */
async function usingRegister<R>(
  during: Extract<EngineEventPayload, { type: 'register-failed' }>['during'],
  emit: Emit,
  work: () => Promise<R>,
): Promise<R> {
  try {
    return await work();
  } catch (thrown) {
    if (isBusy(thrown)) throw thrown;
    const error: DomainError = toDomainError(thrown);
    emit({ type: 'register-failed', during, error });
    return fail({
      kind: 'unavailable',
      detail: 'The store of operations cannot be reached; nothing was changed.',
      retryAfterSeconds: REGISTER_RETRY_SECONDS,
      origin: { effect: 'none' },
    });
  }
}
