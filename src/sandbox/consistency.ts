/** IAM's eventual consistency: what was just made is not seen everywhere at once. */

export interface Lag {
  /** Count calls (needs no time to pass), or milliseconds of the sandbox's clock. */
  readonly lag: 'calls' | 'ms';
  readonly n: number;
}

export interface Consistency {
  /** Lag of what is made from now on; undefined shows everything at once, also what is hidden now. */
  readonly setLag: (lag: Lag | undefined) => void;
  /** Notes that a thing was made. Keys are the service's own, e.g. `iam:user:123456789012:anna`. */
  readonly created: (key: string) => void;
  readonly removed: (key: string) => void;
  /** Whether the call `callId` sees the thing. A call counts once against it, however often it asks. */
  readonly visible: (key: string, callId: string) => boolean;
}

interface Hidden {
  callsLeft: number;
  readonly visibleAt: number;
  lastCall: string | undefined;
}

export function createConsistency(now: () => number): Consistency {
  const hidden = new Map<string, Hidden>();
  let current: Lag | undefined;
  return {
    setLag: (lag) => {
      current = lag;
      if (lag === undefined) hidden.clear();
    },
    created: (key) => {
      if (current === undefined || current.n <= 0) return;
      const calls = current.lag === 'calls';
      hidden.set(key, {
        callsLeft: calls ? current.n : 0,
        visibleAt: calls ? 0 : now() + current.n,
        lastCall: undefined,
      });
    },
    removed: (key) => void hidden.delete(key),
    visible: (key, callId) => {
      const entry = hidden.get(key);
      if (entry === undefined || entry.lastCall === callId) return entry === undefined;
      if (entry.callsLeft > 0) {
        entry.callsLeft -= 1;
        entry.lastCall = callId;
        return false;
      }
      if (now() < entry.visibleAt) return false;
      hidden.delete(key);
      return true;
    },
  };
}
