import type { EndedRun } from '../../src/engine/notary';
import { createEngine, type Engine } from '../../src/engine/perform';
import { answer, definePlan } from '../../src/engine/plan';
import { oncePolicy } from '../../src/engine/retry';
import { heldIn } from '../support/entries';
import { createTestClock } from '../support/clock';
import { errors, failure } from '../support/errors';
import { createFaultyRegister, type FaultyRegister } from '../support/register';
import { recipe, type TestRecipe } from './harness';

let register: FaultyRegister;
let ends: EndedRun[];
let engine: Engine;
let isRefused: boolean;
const undo = jest.fn(async () => {
  if (isRefused) throw failure(errors.denied);
});
beforeEach(() => {
  register = createFaultyRegister();
  ends = [];
  isRefused = true;
  undo.mockClear();
  let ids = 0;
  engine = createEngine({
    register,
    clock: createTestClock(),
    isDurable: true,
    newId: () => `op-${String((ids += 1))}`,
    listeners: [],
    notary: { asked: () => null, display: () => null, end: async (ended) => void ends.push(ended) },
  });
});

/** Makes a thing, and cannot go on. */
const failing = (): TestRecipe =>
  recipe({
    plan: () =>
      definePlan('test-thing', 'Test a thing', (step) => {
        const made = step({ title: 'Make it', run: async () => 'made', undo });
        const refused = { title: 'Tag it', run: () => Promise.reject(failure(errors.denied)), retry: oncePolicy };
        step({ ...refused, after: [made] });
        return answer({ made }, (results) => results.made);
      }),
  });
/** A run that has left something. */
async function left(): Promise<EndedRun['record']> {
  const { outcome } = await engine.perform(failing());
  expect(outcome).toMatchObject({ state: 'rollback-failed', left: [{ step: 'Make it' }] });
  const [ended] = ends;
  if (!ended) throw new Error('its end is not recorded');
  undo.mockClear();
  return ended.record;
}

test('what a run has left is taken back as another attempt of it, and its claims are free', async () => {
  const record = await left();
  isRefused = false;
  const { operationId, outcome } = await engine.settle(failing() as never, record);
  expect({ operationId, state: outcome.state }).toEqual({ operationId: 'op-1', state: 'rolled-back' });
  expect(undo).toHaveBeenCalledTimes(1);
  expect(ends[1]).toMatchObject({ record: { operationId: 'op-1', attempt: 2 }, outcome: { state: 'rolled-back' } });
  expect(await heldIn(register)).toEqual([]);
});

test('what still cannot be taken back is left again, and can be settled once more', async () => {
  const record = await left();
  expect((await engine.settle(failing() as never, record)).outcome.state).toBe('rollback-failed');
  isRefused = false;
  const again = ends[1]?.record;
  if (!again) throw new Error('its second end is not recorded');
  expect((await engine.settle(failing() as never, again)).outcome.state).toBe('rolled-back');
  expect(ends[2]?.record.attempt).toBe(3);
});

test('what others have worked on since is refused as a conflict, and nothing is touched', async () => {
  const record = await left();
  expect((await engine.perform(recipe())).outcome.state).toBe('succeeded');
  isRefused = false;
  // However often that is asked for: being refused is no work of its own.
  for (let time = 1; time <= 3; time += 1) {
    const { outcome } = await engine.settle(failing() as never, record);
    expect(outcome).toMatchObject({ state: 'failed', error: { kind: 'conflict' }, left: [] });
  }
  expect(undo).not.toHaveBeenCalled();
  expect(await heldIn(register)).toEqual([]);
});

test('of what others have worked on in part, the rest is given back untouched', async () => {
  const two: Partial<TestRecipe> = { claims: ['demo/thing/a', 'demo/thing/b'] };
  await engine.perform({ ...failing(), ...two });
  const [ended] = ends;
  if (!ended) throw new Error('its end is not recorded');
  await engine.perform(recipe({ claims: ['demo/thing/b'] }));
  for (let time = 1; time <= 2; time += 1)
    expect((await engine.settle({ ...failing(), ...two } as never, ended.record)).outcome).toMatchObject({
      error: { kind: 'conflict' },
    });
  expect((await register.get('claims/demo/thing/a'))?.value).toEqual({ freed: 'op-1' });
  expect((await register.get('claims/demo/thing/b'))?.value).toEqual({ freed: 'op-2' });
});

test('what others are at work on is refused as busy, and nothing is touched', async () => {
  const record = await left();
  let free: () => void = () => undefined;
  const looking = new Promise<void>((resolve) => (free = resolve));
  const other = engine.perform(recipe({ look: () => looking.then(() => ({ there: [] })) }));
  const { outcome } = await engine.settle(failing() as never, record);
  expect(outcome).toMatchObject({ state: 'failed', error: { kind: 'busy' } });
  expect(undo).not.toHaveBeenCalled();
  free();
  expect((await other).outcome.state).toBe('succeeded');
});
