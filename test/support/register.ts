import type { Register, Written } from '../../src/engine/register';
import { createMemoryRegister } from '../../src/operations/memory-register';

export type RegisterCall = 'get' | 'put' | 'delete' | 'list';

/** `fail`: not done, and throws. `lost`: done, and throws. `conflict`: not done, and says so. `echo`: done, and says conflict. */
export type RegisterFault = 'ok' | 'fail' | 'lost' | 'conflict' | 'echo';

export interface FaultyRegister extends Register {
  /** Asked before every call; the faults of the moment. */
  setFaults(faults: (call: RegisterCall, key: string) => RegisterFault): void;
  /** Called before a call is done, e.g. to let time pass or somebody else act. */
  setBefore(before: (call: RegisterCall, key: string) => Promise<void>): void;
  /** Every call so far, e.g. `put claims/a`. */
  readonly calls: readonly string[];
}

const CONFLICT: Written = { ok: false, conflict: true };

/** A register in memory that fails as it is told. */
export function createFaultyRegister(): FaultyRegister {
  const inner = createMemoryRegister();
  const calls: string[] = [];
  let faults: (call: RegisterCall, key: string) => RegisterFault = () => 'ok';
  let before: (call: RegisterCall, key: string) => Promise<void> = async () => undefined;

  const through = async <T>(call: RegisterCall, key: string, work: () => Promise<T>, conflict?: T): Promise<T> => {
    calls.push(`${call} ${key}`);
    await before(call, key);
    const fault = faults(call, key);
    if (fault === 'fail') throw new Error('the disk is full');
    if (fault === 'conflict' && conflict !== undefined) return conflict;
    const result = await work();
    if (fault === 'lost') throw new Error('the reply is lost');
    return fault === 'echo' && conflict !== undefined ? conflict : result;
  };

  return {
    calls,
    setFaults: (next) => {
      faults = next;
    },
    setBefore: (next) => {
      before = next;
    },
    get: (key) => through('get', key, () => inner.get(key)),
    put: (key, value, condition) => through('put', key, () => inner.put(key, value, condition), CONFLICT),
    delete: (key, condition) => through('delete', key, () => inner.delete(key, condition), CONFLICT),
    list: (prefix, part) => through('list', prefix, () => inner.list(prefix, part)),
  };
}
