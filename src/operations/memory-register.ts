import type { JsonValue } from '../base/json';
import type { Condition, Entry, Register, Written } from '../engine/register';

const CONFLICT: Written = Object.freeze({ ok: false, conflict: true });

export interface MemoryRegister extends Register {
  /** Says whether a condition holds now, with the version that is there. */
  readonly check: (key: string, condition: Condition) => Written;
}

/**
 * Makes a register that lives and dies with the process. Values are frozen copies in JSON, as every durable binding would
 * give them back: what JSON cannot hold is not kept, and nobody can change what is stored but by a write.
 * `mark`: what its versions begin with.
 */
export function createMemoryRegister(mark = ''): MemoryRegister {
  const entries = new Map<string, Entry>();
  let writes = 0;

  const check: MemoryRegister['check'] = (key, condition) => {
    const version = entries.get(key)?.version;
    const holds = 'ifAbsent' in condition ? version === undefined : version === condition.ifMatch;
    return holds ? { ok: true, version: version ?? '' } : CONFLICT;
  };

  return {
    check,

    get: async (key) => entries.get(key),

    put: async (key, value, condition) => {
      if (!check(key, condition).ok) return CONFLICT;
      const copy = deepFreeze(JSON.parse(JSON.stringify(value)) as JsonValue);
      writes += 1;
      const version = `${mark}${String(writes)}`;
      entries.set(key, Object.freeze({ key, value: copy, version }));
      return { ok: true, version };
    },

    delete: async (key, condition) => {
      if (!check(key, condition).ok) return CONFLICT;
      entries.delete(key);
      return { ok: true, version: condition.ifMatch };
    },

    list: async (prefix) =>
      [...entries.values()].filter((entry) => entry.key.startsWith(prefix)).sort((a, b) => compareKeys(a.key, b.key)),
  };
}

/** By UTF-8 bytes, as object stores sort; JavaScript's own order differs above U+FFFF. */
function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function deepFreeze<T extends JsonValue>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}
