import { setTimeout as pause } from 'node:timers/promises';
import { isOfStore, type Mortal, startMortal, type StoreKind } from './killed';
import { pointsOf, type Point, sideOf } from './kill-points';
import type { Answer, Running } from './program-process';
import { differences, type Facts, factsOf, withoutIds } from './sweep-facts';
import { isChosen, mayBeChosen, noteRuns } from './sweep-share';

/** A write whose process is killed, once at every AWS call and at every write to the store of operations. */
export interface KillScenario {
  readonly title: string;
  readonly requests: readonly Request[];
  /** Given the answers to `requests`, in their order. */
  readonly write: Request | ((answers: readonly string[]) => Request);
  /** Statuses of the same request after the recovery. */
  readonly again: readonly number[];
  /** Whether the same request has its effect again when it is made again. */
  readonly repeats?: boolean;
  /**
   * Whether the answer holds a secret: it goes out before the store knows that it did, so a process that is killed between the two
   * leaves a caller with a key that is taken back.
   */
  readonly secret?: boolean;
  /** Further facts, of what nothing takes back. */
  readonly counts?: (taken: string) => string;
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

interface Base {
  readonly write: Request;
  /** Of the write that nobody disturbs. */
  readonly status: number;
  readonly taken: string;
  readonly before: Facts;
  readonly end: Facts;
  readonly calls: number;
  readonly changes: number;
}

export interface KillReport {
  readonly points: number;
  readonly back: number;
  readonly whole: number;
  readonly recovered: number;
  readonly slowestMs: number;
  readonly wrong: readonly string[];
}

/** Points that are tried side by side, each on a sandbox of its own: undos wait for IAM, and heirs for leases, most of the time. */
const LANES: Readonly<Record<StoreKind, number>> = { file: 4, s3: 3 };
/** A run starts two processes. */
const DEAR = 2;
const NOTHING: KillReport = { points: 0, back: 0, whole: 0, recovered: 0, slowestMs: 0, wrong: [] };
/** The times of a replica are short here: so often is more than its lease and its longest call. */
const TRIES = 8;
/** Longest time in which everything has to be whole again. */
const WITHIN_MS = 60_000;

/** Kills the process at every point of a write, has another go on, and gives what is neither whole nor as before. */
export async function killSweep(scenario: KillScenario, store: StoreKind): Promise<KillReport> {
  const title = `${scenario.title}, ${store} store`;
  if (!mayBeChosen(title)) return NOTHING;
  const first = await startMortal({ store });
  const lanes = [first];
  try {
    const base = await prepare(first, scenario, store);
    const points = pointsOf(base).filter((point) => isChosen(`kill | ${title} | ${sideOf(point)}`, DEAR, title));
    const lanesWanted = Math.min(LANES[store], points.length);
    while (lanes.length < lanesWanted) lanes.push(await startMortal({ store }));
    const queue = [...points];
    const ends: End[] = [];
    await Promise.all(
      lanes.map(async (mortal) => {
        for (let point = queue.shift(); point; point = queue.shift())
          ends.push(await killOnce(mortal, store, scenario, base, point));
      }),
    );
    noteRuns(`kill: ${title}`, points.length);
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

async function prepare(mortal: Mortal, scenario: KillScenario, store: StoreKind): Promise<Base> {
  const { state, faults } = mortal.sandbox;
  const service = await mortal.start();
  const answers: string[] = [];
  for (const request of scenario.requests) answers.push(await must(service, request));
  const write = typeof scenario.write === 'function' ? scenario.write(answers) : scenario.write;
  if (store === 's3') await mortal.quiet(WITHIN_MS);
  const taken = state.take();
  const counted = { calls: 0, changes: 0 };
  const counting = faults.add({
    kind: 'reset',
    matching: (call) => {
      if (!isOfStore(call)) counted.calls += 1;
      else if (isChange(call)) counted.changes += 1;
      return false;
    },
  });
  mortal.order('never');
  const { status } = await mustBe(service, write);
  if (store === 's3') await mortal.quiet(WITHIN_MS);
  await service.stop();
  counting.remove();
  counted.changes += mortal.changes();
  const facts = (all: string) => factsWith(scenario, all);
  return { write, status, taken, ...counted, before: facts(taken), end: withoutIds(facts(state.take())) };
}

const isChange = ({ request }: Parameters<typeof isOfStore>[0]): boolean =>
  request.method === 'PUT' || request.method === 'DELETE';

const factsWith = ({ counts }: KillScenario, taken: string): Facts =>
  counts ? new Map([...factsOf(taken), ['counts', counts(taken)]]) : factsOf(taken);

async function mustBe(service: Running, { method, path, body }: Request): Promise<Answer> {
  const answer = await service.send(method, path, body);
  if (answer === undefined || answer.status >= 300)
    throw new Error(`${method} ${path} answered ${answer?.text ?? 'nothing'}`);
  return answer;
}

const must = async (service: Running, request: Request): Promise<string> => (await mustBe(service, request)).text;

type Headers = Readonly<Record<string, string>>;

/**
 * A replica whose processor is busy elsewhere may lose a short lease: it says that nothing was done, and to try again. A key that
 * was taken by who died before its work began counts as running until its lease is over.
 */
async function insist(
  service: Running,
  { method, path, body }: Request,
  headers: Headers,
): Promise<Answer | undefined> {
  for (let tries = 1; ; tries += 1) {
    const answer = await service.send(method, path, body, headers);
    const isTold = answer?.status === 503 || (answer?.status === 409 && answer.text.includes('"holder"'));
    if (!isTold || tries === TRIES) return answer;
    await pause(Number(answer.headers.get('retry-after') ?? 1) * 1_000);
  }
}

/**
 * Of two kills one has a key: who asks again with it is answered as the first time, and nothing is done twice. Each has its own,
 * for a folder outlives the kill before.
 */
const keyOf = (point: Point): Headers => ({ 'idempotency-key': `killed ${sideOf(point)}` });

/** What is wrong with the answer to the same request and key. */
function keyedWrong(reply: Answer | undefined, base: Base, isSecret: boolean): readonly string[] {
  if (reply?.status === base.status) return [];
  // A secret is told once.
  if (isSecret && reply?.status === 409 && reply.text.includes('"reset"')) return [];
  return [`asked again with its key it answers ${String(reply?.status)} ${reply?.text ?? 'nothing'}`];
}

interface End {
  readonly state: 'before' | 'whole' | 'neither';
  readonly recovered: boolean;
  readonly ms: number;
  readonly wrong: readonly string[];
}

async function killOnce(
  mortal: Mortal,
  store: StoreKind,
  scenario: KillScenario,
  base: Base,
  point: Point,
): Promise<End> {
  const { state, faults } = mortal.sandbox;
  const { write } = base;
  state.restore(base.taken);
  // Another replica waits already; of a folder the next process can only be the next.
  const [victim, waiting] = await Promise.all([mortal.start(), store === 's3' ? mortal.start() : undefined]);
  let killedAt = '';
  let nth = 0;
  const isInFolder = store === 'file' && point.on === 'store';
  if (isInFolder) mortal.order(`${point.side} ${String(point.n)}`);
  const rule = faults.add({
    kind: point.side === 'before' ? 'reset' : 'lost-reply',
    matching: (call) => {
      if (isInFolder || isOfStore(call) !== (point.on === 'store') || (isOfStore(call) && !isChange(call)))
        return false;
      nth += 1;
      if (nth !== point.n) return false;
      killedAt = call.operation;
      victim.kill();
      return true;
    },
  });
  const isKeyed = point.n % 2 === 0;
  const headers = isKeyed ? keyOf(point) : {};
  const answer = await victim.send(write.method, write.path, write.body, headers);
  // Of what follows the answer the call may be one that has still to come.
  if (answer !== undefined && killedAt === '') {
    const isDone = store === 's3' ? mortal.quiet(WITHIN_MS) : victim.logged('operation ended', 1);
    await Promise.race([victim.ended, isDone.catch(() => undefined)]);
  }
  victim.kill();
  await victim.ended;
  rule.remove();
  if (store === 'file') mortal.changes();

  const records = mortal.records().length;
  const startedAt = performance.now();
  const wrong: string[] = [];
  const heir = waiting ?? (await mortal.start());
  const isOver = store === 's3' ? mortal.quiet(WITHIN_MS) : heir.until(() => mortal.records().length === 0, WITHIN_MS);
  await isOver.catch((late: unknown) => void wrong.push(String(late)));
  const ms = performance.now() - startedAt;
  // Nobody can count on a key of which the store does not know that it arrived.
  const counted = scenario.secret && point.on === 'store' ? undefined : answer;
  const found = findings(factsWith(scenario, state.take()), base, counted);
  wrong.push(...found.wrong);
  if (mortal.records().length > 0) wrong.push(`${mortal.records().join(', ')} are left`);
  const reply = await insist(heir, write, headers);
  if (isKeyed) wrong.push(...keyedWrong(reply, base, scenario.secret === true));
  else if (!scenario.again.includes(reply?.status ?? 0))
    wrong.push(`asked again it answers ${reply?.text ?? 'nothing'}`);
  if (store === 's3') await mortal.quiet(WITHIN_MS).catch((late: unknown) => void wrong.push(String(late)));
  await heir.stop();
  if (isKeyed || !scenario.repeats) {
    const unlike = differences(withoutIds(factsWith(scenario, state.take())), base.end);
    wrong.push(...unlike.map((name) => `asked again, ${name} is not as it should be`));
  }
  const where = `${scenario.title}, ${store} store | ${sideOf(point)}, ${killedAt} | `;
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

export const lineOf = (title: string, { points, back, whole, recovered, slowestMs, wrong }: KillReport): string =>
  `${title}: killed ${String(points)} times, ${String(recovered)} recoveries, ${String(back)} as before, ${String(whole)} whole, ${String(points - back - whole)} neither (orphans or double effects), ${String(wrong.length)} complaints, slowest recovery ${String(slowestMs)} ms`;
