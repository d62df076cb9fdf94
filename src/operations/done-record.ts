import type { JsonValue } from '../base/json';
import type { EndedRun } from '../engine/notary';
import type { JournalRecord } from '../engine/journal';
import type { Outcome } from '../engine/recipe';
import { type Display, readDisplay, writeDisplay } from './display';

/** What is kept of an operation that has ended: the value of its terminal record. */

/** The answer for repeats of its request. Without text it held a secret, or is no JSON. */
export type KeptAnswer = { readonly status: number; readonly text?: string; readonly secret?: true };

/** What a retry goes on with. */
export type KeptJournal = Pick<
  JournalRecord,
  'kind' | 'title' | 'startedAt' | 'version' | 'recovery' | 'claims' | 'input' | 'preImage' | 'progress'
>;

export type DoneRecord = {
  readonly format: 1;
  /** What is shown of it, events included. */
  readonly display: JsonValue;
  /** Who asked for it, with the idempotency key that they gave. */
  readonly asked: JsonValue;
  readonly answer?: KeptAnswer;
  /** Where something is left that a retry may end. */
  readonly journal?: KeptJournal;
};

/** Gives the answer of an operation that succeeded, as its repeat gets it; undefined where nobody can repeat it. */
export type AnswerOf = (asked: JsonValue, value: unknown) => KeptAnswer | undefined;

/** Makes the terminal record. */
export function doneRecordOf({ record, outcome }: EndedRun, display: Display, answerOf: AnswerOf): DoneRecord {
  const asked = record.asked ?? null;
  const answer = outcome.state === 'succeeded' ? answerOf(asked, outcome.value) : undefined;
  return {
    format: 1,
    display: writeDisplay(display),
    asked,
    ...(answer && { answer }),
    ...(leavesSomething(outcome) && { journal: journalOf(record) }),
  };
}

/** Reads a terminal record; undefined where it is none that this version knows. */
export function readDoneRecord(value: JsonValue): (Display & { readonly record: DoneRecord }) | undefined {
  if (typeof value !== 'object' || value === null || !('format' in value) || value['format'] !== 1) return undefined;
  // Whatever has this format was written by `doneRecordOf`.
  const record = value as unknown as DoneRecord;
  const display = readDisplay(record.display);
  return display && { ...display, record };
}

const leavesSomething = (outcome: Outcome<unknown>): boolean => 'left' in outcome && outcome.left.length > 0;

function journalOf(record: JournalRecord): KeptJournal {
  const { kind, title, startedAt, version, recovery, claims, input, preImage, progress } = record;
  return { kind, title, startedAt, version, recovery, claims, input, preImage, ...(progress && { progress }) };
}
