import type { Clock } from '../../base/clock';
import type { AccountConfig } from '../../config/types';

/** When the cleaner runs by itself: every interval plus a random splay, so that several services do not run as one. */
export interface CleanerSchedule {
  /** Begins the rounds of every account that has a cleaner, in place of the former ones. */
  readonly start: (accounts: Iterable<AccountConfig>, run: (account: AccountConfig) => Promise<unknown>) => void;
  /** Ends after the round that is under way. */
  readonly stop: () => void;
  /** ISO-8601 time of an account's next run; undefined when it has no cleaner. */
  readonly nextRun: (account: string) => string | undefined;
}

/** Makes the schedule of one process. */
export function createCleanerSchedule(clock: Clock): CleanerSchedule {
  const next = new Map<string, number>();
  let generation = 0;

  const rounds = async ({ name, cleaner }: AccountConfig, own: number, run: () => Promise<unknown>): Promise<void> => {
    if (cleaner === undefined) return;
    while (own === generation) {
      const wait = (cleaner.intervalSeconds + clock.random() * cleaner.maxSplaySeconds) * 1_000;
      next.set(name, clock.now() + wait);
      await clock.sleep(wait);
      // One run at a time: the next wait begins after it. What goes wrong is in the log of operations.
      if (own === generation) await run().catch(() => undefined);
    }
  };

  return {
    start: (accounts, run) => {
      generation += 1;
      next.clear();
      for (const account of accounts) void rounds(account, generation, () => run(account));
    },
    stop: () => {
      generation += 1;
      next.clear();
    },
    nextRun: (account) => {
      const at = next.get(account);
      return at === undefined ? undefined : new Date(at).toISOString();
    },
  };
}
