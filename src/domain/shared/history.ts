import { fail } from '../../base/errors';
import type { Shape } from '../../base/operation-types';

/** What callers may know of operations: those under way, and those that ended in the last time. */

/** An operation as it is shown. */
export type ShownOperation = Shape<'Operation'>;
/** An operation as a list has it. */
export type OperationSummary = Shape<'OperationSummary'>;
export type OperationState = ShownOperation['state'];

/** Something that happened in an operation. Ids are those of one operation and ascend, perhaps with gaps. */
export interface HistoryEvent {
  readonly id: number;
  readonly type: string;
  /** As JSON has it. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** An operation that can be watched. */
export interface Watched {
  readonly show: () => ShownOperation;
  /** What happened after the event of that id; 0: all. */
  readonly eventsAfter: (id: number) => readonly HistoryEvent[];
  readonly isOver: () => boolean;
  /** Calls `tell` after each change; gives how to stop that. */
  readonly onChange: (tell: () => void) => () => void;
}

export interface HistoryQuery {
  /** A name, or one with its type: `bucket/photos`. */
  readonly resource: string | undefined;
  readonly state: string | undefined;
  readonly kind: string | undefined;
  /** Id of a token. */
  readonly token: string | undefined;
  /** Of the beginnings, milliseconds since the epoch. */
  readonly since: number | undefined;
  /** Exclusive. */
  readonly until: number | undefined;
  readonly limit: number;
  readonly marker: string | undefined;
}

export interface HistoryPage {
  /** Perhaps fewer than were asked for, though there are more. */
  readonly operations: readonly OperationSummary[];
  /** Where the next page begins; undefined at the end. */
  readonly marker: string | undefined;
}

/** The operations of all accounts; asynchronous, as a durable one would be. */
export interface History {
  /** undefined when the account has none of that id, or not any more. */
  readonly find: (account: string, id: string) => Promise<Watched | undefined>;
  /**
   * Gives a page, newest first.
   * @throws {invalid} a marker of no earlier page
   */
  readonly list: (account: string, query: HistoryQuery) => Promise<HistoryPage>;
}

/** An answer that is not ready: an operation once it has changed or so many seconds have passed, or its events as they come. */
export interface Watching {
  readonly watched: Watched;
  readonly waitSeconds: number;
}

export const isWatching = (value: unknown): value is Watching =>
  typeof value === 'object' && value !== null && 'watched' in value && 'waitSeconds' in value;

/** Remembers nothing. */
export const noHistory: History = Object.freeze({
  find: () => Promise.resolve(undefined),
  list: () => Promise.resolve({ operations: [], marker: undefined }),
});

/** @throws {not-found} */
export const noSuchOperation = (): never =>
  fail({ kind: 'not-found', detail: 'there is no such operation in this account, or not any more' });
