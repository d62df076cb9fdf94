import { setImmediate as nextTurn } from 'node:timers/promises';
import { isChosen, noteRuns } from '../../support/e2e/sweep-share';
import { simulate, type Story } from './simulate';

/**
 * Several processes on one store, through whatever a seed says. REPLICAS_SEED=n tells the story of one seed:
 * `REPLICAS_SEED=n npm test -- test/engine/replicas/replicas.sweep`.
 */

const SEEDS = 100_000;
const BLOCKS = 10;
/** `npm test` lives through one story of so many times as many as of other sweeps. */
const DEAR = 20;
const told = process.env['REPLICAS_SEED'];

const TIMEOUT_MS = 3_600_000;

/** The end of what happened, for whoever looks for the reason. */
const logOf = ({ log }: Story): string => log.slice(-200).join('\n');

test.each(Array.from({ length: BLOCKS }, (_, block) => block))(
  'replicas that are killed, paused and cut off leave nothing undone, done twice or half done, in block %d of the seeds',
  async (block) => {
    const seeds: number[] = [];
    for (let seed = block; seed < SEEDS; seed += BLOCKS)
      if (told === undefined ? isChosen(`replicas ${String(seed)}`, DEAR) : String(seed) === told) seeds.push(seed);
    const startedAt = performance.now();
    const usedBefore = process.cpuUsage();
    for (const [index, seed] of seeds.entries()) {
      const story = await simulate(seed, { isLogged: told !== undefined });
      if (told !== undefined) process.stdout.write(`${story.log.join('\n')}\n`);
      if (story.violations.length > 0) {
        const again = await simulate(seed, { isLogged: true });
        throw new Error(
          `seed ${String(seed)}: ${again.violations.join('; ')}\n${logOf(again)}\n` +
            `Again: REPLICAS_SEED=${String(seed)} npm test -- test/engine/replicas/replicas.sweep`,
        );
      }
      // The world outside has its turn, too.
      if (index % 100 === 0) await nextTurn();
    }
    const seconds = (performance.now() - startedAt) / 1_000;
    const { user, system } = process.cpuUsage(usedBefore);
    const rate = (over: number): string => (over > 0 ? (seeds.length / over).toFixed(0) : '-');
    process.stderr.write(
      `replicas: ${String(seeds.length)} seeds, ${rate(seconds)} a second, ${rate((user + system) / 1e6)} a second of processor time\n`,
    );
    noteRuns('replicas', seeds.length);
  },
  TIMEOUT_MS,
);

test('a seed tells the same story every time', async () => {
  const [one, other] = [await simulate(4711, { isLogged: true }), await simulate(4711, { isLogged: true })];
  expect(one.log.length).toBeGreaterThan(50);
  expect(other.log).toEqual(one.log);
});
