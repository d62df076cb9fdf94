import { type JsonValue, throughJson } from '../base/json';
import type { HistoryEvent, ShownOperation } from '../domain/shared/history';

/** What is shown of an operation, as journals and the archive keep it. */

type Step = ShownOperation['steps'][number];

/** An event as it is kept: there are many of them, so times are numbers until somebody asks. */
export interface KeptEvent {
  readonly id: number;
  readonly type: string;
  readonly at: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Display {
  readonly shown: ShownOperation;
  /** Ids ascend. */
  readonly events: readonly KeptEvent[];
}

/** Makes JSON of what is shown. Secrets are not in it: what could hold one is no part of an event. */
export function writeDisplay({ shown, events }: Display): JsonValue {
  // What JSON gives back is JSON.
  return throughJson({ shown, events: events.map(({ id, type, at, data }) => [id, type, at, data]) }) as JsonValue;
}

/** Reads what `writeDisplay` wrote; undefined where there is nothing of the kind. */
export function readDisplay(json: JsonValue | undefined): Display | undefined {
  if (typeof json !== 'object' || json === null || !('shown' in json) || !('events' in json)) return undefined;
  const { shown, events } = json;
  if (typeof shown !== 'object' || shown === null || !Array.isArray(events)) return undefined;
  // It was written by this service, and members that another version adds are left out when it is shown.
  const texts = shown as unknown as WithTexts<ShownOperation>;
  return {
    shown: {
      ...texts,
      startedAt: timeOf(texts.startedAt) ?? new Date(0),
      endedAt: timeOf(texts.endedAt),
      steps: texts.steps.map((step) => ({
        ...step,
        startedAt: timeOf(step.startedAt),
        endedAt: timeOf(step.endedAt),
      })),
    },
    events: (events as unknown as [number, string, number, KeptEvent['data']][]).map(([id, type, at, data]) => ({
      id,
      type,
      at,
      data,
    })),
  };
}

/** What happened after the event of that id. */
export function eventsAfter(events: readonly KeptEvent[], after: number): readonly HistoryEvent[] {
  // Whoever watches asks after every change: what is new is at the end.
  let first = events.length;
  while (first > 0 && (events[first - 1]?.id ?? 0) > after) first -= 1;
  return events
    .slice(first)
    .map(({ id, type, at, data }) => ({ id, type, data: { at: new Date(at).toISOString(), ...data } }));
}

type Times = 'startedAt' | 'endedAt';
type WithTexts<T extends { readonly steps: readonly Step[] }> = Omit<T, Times | 'steps'> & {
  readonly [Name in Times]?: string;
} & { readonly steps: readonly (Omit<Step, Times> & { readonly [Name in Times]?: string })[] };

const timeOf = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));
