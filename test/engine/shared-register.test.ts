import { heldIn } from '../support/entries';
import { createLease, GONE, ownerKey } from '../../src/engine/lease';
import { createEngine } from '../../src/engine/perform';
import { createRecovery } from '../../src/engine/recover';
import { createTestClock, type TestClock } from '../support/clock';
import { createFaultyRegister, type FaultyRegister } from '../support/register';
import { planOf, recipe, type TestRecipe } from './harness';

/** Processes that share a register. */

const LEASE_MS = 30_000;
const CLAIM = 'claims/demo/thing/a';

interface Process {
  readonly lease: ReturnType<typeof createLease>;
  readonly engine: ReturnType<typeof createEngine>;
  readonly recovery: ReturnType<typeof createRecovery>;
}

function startProcess(name: string, register: FaultyRegister, clock: TestClock): Process {
  let names = 0;
  const times = { leaseMs: LEASE_MS, heartbeatMs: 8_000 };
  const lease = createLease({ register, clock, newOwner: () => `${name}-${(names += 1)}`, ...times });
  let n = 0;
  const engine = createEngine({
    register,
    clock,
    lease,
    isDurable: true,
    newId: () => `${name}-op-${(n += 1)}`,
    listeners: [],
  });
  const recovery = createRecovery({
    register,
    clock,
    lease: { lease, leaseMs: LEASE_MS },
    isRunning: engine.isRunning,
    accepts: async () => true,
  });
  return { lease, engine, recovery };
}

let register: FaultyRegister;
let clock: TestClock;
beforeEach(() => {
  register = createFaultyRegister();
  clock = createTestClock();
});

/** A journal that its process has left. */
const leave = (owner: string) =>
  register.put(
    CLAIM,
    {
      operationId: 'left',
      kind: 'test-thing',
      title: 'Test a thing',
      startedAt: '2030-01-01T00:00:00.000Z',
      state: 'running',
      recovery: 'forward',
      version: 1,
      claims: ['demo/thing/a'],
      input: {},
      preImage: {},
      owner,
    },
    { ifAbsent: true },
  );

describe('a process that had nothing to do for longer than a lease', () => {
  test('works on under the same name, and has lost nothing', async () => {
    const { engine, lease } = startProcess('p', register, clock);
    await engine.perform(recipe());
    await engine.idle();
    clock.advance(10 * LEASE_MS);
    const { outcome } = await engine.perform(recipe());
    expect(outcome).toEqual({ state: 'succeeded', value: 'made' });
    expect([lease.owner(), lease.losses()]).toEqual(['p-1', 0]);
  });

  test('or nearly as long, works on while its next sign of life is slow to be written', async () => {
    const { engine, lease } = startProcess('p', register, clock);
    await engine.perform(recipe());
    await engine.idle();
    clock.advance(LEASE_MS - 1_000);
    register.setBefore(async (call, key) => {
      if (call === 'put' && key === ownerKey('p-1')) await clock.sleep(10_000);
    });
    expect((await engine.perform(recipe())).outcome.state).toBe('succeeded');
    expect(lease.losses()).toBe(0);
  });

  test('has another name after half a day: its sign of life may be swept', async () => {
    const { engine, lease } = startProcess('p', register, clock);
    await engine.perform(recipe());
    await engine.idle();
    clock.advance(50_000_000);
    expect((await engine.perform(recipe())).outcome.state).toBe('succeeded');
    expect([lease.owner(), lease.losses()]).toEqual(['p-2', 0]);
  });

  test('whose sign of life others have ended loses the lease, and nothing is done', async () => {
    const { engine, lease } = startProcess('p', register, clock);
    await engine.perform(recipe());
    await engine.idle();
    clock.advance(10 * LEASE_MS);
    const sign = await register.get(ownerKey('p-1'));
    await register.put(ownerKey('p-1'), GONE, { ifMatch: sign?.version ?? '' });
    const run = jest.fn(async () => 'made');
    const { outcome } = await engine.perform(recipe({ plan: () => planOf(run) }));
    expect(outcome).toMatchObject({ state: 'failed', error: { kind: 'unavailable' }, left: [] });
    expect(run).not.toHaveBeenCalled();
    expect(lease.owner()).toBe('p-2');
  });
});

describe('a run that is left before its journal is written', () => {
  test('→ failed, its claims free: nobody goes on with it', async () => {
    const { engine } = startProcess('p', register, clock);
    let began: () => void = () => undefined;
    const looking = new Promise<void>((resolve) => (began = resolve));
    let look: (seen: { there: readonly string[] }) => void = () => undefined;
    const seen = new Promise<{ there: readonly string[] }>((resolve) => (look = resolve));
    const slow: Partial<TestRecipe> = {
      look: async () => {
        began();
        const found = await seen;
        // As a call to AWS does that is about to be sent.
        const { runningOperation } = await import('../../src/base/running-operation');
        await runningOperation()?.mayCall(1);
        return found;
      },
    };
    const { withOperation } = await import('../../src/base/running-operation');
    const own = createEngine({
      register,
      clock,
      within: withOperation,
      lease: startProcess('q', register, clock).lease,
      isDurable: true,
      newId: () => 'q-op',
      listeners: [],
    });
    const running = own.perform(recipe(slow));
    await looking;
    const left = own.handOver();
    look({ there: [] });
    await left;
    expect((await running).outcome).toMatchObject({ state: 'failed', error: { kind: 'unavailable' }, left: [] });
    expect(await heldIn(register, 'claims/demo/')).toEqual([]);
    await engine.idle();
  });
});

describe('a claim that another process holds', () => {
  test('that is given back in a moment is waited for', async () => {
    await register.put(CLAIM, { operationId: 'other', owner: 'o' }, { ifAbsent: true });
    const { engine } = startProcess('p', register, clock);
    const running = engine.perform(recipe());
    void clock.sleep(150).then(async () => {
      const entry = await register.get(CLAIM);
      await register.put(CLAIM, { freed: 'other' }, { ifMatch: entry?.version ?? '' });
    });
    expect((await running).outcome.state).toBe('succeeded');
  });

  test('and keeps → busy after two more tries', async () => {
    await register.put(CLAIM, { operationId: 'other', owner: 'o' }, { ifAbsent: true });
    const { engine } = startProcess('p', register, clock);
    const { outcome } = await engine.perform(recipe());
    expect(outcome).toMatchObject({ state: 'failed', error: { kind: 'busy' } });
    expect(register.calls.filter((call) => call === `get ${CLAIM}`)).toHaveLength(3);
  });
});

describe('what a dead process has left', () => {
  test('is taken up by one of two that saw it at once, which keeps its own lease', async () => {
    await leave('dead');
    await register.put(ownerKey('dead'), { owner: 'dead', readMe: 'x'.repeat(200) }, { ifAbsent: true });
    const [one, two] = [startProcess('one', register, clock), startProcess('two', register, clock)];
    await Promise.all([one.recovery.scan(), two.recovery.scan()]);
    clock.advance(LEASE_MS + 1);
    // Both have listed before either reads; then the one is through before the other goes on.
    let goOn: () => void = () => undefined;
    const oneIsThrough = new Promise<void>((resolve) => (goOn = resolve));
    let reads = 0;
    register.setBefore(async (call, key) => {
      if (call !== 'get' || key !== CLAIM) return;
      reads += 1;
      if (reads === 2) await oneIsThrough;
    });
    const first = one.recovery.scan();
    const second = two.recovery.scan();
    const taken = await Promise.race([first, second]);
    goOn();
    const all = [...(await first), ...(await second)];
    expect(taken).toHaveLength(1);
    expect(all).toHaveLength(1);
    const [winner] = all;
    expect((await register.get(ownerKey(String(winner?.record.owner))))?.value).not.toBe(GONE);
  });

  test('is left to it when it gives a sign of life before it is fenced', async () => {
    await leave('slow');
    const sign = { owner: 'slow', readMe: 'x'.repeat(200) };
    await register.put(ownerKey('slow'), sign, { ifAbsent: true });
    const { recovery } = startProcess('p', register, clock);
    await recovery.scan();
    clock.advance(LEASE_MS + 1);
    register.setBefore(async (call, key) => {
      if (call !== 'put' || key !== ownerKey('slow')) return;
      register.setBefore(async () => undefined);
      const entry = await register.get(key);
      await register.put(key, sign, { ifMatch: entry?.version ?? '' });
    });
    expect(await recovery.scan()).toEqual([]);
    expect((await register.get(CLAIM))?.value).toMatchObject({ owner: 'slow' });
  });

  test('of signs of life goes when it is a day old', async () => {
    await register.put(ownerKey('dead'), { owner: 'dead', readMe: 'x'.repeat(200) }, { ifAbsent: true });
    const { recovery } = startProcess('p', register, clock);
    await recovery.scan();
    clock.advance(86_400_001);
    await recovery.scan();
    expect(await register.get(ownerKey('dead'))).toBeUndefined();
  });
});
