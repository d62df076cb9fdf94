import type { JsonValue } from '../base/json';
import type { Claims } from './claims';
import type { Progress } from './progress';
import type { Recipe, Recovery } from './recipe';
import { type ClaimRecord, isObject, READ_ME } from './records';

/** What is known of a run from before its first effect until its end; enough to finish it or to take it back. */
export type JournalRecord = ClaimRecord & {
  readonly title: string;
  readonly state: 'running';
  readonly recovery: Recovery;
  /** Every claim of the run; the record itself lies under the first. */
  readonly claims: readonly string[];
  /** Of `input` and `preImage`. */
  readonly version: number;
  readonly input: JsonValue;
  readonly preImage: JsonValue;
  /** Absent until something has happened. */
  readonly progress?: Progress;
  /** From 1; absent in the first. */
  readonly attempt?: number;
  /** Who asked, as the notary keeps it. */
  readonly asked?: JsonValue;
  /** What is shown of the run, as the notary keeps it. */
  readonly display?: JsonValue;
  /** What people should know who find it. */
  readonly readMe?: string;
};

/** Tells whether a record is a journal as far as a process must know it to go on with it. */
export function isJournal(value: JsonValue): value is JournalRecord {
  return (
    isObject(value) &&
    value['state'] === 'running' &&
    ['operationId', 'kind', 'startedAt', 'title', 'recovery'].every((name) => typeof value[name] === 'string') &&
    typeof value['version'] === 'number' &&
    Array.isArray(value['claims']) &&
    value['input'] !== undefined &&
    value['preImage'] !== undefined
  );
}

export interface Journaled {
  readonly claims: Claims;
  /** What the run's claims say of it. */
  readonly self: ClaimRecord;
  readonly recipe: Pick<Recipe<JsonValue, unknown>, 'title' | 'recovery' | 'version'>;
  readonly input: JsonValue;
  readonly preImage: JsonValue;
  readonly attempt: number;
  readonly asked: JsonValue;
  readonly display: () => JsonValue;
}

/** A run's journal, in the record of its first claim. The record's end is the release of that claim. */
export interface Journal {
  /** What it says, with the progress so far. */
  readonly record: (progress?: Progress) => JournalRecord;
  /**
   * Writes it: the first time it is the one durable write before the first effect; no step may start before that resolves.
   * @throws {busy} when the record is not the run's own any more
   */
  readonly write: (progress?: Progress) => Promise<void>;
  /** Leaves the run to whoever comes first; nothing may be written after. */
  readonly handOver: (progress: Progress) => Promise<void>;
}

export function createJournal(journaled: Journaled): Journal {
  const { claims, self, recipe, input, preImage, attempt, asked, display } = journaled;
  const record = (progress?: Progress): JournalRecord => ({
    ...self,
    of: claims.keys()[0] ?? '',
    title: recipe.title,
    state: 'running',
    recovery: recipe.recovery,
    claims: claims.keys(),
    version: recipe.version,
    input,
    preImage,
    attempt,
    asked,
    display: display(),
    readMe: READ_ME,
    ...(progress && { progress }),
  });
  return {
    record,
    write: (progress) => claims.rewrite(record(progress)),
    handOver: (progress) => claims.rewrite({ ...record(progress), owner: null }),
  };
}
