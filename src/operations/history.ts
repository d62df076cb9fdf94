import type { Clock } from '../base/clock';
import { fail } from '../base/errors';
import type { History, HistoryQuery } from '../domain/shared/history';
import type { Listener } from '../engine/events';
import { type Asking, isAbout } from './history-facts';
import { createEntry, type Entry } from './history-entry';

const DAY_MS = 86_400_000;
/** Ended operations that are kept; with their steps and events each takes some ten kilobytes. */
const MOST = 1_000;

export interface HistoryOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** Days that operations are kept after their end; asked every time. */
  readonly keepDays: () => number;
  /** The request that is served now. */
  readonly asking: () => Asking | undefined;
  /** Default 1,000. Those that run are kept besides. */
  readonly most?: number;
}

/** A history that lives and dies with the process, made of the events of the engine. */
export interface MemoryHistory extends History {
  readonly listener: Listener;
}

export function createHistory({ clock, keepDays, asking, most = MOST }: HistoryOptions): MemoryHistory {
  /** Oldest first. */
  const entries = new Map<string, Entry>();
  let count = 0;
  let ended = 0;

  const forget = (): void => {
    const oldest = clock.now() - keepDays() * DAY_MS;
    for (const entry of entries.values()) {
      const endedAt = entry.endedAt();
      if (endedAt === undefined) continue;
      if (ended <= most && endedAt >= oldest) continue;
      entries.delete(entry.id);
      ended -= 1;
    }
  };

  return {
    listener: (event) => {
      if (event.type === 'operation-started') {
        count += 1;
        entries.set(event.operationId, createEntry(event, count, asking()));
        return;
      }
      entries.get(event.operationId)?.note(event);
      if (event.type !== 'operation-ended') return;
      ended += 1;
      if (ended > most) forget();
    },
    find: (account, id) => {
      forget();
      const entry = entries.get(id);
      return Promise.resolve(entry?.account === account ? entry : undefined);
    },
    list: async (account, query) => {
      forget();
      const before = query.marker === undefined ? Infinity : numberOf(query.marker);
      const found = [...entries.values()]
        .reverse()
        .filter((entry) => entry.number < before && entry.account === account && fits(entry, query));
      const page = found.slice(0, query.limit);
      const last = page.at(-1);
      return {
        operations: page.map((entry) => entry.show()),
        marker: last && found.length > page.length ? markerOf(last.number) : undefined,
      };
    },
  };
}

function fits(entry: Entry, { resource, state, kind, token, since = -Infinity, until = Infinity }: HistoryQuery) {
  return (
    (resource === undefined || isAbout(entry.resources, resource)) &&
    (state === undefined || entry.state() === state) &&
    (kind === undefined || entry.kind === kind) &&
    (token === undefined || entry.tokenId === token) &&
    entry.startedAt >= since &&
    entry.startedAt < until
  );
}

const markerOf = (number: number): string => Buffer.from(String(number)).toString('base64url');

function numberOf(marker: string): number {
  const number = Number(Buffer.from(marker, 'base64url').toString('utf8'));
  if (Number.isSafeInteger(number) && markerOf(number) === marker) return number;
  return fail({ kind: 'invalid', detail: 'marker is not the marker of an earlier answer' });
}
