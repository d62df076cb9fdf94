import type { JsonValue } from '../base/json';
import type { Listed } from './register';

/**
 * What the register holds of operations under way. A resource has one record, which is never deleted while somebody may have
 * seen it, only freed: whoever read it can tell by its version that nobody was at work on the resource since.
 */

export const CLAIMS_PREFIX = 'claims/';
/** Below it lie the signs of life of processes, and what one asks of another; no account is called so. */
export const NOTICES_PREFIX = `${CLAIMS_PREFIX}~`;

/** What a claim says of its holder. Readers ignore further members: the journal is written into the same record. */
export type ClaimRecord = {
  readonly operationId: string;
  readonly kind: string;
  /** The process that runs the operation, where several share one register; null: none does, whoever comes first goes on. */
  readonly owner?: string | null;
  /** ISO-8601, UTC. */
  readonly startedAt: string;
  /** Key of the claim whose record has the run's journal. */
  readonly of?: string;
};

/** A record that nobody holds, and whose it was last. */
export type FreedRecord = { readonly freed: string };

/** Records that are held say so; that makes them longer than any that is not, which a list can tell. */
export const READ_ME =
  'An operation of mallard is under way on this resource. Leave this record alone: the service frees it, also after a crash. See docs/operations.md.';
const LONGEST_FREED = 160;

/** Makes the record of a claim, beside whose run's journal lies under the claim `of`. */
export const claimOf = (self: ClaimRecord, of: string): ClaimRecord & { readonly readMe: string } => ({
  ...self,
  of,
  readMe: READ_ME,
});

/** Makes the record of a resource that an operation has left. */
export const freed = (operationId: string): FreedRecord => ({ freed: operationId });

/** Tells whether a record is held by nobody. */
export const isFreed = (value: JsonValue): value is FreedRecord =>
  isObject(value) && typeof value['freed'] === 'string' && !('operationId' in value);

/**
 * Tells whether what was listed may be held: what is short is not. Where reading costs nothing, only reading tells.
 */
export const mayBeHeld = ({ bytes, ageMs }: Pick<Listed, 'bytes' | 'ageMs'>): boolean =>
  ageMs === Infinity || bytes > LONGEST_FREED;

/** Gives the id of the operation that holds a record; undefined where none does, or nobody can tell. */
export function holderOf(value: JsonValue): string | undefined {
  return isObject(value) && typeof value['operationId'] === 'string' ? value['operationId'] : undefined;
}

/** Gives the process that a record names, null where its run was handed over; undefined where it names none. */
export function ownerOf(value: JsonValue): string | null | undefined {
  if (!isObject(value)) return undefined;
  const { owner } = value;
  return typeof owner === 'string' || owner === null ? owner : undefined;
}

/** Tells whether a value is an object of JSON. */
export const isObject = (value: JsonValue): value is { readonly [key: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
