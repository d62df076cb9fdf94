import { type Answer, type Mortal, type Running, startMortal } from './killed';
import { differences, type Facts, factsOf, withoutIds } from './sweep-facts';
import { isChosen, noteRuns } from './sweep-share';

/** A write whose process is killed, once at every AWS call it makes. */
export interface KillScenario {
  readonly title: string;
  readonly requests: readonly Request[];
  readonly write: Request;
  /** Statuses of the same request after the recovery. */
  readonly again: readonly number[];
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** `before`: the call never reaches AWS. `after`: it has its effect, and nobody hears of it. */
const SIDES = ['before', 'after'] as const;

interface Base {
  readonly taken: string;
  readonly before: Facts;
  readonly end: Facts;
  readonly calls: number;
}

export interface KillReport {
  readonly points: number;
  readonly back: number;
  readonly whole: number;
  readonly recovered: number;
  readonly slowestMs: number;
  readonly wrong: readonly string[];
}

/** Points that are tried side by side, each on a sandbox of its own: undos wait for IAM most of the time. */
const LANES = 4;
/** A run starts two processes, which takes three times as long as a run of other sweeps. */
const DEAR = 3;

/** Kills the process at every AWS call of a write, starts it again, and gives what is neither whole nor as before. */
export async function killSweep(scenario: KillScenario): Promise<KillReport> {
  const first = await startMortal();
  const lanes = [first];
  try {
    const base = await prepare(first, scenario);
    const points = Array.from({ length: base.calls }, (_, n) => SIDES.map((side) => ({ n: n + 1, side })))
      .flat()
      .filter(({ n, side }) => isChosen(`kill | ${scenario.title} | ${side} call ${String(n)}`, DEAR));
    while (lanes.length < Math.min(LANES, points.length)) lanes.push(await startMortal());
    const queue = [...points];
    const ends: End[] = [];
    await Promise.all(
      lanes.map(async (mortal) => {
        for (let point = queue.shift(); point; point = queue.shift())
          ends.push(await killOnce(mortal, scenario, base, point.n, point.side));
      }),
    );
    noteRuns(`kill: ${scenario.title}`, points.length);
    return {
      points: points.length,
      back: ends.filter(({ state }) => state === 'before').length,
      whole: ends.filter(({ state }) => state === 'whole').length,
      recovered: ends.filter(({ recovered }) => recovered).length,
      slowestMs: Math.round(Math.max(0, ...ends.map(({ ms }) => ms))),
      wrong: ends.flatMap(({ wrong }) => wrong),
    };
  } finally {
    for (const mortal of lanes) await mortal.stop();
  }
}

async function prepare(mortal: Mortal, { requests, write }: KillScenario): Promise<Base> {
  const { state, faults } = mortal.sandbox;
  const service = await mortal.start();
  for (const request of requests) await must(service, request);
  const taken = state.take();
  let calls = 0;
  const counting = faults.add({
    kind: 'reset',
    matching: () => {
      calls += 1;
      return false;
    },
  });
  await must(service, write);
  await service.stop();
  counting.remove();
  return { taken, calls, before: factsOf(taken), end: withoutIds(factsOf(state.take())) };
}

async function must(service: Running, { method, path, body }: Request): Promise<void> {
  const answer = await service.send(method, path, body);
  if (answer === undefined || answer.status >= 300)
    throw new Error(`${method} ${path} answered ${answer?.text ?? 'nothing'}`);
}

interface End {
  readonly state: 'before' | 'whole' | 'neither';
  readonly recovered: boolean;
  readonly ms: number;
  readonly wrong: readonly string[];
}

async function killOnce(
  mortal: Mortal,
  { title, write, again }: KillScenario,
  base: Base,
  nth: number,
  side: (typeof SIDES)[number],
): Promise<End> {
  const { state, faults } = mortal.sandbox;
  state.restore(base.taken);
  const victim = await mortal.start();
  let calls = 0;
  let killedAt = '';
  const rule = faults.add({
    kind: side === 'before' ? 'reset' : 'lost-reply',
    matching: ({ operation }) => {
      calls += 1;
      if (calls !== nth) return false;
      killedAt = operation;
      victim.kill();
      return true;
    },
  });
  const answer = await victim.send(write.method, write.path, write.body);
  // Of what follows the answer the call may be one that has still to come.
  if (answer !== undefined && killedAt === '') await Promise.race([victim.ended, victim.logged('operation ended', 1)]);
  victim.kill();
  await victim.ended;
  rule.remove();

  const records = mortal.records().length;
  const startedAt = performance.now();
  const heir = await mortal.start();
  await heir.logged('operation ended', records);
  const ms = performance.now() - startedAt;
  const found = findings(factsOf(state.take()), base, answer);
  const wrong = [...found.wrong];
  if (mortal.records().length > 0) wrong.push(`${mortal.records().join(', ')} are left`);
  const reply = await heir.send(write.method, write.path, write.body);
  if (!again.includes(reply?.status ?? 0)) wrong.push(`asked again it answers ${reply?.text ?? 'nothing'}`);
  await heir.stop();
  const unlike = differences(withoutIds(factsOf(state.take())), base.end);
  wrong.push(...unlike.map((name) => `asked again, ${name} is not as it should be`));
  const where = `${title} | ${side} call ${String(nth)}, ${killedAt} | `;
  if (wrong.length > 0) wrong.push(heir.lines.filter((line) => !line.includes('"level":"debug"')).join('\n'));
  return { state: found.state, recovered: records > 0, ms, wrong: wrong.map((what) => where + what) };
}

/** A caller who has a 2xx may count on it; who has none finds all of it or nothing. */
function findings(
  now: Facts,
  base: Base,
  answer: Answer | undefined,
): { readonly state: End['state']; readonly wrong: readonly string[] } {
  const changed = differences(now, base.before);
  const missing = differences(withoutIds(now), base.end);
  if (changed.length === 0 && (answer === undefined || answer.status >= 300)) return { state: 'before', wrong: [] };
  if (missing.length === 0) return { state: 'whole', wrong: [] };
  return {
    state: 'neither',
    wrong: [`answered ${answer?.text ?? 'nothing'}; changed: ${changed.join(', ')}; missing: ${missing.join(', ')}`],
  };
}

export const lineOf = (title: string, { points, back, whole, recovered, slowestMs }: KillReport): string =>
  `${title}: killed ${String(points)} times, ${String(recovered)} recoveries, ${String(back)} as before, ${String(whole)} whole, slowest restart ${String(slowestMs)} ms`;
