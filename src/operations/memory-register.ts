import type { JsonValue } from '../base/json';
import type { Condition, Entry, Listed, Part, Register, Written } from '../engine/register';

const CONFLICT: Written = Object.freeze({ ok: false, conflict: true });

export interface MemoryRegister extends Register {
  /** Says whether a condition holds now, with the version that is there. */
  readonly check: (key: string, condition: Condition) => Written;
}

interface Kept {
  readonly entry: Entry;
  readonly bytes: number;
}

/**
 * Makes a register that lives and dies with the process. Values are frozen copies in JSON, as every durable binding would
 * give them back: what JSON cannot hold is not kept, and nobody can change what is stored but by a write.
 * `mark`: what its versions begin with.
 */
export function createMemoryRegister(mark = ''): MemoryRegister {
  const entries = new Map<string, Kept>();
  let writes = 0;

  const check: MemoryRegister['check'] = (key, condition) => {
    const version = entries.get(key)?.entry.version;
    const holds = 'ifAbsent' in condition ? version === undefined : version === condition.ifMatch;
    return holds ? { ok: true, version: version ?? '' } : CONFLICT;
  };

  return {
    check,

    get: async (key) => entries.get(key)?.entry,

    put: async (key, value, condition) => {
      if (!check(key, condition).ok) return CONFLICT;
      const text = JSON.stringify(value);
      const copy = deepFreeze(JSON.parse(text) as JsonValue);
      writes += 1;
      const version = `${mark}${String(writes)}`;
      const entry = Object.freeze({ key, value: copy, version, ageMs: Infinity });
      entries.set(key, { entry, bytes: Buffer.byteLength(text) });
      return { ok: true, version };
    },

    delete: async (key, condition) => {
      if (!check(key, condition).ok) return CONFLICT;
      entries.delete(key);
      return { ok: true, version: condition.ifMatch };
    },

    list: async (prefix, part) =>
      partOf(
        [...entries.values()]
          .filter(({ entry }) => entry.key.startsWith(prefix))
          .map(({ entry: { key, version, ageMs }, bytes }): Listed => ({ key, version, bytes, ageMs })),
        part,
      ),
  };
}

/** Puts what a list found in order and gives the part that is asked for. */
export function partOf<L extends Pick<Listed, 'key'>>(found: readonly L[], { after, limit }: Part = {}): readonly L[] {
  return found
    .filter(({ key }) => after === undefined || compareKeys(key, after) > 0)
    .sort((a, b) => compareKeys(a.key, b.key))
    .slice(0, limit);
}

/** By UTF-8 bytes, as object stores sort; JavaScript's own order differs above U+FFFF. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function deepFreeze<T extends JsonValue>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}
