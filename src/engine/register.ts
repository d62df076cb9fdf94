import type { JsonValue } from '../base/json';

/**
 * The compare-and-set store below claims and journal. Small on purpose: memory, a folder of files and an S3 bucket
 * with conditional writes can all bind it (`operations/`). A record is one JSON document under a `/`-separated key.
 */
export interface Entry {
  readonly key: string;
  readonly value: JsonValue;
  /** Changes with every write; opaque. */
  readonly version: string;
}

/** When a write may happen: only when nothing is there, or only when what is there is what was read. */
export type Condition = { readonly ifAbsent: true } | { readonly ifMatch: string };

/** `conflict`: the condition did not hold, nothing was written. */
export type Written = { readonly ok: true; readonly version: string } | { readonly ok: false; readonly conflict: true };

export interface Register {
  get(key: string): Promise<Entry | undefined>;
  /** `lasts` false: what need not outlive the process may stay in memory, where no other process shares the register. */
  put(key: string, value: JsonValue, condition: Condition, lasts?: boolean): Promise<Written>;
  delete(key: string, condition: { readonly ifMatch: string }): Promise<Written>;
  /** Entries whose key begins with `prefix`, in key order. */
  list(prefix: string): Promise<readonly Entry[]>;
}
