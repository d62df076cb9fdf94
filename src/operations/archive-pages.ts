import type { OperationSummary } from '../domain/shared/history';
import type { Register } from '../engine/register';
import {
  afterPosition,
  afterTime,
  idOf,
  type Position,
  readKey,
  type Shelf,
  shelfOf,
  shelfOfAll,
  timeOf,
} from './archive-keys';
import { unpackSummary } from './archive-summary';

/** An operation in a list. */
export interface Row {
  readonly position: Position;
  readonly attempt: number;
  readonly row: OperationSummary;
  /** Of one that is kept: the text of its key, and whether the row has to be completed by reading it. */
  readonly kept?: { readonly summary: string; readonly isWhole: boolean; readonly hasResources: boolean };
}

export interface Range {
  readonly account: string;
  /** Name of what it was about; undefined: anything. */
  readonly name: string | undefined;
  /** Only what stands behind this one. */
  readonly after: Position | undefined;
  /** Of the beginnings, milliseconds since the epoch; `until` is exclusive. */
  readonly since: number;
  readonly until: number;
}

export interface ArchivePage {
  readonly rows: readonly Row[];
  /** The last position that was looked at, where there may be more behind it. */
  readonly upTo: Position | undefined;
}

/** What a store gives by one request. */
export const MOST_KEYS = 1_000;

/** Lists what is kept of a range by one request to the store, and by nothing but keys. Newest first. */
export async function archivePage(register: Register, range: Range, limit: number): Promise<ArchivePage> {
  const { account, name, since } = range;
  const shelf = name === undefined ? shelfOfAll(account) : shelfOf(account, name);
  const most = Math.min(limit, MOST_KEYS);
  const listed = await register.list(shelf.prefix, { after: beginOf(shelf, range), limit: most });
  const found = listed.flatMap(({ key }) => readKey(key) ?? []);
  const rows = found.filter(({ position }) => timeOf(position) >= since).map((each) => rowOf(account, each));
  const last = found.at(-1)?.position;
  const mayBeMore = listed.length === most && rows.length === found.length;
  return { rows, upTo: mayBeMore ? last : undefined };
}

function beginOf(shelf: Shelf, { after, until }: Range): string | undefined {
  const byTime = Number.isFinite(until) ? afterTime(shelf, until) : undefined;
  if (after === undefined || (byTime !== undefined && timeOf(after) >= until)) return byTime;
  return afterPosition(shelf, after);
}

function rowOf(account: string, { position, summary }: { readonly position: Position; readonly summary: string }): Row {
  const startedAt = new Date(timeOf(position));
  const named = { id: idOf(position), account, startedAt };
  const read = unpackSummary(summary, named);
  if (read === undefined)
    return { position, attempt: 1, row: nothing(named), kept: { summary, isWhole: false, hasResources: false } };
  const { row, attempt, isWhole, hasResources } = read;
  return { position, attempt, row, kept: { summary, isWhole, hasResources } };
}

/** Until it is read. */
const nothing = (named: Pick<OperationSummary, 'id' | 'account' | 'startedAt'>): OperationSummary => ({
  ...named,
  kind: '',
  title: '',
  resources: [],
  state: 'failed',
  endedAt: undefined,
  error: undefined,
  tokenId: undefined,
  actor: undefined,
  requestId: undefined,
  method: undefined,
  path: undefined,
});
