import type { EngineEvent, Listener } from '../../src/engine/events';
import { createEngine, type Engine } from '../../src/engine/perform';
import { answer, definePlan } from '../../src/engine/plan';
import type { Recipe } from '../../src/engine/recipe';
import { oncePolicy } from '../../src/engine/retry';
import { createTestClock, type TestClock } from '../support/clock';
import { createFaultyRegister, type FaultyRegister } from '../support/register';

/** What runs in a test stand on; new for every test. */
export interface Harness {
  readonly register: FaultyRegister;
  readonly clock: TestClock;
  /** Everything that its engines told. */
  readonly events: readonly EngineEvent[];
  readonly reset: () => void;
  /** Numbers its operations `op-1`, `op-2` … */
  readonly engine: (...listeners: readonly Listener[]) => Engine;
  /** What the register holds for a claim. */
  readonly recordOf: (key: string) => Promise<unknown>;
  /** The types of the events so far. */
  readonly types: () => readonly string[];
}

/** To be called once in a test file, outside of tests. */
export function createHarness(): Harness {
  const fresh = () => ({ register: createFaultyRegister(), clock: createTestClock(), events: [] as EngineEvent[] });
  let now = fresh();
  const reset = (): void => {
    now = fresh();
  };
  beforeEach(reset);
  return {
    get register() {
      return now.register;
    },
    get clock() {
      return now.clock;
    },
    get events() {
      return now.events;
    },
    reset,
    engine: (...listeners) => {
      const { register, clock, events } = now;
      let n = 0;
      const newId = (): string => `op-${(n += 1)}`;
      return createEngine({ register, clock, newId, listeners: [...listeners, (event) => void events.push(event)] });
    },
    recordOf: async (key) => (await now.register.get(`claims/${key}`))?.value,
    types: () => now.events.map((event) => event.type),
  };
}

export type TestRecipe = Recipe<{ readonly there: readonly string[] }, string>;

/** A recipe of one step and one claim, unless told otherwise. */
export function recipe(overrides: Partial<TestRecipe> = {}): TestRecipe {
  return {
    kind: 'test-thing',
    title: 'Test a thing',
    version: 1,
    input: { asked: 'for' },
    claims: ['demo/thing/a'],
    recovery: 'forward',
    look: async () => ({ there: ['x'] }),
    plan: () => planOf(async () => 'made'),
    ...overrides,
  };
}

export function planOf(run: () => Promise<string>): ReturnType<TestRecipe['plan']> {
  return definePlan('test-thing', 'Test a thing', (step) => {
    const only = step({ title: 'Make it', run, retry: oncePolicy });
    return answer({ only }, (results) => results.only);
  });
}
