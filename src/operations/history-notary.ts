import type { Notary } from '../engine/notary';
import type { Archive } from './archive';
import { type AnswerOf, doneRecordOf } from './done-record';
import { askedOf, type Asking, shownError } from './history-facts';
import type { End } from './history-entry';
import type { LocalOperations } from './history-local';
import { beganAt } from './operation-id';
import { displayOf } from './journal-display';
import { type Display, writeDisplay } from './display';

export interface NotaryOptions {
  readonly local: LocalOperations;
  readonly archive: Archive;
  readonly asking: () => Asking | undefined;
  readonly answerOf: AnswerOf;
}

/** Keeps of runs what the history shows of them: who asked and how far they are in the journal, and how they ended. */
export function createNotary({ local, archive, asking, answerOf }: NotaryOptions): Notary {
  /** Ends that this process has tried to keep: the store may have one of which it said that it has not. */
  const tried = new Set<string>();

  return {
    asked: () => askedOf(asking()),
    display: (id) => {
      local.journaled(id);
      const entry = local.get(id);
      return entry ? writeDisplay(entry.soFar()) : null;
    },
    end: async (ended) => {
      const { record, outcome } = ended;
      const { operationId: id, attempt = 1 } = record;
      const entry = local.get(id);
      const is: End = {
        state: outcome.state,
        at: Date.parse(ended.endedAt),
        error: outcome.state === 'succeeded' ? undefined : outcome.error,
        left: 'left' in outcome ? outcome.left.map(({ step }) => step) : [],
      };
      const { shown, events } = entry?.endingAs(is) ?? endedAs(displayOf(record), is);
      // As the journal has it, whoever keeps its end finds the same place.
      const startedAt = new Date(beganAt(id) ?? Date.parse(record.startedAt));
      const display = { shown: { ...shown, startedAt }, events };
      const isFirst = attempt === 1 && entry?.attempt === 1 && !entry.isTakenUp && !tried.has(id);
      tried.add(id);
      await archive.keep({ shown: display.shown, record: doneRecordOf(ended, display, answerOf) }, isFirst);
      tried.delete(id);
      local.kept(id);
    },
  };
}

/** What a journal showed, of a run that nobody has watched to its end. */
function endedAs({ shown, events }: Display, { state, at, error, left }: End): Display {
  const facts = { error: error && shownError(error), left };
  const id = (events.at(-1)?.id ?? 0) + 1;
  return {
    shown: { ...shown, state, endedAt: new Date(at), ...facts },
    events: [...events, { id, type: 'ended', at, data: { state, undone: shown.undone, ...facts } }],
  };
}
