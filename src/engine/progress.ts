import type { Clock } from '../base/clock';
import { type DomainError, toDomainError } from '../base/errors';
import type { JsonValue } from '../base/json';
import type { EngineEventPayload } from './events';
import type { Notes } from './memory';
import type { PlannedStep } from './planned-step';

/** A step that has succeeded, in the order of success: whoever repeats it gets the same steps added. */
export type DoneStep = {
  readonly step: number;
  readonly title: string;
  /** As JSON keeps it; a secret in it is not kept. Absent where there is none. */
  readonly result?: JsonValue;
};

/** How far a run has come. What is missing here may have happened all the same. */
export type Progress = {
  readonly done: readonly DoneStep[];
  /** What steps have noted, by their index. */
  readonly notes: { readonly [step: string]: Notes };
  readonly shared: Notes;
  /** It failed, and what it did is taken back; written before the first undo. */
  readonly undoing?: true;
  /** It is taken back because somebody asked for that. */
  readonly cancelled?: true;
  /** The answer was handed out, and whether it arrived; written before what follows it. */
  readonly delivered?: boolean;
};

export const NO_PROGRESS: Progress = Object.freeze({ done: [], notes: {}, shared: {} });

/** Keeps a run's progress in its journal. */
export interface ProgressKeeper {
  readonly succeeded: (step: PlannedStep, result: unknown) => void;
  readonly remember: (event: Extract<EngineEventPayload, { type: 'remembered' }>) => void;
  /**
   * Resolves when the journal has all there is so far, or cannot be written. To be waited for before a step that another one
   * has added: without the other's result nobody could tell what was added.
   */
  readonly written: () => Promise<void>;
  /**
   * Resolves when the journal says that the run goes back: whoever finds steps that it calls done must know that they may be
   * taken back already.
   */
  readonly undoing: (cancelled: boolean) => Promise<void>;
  /**
   * Resolves when the journal says whether the answer arrived. From then on no step is kept. What follows an answer must not
   * begin before: whoever does not know that it arrived takes back what it told of.
   */
  readonly delivered: (delivered: boolean) => Promise<void>;
  /** How far the run has come. */
  readonly progress: () => Progress;
  /** Resolves when nothing is being written any more. */
  readonly close: () => Promise<void>;
}

/** Least milliseconds between two writes where nobody waits for one. */
const PAUSE_MS = 1_000;
/** Milliseconds between two attempts to write what a run waits for. */
const AGAIN_MS = 2_000;

export interface Keeping {
  /** Of a former process. */
  readonly from?: Progress | undefined;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Where writes cost: they are put together, at most one a second. Default: each is made at once. */
  readonly isSparing?: boolean;
  /** Told when the run has to wait, because the journal cannot be written. */
  readonly onStuck?: (error: DomainError) => void;
}

/**
 * Makes a keeper whose writes come one after the other, each with all there is to say by then: steps do not wait for it. What
 * cannot be written is found out again, but for what a run waits for: that is tried until it can, or until the keeper is closed.
 */
export function createProgressKeeper(
  write: (progress: Progress) => Promise<void>,
  { from = NO_PROGRESS, clock, isSparing = false, onStuck = () => undefined }: Keeping,
): ProgressKeeper {
  let progress = from;
  /** Cuts the pause before the next write short. */
  let hurry: () => void = () => undefined;
  let isUrgent = false;
  /** There is something to say that the run must not go on without. */
  let isVital = false;
  /** Of what is known, whether the journal has it. */
  let isWritten = true;
  let writing: Promise<void> | undefined;
  let isOver = false;
  let putsBack = false;

  /** It may be closed while something is waited for. */
  const isClosed = (): boolean => isOver;
  const pause = (ms: number): Promise<void> =>
    Promise.race([clock.sleep(ms), new Promise<void>((resolve) => (hurry = resolve))]);
  const writeAll = async (): Promise<void> => {
    // What is noted by one turn of the loop is written at once.
    await Promise.resolve();
    while (!isWritten && !isOver) {
      if (isSparing && !isUrgent) {
        await pause(PAUSE_MS);
        if (isClosed()) break;
      }
      isUrgent = false;
      isWritten = true;
      const wasVital = isVital;
      isVital = false;
      try {
        await write(progress);
      } catch (thrown) {
        if (!wasVital) continue;
        onStuck(toDomainError(thrown));
        [isWritten, isUrgent, isVital] = [false, true, true];
        if (!isClosed()) await pause(AGAIN_MS);
      }
    }
    // In the same turn as the last look: whoever notes something after it begins anew.
    writing = undefined;
  };
  /** The run waits for it. */
  const urge = (): void => {
    isUrgent = true;
    hurry();
  };
  const flush = (): Promise<void> => {
    isWritten = false;
    writing ??= writeAll();
    return writing;
  };
  const insist = (): Promise<void> => {
    isVital = true;
    urge();
    return flush();
  };
  const note = (more: Partial<Progress>): void => {
    progress = { ...progress, ...more };
    if (!isOver) void flush();
  };
  const isOfPlan = (): boolean => progress.delivered === undefined;

  return {
    succeeded: (step, result) => {
      // What puts back comes last, and is asked for again by whoever finds out again that it is needed.
      putsBack ||= step.putsBack === true;
      if (putsBack || !isOfPlan() || progress.done.some(({ step: index }) => index === step.index)) return;
      const kept = result === undefined ? {} : { result: JSON.parse(JSON.stringify(result)) as JsonValue };
      note({ done: [...progress.done, { step: step.index, title: step.title, ...kept }] });
    },
    remember: ({ step, by, notes }) => {
      if (!isOfPlan() || putsBack) return;
      note(by === 'run' ? { shared: notes } : { notes: { ...progress.notes, [step]: notes } });
    },
    written: async () => {
      if (writing) urge();
      await writing;
    },
    undoing: async (cancelled) => {
      if (progress.undoing) return;
      progress = { ...progress, undoing: true, ...(cancelled && { cancelled }) };
      await insist();
    },
    delivered: async (delivered) => {
      progress = { ...progress, delivered };
      await insist();
    },
    progress: () => progress,
    close: async () => {
      isOver = true;
      hurry();
      await writing;
    },
  };
}

/** Keeps nothing. */
export const noProgressKeeper: ProgressKeeper = {
  succeeded: () => undefined,
  remember: () => undefined,
  written: () => Promise.resolve(),
  undoing: () => Promise.resolve(),
  delivered: () => Promise.resolve(),
  progress: () => NO_PROGRESS,
  close: () => Promise.resolve(),
};
