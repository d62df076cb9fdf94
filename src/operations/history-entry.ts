import type { DomainError } from '../base/errors';
import type { OperationState, ShownOperation, Watched } from '../domain/shared/history';
import type { EngineEvent } from '../engine/events';
import { type Display, eventsAfter, type KeptEvent } from './display';
import { accountOf, type Asking, askingOf, isSitePath, resourcesOf, shownError } from './history-facts';
import { createSteps } from './history-steps';
import { beganAt } from './operation-id';

type Call = ShownOperation['calls'][number];

/** How an operation has ended. */
export interface End {
  readonly state: OperationState;
  readonly at: number;
  readonly error: DomainError | undefined;
  /** Titles of steps. */
  readonly left: readonly string[];
}

/** One operation, made of its events. */
export interface Entry extends Watched {
  readonly id: string;
  readonly account: string;
  readonly startedAt: number;
  readonly attempt: number;
  readonly claims: readonly string[];
  readonly asking: Asking | undefined;
  /** Whether another process had begun it. */
  readonly isTakenUp: boolean;
  readonly endedAt: () => number | undefined;
  readonly note: (event: EngineEvent) => void;
  readonly noteCall: (call: Call) => void;
  /** Whether this process has left it to another one: what becomes of it is to be seen elsewhere. */
  readonly isHandedOver: () => boolean;
  /** What it shows so far, with all events. */
  readonly soFar: () => Display;
  /** What it will show when it has ended so; when that is told as an event, the time of this one counts. */
  readonly endingAs: (end: End) => Display;
}

/** A run that is tried again for a day must not fill memory and journal: beyond so many events, pauses are not kept as events. */
const MOST_EVENTS = 500;
const MOST_CALLS = 50;
/** What every attempt before may have told, where nothing of it is known. */
const EVENTS_OF_ATTEMPT = 10_000;
/** A former process may have told events that its journal does not have: ids from here on are none of theirs. */
const UNKNOWN_EVENTS = 1_000;

type Started = Extract<EngineEvent, { type: 'operation-started' }>;

/**
 * Begins an entry, or goes on with one: `before` is what was shown of the operation so far. `asking`: undefined for what the
 * service does by itself.
 */
export function createEntry(started: Started, asking: Asking | undefined, before: Display | undefined): Entry {
  const { operationId: id, kind, title, claims, recovery } = started;
  const asked = started.asked === undefined ? asking : askingOf(started.asked);
  const attempt = started.attempt ?? (before ? before.shown.attempt + (recovery === undefined ? 1 : 0) : 1);
  const startedAt = beganAt(id) ?? before?.shown.startedAt?.getTime() ?? started.at;
  const account = accountOf(claims);
  const resources = before?.shown.resources ?? resourcesOf(claims, isSitePath(asked?.path));
  // An attempt of its own has a plan of its own.
  const steps = createSteps(recovery === undefined ? [] : before?.shown.steps);
  const events: KeptEvent[] = [...(before?.events ?? [])];
  const calls: Call[] = [...(before?.shown.calls ?? [])];
  const listeners = new Set<() => void>();
  let lastId = events.at(-1)?.id ?? (attempt - 1) * EVENTS_OF_ATTEMPT;
  let isHandedOver = false;
  let end: End | undefined;
  /** When it has ended, as it was kept. */
  let keptEnd: number | undefined;

  const add = (type: string, at: number, data: Readonly<Record<string, unknown>>): void => {
    lastId += 1;
    events.push({ id: lastId, type, at, data });
  };

  const addPause = (type: string, at: number, data: Readonly<Record<string, unknown>>): void => {
    if (events.length < MOST_EVENTS) add(type, at, data);
  };

  const noteStep = (event: EngineEvent): void => {
    const changed = steps.note(event);
    if (changed === undefined) return;
    const isPause = event.type === 'step-retried' || event.type === 'undo-retried' || event.type === 'step-resumed';
    (isPause ? addPause : add)('step', event.at, changed);
  };

  const showAs = (is: End | undefined): ShownOperation => ({
    id,
    account,
    kind,
    title,
    resources,
    state: is?.state ?? 'running',
    attempt,
    startedAt: new Date(startedAt),
    endedAt: is && new Date(is.at),
    steps: is ? steps.atEnd(is.state) : steps.all(),
    error: is?.error && shownError(is.error),
    undone: steps.undone(),
    left: is?.left ?? [],
    tokenId: asked?.tokenId,
    actor: asked?.actor,
    requestId: asked?.requestId,
    method: asked?.method,
    path: asked?.path,
    address: asked?.address,
    calls: [...calls],
  });

  const endEvent = (is: End): KeptEvent => {
    const { state, at, left } = is;
    const error = is.error === undefined ? null : shownError(is.error);
    return { id: lastId + 1, type: 'ended', at, data: { state, error, undone: steps.undone(), left } };
  };

  const apply = (event: EngineEvent): void => {
    if (event.type === 'planned') {
      const planned = steps.plan(event.steps);
      if (planned) add('planned', event.at, { steps: planned });
    } else if (event.type === 'steps-added') {
      const added = steps.add(event.step, event.steps);
      if (added.length > 0) add('steps-added', event.at, { parent: event.step, steps: added });
    } else if (event.type === 'operation-goes-on') {
      const { undoing, finishing } = event;
      add('goes-on', event.at, { undoing, finishing, error: shownError(event.error) });
    } else if (event.type === 'operation-ended') {
      end = { state: event.state, at: keptEnd ?? event.at, error: event.error, left: event.left ?? [] };
      events.push(endEvent(end));
      lastId += 1;
    } else noteStep(event);
  };

  if (before === undefined) add('started', started.at, { id, kind, title });
  else {
    lastId += UNKNOWN_EVENTS;
    add('resumed', started.at, { attempt, recovery: recovery ?? null });
  }
  return {
    id,
    account,
    startedAt,
    attempt,
    claims,
    asking: asked,
    isTakenUp: recovery !== undefined,
    endedAt: () => end?.at,
    note: (event) => {
      const known = lastId;
      apply(event);
      isHandedOver ||= event.type === 'operation-handed-over';
      if (lastId > known || isHandedOver) for (const listener of [...listeners]) listener();
    },
    noteCall: (call) => {
      calls.push(call);
      if (calls.length > MOST_CALLS) calls.shift();
    },
    show: () => showAs(end),
    isHandedOver: () => isHandedOver,
    soFar: () => ({ shown: showAs(end), events }),
    endingAs: (is) => {
      keptEnd = is.at;
      return { shown: showAs(is), events: [...events, endEvent(is)] };
    },
    eventsAfter: (after) => eventsAfter(events, after),
    isOver: () => end !== undefined,
    onChange: (listener) => {
      // A function of its own: the same listener may be there twice.
      const own = (): void => listener();
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}
