import { runningOperation, withOperation } from '../../src/base/running-operation';
import type { JournalRecord } from '../../src/engine/journal';
import { createLease, type Lease } from '../../src/engine/lease';
import { createEngine, type Engine } from '../../src/engine/perform';
import { answer, definePlan, type StepSpec } from '../../src/engine/plan';
import { oncePolicy } from '../../src/engine/retry';
import { createRecovery, type Recovery } from '../../src/engine/recover';
import { errors, failure } from '../support/errors';
import { createHandClock, type HandClock } from '../support/hand-clock';
import { createFaultyRegister, type FaultyRegister } from '../support/register';
import { recipe, type TestRecipe } from './harness';

const LEASE_MS = 30_000;
const CALL_MS = 12_000;
const KEY = 'claims/demo/thing/a';

let register: FaultyRegister;
let clock: HandClock;
beforeEach(() => {
  register = createFaultyRegister();
  clock = createHandClock();
});

interface Process {
  readonly engine: Engine;
  readonly recovery: Recovery;
  readonly lease: Lease;
}

function startProcess(name: string): Process {
  // A store that processes share tells ages; then what is short is held by nobody.
  const list: FaultyRegister['list'] = async (prefix) =>
    (await register.list(prefix)).map((listed) => ({ ...listed, ageMs: 0 }));
  const lease = createLease({ register, clock, leaseMs: LEASE_MS, heartbeatMs: 8_000, newOwner: () => name });
  const engine = createEngine({
    register,
    clock,
    lease,
    isDurable: true,
    callTimeoutMs: CALL_MS,
    within: withOperation,
    newId: () => `${name}-op`,
    listeners: [],
  });
  const { isRunning } = engine;
  const accepts = () => Promise.resolve(true);
  return {
    lease,
    engine,
    recovery: createRecovery({
      register: { ...register, list },
      clock,
      lease: { lease, leaseMs: LEASE_MS },
      isRunning,
      accepts,
    }),
  };
}

type Step = StepSpec<Record<never, never>, unknown>;
/** A step that makes one call, as what speaks to AWS does. */
const calling = (title: string, call: () => Promise<unknown>): Step => ({
  title,
  retry: oncePolicy,
  run: async () => {
    await runningOperation()?.mayCall(CALL_MS);
    await call();
  },
});
const planOf =
  (first: Step, second: Step): TestRecipe['plan'] =>
  () =>
    definePlan('test-thing', 'Test a thing', (step) => {
      const last = step({ ...second, after: [step(first)] });
      return answer({ last }, () => 'made');
    });
const record = async () => (await register.get(KEY))?.value as JournalRecord;

test('a run that is handed over in the middle of a call notes how that ended, and another process does the rest', async () => {
  const [one, heir] = [startProcess('one'), startProcess('heir')];
  let reply: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => (reply = resolve));
  const calls: string[] = [];
  const plan = (name: string, first: () => Promise<unknown>): TestRecipe['plan'] =>
    planOf(
      calling('Make it', () => {
        calls.push(`${name} makes`);
        return first();
      }),
      calling('Tag it', async () => calls.push(`${name} tags`)),
    );
  const performed = one.engine.perform(recipe({ plan: plan('one', () => answered) }));
  await clock.pass(10);
  const left = one.engine.handOver();
  reply();
  await left;
  expect(await performed).toMatchObject({ outcome: { state: 'running', error: { kind: 'superseded' } } });
  expect(await record()).toMatchObject({ owner: null, progress: { done: [{ title: 'Make it' }] } });
  await one.lease.resign();
  const [run] = await heir.recovery.scan();
  if (!run) throw new Error('it is not found');
  const resumed = heir.engine.resume(recipe({ plan: plan('heir', async () => undefined) }) as never, run);
  await clock.pass(CALL_MS);
  expect((await resumed).outcome.state).toBe('succeeded');
  expect(calls).toEqual(['one makes', 'heir tags']);
});

test('a run that is handed over while it waits for a busy AWS does not wait any longer', async () => {
  const { engine } = startProcess('one');
  let undos = 0;
  const busy: Step = {
    ...calling('Make it', async () => undefined),
    undo: async () => {
      await runningOperation()?.mayCall(CALL_MS);
      undos += 1;
      throw failure(errors.throttled);
    },
  };
  const performed = engine.perform(
    recipe({
      plan: planOf(
        busy,
        calling('Tag it', () => Promise.reject(failure(errors.denied))),
      ),
    }),
  );
  await clock.pass(120_000);
  expect(await performed).toMatchObject({ outcome: { state: 'running', undoing: ['Make it'] } });
  const before = undos;
  const now = clock.monotonic();
  await engine.handOver();
  expect({ undos, now: clock.monotonic() }).toEqual({ undos: before, now });
  expect(await record()).toMatchObject({ owner: null, progress: { undoing: true } });
});

test('a run that is handed over before its journal is written has done nothing, and is nobody’s to go on with', async () => {
  const [one, heir] = [startProcess('one'), startProcess('heir')];
  const make = jest.fn(async () => undefined);
  let seen: () => void = () => undefined;
  const looking = new Promise<void>((resolve) => (seen = resolve));
  const performed = one.engine.perform(
    recipe({
      look: async () => {
        await looking;
        await runningOperation()?.mayCall(CALL_MS);
        return { there: [] };
      },
      plan: planOf(calling('Make it', make), calling('Tag it', make)),
    }),
  );
  await clock.pass(10);
  const left = one.engine.handOver();
  seen();
  await left;
  expect(await performed).toMatchObject({ outcome: { state: 'failed', error: { kind: 'unavailable' }, left: [] } });
  expect(make).not.toHaveBeenCalled();
  expect((await register.get(KEY))?.value).toEqual({ freed: 'one-op' });
  expect(await heir.recovery.scan()).toEqual([]);
});
