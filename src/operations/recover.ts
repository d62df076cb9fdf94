import type { Clock } from '../base/clock';
import { type DomainError, toDomainError } from '../base/errors';
import type { JournalRecord } from '../engine/journal';
import type { Performed } from '../engine/recipe';
import { createRecovery, type InterruptedRun, type RecoveryOptions } from '../engine/recover';
import { lastingPolicy, retry } from '../engine/retry';
import type { Sighting } from '../engine/sightings';

export interface Recovering extends Omit<RecoveryOptions, 'clock' | 'accepts'> {
  /**
   * Ends a run; rejects only before it is taken up.
   * @throws {unsupported} this process cannot go on with it
   */
  readonly resume: (run: InterruptedRun) => Promise<Performed<unknown>>;
  readonly accepts: (record: JournalRecord) => Promise<void>;
  readonly clock: Clock;
  /** Milliseconds between two looks at the register. */
  readonly scanMs: number;
  /** Told of a run that is not gone on with, once: it keeps its claims until somebody has looked. */
  readonly onLeftAlone: (record: JournalRecord, error: DomainError) => void;
  /** Told of what processes ask of one another, after every look. */
  readonly onNotices?: (notices: readonly Sighting[]) => Promise<void>;
}

/** Ends what other processes have left, from the start of this one to its end. */
export interface Recoverer {
  /**
   * Looks for the first time: what it finds holds its claims when this resolves. Then goes on by itself.
   * @throws whatever the register throws
   */
  readonly start: () => Promise<void>;
  /** Takes nothing up any more. */
  readonly stop: () => void;
}

/** Runs that are gone on with at once: those of a busy service should not meet AWS as one burst. */
const AT_ONCE = 12;

export function createRecoverer(recovering: Recovering): Recoverer {
  const { resume, clock, scanMs, lease, onLeftAlone, onNotices = () => Promise.resolve() } = recovering;
  const leftAlone = new Set<string>();
  const pending = new Set<string>();
  const waiting: InterruptedRun[] = [];
  let active = 0;
  let isStopped = false;
  /** Whether the last look may have left runs to others, because there was no place for them here. */
  let isMore = false;
  let lookAgain: () => void = () => undefined;

  const leaveAlone = (record: JournalRecord, thrown: unknown): false => {
    if (!leftAlone.has(record.operationId)) onLeftAlone(record, toDomainError(thrown));
    leftAlone.add(record.operationId);
    return false;
  };
  const recovery = createRecovery({
    ...recovering,
    isRunning: (id) => pending.has(id) || leftAlone.has(id) || recovering.isRunning(id),
    accepts: (record) =>
      recovering.accepts(record).then(
        () => true,
        (thrown: unknown) => leaveAlone(record, thrown),
      ),
  });

  const recover = async (run: InterruptedRun): Promise<void> => {
    try {
      // A session may need AWS, which may not be there yet.
      const performed = await retry(lastingPolicy, clock, () => resume(run));
      if ('ended' in performed) await performed.ended;
    } catch (thrown) {
      leaveAlone(run.record, thrown);
    } finally {
      pending.delete(run.record.operationId);
    }
  };

  const begin = (): void => {
    for (let run = waiting.shift(); run; run = active < AT_ONCE ? waiting.shift() : undefined) {
      active += 1;
      void recover(run).finally(() => {
        active -= 1;
        begin();
        if (isMore && active < AT_ONCE) lookAgain();
      });
    }
  };

  const scan = async (): Promise<void> => {
    // What is this process's alone is held at once; what others could do as well is shared with them.
    const places = lease ? Math.max(0, AT_ONCE - active - waiting.length) : Infinity;
    const found = await recovery.scan(places);
    isMore = found.length >= places;
    for (const run of found) pending.add(run.record.operationId);
    waiting.push(...found);
    if (active < AT_ONCE) begin();
    await onNotices(recovery.notices());
  };

  const goOn = async (): Promise<void> => {
    for (;;) {
      // Of many replicas not all at the same moment; at once where there is a place for what the last look has left.
      const pause = clock.sleep(scanMs * (0.9 + 0.2 * clock.random()));
      await Promise.race([pause, new Promise<void>((resolve) => (lookAgain = resolve))]);
      if (isStopped) return;
      // A register that cannot be reached is looked at again; whoever uses it tells of it.
      await scan().catch(() => undefined);
    }
  };

  return {
    start: async () => {
      await scan();
      void goOn();
    },
    stop: () => void (isStopped = true),
  };
}
