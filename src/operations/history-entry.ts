import type { HistoryEvent, OperationState, ShownOperation, Watched } from '../domain/shared/history';
import type { EngineEvent } from '../engine/events';
import { accountOf, type Asking, resourcesOf, shownError } from './history-facts';
import { createSteps } from './history-steps';

/** One operation, made of its events. */
export interface Entry extends Watched {
  readonly id: string;
  readonly account: string;
  readonly kind: string;
  /** Ascends from operation to operation. */
  readonly number: number;
  readonly startedAt: number;
  readonly endedAt: () => number | undefined;
  readonly state: () => OperationState;
  readonly tokenId: string | undefined;
  readonly resources: ShownOperation['resources'];
  readonly note: (event: EngineEvent) => void;
}

/** A run that is tried again for a day must not fill the memory: beyond so many events, pauses are not kept as events. */
const MOST_EVENTS = 2_000;

/** An event as it is kept: there are many of them, so times are numbers until somebody asks. */
interface Kept {
  readonly id: number;
  readonly type: string;
  readonly at: number;
  readonly data: Readonly<Record<string, unknown>>;
}

type Started = Extract<EngineEvent, { type: 'operation-started' }>;

/** Begins an entry. `asking`: undefined for what the service does by itself. */
export function createEntry(started: Started, number: number, asking: Asking | undefined): Entry {
  const { operationId: id, kind, title, claims } = started;
  const account = accountOf(claims);
  const resources = resourcesOf(claims, isSitePath(asking?.path));
  const startedAt = new Date(started.at);
  const steps = createSteps();
  const events: Kept[] = [];
  const listeners = new Set<() => void>();
  let lastId = 0;
  let state: OperationState = 'running';
  let endedAt: Date | undefined;
  let error: ShownOperation['error'];
  let left: readonly string[] = [];

  const tell = (type: string, at: number, data: Readonly<Record<string, unknown>>): void => {
    lastId += 1;
    events.push({ id: lastId, type, at, data });
  };

  const noteStep = (event: EngineEvent): void => {
    const changed = steps.note(event);
    if (changed === undefined) return;
    const isPause = event.type === 'step-retried' || event.type === 'undo-retried' || event.type === 'step-resumed';
    if (!isPause || events.length < MOST_EVENTS) tell('step', event.at, changed);
  };

  const apply = (event: EngineEvent): void => {
    if (event.type === 'planned') tell('planned', event.at, { steps: steps.plan(event.steps) });
    else if (event.type === 'steps-added')
      tell('steps-added', event.at, { parent: event.step, steps: steps.add(event.step, event.steps) });
    else if (event.type === 'operation-goes-on')
      tell('goes-on', event.at, {
        undoing: event.undoing,
        finishing: event.finishing,
        error: shownError(event.error),
      });
    else if (event.type === 'operation-ended') {
      ({ state } = event);
      endedAt = new Date(event.at);
      left = event.left ?? [];
      error = event.error && shownError(event.error);
      steps.end();
      tell('ended', event.at, { state, error: error ?? null, undone: steps.undone(), left });
    } else noteStep(event);
  };

  tell('started', started.at, { id, kind, title });
  return {
    id,
    account,
    kind,
    number,
    startedAt: started.at,
    endedAt: () => endedAt?.getTime(),
    state: () => state,
    tokenId: asking?.tokenId,
    resources,
    note: (event) => {
      const before = lastId;
      apply(event);
      if (lastId > before) for (const listener of [...listeners]) listener();
    },
    show: () => ({
      id,
      account,
      kind,
      title,
      resources,
      state,
      startedAt,
      endedAt,
      steps: steps.all(),
      error,
      undone: steps.undone(),
      left,
      tokenId: asking?.tokenId,
      actor: asking?.actor,
      requestId: asking?.requestId,
      method: asking?.method,
      path: asking?.path,
    }),
    eventsAfter: (after) => events.slice(firstAfter(events, after)).map(shownEvent),
    isOver: () => endedAt !== undefined,
    onChange: (listener) => {
      // A function of its own: the same listener may be there twice.
      const own = (): void => listener();
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}

const shownEvent = ({ id, type, at, data }: Kept): HistoryEvent => ({
  id,
  type,
  data: { at: new Date(at).toISOString(), ...data },
});

const isSitePath = (path: string | undefined): boolean => path?.split('/')[4] === 'websites';

/** Index of the first event after `id`; whoever watches asks after every change. */
function firstAfter(events: readonly Kept[], id: number): number {
  let index = events.length;
  while (index > 0 && (events[index - 1]?.id ?? 0) > id) index -= 1;
  return index;
}
