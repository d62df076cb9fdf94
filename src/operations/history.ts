import type { Clock } from '../base/clock';
import type { Deadlines } from '../base/deadlines';
import type { History, ShownOperation, Watched } from '../domain/shared/history';
import type { Listener } from '../engine/events';
import type { JournalRecord } from '../engine/journal';
import type { Notary } from '../engine/notary';
import type { Register } from '../engine/register';
import { type Archive, createArchive, type Found } from './archive';
import { positionOf } from './archive-keys';
import { isNewest } from './archive-newer';
import type { Row } from './archive-pages';
import { summaryOf } from './archive-summary';
import { createPruning } from './archive-pruning';
import type { AnswerOf } from './done-record';
import type { Asking } from './history-facts';
import type { Entry } from './history-entry';
import { listHistory } from './history-list';
import { createLocalOperations } from './history-local';
import { createNotary } from './history-notary';
import { displayOf } from './journal-display';
import { createJournals, type Found as FoundJournal } from './journals';
import { type Sight, watchAnywhere } from './watch-anywhere';

const DAY_MS = 86_400_000;
/** Ended operations that are kept in memory; with their steps and events each takes some ten kilobytes. */
const MOST = 1_000;

export interface HistoryOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** Where operations are kept. */
  readonly register: Register;
  /** Whether that is memory of this process alone: then it keeps no more than so many. */
  readonly isMemory: boolean;
  /** For what is watched that other processes do. */
  readonly deadlines: Pick<Deadlines, 'after'>;
  /** Days that operations are kept after their end; asked every time. */
  readonly keepDays: () => number;
  /** The request that is served now. */
  readonly asking: () => Asking | undefined;
  /** What repeats of a request are answered with. Default: nothing is kept for them. */
  readonly answerOf?: AnswerOf;
  /** Default 1,000. Those that run are kept besides. */
  readonly most?: number;
}

/** The history of all accounts: told by the engine's events, kept in the register. */
export interface OperationsHistory extends History {
  readonly listener: Listener;
  readonly notary: Notary;
  /** Notes a request to AWS that was made for an operation. */
  readonly noteCall: (operationId: string, call: ShownOperation['calls'][number]) => void;
  /** What is kept of an operation that has ended, with all that repeats and retries of it need. */
  readonly ended: (account: string, id: string) => Promise<Found | undefined>;
  /** Whether the end of this run is kept already; then its index entries are, too. */
  readonly hasEnded: (record: JournalRecord) => Promise<boolean>;
  /** Whether nobody has worked on what an operation was about since it began, as far as the end of that is kept. */
  readonly isNewest: (shown: ShownOperation) => Promise<boolean>;
  /** Forgets what an account has kept for long enough; to be called now and then. */
  readonly prune: (account: string) => Promise<void>;
}

interface LookedUp {
  readonly sight: Sight;
  readonly journal?: FoundJournal;
}

export function createHistory(options: HistoryOptions): OperationsHistory {
  const { clock, register, deadlines, keepDays, asking, most = MOST, answerOf = () => undefined } = options;
  const keepMs = (): number => keepDays() * DAY_MS;
  const oldest = (): number => clock.now() - keepMs();
  const local = createLocalOperations({ clock, keepMs, most, asking });
  const plain = createArchive(register);
  const pruning = createPruning(register, plain, oldest);
  const archive: Archive = options.isMemory ? pruning.bounded(most) : plain;
  const journals = createJournals(register);

  const ended = async (account: string, id: string): Promise<Found | undefined> => {
    const found = await archive.find(account, id);
    return (found?.shown.endedAt?.getTime() ?? 0) >= oldest() ? found : undefined;
  };

  /** What is known of it elsewhere, with its journal while it is under way. */
  const lookUp = async (account: string, id: string): Promise<LookedUp | undefined> => {
    const found = await ended(account, id);
    // One that has not succeeded may be under way again.
    if (found?.shown.state === 'succeeded') return { sight: { ...found, isOver: true } };
    const journal = await journals.find(account, id);
    if (journal) return { sight: { ...displayOf(journal.record), isOver: false }, journal };
    return found && { sight: { ...found, isOver: true } };
  };

  const watch = (account: string, id: string, first: LookedUp): Watched => {
    let { journal } = first;
    const look = async (): Promise<Sight | undefined> => {
      const here = local.get(id);
      if (here?.account === account) return { here };
      journal = journal && (await journals.again(journal));
      if (journal) return { ...displayOf(journal.record), isOver: false };
      const next = await lookUp(account, id);
      journal = next?.journal;
      return next?.sight;
    };
    return watchAnywhere(first.sight, look, deadlines);
  };

  return {
    listener: local.note,
    notary: createNotary({ local, archive, asking, answerOf }),
    noteCall: (id, call) => local.get(id)?.noteCall(call),
    ended,
    hasEnded: (record) => archive.complete(record),
    isNewest: (shown) => isNewest(register, shown),
    prune: pruning.prune,
    find: async (account, id) => {
      const here = local.get(id);
      const isOurs = here?.account === account;
      if (isOurs && !here.isOver()) return watch(account, id, { sight: { here } });
      if (isOurs && !local.isJournaled(id)) return here;
      const found = await lookUp(account, id);
      return found ? watch(account, id, found) : isOurs ? here : undefined;
    },
    list: (account, query) =>
      listHistory(
        {
          register,
          archive,
          oldest,
          here: () => ofAccount(local.all(), account).map(rowOfEntry),
          elsewhere: async () => {
            const ours = ofAccount(local.all(), account).filter(({ id, isOver }) => !isOver() && local.isJournaled(id));
            const skip = new Set(ours.flatMap(({ claims }) => claims));
            return (await journals.running(account, skip)).map(rowOfJournal);
          },
        },
        account,
        query,
      ),
  };
}

const ofAccount = (entries: readonly Entry[], account: string): readonly Entry[] =>
  entries.filter((entry) => entry.account === account);

const rowOfEntry = (entry: Entry): Row => rowOf(entry.show());
const rowOfJournal = ({ record }: FoundJournal): Row => rowOf(displayOf(record).shown);

function rowOf(shown: ShownOperation): Row {
  const position = positionOf(shown.id, shown.startedAt?.getTime() ?? 0);
  return { position, attempt: shown.attempt, row: summaryOf(shown) };
}
