import type { JsonValue } from '../base/json';
import type { JournalRecord } from './journal';
import type { Outcome } from './recipe';

/** What is kept of a run besides what the engine itself needs of it: who asked, what is shown of it, how it ended. */
export interface Notary {
  /** Who asks, in JSON; called in the context of the request, at the run's beginning. */
  readonly asked: () => JsonValue;
  /** What is shown of the run so far; journaled with its progress, at most once a second. */
  readonly display: (operationId: string) => JsonValue;
  /**
   * Keeps how a journaled run has ended: the terminal write, which comes before its claims are freed. Idempotent: recovery may repeat it.
   * Rejects when the store could not keep it.
   */
  readonly end: (ended: EndedRun) => Promise<void>;
}

export interface EndedRun {
  /** The journal as it was written last, with `asked`, `display`, `attempt` (from 1) and `progress`. */
  readonly record: JournalRecord;
  readonly outcome: Outcome<unknown>;
  /** ISO-8601, UTC. */
  readonly endedAt: string;
}

/** The token that asked for a run, where what is kept of who asked says so. */
export function tokenIn(asked: JsonValue | undefined): string | undefined {
  if (typeof asked !== 'object' || asked === null || !('tokenId' in asked)) return undefined;
  return typeof asked['tokenId'] === 'string' ? asked['tokenId'] : undefined;
}
