import type { JournalRecord } from '../../src/engine/journal';
import { createLease, GONE, ownerKey } from '../../src/engine/lease';
import { createRecovery, type Recovery } from '../../src/engine/recover';
import { createFaultyRegister, type FaultyRegister } from '../support/register';
import { createHandClock, type HandClock } from '../support/hand-clock';

const LEASE_MS = 30_000;
const KEY = 'claims/demo/a';

let register: FaultyRegister;
let clock: HandClock;
let running: Set<string>;
beforeEach(() => {
  register = createFaultyRegister();
  clock = createHandClock();
  running = new Set();
});

function recoveryOf(name: string): Recovery {
  // Where processes share a register it tells ages; then what is short is held by nobody.
  const shared = {
    ...register,
    list: async (prefix: string) => (await register.list(prefix)).map((entry) => ({ ...entry, ageMs: 0 })),
  };
  const lease = createLease({ register, clock, leaseMs: LEASE_MS, heartbeatMs: 8_000, newOwner: () => name });
  return createRecovery({
    register: shared,
    clock,
    lease: { lease, leaseMs: LEASE_MS },
    isRunning: (id) => running.has(id),
    accepts: () => Promise.resolve(true),
  });
}
const journalOf = (owner: string | null): JournalRecord => ({
  operationId: 'op-1',
  kind: 'test',
  startedAt: '2030-01-01T00:00:00.000Z',
  owner,
  of: 'demo/a',
  title: 'Test',
  state: 'running',
  recovery: 'forward',
  claims: ['demo/a'],
  version: 1,
  input: {},
  preImage: {},
  readMe: 'x'.repeat(200),
});
const put = async (key: string, value: unknown): Promise<void> => {
  const before = await register.get(key);
  await register.put(key, value as never, before ? { ifMatch: before.version } : { ifAbsent: true });
};
const sign = (owner: string, at = 0): Promise<void> =>
  put(ownerKey(owner), { owner, at: String(at), readMe: 'x'.repeat(200) });
const ownerNow = async (): Promise<unknown> => ((await register.get(KEY))?.value as JournalRecord).owner;

/** A run of a process that has given no sign of life since, as the other process has seen it for a while. */
async function abandoned(heir: Recovery): Promise<void> {
  await put(KEY, journalOf('dead'));
  await sign('dead');
  expect(await heir.scan()).toEqual([]);
}

test('a run is taken over when neither it nor its process has changed for a whole lease', async () => {
  const heir = recoveryOf('heir');
  await abandoned(heir);
  await clock.pass(LEASE_MS - 1);
  expect(await heir.scan()).toEqual([]);
  await clock.pass(1);
  expect(await heir.scan()).toHaveLength(1);
  expect(await ownerNow()).toBe('heir');
  expect((await register.get(ownerKey('dead')))?.value).toBe(GONE);
});

test('a run whose process gives signs of life is left to it', async () => {
  const other = recoveryOf('other');
  await abandoned(other);
  for (let n = 1; n <= 6; n += 1) {
    await clock.pass(LEASE_MS / 3);
    await sign('dead', n);
    expect(await other.scan()).toEqual([]);
  }
  expect(await ownerNow()).toBe('dead');
});

test('a wall clock that is set has nobody taken over', async () => {
  const other = recoveryOf('other');
  await abandoned(other);
  clock.jump('wall', 10 * LEASE_MS);
  expect(await other.scan()).toEqual([]);
});

test('a run that another process has just taken over is not taken from it', async () => {
  const [heir, late] = [recoveryOf('heir'), recoveryOf('late')];
  await abandoned(heir);
  await late.scan();
  await clock.pass(LEASE_MS);
  let isListed = false;
  register.setBefore(async (call, key) => {
    // The slower one has seen that the run is left; then the faster one takes it.
    if (call !== 'get' || key !== KEY || isListed) return;
    isListed = true;
    expect(await heir.scan()).toHaveLength(1);
  });
  expect(await late.scan()).toEqual([]);
  expect(isListed).toBe(true);
  expect(await ownerNow()).toBe('heir');
});

test('a process that gives a sign of life at the last moment keeps its run', async () => {
  const other = recoveryOf('other');
  await abandoned(other);
  await clock.pass(LEASE_MS);
  let hasSigned = false;
  register.setBefore(async (call, key) => {
    if (call !== 'put' || key !== ownerKey('dead') || hasSigned) return;
    hasSigned = true;
    await sign('dead', 1);
  });
  expect(await other.scan()).toEqual([]);
  expect(hasSigned).toBe(true);
  expect(await ownerNow()).toBe('dead');
});

test('a sign of life that was given while a list was made counts from the end of the list', async () => {
  const heir = recoveryOf('heir');
  let isSlow = true;
  register.setBefore(async (call) => {
    if (call !== 'list' || !isSlow) return;
    isSlow = false;
    await clock.pass(10_000);
    await put(KEY, journalOf('dead'));
    await sign('dead');
  });
  await heir.scan();
  await clock.pass(LEASE_MS - 10_000);
  expect(await heir.scan()).toEqual([]);
  await clock.pass(10_000);
  expect(await heir.scan()).toHaveLength(1);
});

test('a run that was handed over by a process that has resigned is taken at the next look', async () => {
  await put(KEY, journalOf(null));
  await put(ownerKey('dead'), GONE);
  const heir = recoveryOf('heir');
  expect(await heir.scan()).toHaveLength(1);
  expect(await ownerNow()).toBe('heir');
});

test('a record of this process that it does not go on with is taken up after a lease, and its lease goes on', async () => {
  const own = recoveryOf('own');
  await put(KEY, journalOf('own'));
  await sign('own');
  running.add('op-1');
  await own.scan();
  running.delete('op-1');
  await clock.pass(LEASE_MS);
  await sign('own', 1);
  expect(await own.scan()).toHaveLength(1);
  expect((await register.get(ownerKey('own')))?.value).not.toBe(GONE);
});

test('a claim without a journal is freed when its process is dead', async () => {
  const heir = recoveryOf('heir');
  await put(KEY, {
    operationId: 'op-1',
    kind: 'test',
    startedAt: '',
    owner: 'dead',
    of: 'demo/a',
    readMe: 'x'.repeat(200),
  });
  await heir.scan();
  await clock.pass(LEASE_MS);
  expect(await heir.scan()).toEqual([]);
  expect((await register.get(KEY))?.value).toEqual({ freed: 'op-1' });
});
