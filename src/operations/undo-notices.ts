import type { Clock } from '../base/clock';
import { createCache } from '../base/cache';
import type { JsonValue } from '../base/json';
import type { EndedRun } from '../engine/notary';
import { NOTICES_PREFIX, READ_ME } from '../engine/records';
import type { Register } from '../engine/register';
import type { Sighting } from '../engine/sightings';
import { accountOf } from './history-facts';

const PREFIX = `${NOTICES_PREFIX}undo/`;
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** Then a person has to look. */
const LASTS_MS = 86_400_000;
const MOST_KNOWN = 10_000;

export interface UndoNoticesOptions {
  readonly register: Register;
  readonly clock: Pick<Clock, 'now'>;
  /** Tries again what an operation has left; gives whether it is to be tried once more. Rejects where nobody can tell. */
  readonly again: (account: string, id: string) => Promise<boolean>;
}

/** Operations whose undo failed for good, as far as anybody could tell then: they are tried again by whichever process comes first, for a day. */
export interface UndoNotices {
  /** To be told how every run ends. */
  readonly noteEnd: (ended: EndedRun) => Promise<void>;
  /** To be told what the last look at the register saw. */
  readonly look: (notices: readonly Sighting[]) => Promise<void>;
  /** Operations that wait for another try, as of the last look. */
  readonly pending: () => number;
}

type Notice = { readonly until: number; readonly next: number; readonly pauseMs: number; readonly readMe: string };

export function createUndoNotices({ register, clock, again }: UndoNoticesOptions): UndoNotices {
  const known = createCache<{ readonly version: string; readonly notice: Notice }>({ most: MOST_KNOWN });
  let pending = 0;

  const read = async ({ key, version }: Sighting): Promise<Notice | undefined> => {
    const before = known.get(key);
    if (before?.version === version) return before.notice;
    const entry = await register.get(key);
    const notice = entry && noticeIn(entry.value);
    if (entry && notice) known.set(key, { version: entry.version, notice });
    return notice;
  };
  const forget = async (key: string): Promise<void> => {
    const entry = await register.get(key);
    if (entry) await register.delete(key, { ifMatch: entry.version });
  };

  const lookAt = async (sighting: Sighting): Promise<void> => {
    const { key, version } = sighting;
    const notice = await read(sighting);
    if (notice && clock.now() < notice.next) return;
    if (!notice || clock.now() > notice.until) return forget(key);
    const pauseMs = Math.min(LONGEST_PAUSE_MS, notice.pauseMs * 2);
    const next: Notice = { ...notice, pauseMs, next: clock.now() + pauseMs };
    // Of several processes that see it, one.
    if (!(await register.put(key, next, { ifMatch: version })).ok) return;
    const [account = '', id = ''] = key.slice(PREFIX.length).split('/');
    if (!(await again(account, id))) await forget(key);
  };

  return {
    noteEnd: async ({ record, outcome }) => {
      if (outcome.state !== 'rollback-failed') return;
      const now = clock.now();
      const notice: Notice = {
        until: now + LASTS_MS,
        next: now + FIRST_PAUSE_MS,
        pauseMs: FIRST_PAUSE_MS,
        readMe: READ_ME,
      };
      await register.put(`${PREFIX}${accountOf(record.claims)}/${record.operationId}`, notice, { ifAbsent: true });
    },
    look: async (notices) => {
      const ours = notices.filter(({ key }) => key.startsWith(PREFIX));
      pending = ours.length;
      // One after the other: AWS refused them before.
      for (const notice of ours) await lookAt(notice).catch(() => undefined);
    },
    pending: () => pending,
  };
}

function noticeIn(value: JsonValue): Notice | undefined {
  if (typeof value !== 'object' || value === null || !('until' in value)) return undefined;
  const { until, next, pauseMs } = value;
  if (typeof until !== 'number' || typeof next !== 'number' || typeof pauseMs !== 'number') return undefined;
  return { until, next, pauseMs, readMe: READ_ME };
}
