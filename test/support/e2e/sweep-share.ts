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
/** Of runs that take longer than others only one in so many, also where all others are made: SWEEP_DEAR, as SEED/OF. */
const dearShare = parse(process.env['SWEEP_DEAR'] ?? 'all');

function parse(text: string): Share | undefined {
  if (text === 'all') return undefined;
  const [, rest, seed = '', of = ''] = /^(!?)([\w.-]+)\/([1-9]\d*)$/.exec(text) ?? [];
  if (seed === '') throw new Error(`SWEEP is ${text}; it is all, SEED/OF or !SEED/OF, e.g. 3f2c1ab/10`);
  return { seed, of: Number(of), isRest: rest === '!' };
}

/** Whether nearly everything is swept: counts that a sweep reaches as a whole can be asked for. */
export const isMost = share === undefined || (share.isRest && share.of >= 5);

const isHit = ({ seed, of }: Share, name: string, dear: number): boolean =>
  createHash('sha256').update(`${seed}\0${name}`).digest().readUInt32BE() % (of * dear) === 0;

/**
 * Whether a run is made; `run` names it, the same in every run of this very code. `dear`: of runs that take so many times as
 * long as others a part makes so many times fewer. `group`: runs that are dear to prepare; a part has them of few groups.
 */
export function isChosen(run: string, dear = 1, group?: string): boolean {
  if (dearShare !== undefined && dear > 1 && !isHit(dearShare, `dear | ${run}`, 1)) return false;
  if (share === undefined) return true;
  const isInPart = (group === undefined || isHit(share, group, 1)) && isHit(share, run, dear);
  return isInPart !== share.isRest;
}

/** Whether any run of a group can be chosen: whether there is something to prepare for. */
export function mayBeChosen(group: string): boolean {
  return share === undefined || share.isRest || isHit(share, group, 1);
}

/** Notes how many runs a sweep made, for `scripts/test.mjs` to add up. */
export function noteRuns(title: string, runs: number): void {
  const file = process.env['MALLARD_SWEEP_RUNS'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ title, runs })}\n`);
}
