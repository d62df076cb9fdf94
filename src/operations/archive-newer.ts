import type { OperationSummary, ShownOperation } from '../domain/shared/history';
import type { Register } from '../engine/register';
import { archivePage, MOST_KEYS, type Row } from './archive-pages';
import { positionOf } from './archive-keys';

type Resources = OperationSummary['resources'];

/**
 * Whether nobody has worked since on what an operation was about, as far as the end of that is kept. Work on one user is no
 * work on another; all else in a bucket is work on the bucket.
 */
export async function isNewest(register: Register, shown: ShownOperation): Promise<boolean> {
  const { account, id, resources, startedAt } = shown;
  const position = positionOf(id, startedAt?.getTime() ?? 0);
  const mayBeOurs = ({ row, kept }: Row): boolean => kept?.hasResources === false || overlap(resources, row.resources);
  const names = new Set(resources.map(({ name }) => name));
  for (const name of names) {
    const range = { account, name, after: undefined, since: startedAt?.getTime() ?? 0, until: Infinity };
    const { rows, upTo } = await archivePage(register, range, MOST_KEYS);
    const newer = rows.filter((row) => row.position < position);
    // Of so much work some was on this.
    if (upTo !== undefined && newer.length === rows.length) return false;
    if (newer.some(mayBeOurs)) return false;
  }
  return true;
}

function overlap(mine: Resources, others: Resources): boolean {
  const [ours, theirs] = [usersIn(mine), usersIn(others)];
  return ours.length === 0 || theirs.length === 0 || ours.some((name) => theirs.includes(name));
}

const usersIn = (resources: Resources): readonly string[] =>
  resources.flatMap(({ type, name }) => (type === 'user' ? [name.toLowerCase()] : []));
