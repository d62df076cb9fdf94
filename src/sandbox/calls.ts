/** A record of calls, in the order of start and end, so that a bench can see what ran beside what. */
import type { Principal } from './contract';

export interface CallRecord {
  readonly id: string;
  readonly service: string;
  readonly operation: string;
  readonly principal: Principal['kind'] | 'unknown';
  readonly accountId: string | undefined;
  /** undefined while the call runs, and when the connection was broken on purpose. */
  readonly status: number | undefined;
  /** AWS error code of a refusal. */
  readonly code: string | undefined;
  /** Kind of the fault that hit the call. */
  readonly fault: string | undefined;
  /** Starts and ends share one counter: `a.ended < b.started` means that b began after a was over. */
  readonly started: number;
  /** Infinity while the call runs. */
  readonly ended: number;
}

export interface Calls {
  /** The last calls since the start or the last `clear`, oldest first. */
  readonly all: () => readonly CallRecord[];
  /**
   * The longest chain of calls each of which began after the one before had ended: the number of round trips that
   * cannot have overlapped.
   */
  readonly depth: () => number;
  readonly clear: () => void;
}

type Mutable = { -readonly [K in keyof CallRecord]: CallRecord[K] };

export interface CallLog {
  readonly calls: Calls;
  readonly start: (id: string) => Mutable;
  readonly end: (record: Mutable) => void;
}

function longestChain(records: readonly CallRecord[]): number {
  let chain = 0;
  let last = -1;
  for (const record of [...records].sort((left, right) => left.ended - right.ended)) {
    if (record.started <= last) continue;
    chain += 1;
    last = record.ended;
  }
  return chain;
}

/** Remembers the last `limit` calls. Asked for a record that was never begun it throws: no call would look like none made. */
export function createCallLog(limit: number): CallLog {
  let records: Mutable[] = [];
  let tick = 0;
  const recorded = (): readonly CallRecord[] => {
    if (limit === 0) throw new Error('the sandbox was not told to record calls');
    return records;
  };
  return {
    calls: {
      all: recorded,
      depth: () => longestChain(recorded()),
      clear: () => void (records = []),
    },
    start: (id) => {
      const record: Mutable = {
        id,
        service: 'unknown',
        operation: 'unknown',
        principal: 'unknown',
        accountId: undefined,
        status: undefined,
        code: undefined,
        fault: undefined,
        started: (tick += 1),
        ended: Infinity,
      };
      if (limit > 0) records.push(record);
      // Twice as many for a while, so that not every call moves all of them.
      if (records.length > 2 * limit) records = records.slice(-limit);
      return record;
    },
    end: (record) => void (record.ended = tick += 1),
  };
}
