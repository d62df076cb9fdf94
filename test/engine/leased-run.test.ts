import { createLease, GONE, type Lease, ownerKey } from '../../src/engine/lease';
import type { JournalRecord } from '../../src/engine/journal';
import type { EndedRun, Notary } from '../../src/engine/notary';
import { createEngine, type Engine } from '../../src/engine/perform';
import { answer, definePlan } from '../../src/engine/plan';
import { oncePolicy } from '../../src/engine/retry';
import { errors, failure } from '../support/errors';
import { createHandClock, type HandClock } from '../support/hand-clock';
import { createFaultyRegister, type FaultyRegister } from '../support/register';
import { recipe, type TestRecipe } from './harness';

const LEASE_MS = 30_000;
const CALL_MS = 12_000;
const KEY = 'claims/demo/thing/a';

let register: FaultyRegister;
let clock: HandClock;
let lease: Lease;
let ends: EndedRun[];
let mayCall: () => Promise<void> | undefined;
let engine: Engine;

beforeEach(() => {
  register = createFaultyRegister();
  clock = createHandClock();
  ends = [];
  let owners = 0;
  lease = createLease({
    register,
    clock,
    leaseMs: LEASE_MS,
    heartbeatMs: 8_000,
    newOwner: () => `owner-${String((owners += 1))}`,
  });
  const notary: Notary = {
    asked: () => null,
    display: () => null,
    end: async (ended) => void ends.push(ended),
  };
  engine = createEngine({
    register,
    clock,
    lease,
    notary,
    callTimeoutMs: CALL_MS,
    isDurable: true,
    newId: () => 'op-1',
    listeners: [],
    within: (operation, work) => {
      mayCall = () => operation.mayCall(CALL_MS);
      return work();
    },
  });
});

const record = async (): Promise<JournalRecord> => (await register.get(KEY))?.value as JournalRecord;
/** What one step after the other does. */
const stepsOf = (...runs: readonly (() => Promise<unknown>)[]): TestRecipe['plan'] => {
  return () =>
    definePlan('test-thing', 'Test a thing', (step) => {
      let last = step({ title: 'Begin', run: async () => undefined as unknown });
      for (const [index, run] of runs.entries())
        last = step({
          title: `Do ${String(index)}`,
          after: [last],
          run,
          undo: async () => undefined,
          retry: oncePolicy,
        });
      return answer({ last }, () => 'made');
    });
};
const takenByOthers = async (): Promise<void> => {
  const entry = await register.get(KEY);
  await register.put(KEY, { ...(entry?.value as JournalRecord), owner: 'other' }, { ifMatch: entry?.version ?? '' });
};
const putsAreLost = (is: boolean): void =>
  register.setFaults((call, key) => (is && call === 'put' && key === KEY ? 'lost' : 'ok'));

test('a run whose note was kept and not answered goes on noting, and gives its claims back', async () => {
  let done: () => void = () => undefined;
  const last = new Promise<void>((resolve) => (done = resolve));
  const performed = engine.perform(
    recipe({
      plan: stepsOf(
        async () => putsAreLost(true),
        () => last,
      ),
    }),
  );
  await clock.pass(2_000);
  expect((await record()).progress?.done).toHaveLength(2);
  putsAreLost(false);
  done();
  await clock.pass(2_000);
  expect(await performed).toMatchObject({ outcome: { state: 'succeeded' } });
  expect((await register.get(KEY))?.value).toEqual({ freed: 'op-1' });
});

test('a look during which the machine stood still is repeated', async () => {
  let looks = 0;
  await engine.perform(
    recipe({
      look: async () => {
        if ((looks += 1) === 1) clock.jump('wall', LEASE_MS / 2);
        return { there: [] };
      },
    }),
  );
  expect(looks).toBe(2);
});

test('a process that has lost its lease does not record how a run ended', async () => {
  const performed = engine.perform(recipe({ plan: stepsOf(async () => clock.jump('wall', LEASE_MS)) }));
  await clock.pass(1);
  expect(await performed).toMatchObject({ outcome: { state: 'running', error: { kind: 'superseded' } } });
  expect(ends).toEqual([]);
  expect(await record()).toMatchObject({ state: 'running' });
});

test('a run that finds another in its record stops, and records nothing', async () => {
  let free: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (free = resolve));
  const later = jest.fn(async () => undefined);
  const plan = stepsOf(
    () => takenByOthers(),
    () => held,
    async () => {
      await mayCall();
      await later();
    },
  );
  const performed = engine.perform(recipe({ plan }));
  await clock.pass(2_000);
  free();
  await clock.pass(2_000);
  expect(await performed).toMatchObject({ outcome: { state: 'running', error: { kind: 'superseded' } } });
  expect(later).not.toHaveBeenCalled();
  expect(ends).toEqual([]);
  expect(await record()).toMatchObject({ owner: 'other' });
});

test('nothing is taken back before the journal says so', async () => {
  const undo = jest.fn(async () => undefined);
  const plan: TestRecipe['plan'] = () =>
    definePlan('test-thing', 'Test a thing', (step) => {
      const made = step({ title: 'Make it', run: async () => 'made', undo });
      step({
        title: 'Fail',
        after: [made],
        retry: oncePolicy,
        run: async () => {
          register.setFaults((call, key) => (call === 'put' && key === KEY ? 'fail' : 'ok'));
          throw failure(errors.denied);
        },
      });
      return answer({ made }, (results) => results.made);
    });
  const performed = engine.perform(recipe({ plan }));
  await clock.pass(6_000);
  expect(await performed).toMatchObject({ outcome: { state: 'running', error: { kind: 'unavailable' } } });
  expect(undo).not.toHaveBeenCalled();
  register.setFaults(() => 'ok');
  await clock.pass(3_000);
  expect(undo).toHaveBeenCalledTimes(1);
  expect(ends).toMatchObject([{ outcome: { state: 'rolled-back' }, record: { progress: { undoing: true } } }]);
});

test('nothing follows an answer before the journal says that it was delivered', async () => {
  const follows = jest.fn(async () => undefined);
  const performed = engine.perform(
    recipe({
      plan: stepsOf(async () => undefined),
      afterwards: () => ({
        plan: definePlan('then', 'Then', (step) => {
          step({ title: 'Remove the old one', run: follows });
          return answer({}, () => undefined);
        }),
      }),
    }),
    async () => {
      register.setFaults((call, key) => (call === 'put' && key === KEY ? 'fail' : 'ok'));
      return true;
    },
  );
  await clock.pass(6_000);
  expect(follows).not.toHaveBeenCalled();
  register.setFaults(() => 'ok');
  await clock.pass(3_000);
  await performed;
  expect(follows).toHaveBeenCalledTimes(1);
  expect(ends).toMatchObject([{ outcome: { state: 'succeeded' }, record: { progress: { delivered: true } } }]);
});

describe('a run that was taken over a while ago', () => {
  const later = jest.fn(async () => undefined);
  const begun = async () => {
    later.mockClear();
    let stop: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => (stop = resolve));
    void engine.perform(
      recipe({
        plan: stepsOf(
          () => stopped,
          async () => undefined,
        ),
      }),
    );
    await clock.pass(2_000);
    // Of this process nothing goes on any more; the record stays.
    await register.put(ownerKey('owner-1'), GONE, {
      ifMatch: (await register.get(ownerKey('owner-1')))?.version ?? '',
    });
    await clock.pass(8_000);
    stop();
    await engine.idle();
    later.mockClear();
    const entry = await register.get(KEY);
    return { record: entry?.value as JournalRecord, taken: new Map([['demo/thing/a', entry?.version ?? '']]) };
  };

  test('is gone on with when the record is as it was, in the name of the process', async () => {
    const interrupted = await begun();
    const performed = engine.resume(recipe({ plan: stepsOf(later, later) }) as never, interrupted);
    await clock.pass(2_000);
    expect(await performed).toMatchObject({ outcome: { state: 'succeeded' } });
    expect(later).toHaveBeenCalled();
    expect(ends).toMatchObject([{ record: { owner: 'owner-2' } }]);
  });

  test('is left alone when another process has taken it since', async () => {
    const interrupted = await begun();
    await takenByOthers();
    await engine.resume(recipe({ plan: stepsOf(later, later) }) as never, interrupted);
    expect(later).not.toHaveBeenCalled();
    expect(ends).toEqual([]);
    expect(await record()).toMatchObject({ owner: 'other' });
  });

  test('is left as it is when the store does not answer', async () => {
    const interrupted = await begun();
    register.setFaults((call) => (call === 'put' ? 'fail' : 'ok'));
    await engine.resume(recipe({ plan: stepsOf(later, later) }) as never, interrupted);
    expect(later).not.toHaveBeenCalled();
    expect(await record()).toMatchObject({ state: 'running', operationId: 'op-1' });
  });
});

test('a claim that comes after the lease could not be renewed is given back', async () => {
  register.setFaults((call, key) => (call === 'put' && key === ownerKey('owner-1') ? 'fail' : 'ok'));
  let claim: () => void = () => undefined;
  const late = new Promise<void>((resolve) => (claim = resolve));
  register.setBefore((call, key) => (call === 'put' && key === KEY ? late : Promise.resolve()));
  const performed = engine.perform(recipe());
  await clock.pass(100);
  claim();
  expect(await performed).toMatchObject({ outcome: { state: 'failed', error: { kind: 'unavailable' } } });
  await clock.pass(100);
  expect((await register.get(KEY))?.value).toEqual({ freed: 'op-1' });
});
