import type { HistoryPage, HistoryQuery, OperationSummary } from '../domain/shared/history';
import { createGate } from '../engine/gate';
import type { Register } from '../engine/register';
import type { Archive } from './archive';
import { type ArchivePage, archivePage, MOST_KEYS, type Range, type Row } from './archive-pages';
import { type Position, timeOf } from './archive-keys';
import { summaryOf } from './archive-summary';
import { isAbout } from './history-facts';
import { markerOf, positionAt } from './history-marker';

/** What a page is made of. */
export interface Sources {
  readonly register: Register;
  readonly archive: Archive;
  /** Operations that are not kept yet: under way here, and those that are kept nowhere else. */
  readonly here: (account: string) => readonly Row[];
  /** Those that other processes run. */
  readonly elsewhere: (account: string) => Promise<readonly Row[]>;
  /** When those ended that are not shown any more, milliseconds since the epoch. */
  readonly oldest: () => number;
}

/** Of those that are under way nothing is kept. */
const NOTHING: ArchivePage = { rows: [], upTo: undefined };
/** Rows of which something did not fit into their keys are read so many at once. */
const AT_ONCE = 16;

/**
 * Gives a page, newest first. An operation keeps its place from its beginning on, so that pages fit together whatever ends
 * between them.
 */
export async function listHistory(sources: Sources, account: string, query: HistoryQuery): Promise<HistoryPage> {
  const { register, here, elsewhere } = sources;
  const range: Range = {
    account,
    name: query.resource?.split('/').at(-1)?.toLowerCase(),
    after: query.marker === undefined ? undefined : positionAt(query.marker),
    since: query.since ?? -Infinity,
    until: query.until ?? Infinity,
  };
  // What is under way is looked at before what has ended: an operation that ends meanwhile is then seen twice, and never missed.
  const running = [...here(account), ...(await elsewhere(account))];
  const kept =
    query.state === 'running'
      ? NOTHING
      : await archivePage(register, range, hasFilter(query) ? MOST_KEYS : query.limit + 1);
  const candidates = latest([...running.filter((row) => isWithin(row, range, kept.upTo)), ...kept.rows]);
  const isShown = (row: Row): boolean =>
    fits(row, query) && (row.row.endedAt?.getTime() ?? Infinity) >= sources.oldest();

  const found = candidates.filter(isShown);
  const page = found.slice(0, query.limit);
  const last = found.length > page.length ? page.at(-1)?.position : kept.upTo;
  const rows = await completed(page, sources.archive, account);
  return {
    operations: rows.filter((row) => fits(row, query)).map(({ row }) => row),
    marker: last === undefined ? undefined : markerOf(last),
  };
}

const hasFilter = ({ state, kind, token, resource }: HistoryQuery): boolean =>
  state !== undefined || kind !== undefined || token !== undefined || resource?.includes('/') === true;

const isWithin = ({ position }: Row, { after, since, until }: Range, upTo: Position | undefined): boolean =>
  (after === undefined || position > after) &&
  (upTo === undefined || position <= upTo) &&
  timeOf(position) >= since &&
  timeOf(position) < until;

/** In order, each operation once: its last attempt, and of one that has just ended its end. */
function latest(rows: readonly Row[]): readonly Row[] {
  const byPosition = new Map<Position, Row>();
  for (const row of rows) {
    const before = byPosition.get(row.position);
    if (before === undefined || row.attempt >= before.attempt) byPosition.set(row.position, row);
  }
  return [...byPosition.values()].sort((a, b) => (a.position < b.position ? -1 : 1));
}

/** What is not known of a row counts as fitting, until it is read. */
function fits({ row, kept }: Row, { resource, state, kind, token }: HistoryQuery): boolean {
  const hasResources = kept?.isWhole !== false || kept.hasResources;
  return (
    (resource === undefined || !hasResources || isAbout(row.resources, resource)) &&
    (state === undefined || row.state === state) &&
    (kind === undefined || row.kind === kind) &&
    (token === undefined || row.tokenId === token)
  );
}

/** Reads the rows of which their keys do not tell everything; those that are gone by now are left out. */
async function completed(rows: readonly Row[], archive: Archive, account: string): Promise<readonly Row[]> {
  const gate = createGate(AT_ONCE);
  const complete = async (row: Row): Promise<readonly Row[]> => {
    const { position, kept } = row;
    if (kept === undefined || kept.isWhole) return [row];
    const found = await gate(() => archive.read(account, position, kept.summary));
    if (found === undefined) return [];
    const whole: OperationSummary = summaryOf(found.shown);
    return [{ position, attempt: row.attempt, row: whole }];
  };
  return (await Promise.all(rows.map(complete))).flat();
}
