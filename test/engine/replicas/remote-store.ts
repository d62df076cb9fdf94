import type { JsonValue } from '../../../src/base/json';
import type { Condition, Entry, Listed, Register, Written } from '../../../src/engine/register';
import type { Machine } from './machine';
import type { Random } from './random';
import type { Scheduler } from './scheduler';

/** What becomes of a request. */
type Fate = 'ok' | 'unsent' | 'lost' | 'late' | 'doubled';

interface Kept {
  readonly text: string;
  readonly version: string;
  readonly at: number;
}

/** The one store that all processes share, as the S3 binding shows it to each. */
export interface RemoteStore {
  /** As one process sees it. */
  readonly of: (machine: Machine) => Register;
  /** What it holds now, for whoever judges. */
  readonly peek: (key: string) => JsonValue | undefined;
  readonly keys: () => readonly string[];
}

export interface RemoteStoreOptions {
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Share of requests that go wrong, at this moment. */
  readonly trouble: () => number;
  /** Told of every write that was done, in order. */
  readonly onWrite: (key: string, value: JsonValue | undefined) => void;
}

const TIMEOUT_MS = 5_000;
/** How long after it was sent a request may still be done of whose reply nobody waits any more. */
const LATEST_MS = 12_000;
const CONFLICT: Written = { ok: false, conflict: true };

export function createRemoteStore({ scheduler, random, trouble, onWrite }: RemoteStoreOptions): RemoteStore {
  const entries = new Map<string, Kept>();
  let versions = 0;

  const holds = (key: string, condition: Condition): boolean => {
    const version = entries.get(key)?.version;
    return 'ifAbsent' in condition ? version === undefined : version === condition.ifMatch;
  };
  /** Objects of S3 have the time of their last change in whole seconds: so old is it at least. */
  const ageOf = ({ at }: Kept): number => Math.max(0, Math.floor((scheduler.now() - at) / 1_000) * 1_000 - 1_000);

  const of = (machine: Machine): Register => {
    const fateOf = (): Fate => {
      if (machine.isCutOff()) return 'unsent';
      return random.chance(trouble()) ? random.pick(['unsent', 'lost', 'late', 'doubled']) : 'ok';
    };
    const request = <R>(work: () => R): Promise<R> =>
      new Promise((resolve, reject) => {
        if (!machine.pass()) return;
        const fate = fateOf();
        const there =
          fate === 'late' ? random.between(1_000, LATEST_MS) : random.between(3, random.chance(0.1) ? 400 : 25);
        const giveUp = (ms: number): void =>
          machine.after(ms, () => machine.pass() && reject(new Error('the store does not answer')));
        if (fate === 'unsent') return giveUp(TIMEOUT_MS);
        if (there >= TIMEOUT_MS) giveUp(TIMEOUT_MS);
        if (fate === 'doubled') scheduler.after(there + random.between(1, 2_000), work);
        scheduler.after(there, () => {
          const result = work();
          if (there >= TIMEOUT_MS) return;
          if (fate === 'lost' || machine.isCutOff()) giveUp(TIMEOUT_MS - there);
          else machine.after(random.between(1, 15), () => machine.pass() && resolve(result));
        });
      });

    const get = (key: string): Promise<Entry | undefined> =>
      request(() => {
        const kept = entries.get(key);
        return kept && { key, value: JSON.parse(kept.text) as JsonValue, version: kept.version, ageMs: ageOf(kept) };
      });
    const write = (key: string, value: JsonValue | undefined, condition: Condition, version: string) => {
      const text = value === undefined ? undefined : JSON.stringify(value);
      return request((): Written => {
        if (!holds(key, condition)) return CONFLICT;
        if (text === undefined) entries.delete(key);
        else entries.set(key, { text, version, at: scheduler.now() });
        onWrite(key, value);
        return { ok: true, version };
      });
    };
    return {
      get,
      put: async (key, value, condition) => {
        const version = `v${String((versions += 1))}`;
        // Whose reply is lost, and who is told that somebody else was there, looks whether it was this very write.
        try {
          const written = await write(key, value, condition, version);
          if (written.ok || (await get(key))?.version !== version) return written;
        } catch (thrown) {
          if ((await get(key))?.version !== version) throw thrown;
        }
        return { ok: true, version };
      },
      delete: (key, condition) => write(key, undefined, condition, condition.ifMatch),
      list: (prefix) =>
        request(() =>
          [...entries]
            .filter(([key]) => key.startsWith(prefix))
            .map(([key, kept]): Listed => ({ key, version: kept.version, bytes: kept.text.length, ageMs: ageOf(kept) }))
            .sort((one, other) => (one.key < other.key ? -1 : 1)),
        ),
    };
  };
  return {
    of,
    peek: (key) => {
      const kept = entries.get(key);
      return kept && (JSON.parse(kept.text) as JsonValue);
    },
    keys: () => [...entries.keys()],
  };
}
