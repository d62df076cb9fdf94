import type { Clock } from '../base/clock';
import type { EngineEvent } from '../engine/events';
import type { Asking } from './history-facts';
import { type Display, readDisplay } from './display';
import { createEntry, type Entry } from './history-entry';

/** Operations that this process runs, and those of its that are kept nowhere else: they were refused before any effect. */
export interface LocalOperations {
  readonly note: (event: EngineEvent) => void;
  readonly get: (id: string) => Entry | undefined;
  readonly all: () => readonly Entry[];
  /** Its end is kept elsewhere: it may be forgotten here once that is told. */
  readonly kept: (id: string) => void;
  /** Its journal is written: what became of it is to be asked elsewhere first. */
  readonly journaled: (id: string) => void;
  readonly isJournaled: (id: string) => boolean;
}

export interface LocalOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** Milliseconds that those are kept that have ended. */
  readonly keepMs: () => number;
  /** How many of them. */
  readonly most: number;
  /** The request that is served now. */
  readonly asking: () => Asking | undefined;
}

export function createLocalOperations({ clock, keepMs, most, asking }: LocalOptions): LocalOperations {
  /** In the order of their beginning. */
  const entries = new Map<string, Entry>();
  const kept = new Set<string>();
  const journaled = new Set<string>();
  let ended = 0;

  const drop = (id: string): void => {
    entries.delete(id);
    kept.delete(id);
    journaled.delete(id);
  };
  const forget = (): void => {
    const oldest = clock.now() - keepMs();
    for (const entry of entries.values()) {
      const endedAt = entry.endedAt();
      if (endedAt === undefined || (ended <= most && endedAt >= oldest)) continue;
      drop(entry.id);
      ended -= 1;
    }
  };
  const begin = (event: Extract<EngineEvent, { type: 'operation-started' }>): void => {
    const { operationId: id } = event;
    const before = entries.get(id);
    if (before?.isOver()) ended -= 1;
    drop(id);
    entries.set(id, createEntry(event, asking(), later(before?.soFar(), readDisplay(event.display))));
  };
  const end = (id: string): void => {
    ended += 1;
    if (kept.has(id)) {
      drop(id);
      ended -= 1;
    } else if (ended > most) forget();
  };

  return {
    note: (event) => {
      const { operationId: id } = event;
      if (event.type === 'operation-started') return begin(event);
      entries.get(id)?.note(event);
      if (event.type === 'operation-ended' && entries.has(id)) end(id);
      if (event.type === 'operation-handed-over') drop(id);
    },
    get: (id) => {
      forget();
      return entries.get(id);
    },
    all: () => {
      forget();
      return [...entries.values()];
    },
    kept: (id) => {
      if (entries.get(id)?.isOver() === false) kept.add(id);
      else if (entries.has(id)) {
        drop(id);
        ended -= 1;
      }
    },
    journaled: (id) => void journaled.add(id),
    isJournaled: (id) => journaled.has(id),
  };
}

/** Of what is known of one operation the part that tells more: another process may have gone on with it meanwhile. */
function later(one: Display | undefined, other: Display | undefined): Display | undefined {
  const lastOf = (display: Display | undefined): number => display?.events.at(-1)?.id ?? -1;
  return lastOf(other) > lastOf(one) ? other : one;
}
