import type { JsonValue } from '../base/json';
import type { ShownOperation } from '../domain/shared/history';
import { createGate } from '../engine/gate';
import type { JournalRecord } from '../engine/journal';
import type { Listed, Register } from '../engine/register';
import { type Ended, indexKeysOf, placeOf } from './archive-place';
import { keyOf, type Position, prefixOf, positionOf, readKey, shelfOf, shelfOfAll } from './archive-keys';
import { unpackSummary } from './archive-summary';
import type { Display } from './display';
import { type DoneRecord, readDoneRecord } from './done-record';
import { accountOf } from './history-facts';
import { beganAt } from './operation-id';

export interface Found extends Display {
  readonly record: DoneRecord;
}

type Run = Pick<JournalRecord, 'operationId' | 'startedAt' | 'claims' | 'attempt'>;

/** Operations that have ended, on a register: how each ended, and index entries by what it was about. */
export interface Archive {
  /**
   * Keeps how an operation has ended. `isFirst` false: another process, or an earlier attempt, may have kept its end; of one
   * attempt the end that was kept first counts. Gives the key.
   */
  readonly keep: (ended: Ended, isFirst: boolean) => Promise<string>;
  /** Whether the end of a run is kept; then its index entries are, too. */
  readonly complete: (run: Run) => Promise<boolean>;
  readonly find: (account: string, id: string) => Promise<Found | undefined>;
  /** What is kept at a position of an account; undefined when it is gone. */
  readonly read: (account: string, position: Position, summary: string) => Promise<Found | undefined>;
  /** Forgets an operation. */
  readonly forget: (account: string, key: string) => Promise<void>;
}

/** Writes of one operation that are under way at once. */
const AT_ONCE = 8;
/** Attempts of one operation, of which all but the last are soon taken away. */
const MOST_TWINS = 10;

export function createArchive(register: Register): Archive {
  const twinsOf = async (account: string, position: Position): Promise<readonly Twin[]> => {
    const listed = await register.list(prefixOf(shelfOfAll(account), position), { limit: MOST_TWINS });
    return listed.map((entry) => ({ ...entry, attempt: attemptOf(entry.key) })).sort((a, b) => b.attempt - a.attempt);
  };

  const foundAt = async (key: string): Promise<Found | undefined> => {
    const entry = await register.get(key);
    return entry && readDoneRecord(entry.value);
  };

  const positionFor = async (account: string, id: string): Promise<Position | undefined> => {
    if (beganAt(id) !== undefined) return positionOf(id, 0);
    const [first] = await register.list(shelfOf(account, id).prefix, { limit: 1 });
    return first && readKey(first.key)?.position;
  };

  /** What is there in the place of index entries, but of another attempt or end. */
  const staleOf = async (keys: readonly string[]): Promise<readonly Listed[]> => {
    const lists = await Promise.all(keys.map((key) => register.list(key.slice(0, key.lastIndexOf('~') + 1))));
    return lists.flat().filter(({ key }) => !keys.includes(key));
  };

  const putAll = async (keys: readonly string[], value: JsonValue): Promise<void> => {
    const gate = createGate(AT_ONCE);
    // One that is there already says the same: all there is to say is its key.
    await Promise.all(keys.map((key) => gate(() => register.put(key, value, { ifAbsent: true }))));
  };

  const deleteAll = async (entries: readonly Pick<Listed, 'key' | 'version'>[]): Promise<void> => {
    const gate = createGate(AT_ONCE);
    await Promise.all(entries.map(({ key, version }) => gate(() => register.delete(key, { ifMatch: version }))));
  };

  /** Puts the index entries of what is kept under a key, and takes away those that say otherwise. */
  const putIndex = async (account: string, key: string, shown: ShownOperation): Promise<void> => {
    const kept = readKey(key);
    if (kept === undefined) return;
    const keys = indexKeysOf(account, shown, kept.position, kept.summary);
    await putAll(keys, {});
    await deleteAll(await staleOf(keys));
  };
  const completeAt = async (account: string, key: string): Promise<void> => {
    const found = await foundAt(key);
    if (found) await putIndex(account, key, found.shown);
  };

  return {
    keep: async (ended, isFirst) => {
      const { account, key, position, summary, shown, record } = placeOf(ended);
      if (isFirst) {
        // Until the claims are given back, which comes after both, an index entry alone is made good by whoever recovers the run.
        await Promise.all([
          register.put(key, record, { ifAbsent: true }),
          putAll(indexKeysOf(account, shown, position, summary), {}),
        ]);
        return key;
      }
      const twins = await twinsOf(account, position);
      const [last] = twins;
      if (last !== undefined && last.attempt >= shown.attempt) {
        await completeAt(account, last.key);
        return last.key;
      }
      await register.put(key, record, { ifAbsent: true });
      await putIndex(account, key, shown);
      await deleteAll(twins);
      return key;
    },
    complete: async ({ operationId, startedAt, claims, attempt = 1 }) => {
      const account = accountOf(claims);
      const [last] = await twinsOf(account, positionOf(operationId, Date.parse(startedAt)));
      if (last === undefined || last.attempt < attempt) return false;
      await completeAt(account, last.key);
      return true;
    },
    find: async (account, id) => {
      const position = await positionFor(account, id);
      const [last] = position === undefined ? [] : await twinsOf(account, position);
      return last && foundAt(last.key);
    },
    read: (account, position, summary) => foundAt(keyOf(shelfOfAll(account), position, summary)),
    forget: async (account, key) => {
      const [found, kept] = [await foundAt(key), readKey(key)];
      if (kept === undefined) return;
      const keys = found ? indexKeysOf(account, found.shown, kept.position, kept.summary) : [];
      const listed = await Promise.all([...keys, key].map((each) => register.list(each, { limit: 1 })));
      // Last what the index entries are found by.
      const entries = listed.flat();
      await deleteAll(entries.filter((entry) => entry.key !== key));
      await deleteAll(entries.filter((entry) => entry.key === key));
    },
  };
}

interface Twin extends Listed {
  readonly attempt: number;
}

const attemptOf = (key: string): number =>
  unpackSummary(readKey(key)?.summary ?? '', { id: '', account: '', startedAt: undefined })?.attempt ?? 1;
