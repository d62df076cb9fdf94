import type { JsonValue } from '../base/json';

/** Small notes in JSON, kept as long as the run: read by whoever comes after, and told to the journal. */
export interface Memory {
  /** Undefined when nothing was noted under that name. */
  readonly get: (name: string) => JsonValue | undefined;
  readonly set: (name: string, value: JsonValue) => void;
}

export type Notes = Readonly<Record<string, JsonValue>>;

/** Makes a memory that tells all its notes whenever one of them changes. `notes`: what it begins with. */
export function createMemory(onChange: (notes: Notes) => void = () => undefined, notes: Notes = {}): Memory {
  const kept = new Map(Object.entries(notes));
  return {
    get: (name) => kept.get(name),
    set: (name, value) => {
      // A copy as the journal keeps it: nobody may count on more than that.
      const text = JSON.stringify(value);
      if (JSON.stringify(kept.get(name)) === text) return;
      kept.set(name, JSON.parse(text) as JsonValue);
      onChange(Object.fromEntries(kept));
    },
  };
}
