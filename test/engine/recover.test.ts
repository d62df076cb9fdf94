import { heldIn } from '../support/entries';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fail } from '../../src/base/errors';
import { secret } from '../../src/base/secret';
import type { EngineEvent } from '../../src/engine/events';
import { fits } from '../../src/engine/interrupted';
import { createEngine, type Engine } from '../../src/engine/perform';
import { answer, definePlan, type StepSpec } from '../../src/engine/plan';
import { NO_PROGRESS } from '../../src/engine/progress';
import type { Outcome, Recipe, Recovery } from '../../src/engine/recipe';
import { createRecovery, type InterruptedRun } from '../../src/engine/recover';
import type { Register } from '../../src/engine/register';
import { createMemoryRegister } from '../../src/operations/memory-register';
import { createTestClock } from '../support/clock';

/** A process that may be killed at any effect and any write of its register, and the one after it. */

type Seen = { readonly there: readonly string[] };
type TestRecipe = Recipe<Seen, string>;

const CANARY = 'the-canary';

/** What survives: things outside, and the register without what need not last. */
interface Universe {
  readonly things: Set<string>;
  readonly register: Register;
  /** JSON of everything that was written to last. */
  readonly written: string[];
  /** What undos found in their memory. */
  readonly remembered: string[];
  /** Resolves when the process is dead. */
  readonly died: Promise<void>;
  /** To be passed before and after every effect; never, by a process that is dead. */
  readonly boundary: () => Promise<void>;
  readonly revive: () => Promise<void>;
  readonly isRevived: () => boolean;
}

function createUniverse(killAt: number, things: readonly string[]): Universe {
  const inner = createMemoryRegister();
  const passing = new Set<string>();
  const written: string[] = [];
  let die: () => void = () => undefined;
  const died = new Promise<void>((resolve) => (die = resolve));
  let passed = 0;
  let isDead = false;
  let isRevived = false;
  const boundary = async (): Promise<void> => {
    passed += 1;
    if (passed === killAt) {
      isDead = true;
      die();
    }
    if (isDead) await new Promise(() => undefined);
  };
  const around = async <T>(work: () => Promise<T>): Promise<T> => {
    await boundary();
    const result = await work();
    await boundary();
    return result;
  };
  return {
    things: new Set(things),
    written,
    remembered: [],
    died,
    boundary,
    register: {
      get: inner.get,
      list: inner.list,
      put: (key, value, condition, lasts = true) =>
        around(() => {
          if (lasts) {
            passing.delete(key);
            written.push(JSON.stringify(value));
          } else passing.add(key);
          return inner.put(key, value, condition);
        }),
      delete: (key, condition) => around(() => inner.delete(key, condition)),
    },
    isRevived: () => isRevived,
    revive: async () => {
      // The dead one comes as far as its next boundary.
      await nextTurn();
      isDead = false;
      isRevived = true;
      for (const key of passing) {
        const entry = await inner.get(key);
        if (entry) await inner.delete(key, { ifMatch: entry.version });
      }
      passing.clear();
    },
  };
}

type Step<T> = StepSpec<Record<never, never>, T>;

/** Steps on the things of a universe. */
function stepsOn({ things, boundary }: Universe) {
  const effect = async (work: () => void): Promise<void> => {
    await boundary();
    work();
    await boundary();
  };
  return {
    effect,
    make: (name: string): Step<string> => ({
      title: `Make ${name}`,
      run: async () => {
        if (things.has(name)) fail({ kind: 'exists', detail: `${name} is there` });
        await effect(() => things.add(name));
        return name;
      },
      alreadyDone: async () => (things.has(name) ? { result: name } : undefined),
      undo: async () => effect(() => things.delete(name)),
    }),
    remove: (name: string): Step<boolean> => ({
      title: `Remove ${name}`,
      run: async () => {
        await effect(() => things.delete(name));
        return true;
      },
      alreadyDone: async () => (things.has(name) ? undefined : { result: true }),
      undo: async () => effect(() => things.add(name)),
    }),
  };
}

const recipeOf = (recovery: Recovery, plan: TestRecipe['plan']): TestRecipe => ({
  kind: 'test',
  title: 'Test',
  version: 1,
  input: {},
  claims: ['a', 'b'],
  recovery,
  look: async () => ({ there: [] }),
  plan,
});

/** Makes a thing, one that needs its name, two that are added for those, and a key that nobody can be told again. */
function creation(universe: Universe, recovery: Recovery, failing: () => boolean = () => false): TestRecipe {
  const { make, effect } = stepsOn(universe);
  return recipeOf(recovery, () =>
    definePlan('test', 'Test', (step) => {
      const one = step(make('one'));
      const two = step({
        title: 'Make two of one',
        needs: { one },
        run: async ({ one: name }: { one: string }) => {
          await effect(() => universe.things.add(`two of ${name}`));
          return [`${name}/a`, `${name}/b`];
        },
        undo: async ({ needs: { one: name } }) => effect(() => universe.things.delete(`two of ${name}`)),
        more: (add, names) => {
          for (const name of names) add(make(name));
        },
      });
      const key = step({
        title: 'Make a key',
        after: [one],
        run: async (_, { memory }) => {
          memory.set('tried', true);
          await effect(() => universe.things.add('key'));
          return { secret: secret(CANARY) };
        },
        undo: async (_, { memory }) => {
          if (memory.get('tried') === true) universe.remembered.push('key');
          await effect(() => universe.things.delete('key'));
        },
      });
      const last = step({
        title: 'Finish',
        after: [two, key],
        run: async () => (failing() ? fail({ kind: 'denied', detail: 'no' }) : undefined),
      });
      return answer({ one, last }, (results) => results.one);
    }),
  );
}

/** Hides a thing, destroys what cannot be made again, and removes what belonged to it. */
function deletion(universe: Universe): TestRecipe {
  const { remove } = stepsOn(universe);
  return recipeOf('forward-after-pivot', () =>
    definePlan('test', 'Test', (step) => {
      const hidden = step(remove('sign'));
      const pivot = step({ ...remove('house'), pivot: true, after: [hidden] });
      const found = step({
        title: 'Look round',
        after: [pivot],
        run: async () => ['fence'],
        more: (add, names) => {
          for (const name of names) add(remove(name));
        },
      });
      step({ ...remove('tree'), after: [pivot] });
      return answer({ found }, () => 'gone');
    }),
  );
}

/** Hides a thing, destroys one that belongs to what is destroyed in the end, and then that. */
function destruction(universe: Universe): TestRecipe {
  const { remove } = stepsOn(universe);
  const lock: Step<boolean> = {
    ...remove('lock'),
    irrevocable: true,
    undo: async () => (universe.things.has('lock') ? undefined : fail({ kind: 'conflict', detail: 'it is gone' })),
  };
  return recipeOf('forward-after-pivot', () =>
    definePlan('test', 'Test', (step) => {
      const hidden = step(remove('sign'));
      const broken = step({ ...lock, after: [hidden] });
      const pivot = step({ ...remove('house'), pivot: true, after: [broken] });
      return answer({ pivot }, () => 'gone');
    }),
  );
}

/** An answer with a secret, whose promise is kept after it was handed out. */
function replacement(universe: Universe): TestRecipe {
  const { make, remove } = stepsOn(universe);
  return {
    ...recipeOf('back', () =>
      definePlan('test', 'Test', (step) => {
        const made = step(make('new'));
        return answer({ made }, (results) => results.made);
      }),
    ),
    afterwards: (name, delivered) => ({
      plan: definePlan('then', 'Then', (step) => {
        step(remove(delivered ? 'old' : name));
        return answer({}, () => undefined);
      }),
    }),
  };
}

interface Life {
  readonly universe: Universe;
  readonly killed: boolean;
  readonly delivered: boolean;
  readonly outcomes: readonly Outcome<unknown>['state'][];
}

const clock = createTestClock();
/** What a process finds at its start that has the register to itself. */
const interruptedIn = (register: Register): Promise<readonly InterruptedRun[]> =>
  createRecovery({ register, clock, isRunning: () => false, accepts: () => Promise.resolve(true) }).scan();
const engineOn = ({ register }: Universe, events: EngineEvent[] = []): Engine =>
  createEngine({
    register,
    clock,
    isDurable: true,
    newId: () => 'op-1',
    listeners: [(event) => void events.push(event)],
  });

async function live(
  killAt: number,
  things: readonly string[],
  recipe: (universe: Universe) => TestRecipe,
): Promise<Life> {
  const universe = createUniverse(killAt, things);
  let delivered = false;
  const performed = engineOn(universe).perform(recipe(universe), async () => {
    await universe.boundary();
    delivered = true;
    return true;
  });
  const first = await Promise.race([performed, universe.died.then(() => undefined)]);
  if (first) return { universe, killed: false, delivered, outcomes: [first.outcome.state as 'succeeded'] };
  await universe.revive();
  const heir = engineOn(universe);
  const outcomes: Outcome<unknown>['state'][] = [];
  for (const run of await interruptedIn(universe.register)) {
    expect(await heldIn(universe.register, 'claims/')).toEqual(['claims/a', 'claims/b']);
    outcomes.push((await heir.resume(recipe(universe) as never, run)).outcome.state as 'succeeded');
  }
  return { universe, killed: true, delivered, outcomes };
}

/** Every life that ends early, and the one that does not; there must be as many as there are boundaries. */
async function everyLife(
  things: readonly string[],
  recipe: (universe: Universe) => TestRecipe,
  atLeast: number,
  check: (life: Life, things: readonly string[]) => void,
): Promise<void> {
  for (let killAt = 1; ; killAt += 1) {
    const life = await live(killAt, things, recipe);
    expect(await heldIn(life.universe.register)).toEqual([]);
    expect(life.universe.written.join()).not.toContain(CANARY);
    check(life, [...life.universe.things].sort());
    if (life.killed) continue;
    expect(killAt).toBeGreaterThan(atLeast);
    return;
  }
}

const ALL = ['key', 'one', 'one/a', 'one/b', 'two of one'];

describe('a process that is killed at any moment', () => {
  test('leaves a creation that is finished, or that never began', async () => {
    let finished = 0;
    await everyLife(
      [],
      (universe) => creation(universe, 'forward'),
      25,
      ({ outcomes }, things) => {
        expect(things).toEqual(outcomes.length === 0 && things.length === 0 ? [] : ALL);
        expect(outcomes.every((state) => state === 'succeeded')).toBe(true);
        if (things.length > 0) finished += 1;
      },
    );
    expect(finished).toBeGreaterThan(15);
  });

  test('leaves nothing of a creation whose answer nobody can be given', async () => {
    let remembered = 0;
    await everyLife(
      [],
      (universe) => creation(universe, 'back'),
      25,
      ({ universe, killed, outcomes }, things) => {
        remembered += universe.remembered.length;
        const isEnded = !killed || outcomes.length === 0;
        if (isEnded && things.length > 0) expect(things).toEqual(ALL);
        else expect(things).toEqual([]);
      },
    );
    // Of a process that died before its note was written nobody knows it.
    expect(remembered).toBeGreaterThan(0);
  });

  test('leaves nothing of a creation that failed, also in the middle of its rollback', async () => {
    await everyLife(
      [],
      (universe) => creation(universe, 'forward', () => true),
      30,
      (_, things) => expect(things).toEqual([]),
    );
  });

  test('leaves all or nothing of a creation that would no longer fail', async () => {
    const ends = new Set<string>();
    await everyLife(
      [],
      (universe) => creation(universe, 'forward', () => !universe.isRevived()),
      30,
      (_, things) => {
        expect([[], ALL]).toContainEqual(things);
        ends.add(things.join());
      },
    );
    expect(ends.size).toBe(2);
  });

  test('gives a deletion up before its point of no return, and finishes it after that', async () => {
    const before = ['fence', 'house', 'sign', 'tree'];
    const seen = new Set<string>();
    await everyLife(before, deletion, 16, (_, things) => {
      expect([[], before]).toContainEqual(things);
      seen.add(things.join());
    });
    expect(seen.size).toBe(2);
  });

  test('goes on with a deletion of which something is gone that nothing brings back', async () => {
    const before = ['house', 'lock', 'sign'];
    const seen = new Set<string>();
    await everyLife(before, destruction, 8, ({ outcomes }, things) => {
      expect([[], before]).toContainEqual(things);
      expect(outcomes).not.toContain('rollback-failed');
      seen.add(things.join());
    });
    expect(seen.size).toBe(2);
  });

  test('keeps what an answer promised, and withdraws what no answer told of', async () => {
    const ends = new Set<string>();
    await everyLife(['old'], replacement, 8, ({ outcomes }, things) => {
      expect([['new'], ['old']]).toContainEqual(things);
      ends.add(`${things.join()} ${outcomes.join()}`);
    });
    expect(ends).toContain('new succeeded');
    expect(ends).toContain('old rolled-back');
  });
});

test('there is one write that lasts before the first effect', async () => {
  const universe = createUniverse(0, []);
  const counts: number[] = [];
  const { make } = stepsOn(universe);
  await engineOn(universe).perform(
    recipeOf('forward', () =>
      definePlan('test', 'Test', (step) => {
        const one = step({
          ...make('one'),
          run: async () => {
            counts.push(universe.written.length);
            return 'one';
          },
        });
        return answer({ one }, (results) => results.one);
      }),
    ),
  );
  expect(counts).toEqual([1]);
});

test('a run that is taken up again says so, under its old id', async () => {
  const universe = createUniverse(8, []);
  void engineOn(universe).perform(creation(universe, 'forward'));
  await universe.died;
  await universe.revive();
  const [run] = await interruptedIn(universe.register);
  if (!run) throw new Error('nothing was interrupted');
  const events: EngineEvent[] = [];
  const heir = engineOn(universe, events);
  const resumed = heir.resume(creation(universe, 'forward') as never, run);
  expect(heir.leftBehind()).toMatchObject([{ operationId: 'op-1', kind: 'test' }]);
  expect(await heir.perform(creation(universe, 'forward'))).toMatchObject({ outcome: { error: { kind: 'busy' } } });
  await resumed;
  expect(events[0]).toMatchObject({ type: 'operation-started', operationId: 'op-1', recovery: 'forward' });
  expect(events.at(-1)).toMatchObject({ type: 'operation-ended', state: 'succeeded' });
});

test('a journal of other steps than the plan has fits no plan', () => {
  const universe = createUniverse(0, []);
  const plan = creation(universe, 'forward').plan({ there: [] }, 'op-1', {});
  expect(fits(plan, NO_PROGRESS)).toBe(true);
  const done = (step: number, title: string) => ({ ...NO_PROGRESS, done: [{ step, title }] });
  expect(fits(plan, done(0, 'Make one'))).toBe(true);
  expect(fits(plan, done(0, 'Make two'))).toBe(false);
  expect(fits(plan, done(9, 'Make one'))).toBe(false);
});
