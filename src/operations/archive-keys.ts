import { beganAt } from './operation-id';

/**
 * Keys of operations that have ended. Times in them are inverted, so that keys in ascending order are operations with the one
 * that began last first.
 *
 *     done/<account>/<day>/<ms>-<id>~<summary>           how it ended
 *     by/<account>/<resource in lower case>/<ms>-<id>~<summary>    the same, found by what it was about; no value
 *
 * An id that does not tell when its operation began is an index entry of its own.
 */

const DAY_MS = 86_400_000;
const DAY_DIGITS = 7;
const MS_DIGITS = 15;
/** Sorts behind whatever follows a `~`. */
const BEHIND = '~~';

/** Where an operation stands among those of its account: when it began, inverted, and its id. Unique; ascends to the oldest. */
export type Position = string;

const inverted = (number: number, digits: number): string => String(10 ** digits - 1 - number).padStart(digits, '0');
const dayOf = (ms: number): string => inverted(Math.floor(ms / DAY_MS), DAY_DIGITS);
const msOf = (text: string): number => 10 ** MS_DIGITS - 1 - Number(text.slice(0, MS_DIGITS));

export const positionOf = (id: string, startedAt: number): Position =>
  `${inverted(beganAt(id) ?? startedAt, MS_DIGITS)}-${id}`;
export const isPosition = (text: string): boolean => /^\d{15}-[\w-]{1,64}$/.test(text);
export const timeOf = (position: Position): number => msOf(position);
export const idOf = (position: Position): string => position.slice(MS_DIGITS + 1);

/** One of the two lists: of all operations of an account, or of those about a resource. */
export interface Shelf {
  readonly prefix: string;
  readonly folderOf: (ms: number) => string;
}

export const shelfOfAll = (account: string): Shelf => ({
  prefix: `done/${account}/`,
  folderOf: (ms) => `done/${account}/${dayOf(ms)}/`,
});
export function shelfOf(account: string, resource: string): Shelf {
  const prefix = `by/${account}/${resource.toLowerCase()}/`;
  return { prefix, folderOf: () => prefix };
}

export const keyOf = (shelf: Shelf, position: Position, summary: string): string =>
  `${prefixOf(shelf, position)}${summary}`;
/** What the keys of one operation begin with. */
export const prefixOf = (shelf: Shelf, position: Position): string => `${shelf.folderOf(timeOf(position))}${position}~`;

/** Key that comes right before those of the operations behind a position. */
export const afterPosition = (shelf: Shelf, position: Position): string =>
  `${shelf.folderOf(timeOf(position))}${position}${BEHIND}`;
/** Key that comes right before those of the operations that began before `ms`. */
export const afterTime = (shelf: Shelf, ms: number): string =>
  `${shelf.folderOf(ms)}${inverted(Math.max(0, Math.floor(ms)), MS_DIGITS)}${BEHIND}`;

/** Takes a key apart; undefined when it is none of ours. */
export function readKey(key: string): { readonly position: Position; readonly summary: string } | undefined {
  const tail = key.slice(key.lastIndexOf('/') + 1);
  const mark = tail.indexOf('~');
  const position = tail.slice(0, mark);
  return mark > 0 && isPosition(position) ? { position, summary: tail.slice(mark + 1) } : undefined;
}
