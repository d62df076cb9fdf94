import type { Clock } from '../../../src/base/clock';
import { eagerClock } from './clock';

/** More than anything is remembered for. */
const HOUR_MS = 3_600_000;

/**
 * A clock for the service that can be put forward: certificates that were chosen are remembered for a minute, what an
 * account blocks for five. Sweeps make every call fail once in a run, so each run must ask anew.
 */
export function forgetfulClock(): { readonly clock: Clock; readonly forget: () => void } {
  let ahead = 0;
  return {
    clock: { ...eagerClock, monotonic: () => eagerClock.monotonic() + ahead },
    forget: () => {
      ahead += HOUR_MS;
    },
  };
}
