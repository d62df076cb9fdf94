import { setImmediate as nextTurn } from 'node:timers/promises';
import { falsehoods, type Problem } from './sweep-truth';
import { isChosen, noteRuns } from './sweep-share';
import { differences, type Facts, factsOf, withoutIds } from './sweep-facts';
import { isRead, type Kind, KINDS, kindsFor, recorder, ruleFor, type SweptCall } from './sweep-kinds';
import type { Reply, World } from './world';

/** A write that is swept: every one of its AWS calls is made to fail in every way. */
export interface Scenario {
  readonly title: string;
  /** `create` makes what was not there, `change` may be repeated with the same end, `destroy` takes away. */
  readonly nature: 'create' | 'change' | 'destroy';
  readonly request: { readonly method: string; readonly path: string; readonly body?: unknown };
  readonly arrange: (world: World) => Promise<void>;
  /** Called before every run: what the service remembers of the runs before must be out of date. */
  readonly forget?: () => void;
  /** What takes away the remains of a creation whose rollback failed. */
  readonly remover?: { readonly method: string; readonly path: string };
  /** What a success promises beyond the state: the text is the sandbox's state. Gives what is wrong. */
  readonly promises?: (answer: Reply, taken: string) => readonly string[];
  /** What must hold after an error, too. */
  readonly safety?: (before: Facts, after: Facts) => readonly string[];
  /** What must hold whenever a write to anything but IAM arrives, and at the end. Gives what is wrong; the text is the sandbox's state. */
  readonly always?: (taken: string) => readonly string[];
  /** Failures that the write is meant to get over, though they are no passing ones. */
  readonly getsOver?: (call: SweptCall, kind: Kind) => boolean;
  /** Calls that come when the answer is out: one that is refused for good shows in the log alone. */
  readonly follows?: (call: SweptCall) => boolean;
  /** What must be possible once AWS is well again and the write was repeated. Gives what is wrong. */
  readonly afterwards?: (world: World) => Promise<readonly string[]>;
}

export interface Row {
  runs: number;
  succeeded: number;
  failed: number;
  /** Things left that no answer named, or that no repetition took away. */
  orphans: number;
}

export interface Sweep {
  readonly title: string;
  readonly calls: readonly SweptCall[];
  readonly rows: ReadonlyMap<Kind, Row>;
  /** What went wrong, one line each. */
  readonly faults: readonly string[];
}

/** Of repetitions whose end is known, every so manieth is run all the same: a claim might have been left behind. */
const SAMPLE = 6;

interface Base {
  readonly taken: string;
  readonly facts: Facts;
  /** The end of a run in which nothing failed, without ids. */
  readonly end: Facts;
}

/** Of a sweep in several parts, which run side by side: every `of`th call, beginning with the `nth` (from 0). */
export interface Part {
  readonly nth: number;
  readonly of: number;
}

/** Runs the write once for every call and every kind of failure, each time from the same beginning. */
export async function sweep(world: World, scenario: Scenario, { nth, of }: Part = { nth: 0, of: 1 }): Promise<Sweep> {
  const { faults } = world;
  const { state } = sandboxOf(world);
  faults.clear();
  await scenario.arrange(world);
  const taken = state.take();
  const all: SweptCall[] = [];
  const handle = faults.add(recorder(all));
  const answer = await send(world, scenario);
  await ended(world);
  handle.remove();
  // Calls that run side by side come in any order; each part must see the same one.
  const calls = inOrder(all).filter((_, index) => index % of === nth);
  if (answer.status >= 300) throw new Error(`${scenario.title} fails by itself: ${answer.status} ${answer.text}`);
  const base: Base = { taken, facts: factsOf(taken), end: withoutIds(factsOf(state.take())) };

  const rows = new Map(
    (Object.keys(KINDS) as Kind[]).map((kind): [Kind, Row] => [kind, { runs: 0, succeeded: 0, failed: 0, orphans: 0 }]),
  );
  const wrong: string[] = [];
  for (const call of calls) {
    for (const kind of kindsFor(call)) {
      const row = rows.get(kind);
      if (row === undefined || !isChosen(`${scenario.title} | ${plainKey(call)} #${String(call.nth)} | ${kind}`))
        continue;
      row.runs += 1;
      const said = await runOnce(world, scenario, base, call, kind, row);
      wrong.push(
        ...said.map((what) => `${scenario.title} | ${kind} | ${call.key.slice(0, 140)} #${call.nth} | ${what}`),
      );
    }
  }
  faults.clear();
  state.restore(taken);
  noteRuns(
    scenario.title,
    [...rows.values()].reduce((sum, { runs }) => sum + runs, 0),
  );
  return { title: scenario.title, calls, rows, faults: wrong };
}

/** By what they are about; ids of keys differ from world to world. */
function inOrder(calls: readonly SweptCall[]): readonly SweptCall[] {
  return [...calls].sort((a, b) => (plainKey(a) === plainKey(b) ? a.nth - b.nth : plainKey(a) < plainKey(b) ? -1 : 1));
}

const plainKey = ({ key }: SweptCall): string => key.replace(/\bAKIA[A-Z0-9]+/g, 'AKIA');

async function runOnce(
  world: World,
  scenario: Scenario,
  base: Base,
  call: SweptCall,
  kind: Kind,
  row: Row,
): Promise<readonly string[]> {
  const { faults } = world;
  const { state, calls: log } = sandboxOf(world);
  await silence(world);
  state.restore(base.taken);
  // It grows with every call otherwise.
  log.clear();
  const broken = new Set<string>();
  const watch = (): false => {
    for (const what of scenario.always?.(state.take()) ?? []) broken.add(what);
    return false;
  };
  // Reads change nothing: what holds before them holds after.
  if (scenario.always !== undefined)
    faults.add({
      kind: 'latency',
      ms: 0,
      matching: (target) => target.service !== 'iam' && !isRead(target) && watch(),
    });
  const handle = faults.add(ruleFor(call, kind));
  const answer = await send(world, scenario);
  const follows = scenario.follows?.(call) === true;
  while (follows && handle.hits === 0) await nextTurn();
  const isRefused = follows && kind.startsWith('denied');
  if (isRefused) await ended(world);
  const { hits } = handle;
  faults.clear();
  // What AWS was too busy for goes on by itself.
  await ended(world);
  watch();
  const taken = state.take();
  const after = factsOf(taken);
  const anonymous = withoutIds(after);
  const unfinished = differences(anonymous, base.end);
  const changed = differences(base.facts, after);
  const wrong: string[] = [...(hits === 0 ? ['the call to fail was never made'] : []), ...broken];

  if (isRefused) {
    row.succeeded += 1;
    if (answer.status >= 300) wrong.push(`was answered before the refusal, with ${answer.text}`);
    const operationId = answer.headers.get('x-operation-id') ?? '';
    const isTold = world.lines.some(
      (line) => line.includes(operationId) && line.includes('operation ended') && line.includes('"left"'),
    );
    if (!isTold) wrong.push('the log does not say that something is left');
    wrong.push(...(scenario.promises?.(answer, taken) ?? []), ...(scenario.safety?.(base.facts, after) ?? []));
  } else if (answer.status < 300) {
    row.succeeded += 1;
    const untold = unnamedRemains(unfinished, answer.body);
    row.orphans += untold.length;
    wrong.push(...untold.map((name) => `answered ${answer.status}, but ${name} is not as it should be`));
    wrong.push(...(scenario.promises?.(answer, taken) ?? []));
    const isTold = untold.length < unfinished.length;
    if (kind.startsWith('denied') && !isTold && scenario.getsOver?.(call, kind) !== true)
      wrong.push(`answered ${answer.status}, although it was denied a call`);
  } else {
    row.failed += 1;
    const problem = answer.body as unknown as Problem;
    wrong.push(...falsehoods(problem, answer, call, kind));
    // Deletions go forward after their point of no return: what is gone by then is what was asked for.
    const isForward = scenario.nature === 'destroy' || problem.finishing !== undefined;
    const unnamed = changed.length === 0 ? [] : unnamedRemains(isForward ? unfinished : changed, problem);
    row.orphans += unnamed.length;
    wrong.push(...unnamed.map((name) => `answered ${answer.text}, and does not say that ${name} is left changed`));
    wrong.push(...(scenario.safety?.(base.facts, after) ?? []));
  }
  // From the beginning and from the end it was shown once per kind where a repetition leads.
  const isKnown = ((answer.status < 300 ? unfinished : changed).length === 0 && row.runs % SAMPLE !== 1) || isRefused;
  if (isKnown) return wrong;
  const told = answer.status < 300 ? answer.body : undefined;
  const rest = await repeat(world, scenario, base, {
    succeeded: answer.status < 300,
    changed: changed.length > 0,
    told,
  });
  row.orphans += rest.orphans;
  return [...wrong, ...rest.wrong, ...((await scenario.afterwards?.(world)) ?? [])];
}

/** Resolves when no operation is under way any more, those included whose caller was answered before. */
async function ended({ app }: World): Promise<void> {
  while (app.leftBehind().length > 0) await nextTurn();
}

/** Turns of the event loop in which nothing must come: more than a call needs from one end of this process to the other. */
const SILENT_TURNS = 20;

/** A write that is refused for one of its reads does not wait for the others: they must not meet the failures of the next run. */
async function silence(world: World): Promise<void> {
  const { calls } = sandboxOf(world);
  let known = -1;
  for (let silent = 0; silent < SILENT_TURNS; silent += 1) {
    const all = calls.all();
    if (all.length !== known || all.some(({ ended }) => ended === Infinity)) silent = 0;
    known = all.length;
    await nextTurn();
  }
}

/** Of what is neither as before nor, where the write goes forward, as it shall be: what the answer does not name as left. */
function unnamedRemains(open: readonly string[], answer: { readonly left?: unknown } | undefined): readonly string[] {
  const named = JSON.stringify(answer?.left ?? []);
  // A device's serial number ends in its name.
  return open.filter((name) => !named.includes(name.slice(name.indexOf(' ') + 1).replace(/^arn:.*\//, '')));
}

/** How a run ended that is repeated. `told`: an answer of success, which may name what it has left. */
interface FirstEnd {
  readonly succeeded: boolean;
  readonly changed: boolean;
  readonly told: Reply['body'] | undefined;
}

/** With AWS well again the same request must lead to the same end; gives what it left instead. */
async function repeat(
  world: World,
  scenario: Scenario,
  base: Base,
  { succeeded, changed, told }: FirstEnd,
): Promise<{ readonly orphans: number; readonly wrong: readonly string[] }> {
  const { state } = sandboxOf(world);
  const wrong: string[] = [];
  const expectStatus = (what: string, reply: Reply, ...allowed: readonly number[]): void => {
    if (!allowed.includes(reply.status))
      wrong.push(`${what} answered ${reply.text === '' ? reply.status : reply.text}`);
  };
  if (scenario.nature === 'create') {
    const before = state.take();
    if (succeeded) {
      expectStatus('the repetition of a success', await sendToEnd(world, scenario), 409);
      const touched = differences(factsOf(before), factsOf(state.take()));
      wrong.push(...touched.map((name) => `the repetition of a success changed ${name}`));
    } else {
      if (changed && scenario.remover !== undefined) {
        expectStatus(
          'the removal of what was left',
          await world.api(scenario.remover.method, scenario.remover.path),
          200,
          404,
        );
      }
      expectStatus('the repetition', await sendToEnd(world, scenario), 200, 202);
    }
  } else if (scenario.nature === 'change') {
    if (!succeeded) expectStatus('the repetition', await sendToEnd(world, scenario), 200);
  } else {
    let reply = await sendToEnd(world, scenario);
    for (let again = 0; reply.status === 200 && again < 3; again += 1) reply = await sendToEnd(world, scenario);
    expectStatus('the last repetition', reply, 404);
  }
  const orphans = unnamedRemains(differences(withoutIds(factsOf(state.take())), base.end), told);
  wrong.push(...orphans.map((name) => `after the repetition ${name} is not as it should be`));
  return { orphans: orphans.length, wrong };
}

function send(world: World, { request: { method, path, body }, forget }: Scenario): Promise<Reply> {
  forget?.();
  return world.api(method, path, body);
}

/** Sends again, and waits for what follows the answer. */
async function sendToEnd(world: World, scenario: Scenario): Promise<Reply> {
  const reply = await send(world, scenario);
  await ended(world);
  return reply;
}

function sandboxOf({ target }: World) {
  if (target.sandbox === undefined) throw new Error(`${target.name} has no state that could be taken`);
  return target.sandbox;
}

/** The table of all sweeps: what was run, how it ended, what was left. */
export function tableOf(sweeps: readonly Sweep[]): string {
  const total: Row = { runs: 0, succeeded: 0, failed: 0, orphans: 0 };
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  const lines = sweeps.flatMap(({ title, calls, rows }) =>
    [...rows].map(([kind, row]) => {
      for (const member of ['runs', 'succeeded', 'failed', 'orphans'] as const) total[member] += row[member];
      return line([`${title} (${calls.length} calls)`, kind, row.runs, row.succeeded, row.failed, row.orphans]);
    }),
  );
  return [
    line(['write', 'failure', 'runs', '2xx', 'errors', 'orphans']),
    line(['---', '---', '---:', '---:', '---:', '---:']),
    ...lines,
    line(['total', '', total.runs, total.succeeded, total.failed, total.orphans]),
  ].join('\n');
}
