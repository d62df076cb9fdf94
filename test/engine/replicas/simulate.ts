import { createAws } from './aws';
import type { Bug } from './bugs';
import { createJudge, type Judge } from './judge';
import { type Fault, type Machine, type PlannedFaults, startMachine } from './machine';
import { createRandom, type Random } from './random';
import { createRemoteStore } from './remote-store';
import { createReplica, type Replica } from './replica';
import { createScheduler } from './scheduler';
import { partsOf, type Task } from './workload';

/** One seed's story. */
export interface Story {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly turns: number;
  /** Virtual milliseconds. */
  readonly lasted: number;
  readonly log: readonly string[];
  readonly seen: Readonly<Record<string, number>>;
}

export interface SimulateOptions {
  readonly bug?: Bug | undefined;
  /** Default: the seed says it. */
  readonly theme?: Theme | undefined;
  readonly isLogged?: boolean;
}

/** Everything that goes wrong does so before; then all has to settle. */
const QUIET_MS = 75_000;
const SETTLED_MS = QUIET_MS + 3_600_000;
const ASKED_MS = 45_000;

/** Lives through what a seed says: the same story every time. */
export async function simulate(
  seed: number,
  { bug, isLogged = false, ...given }: SimulateOptions = {},
): Promise<Story> {
  const random = createRandom(seed);
  const scheduler = createScheduler(random);
  const log: string[] = [];
  const note = (text: string): void => {
    if (isLogged) log.push(`${String(scheduler.now()).padStart(7)} ${text}`);
  };
  const isQuiet = (): boolean => scheduler.now() >= QUIET_MS;
  const theme = given.theme ?? random.pick<Theme>(['all', 'all', 'all', 'clocks', 'late calls']);
  const rates = {
    store: random.pick([0, 0, 0.01, 0.05]),
    aws: { all: random.pick([0, 0.03, 0.1]), clocks: 0.3, 'late calls': 0.02 }[theme],
  };
  let ids = 0;
  const newId = (): string => `op-${String((ids += 1))}`;

  // Who judges is asked by what is judged.
  const store = createRemoteStore({
    scheduler,
    random,
    trouble: () => (isQuiet() ? 0 : rates.store),
    onWrite: (key, value) => {
      if (isLogged) note(`store: ${key} = ${value === undefined ? 'deleted' : JSON.stringify(value).slice(0, 160)}`);
      judge.onWrite(key, value);
    },
  });
  const aws = createAws({
    scheduler,
    random,
    trouble: (machine) => {
      if (isQuiet()) return 0;
      // So that a call is under way when it dies.
      return theme === 'late calls' && machine.isCutOff() ? 0.8 : rates.aws;
    },
    lateness: () => (theme === 'late calls' ? 10_000 : 0),
    isUnfenced: bug === 'no fence at the last attempt',
    onSent: (caller, path) => {
      if (isLogged) note(`${caller.machine.name}: ${caller.operationId()} sends ${path}`);
      judge.onSent(caller, path);
    },
    onChange: (change) => {
      if (isLogged)
        note(`aws: ${change.caller.machine.name} ${change.caller.operationId()} ${change.what} ${change.path}`);
      judge.onChange(change);
    },
  });
  const judge: Judge = createJudge({
    aws: () => aws,
    isCalm: (machine) => rates.store === 0 && machine.troubles() === 0,
    peek: store.peek,
    keys: store.keys,
  });

  const slots: { replica: Replica | undefined }[] = [];
  const boot = (slot: (typeof slots)[number], name: string, life: number): void => {
    const machine: Machine = startMachine({
      name: `${name}${String(life)}`,
      scheduler,
      random,
      faults: isQuiet() ? [] : faultsOf(random, theme),
      onTerminate: () => void slot.replica?.terminate(),
      note,
    });
    const replica = createReplica({
      machine,
      register: store.of(machine),
      aws,
      newId,
      arrives: () => isQuiet() || !random.chance(0.15),
      witness: {
        ...judge,
        onEvent: (_, event) => {
          if (isLogged)
            note(
              `${machine.name}: ${event.operationId} ${event.type} ${'title' in event ? event.title : ''}${'error' in event ? ` ${event.error.kind}: ${event.error.detail}` : ''}`,
            );
        },
      },
      bug,
    });
    slot.replica = replica;
    replica.start();
    const watch = (): void => {
      if (machine.isAlive() && slot.replica === replica) return scheduler.after(500, watch);
      scheduler.after(random.between(500, 20_000), () => boot(slot, name, life + 1));
    };
    watch();
  };
  const count = random.between(2, 4);
  for (let n = 0; n < count; n += 1) {
    const slot: (typeof slots)[number] = { replica: undefined };
    slots.push(slot);
    scheduler.after(random.between(0, 2_000), () => boot(slot, 'pqrs'.charAt(n), 1));
  }

  const seen: Record<string, number> = {};
  const ask = (task: Task, again?: { readonly operationId: string; readonly attempt: number }): void => {
    const { replica } = random.pick(slots as [(typeof slots)[number], ...typeof slots]);
    if (!replica?.machine.isAlive() || replica.machine.isPaused())
      return scheduler.after(1_000, () => ask(task, again));
    const told = judge.onAsked(replica.machine, task, again);
    note(`asked ${replica.machine.name}: ${JSON.stringify(task)} ${again ? JSON.stringify(again) : ''}`);
    void replica.perform(task, again).then((performed) => {
      const { state } = performed.outcome;
      seen[`${task.kind} ${state}`] = (seen[`${task.kind} ${state}`] ?? 0) + 1;
      note(`told by ${replica.machine.name}: ${performed.operationId} ${JSON.stringify(performed.outcome)}`);
      told(performed);
      const isBusy = 'error' in performed.outcome && performed.outcome.error.kind === 'busy';
      if (isBusy && !isQuiet() && random.chance(isNarrow ? 0.95 : 0.7))
        scheduler.after(random.between(500, 3_000), () => ask(task));
    });
    if (random.chance(0.1)) {
      const id = `op-${String(ids)}`;
      scheduler.after(random.between(50, 6_000), () => replica.machine.after(0, () => replica.cancel(id)));
    }
  };
  const isNarrow = theme === 'late calls';
  const names = random.pick<readonly [string, ...string[]]>(isNarrow ? [['a']] : [['a'], ['a', 'b'], ['a', 'b', 'c']]);
  const kinds = random.pick<readonly [Task['kind'], ...Task['kind'][]]>([
    ['create', 'delete', 'update', 'add-key', 'reset-keys'],
    ['create', 'delete'],
    ['create', 'delete', 'create', 'update'],
    ['add-key', 'reset-keys'],
  ]);
  const tasks = isNarrow ? 12 : random.between(3, 10);
  for (let n = 0; n < tasks; n += 1) {
    const task: Task = {
      kind: isNarrow ? random.pick(['create', 'delete']) : random.pick(kinds),
      name: random.pick(names),
      fails: !isNarrow && random.chance(0.25),
      wide: random.chance(0.4),
    };
    scheduler.after(random.between(500, ASKED_MS), () => ask(task));
    if (random.chance(0.1))
      scheduler.after(random.between(500, ASKED_MS), () => {
        if (random.chance(0.5)) aws.intrude(random.pick(partsOf(task) as [string, ...string[]]));
      });
  }

  const isIdle = (): boolean => {
    if (slots.some(({ replica }) => !replica?.machine.isAlive() || replica.running() > 0)) return false;
    return store.keys().every((key) => {
      if (!key.startsWith('claims/') || key.startsWith('claims/~')) return true;
      const value = store.peek(key);
      return typeof value === 'object' && value !== null && 'freed' in value;
    });
  };
  let nextLook = QUIET_MS + 2_000;
  let isSettled = false;
  const turns = await scheduler.run(() => {
    if (scheduler.now() < nextLook || isSettled) return isSettled;
    nextLook = scheduler.now() + 2_000;
    isSettled = isIdle();
    return isSettled;
  }, SETTLED_MS);
  judge.settle(isSettled);
  for (const violation of judge.violations) note(`VIOLATION ${violation}`);
  return { seed, violations: judge.violations, turns, lasted: scheduler.now(), log, seen };
}

/** What a story is about: all that may go wrong, or what seldom goes wrong together by itself. */
type Theme = 'all' | 'clocks' | 'late calls';

function faultsOf(random: Random, theme: Theme): PlannedFaults {
  let passes = 0;
  const soon = (most: number, fault: Fault) => {
    passes += random.between(1, most);
    return { passes, fault };
  };
  // It works on for as long as its lease lasts, and dies with a call under way.
  if (theme === 'late calls' && random.chance(0.6))
    return [
      { ...soon(100, { kind: 'cut-off', ms: 60_000 }), atRemovalAfter: 0 },
      { passes, atRemovalAfter: random.between(12_000, 17_000), fault: { kind: 'kill' } },
    ];
  if (theme === 'clocks')
    return Array.from({ length: 4 }, () => soon(60, { kind: 'jump', ms: random.between(-60_000, 90_000) }));
  return Array.from({ length: random.pick([0, 1, 1, 2]) }, () => soon(random.pick([40, 150, 400]), faultOf(random)));
}

function faultOf(random: Random): Fault {
  const kind = random.pick(['kill', 'kill', 'pause', 'pause', 'cut-off', 'jump', 'terminate'] as const);
  if (kind === 'pause') {
    const isFrozen = random.chance(0.5);
    return { kind, ms: random.pick([2_000, random.between(15_000, 32_000), random.between(30_000, 50_000)]), isFrozen };
  }
  if (kind === 'cut-off') return { kind, ms: random.between(5_000, 50_000) };
  if (kind === 'jump') return { kind, ms: random.between(-60_000, 60_000) };
  return { kind };
}
