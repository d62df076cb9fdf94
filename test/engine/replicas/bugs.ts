import type { Clock } from '../../../src/base/clock';
import { isJournal } from '../../../src/engine/journal';
import type { Notary } from '../../../src/engine/notary';
import { freed, isFreed } from '../../../src/engine/records';
import type { Register } from '../../../src/engine/register';
import { CALL_TIMEOUT_MS } from './aws';

/** Bugs that can be planted, each by what surrounds the engine. */
export type Bug =
  | 'no fence at the last attempt'
  | 'freed record deleted instead of freed'
  | 'takeover by wall clock alone'
  | 'undo without mark'
  | 'terminal write before the flush of a secret'
  | 'journal written after the first effect'
  | 'release before the terminal write'
  | 'takeover without compare-and-set'
  | "lease not checked on the owner's wall clock"
  | 'look not repeated after a recent release'
  | 'claim not kept one more call timeout after a takeover';

/** The register as the engine's runs use it. */
export function registerOfRuns(bug: Bug | undefined, register: Register, clock: Clock): Register {
  if (bug === 'freed record deleted instead of freed')
    return {
      ...register,
      put: (key, value, condition, lasts) =>
        isFreed(value) && 'ifMatch' in condition
          ? register.delete(key, condition)
          : register.put(key, value, condition, lasts),
    };
  if (bug === 'look not repeated after a recent release')
    return {
      ...register,
      get: async (key) => {
        const entry = await register.get(key);
        return entry && { ...entry, ageMs: Infinity };
      },
    };
  if (bug === 'journal written after the first effect')
    return {
      ...register,
      put: async (key, value, condition, lasts) => {
        if (!isJournal(value) || value.progress || !('ifMatch' in condition))
          return register.put(key, value, condition, lasts);
        void clock
          .sleep(300)
          .then(() => blindly(register, key).put(key, value, condition))
          .catch(() => undefined);
        return { ok: true, version: condition.ifMatch };
      },
    };
  return register;
}

/** The register as recovery uses it. */
export const registerOfRecovery = (bug: Bug | undefined, register: Register): Register =>
  bug === 'takeover without compare-and-set' ? blindly(register) : register;

/** The clock of recovery. */
export const clockOfRecovery = (bug: Bug | undefined, clock: Clock): Clock =>
  bug === 'takeover by wall clock alone' ? { ...clock, monotonic: clock.now } : clock;

/** The clock of the lease. */
export const clockOfLease = (bug: Bug | undefined, clock: Clock): Clock =>
  bug === "lease not checked on the owner's wall clock" ? { ...clock, now: clock.monotonic } : clock;

/** The clock of runs. */
export const clockOfRuns = (bug: Bug | undefined, clock: Clock): Clock =>
  bug === 'claim not kept one more call timeout after a takeover'
    ? { ...clock, sleep: (ms) => clock.sleep(ms === CALL_TIMEOUT_MS ? 0 : ms) }
    : clock;

export function notaryOf(bug: Bug | undefined, notary: Notary, register: Register): Notary {
  if (bug !== 'release before the terminal write') return notary;
  return {
    ...notary,
    end: async (ended) => {
      const { claims, operationId } = ended.record;
      await Promise.all(
        claims.map((key) =>
          blindly(register)
            .put(`claims/${key}`, freed(operationId), { ifAbsent: true })
            .catch(() => undefined),
        ),
      );
      await notary.end(ended);
    },
  };
}

/** Writes whatever is there. */
function blindly(register: Register, only?: string): Register {
  return {
    ...register,
    put: async (key, value, condition, lasts) => {
      if (only !== undefined && key !== only) return register.put(key, value, condition, lasts);
      const entry = await register.get(key);
      return register.put(key, value, entry ? { ifMatch: entry.version } : { ifAbsent: true }, lasts);
    },
  };
}
