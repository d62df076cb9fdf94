import type { Clock } from '../base/clock';
import type { JsonValue } from '../base/json';
import type { History } from '../domain/shared/history';
import type { Condition, Entry, Register } from '../engine/register';
import type { Found } from './archive';

/**
 * Repeats of writes (`Idempotency-Key`): which operation a key stands for. A key that stands for none whose work was begun is
 * free again: "nothing was done", so that the same key runs.
 */

export const KEYS_PREFIX = 'key/';
const DAY_MS = 86_400_000;
const ROUNDS = 4;

/** What a key stands for, and the digest of what was asked with it. */
export interface Key {
  /** Of token, account, method, path and key: it tells nobody any of them. */
  readonly scope: string;
  readonly digest: string;
}

export type Admission =
  /** The request runs: for the first time, or as another attempt of an operation that did not succeed. */
  | { readonly is: 'run'; readonly operationId: string; readonly attempt: number }
  /** Of an operation that has succeeded. */
  | { readonly is: 'repeat'; readonly operationId: string; readonly ended: Found }
  | { readonly is: 'running'; readonly operationId: string }
  /** The key was used for something else. */
  | { readonly is: 'mismatch' };

export interface RepeatsOptions {
  readonly register: Register;
  readonly clock: Pick<Clock, 'now'>;
  readonly history: Pick<History, 'find'> & {
    readonly ended: (account: string, id: string) => Promise<Found | undefined>;
  };
  /**
   * Milliseconds: whoever has taken a key writes its journal within that time, or is taken for dead. Until then others must not
   * take the key for one that was left over.
   */
  readonly beginsWithinMs: number;
}

export interface Repeats {
  /** Says what becomes of a request; `operationId` is its own, should it run for the first time. */
  readonly admit: (account: string, key: Key, operationId: string) => Promise<Admission>;
  /** To be called when a request that was to run has ended: where nothing was begun, the key is free again. */
  readonly ended: (account: string, key: Key, operationId: string) => Promise<void>;
  /** Forgets keys that are a day old. */
  readonly prune: () => Promise<void>;
}

type KeyRecord = {
  readonly operationId: string;
  readonly digest: string;
  readonly attempt: number;
  /** Wall milliseconds. */
  readonly at: number;
};

export function createRepeats({ register, clock, history, beginsWithinMs }: RepeatsOptions): Repeats {
  /** Keys under which a request of this process runs, with its operation. */
  const running = new Map<string, string>();

  /** What a key stands for that was there before. */
  const judge = async (account: string, key: Key, entry: Entry, isRunning: boolean): Promise<Admission | 'free'> => {
    const record = recordIn(entry.value);
    if (record === undefined || clock.now() - record.at > DAY_MS) return 'free';
    const { operationId, digest, attempt } = record;
    const isSame = digest === key.digest;
    const watched = isRunning ? undefined : await history.find(account, operationId);
    if (isRunning || watched?.isOver() === false) return isSame ? { is: 'running', operationId } : { is: 'mismatch' };
    const ended = await history.ended(account, operationId);
    // Of a register that only this process writes to it knows whether something runs.
    const mayBegin = entry.ageMs < beginsWithinMs;
    if (mayBegin && (ended === undefined || ended.shown.attempt < attempt)) return { is: 'running', operationId };
    if (ended === undefined) return 'free';
    if (!isSame) return { is: 'mismatch' };
    if (ended.shown.state === 'succeeded') return { is: 'repeat', operationId, ended };
    return { is: 'run', operationId, attempt: ended.shown.attempt + 1 };
  };

  const admit: Repeats['admit'] = async (account, key, operationId) => {
    const put = (id: string, attempt: number, condition: Condition) =>
      register.put(KEYS_PREFIX + key.scope, recordOf(id, attempt, key, clock.now()), condition);
    const first: Admission = { is: 'run', operationId, attempt: 1 };
    for (let round = 0; round < ROUNDS; round += 1) {
      const entry = await register.get(KEYS_PREFIX + key.scope);
      if (entry === undefined) {
        if ((await put(operationId, 1, { ifAbsent: true })).ok) return first;
        continue;
      }
      const judged = await judge(account, key, entry, false);
      if (judged !== 'free' && judged.is !== 'run') return judged;
      const next = judged === 'free' ? first : judged;
      if ((await put(next.operationId, next.attempt, { ifMatch: entry.version })).ok) return next;
    }
    return { is: 'running', operationId };
  };

  return {
    admit: async (account, key, operationId) => {
      const other = running.get(key.scope);
      if (other !== undefined) {
        const entry = await register.get(KEYS_PREFIX + key.scope);
        const judged = entry && (await judge(account, key, entry, true));
        return judged === undefined || judged === 'free' ? { is: 'running', operationId: other } : judged;
      }
      running.set(key.scope, operationId);
      let admission: Admission | undefined;
      try {
        admission = await admit(account, key, operationId);
        return admission;
      } finally {
        if (admission?.is !== 'run') running.delete(key.scope);
      }
    },
    ended: async (account, key, operationId) => {
      running.delete(key.scope);
      if ((await history.ended(account, operationId)) !== undefined) return;
      if ((await history.find(account, operationId))?.isOver() === false) return;
      const entry = await register.get(KEYS_PREFIX + key.scope);
      if (entry && recordIn(entry.value)?.operationId === operationId)
        await register.delete(entry.key, { ifMatch: entry.version });
    },
    prune: async () => {
      for (const { key, version, ageMs } of await register.list(KEYS_PREFIX)) {
        // A register that does not tell ages is at hand.
        const at = ageMs === Infinity ? recordIn((await register.get(key))?.value ?? null)?.at : clock.now() - ageMs;
        if (at === undefined || clock.now() - at > DAY_MS) await register.delete(key, { ifMatch: version });
      }
    },
  };
}

const recordOf = (operationId: string, attempt: number, { digest }: Key, at: number): KeyRecord => ({
  operationId,
  digest,
  attempt,
  at,
});

function recordIn(value: JsonValue): KeyRecord | undefined {
  if (typeof value !== 'object' || value === null || !('operationId' in value)) return undefined;
  const { operationId, digest, attempt, at } = value;
  if (typeof operationId !== 'string' || typeof digest !== 'string') return undefined;
  if (typeof attempt !== 'number' || typeof at !== 'number') return undefined;
  return { operationId, digest, attempt, at };
}
