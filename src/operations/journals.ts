import { createCache } from '../base/cache';
import { CLAIMS_PREFIX } from '../engine/records';
import { createGate } from '../engine/gate';
import { isJournal, type JournalRecord } from '../engine/journal';
import type { Register } from '../engine/register';
import { mayBeUnder } from './operation-id';

/** A run of another process, by its journal. */
export interface Found {
  /** Of its claim, below `claims/`. */
  readonly claim: string;
  readonly record: JournalRecord;
}

/** What other processes that share the register are doing. */
export interface Journals {
  /** Runs under way in an account, but those whose claims are skipped. */
  readonly running: (account: string, skip: ReadonlySet<string>) => Promise<readonly Found[]>;
  readonly find: (account: string, id: string) => Promise<Found | undefined>;
  /** Reads the journal of a run again; undefined when it has ended. */
  readonly again: (found: Found) => Promise<Found | undefined>;
}

/** Records that are not longer are no journals: what is freed, and most claims that are not the first of a run. */
const SMALLEST_JOURNAL = 250;
const AT_ONCE = 8;
/** What is known of records is remembered as long as their version stays; a journal counts for many that are none. */
const MOST_KNOWN = 20_000;
const JOURNAL_COUNTS = 100;

export function createJournals(register: Register): Journals {
  /** undefined: no journal. */
  const known = createCache<{ readonly version: string; readonly record: JournalRecord | undefined }>({
    most: MOST_KNOWN,
    sizeOf: ({ record }) => (record ? JOURNAL_COUNTS : 1),
  });

  const read = async (claim: string): Promise<Found | undefined> => {
    const entry = await register.get(CLAIMS_PREFIX + claim);
    const record = entry && isJournal(entry.value) ? entry.value : undefined;
    if (entry) known.set(claim, { version: entry.version, record });
    return record && { claim, record };
  };

  /** Those of `fits`, read at most so many at once. */
  const among = async (account: string, fits: (claim: string) => boolean): Promise<readonly Found[]> => {
    const gate = createGate(AT_ONCE);
    const look = async (claim: string, version: string): Promise<Found | undefined> => {
      const before = known.get(claim);
      if (before?.version !== version) return gate(() => read(claim));
      return before.record && { claim, record: before.record };
    };
    const listed = await register.list(`${CLAIMS_PREFIX}${account}/`);
    const found = listed
      .filter(({ bytes }) => bytes > SMALLEST_JOURNAL)
      .map(({ key, version }) => ({ claim: key.slice(CLAIMS_PREFIX.length), version }))
      .filter(({ claim }) => fits(claim))
      .map(({ claim, version }) => look(claim, version));
    return (await Promise.all(found)).flatMap((each) => each ?? []);
  };

  return {
    running: (account, skip) => among(account, (claim) => !skip.has(claim)),
    find: async (account, id) => {
      const found = await among(account, (claim) => mayBeUnder(id, claim));
      return found.find(({ record }) => record.operationId === id);
    },
    again: async ({ claim, record }) => {
      const now = await read(claim);
      return now?.record.operationId === record.operationId ? now : undefined;
    },
  };
}
