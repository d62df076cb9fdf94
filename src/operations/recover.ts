import type { Clock } from '../base/clock';
import { type DomainError, toDomainError } from '../base/errors';
import { createGate } from '../engine/gate';
import type { JournalRecord } from '../engine/journal';
import type { Performed } from '../engine/recipe';
import type { InterruptedRun } from '../engine/recover';
import { lastingPolicy, retry } from '../engine/retry';

export interface Recovering {
  /**
   * Ends a run; rejects only before it is taken up.
   * @throws {unsupported} this process cannot go on with it
   */
  readonly resume: (run: InterruptedRun) => Promise<Performed<unknown>>;
  readonly clock: Clock;
  /** Told of a run that is not gone on with: it keeps its claims until somebody has looked. */
  readonly onLeftAlone: (record: JournalRecord, error: DomainError) => void;
}

/** Runs that are gone on with at once: those of a busy service should not meet AWS as one burst. */
const AT_ONCE = 8;

/** Ends the runs that former processes have left; resolves when each has ended, or is left alone. Never rejects. */
export async function recoverRuns(
  runs: readonly InterruptedRun[],
  { resume, clock, onLeftAlone }: Recovering,
): Promise<void> {
  const gate = createGate(AT_ONCE);
  const recover = async (run: InterruptedRun): Promise<void> => {
    try {
      // A session may need AWS, which may not be there yet.
      const performed = await retry(lastingPolicy, clock, () => resume(run));
      await performed.ended;
    } catch (thrown) {
      onLeftAlone(run.record, toDomainError(thrown));
    }
  };
  await Promise.all(runs.map((run) => gate(() => recover(run))));
}
