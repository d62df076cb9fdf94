import type { Register } from '../engine/register';
import { afterTime, readKey, shelfOfAll, timeOf } from './archive-keys';
import { MOST_KEYS } from './archive-pages';
import { unpackSummary } from './archive-summary';
import type { Archive } from './archive';

export interface Pruning {
  /** Forgets operations of an account that ended too long ago: some, where there are many. Costs one list where there are none. */
  readonly prune: (account: string) => Promise<void>;
  /** The same archive, but with no more than so many operations: those that ended first are forgotten. */
  readonly bounded: (most: number) => Archive;
}

/** `oldest`: the beginning of the time that is kept, milliseconds since the epoch. */
export function createPruning(register: Register, archive: Archive, oldest: () => number): Pruning {
  return {
    prune: async (account) => {
      const from = oldest();
      const shelf = shelfOfAll(account);
      const listed = await register.list(shelf.prefix, { after: afterTime(shelf, from), limit: MOST_KEYS });
      for (const { key } of listed) if (endOf(key) < from) await archive.forget(account, key);
    },
    bounded: (most) => {
      const kept: { readonly account: string; readonly key: string }[] = [];
      return {
        ...archive,
        keep: async (ended, isFirst) => {
          const key = await archive.keep(ended, isFirst);
          kept.push({ account: ended.shown.account, key });
          for (const { account, key: first } of kept.splice(0, kept.length - most))
            await archive.forget(account, first);
          return key;
        },
      };
    },
  };
}

/** When the operation ended, as far as its key tells. */
function endOf(key: string): number {
  const read = readKey(key);
  if (read === undefined) return Infinity;
  const startedAt = new Date(timeOf(read.position));
  const summary = unpackSummary(read.summary, { id: '', account: '', startedAt });
  return (summary?.row.endedAt ?? startedAt).getTime();
}
