import type { JournalRecord } from '../../src/engine/journal';
import { createEngine, type Engine } from '../../src/engine/perform';
import { answer, definePlan, type StepSpec } from '../../src/engine/plan';
import { oncePolicy } from '../../src/engine/retry';
import { createSteered, type SteeredHere } from '../../src/operations/steered';
import { heldIn } from '../support/entries';
import { errors, failure } from '../support/errors';
import { createHandClock, type HandClock } from '../support/hand-clock';
import { createFaultyRegister, type FaultyRegister } from '../support/register';
import { recipe, type TestRecipe } from './harness';

type Step = StepSpec<Record<never, never>, unknown>;

let register: FaultyRegister;
let clock: HandClock;
let engine: Engine;
/** What was done and taken back, in order. */
let done: string[];
beforeEach(() => {
  register = createFaultyRegister();
  clock = createHandClock();
  done = [];
  engine = createEngine({ register, clock, isDurable: true, newId: () => 'op-1', listeners: [] });
});

/** Something that is waited for, and what ends the waiting. */
function held(): { readonly over: Promise<void>; readonly free: () => void } {
  let free: () => void = () => undefined;
  const over = new Promise<void>((resolve) => (free = resolve));
  return { over, free: () => free() };
}
const make = (name: string, more: Partial<Step> = {}): Step => ({
  title: `Make ${name}`,
  retry: oncePolicy,
  run: async () => void done.push(`make ${name}`),
  undo: async () => void done.push(`undo ${name}`),
  ...more,
});
/** One step after the other. */
const planOf =
  (...steps: readonly Step[]): TestRecipe['plan'] =>
  () =>
    definePlan('test-thing', 'Test a thing', (step) => {
      let last = step({ title: 'Begin', run: async (): Promise<unknown> => undefined });
      for (const one of steps) last = step({ ...one, after: [last] });
      return answer({ last }, () => 'made');
    });
const CANCELLED = { state: 'cancelled', error: { kind: 'conflict', detail: 'The operation was cancelled.' } };

describe('a run that is cancelled', () => {
  test('before its journal is written → cancelled, and nothing was done', async () => {
    const { over, free } = held();
    const look = () => over.then(() => ({ there: [] }));
    const performed = engine.perform(recipe({ look, plan: planOf(make('a')) }));
    await clock.pass(1);
    expect(engine.cancel('op-1')).toBe('asked');
    free();
    expect(await performed).toMatchObject({ outcome: { ...CANCELLED, undone: [] } });
    expect(done).toEqual([]);
    expect(await heldIn(register)).toEqual([]);
  });

  test('in the middle → cancelled: what is under way ends, and then all is taken back', async () => {
    const { over, free } = held();
    const slow = make('b', { run: () => over.then(() => void done.push('make b')) });
    const performed = engine.perform(recipe({ plan: planOf(make('a'), slow, make('c')) }));
    await clock.pass(1);
    expect(engine.cancel('op-1')).toBe('asked');
    free();
    expect(await performed).toMatchObject({ outcome: { ...CANCELLED, undone: ['Make b', 'Make a'] } });
    expect(done).toEqual(['make a', 'make b', 'undo b', 'undo a']);
    expect(await heldIn(register)).toEqual([]);
  });

  test('in the middle says so in its journal before anything is taken back', async () => {
    const { over, free } = held();
    let journal: JournalRecord | undefined;
    const seen = make('a', {
      undo: async () => void (journal = (await register.get('claims/demo/thing/a'))?.value as JournalRecord),
    });
    const performed = engine.perform(recipe({ plan: planOf(seen, make('b', { run: () => over }), make('c')) }));
    await clock.pass(1);
    engine.cancel('op-1');
    free();
    await performed;
    expect(journal?.progress).toMatchObject({ undoing: true, cancelled: true });
  });

  test('past its point of no return → too late, and it goes on to its end', async () => {
    const { over, free } = held();
    const pivot = make('pivot', { pivot: true });
    const performed = engine.perform(recipe({ plan: planOf(pivot, make('b', { run: () => over }), make('c')) }));
    await clock.pass(1);
    expect(engine.cancel('op-1')).toBe('too-late');
    free();
    expect(await performed).toMatchObject({ outcome: { state: 'succeeded' } });
    expect(done).toEqual(['make pivot', 'make c']);
  });

  test('while it is taken back ends as it would have: rolled back, for the reason that it failed for', async () => {
    const { over, free } = held();
    const slow = make('a', { undo: () => over.then(() => void done.push('undo a')) });
    const refused = make('b', { run: () => Promise.reject(failure(errors.denied)) });
    const performed = engine.perform(recipe({ plan: planOf(slow, refused, make('c')) }));
    await clock.pass(1);
    engine.cancel('op-1');
    free();
    expect(await performed).toMatchObject({ outcome: { state: 'rolled-back', error: { kind: 'denied' } } });
    expect(done.filter((what) => what === 'undo a')).toHaveLength(1);
    expect(done).not.toContain('make c');
  });

  test('when it has ended is not known here', async () => {
    await engine.perform(recipe());
    expect(engine.cancel('op-1')).toBeUndefined();
  });
});

describe('a run of another process', () => {
  const NOTICE = 'claims/~cancel/op-1';
  const steeredOf = (by: Pick<Engine, 'cancel'>): SteeredHere =>
    createSteered({ engine: by, register, clock, settle: () => Promise.reject(new Error('nothing has ended')) });
  const elsewhere = () => steeredOf(createEngine({ register, clock, newId: () => 'op-2', listeners: [] }));
  /** What a look sees that first saw it then. */
  const notices = async (since = clock.monotonic()) =>
    (await register.list('claims/~')).map((listed) => ({ ...listed, since }));

  test('that is cancelled takes note at its next look → cancelled, and the notice is gone', async () => {
    const { over, free } = held();
    const performed = engine.perform(recipe({ plan: planOf(make('a', { run: () => over }), make('b')) }));
    await clock.pass(1);
    await elsewhere().cancel('demo', 'op-1');
    expect(await register.get(NOTICE)).toBeDefined();
    await steeredOf(engine).look(await notices());
    expect(await register.get(NOTICE)).toBeUndefined();
    free();
    expect(await performed).toMatchObject({ outcome: CANCELLED });
    expect(done).toEqual(['undo a']);
  });

  test('is told so once, however often that is asked for', async () => {
    const steered = elsewhere();
    await steered.cancel('demo', 'op-1');
    await steered.cancel('demo', 'op-1');
    expect(await notices()).toHaveLength(1);
  });

  test('that nobody runs any more keeps its notice for ten minutes', async () => {
    const steered = elsewhere();
    await steered.cancel('demo', 'op-1');
    const since = clock.monotonic();
    await clock.pass(600_000);
    await steered.look(await notices(since));
    expect(await register.get(NOTICE)).toBeDefined();
    await clock.pass(1);
    await steered.look(await notices(since));
    expect(await register.get(NOTICE)).toBeUndefined();
  });

  test('that runs here and is past its point of no return is a conflict', async () => {
    const { over, free } = held();
    const pivot = make('pivot', { pivot: true });
    const performed = engine.perform(recipe({ plan: planOf(pivot, make('b', { run: () => over })) }));
    await clock.pass(1);
    await expect(steeredOf(engine).cancel('demo', 'op-1')).rejects.toThrow('point of no return');
    expect(await register.get(NOTICE)).toBeUndefined();
    free();
    await performed;
  });
});
