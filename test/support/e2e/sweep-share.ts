import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';

/**
 * Which runs of the sweeps are made. SWEEP says it: `all`; `SEED/OF`, one in so many, chosen by the seed; `!SEED/OF`, all that
 * `SEED/OF` leaves out. `scripts/test.mjs` sets it; without it, all.
 */

interface Share {
  readonly seed: string;
  readonly of: number;
  readonly isRest: boolean;
}

const share = parse(process.env['SWEEP'] ?? 'all');

function parse(text: string): Share | undefined {
  if (text === 'all') return undefined;
  const [, rest, seed = '', of = ''] = /^(!?)([\w.-]+)\/([1-9]\d*)$/.exec(text) ?? [];
  if (seed === '') throw new Error(`SWEEP is ${text}; it is all, SEED/OF or !SEED/OF, e.g. 3f2c1ab/10`);
  return { seed, of: Number(of), isRest: rest === '!' };
}

/** Whether nearly everything is swept: counts that a sweep reaches as a whole can be asked for. */
export const isMost = share === undefined || (share.isRest && share.of >= 5);

/**
 * Whether a run is made; `run` names it, the same in every run of this very code. `dear`: of runs that take so many times as
 * long as others a part makes so many times fewer.
 */
export function isChosen(run: string, dear = 1): boolean {
  if (share === undefined) return true;
  const hash = createHash('sha256').update(`${share.seed}\0${run}`).digest();
  return (hash.readUInt32BE() % (share.of * dear) === 0) !== share.isRest;
}

/** Notes how many runs a sweep made, for `scripts/test.mjs` to add up. */
export function noteRuns(title: string, runs: number): void {
  const file = process.env['MALLARD_SWEEP_RUNS'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ title, runs })}\n`);
}
