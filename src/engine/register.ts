import type { JsonValue } from '../base/json';

/**
 * The compare-and-set store below claims, journal and history. Small on purpose: memory, a folder of files and an S3 bucket
 * with conditional writes bind it (`operations/`). A record is one JSON document under a `/`-separated key.
 */
export interface Entry {
  readonly key: string;
  readonly value: JsonValue;
  /** Changes with every write; opaque. */
  readonly version: string;
  /**
   * Milliseconds since it was written, by the store's own clock: an S3 store knows whole seconds, so this is the least that it
   * can be. Infinity where the store is this process's own, which knows of every write.
   */
  readonly ageMs: number;
}

/** An entry as a list tells of it: its value is not read. */
export interface Listed {
  readonly key: string;
  readonly version: string;
  /** Length of its JSON, with what the store adds to it. */
  readonly bytes: number;
  readonly ageMs: number;
}

/** Which part of a list is asked for. Default: all of it. */
export interface Part {
  /** Only keys behind this one, which need not be there. */
  readonly after?: string | undefined;
  /** The first so many. */
  readonly limit?: number | undefined;
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
  /** What begins with `prefix`, by UTF-8 bytes of the keys. */
  list(prefix: string, part?: Part): Promise<readonly Listed[]>;
}

/**
 * Keys of what has ended, written once and read seldom: a register need not keep them at hand. All others are of what is under
 * way or was a short while ago.
 */
export const COLD_PREFIXES: readonly string[] = ['done/', 'by/'];
