import type { JsonValue } from '../base/json';
import type { Entry, Register, Written } from '../engine/register';

const CONFLICT: Written = Object.freeze({ ok: false, conflict: true });

/**
 * Makes a register that lives and dies with the process. Values are frozen copies in JSON, as every durable binding
 * would give them back: what JSON cannot hold is not kept, and nobody can change what is stored but by a write.
 */
export function createMemoryRegister(): Register {
  const entries = new Map<string, Entry>();
  let writes = 0;

  return {
    get: async (key) => entries.get(key),

    put: async (key, value, condition) => {
      const present = entries.get(key);
      const holds = 'ifAbsent' in condition ? present === undefined : present?.version === condition.ifMatch;
      if (!holds) return CONFLICT;
      const copy = deepFreeze(JSON.parse(JSON.stringify(value)) as JsonValue);
      writes += 1;
      const version = String(writes);
      entries.set(key, Object.freeze({ key, value: copy, version }));
      return { ok: true, version };
    },

    delete: async (key, { ifMatch }) => {
      if (entries.get(key)?.version !== ifMatch) return CONFLICT;
      entries.delete(key);
      return { ok: true, version: ifMatch };
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
