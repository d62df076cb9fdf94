import { createLease, GONE, type Lease, ownerKey } from '../../src/engine/lease';
import { createFaultyRegister, type FaultyRegister } from '../support/register';
import { createHandClock, type HandClock } from '../support/hand-clock';

const LEASE_MS = 30_000;
const HEARTBEAT_MS = 8_000;
const CALL_MS = 12_000;

let register: FaultyRegister;
let clock: HandClock;
let lease: Lease;

beforeEach(() => {
  register = createFaultyRegister();
  clock = createHandClock();
  let owners = 0;
  const newOwner = (): string => `owner-${String((owners += 1))}`;
  lease = createLease({ register, clock, leaseMs: LEASE_MS, heartbeatMs: HEARTBEAT_MS, newOwner });
});

const signOf = async (owner: string) => register.get(ownerKey(owner));
const declareDead = async (owner: string): Promise<void> => {
  const sign = await signOf(owner);
  await register.put(ownerKey(owner), GONE, { ifMatch: sign?.version ?? '' });
};
const SUPERSEDED: unknown = expect.objectContaining({
  error: expect.objectContaining({ kind: 'superseded' }) as unknown,
});

test('a process in which nothing runs writes no sign of life', async () => {
  await clock.pass(10 * LEASE_MS);
  expect(register.calls).toEqual([]);
});

test('a lease that was just renewed is not renewed again', async () => {
  lease.enter(() => undefined);
  await lease.ensure();
  await lease.ensure();
  expect(register.calls.filter((call) => call.startsWith('put'))).toHaveLength(1);
});

test('a call may leave while the lease has its time left, and waits for a sign of life when it has not', async () => {
  const { mayCall } = lease.enter(() => undefined);
  await lease.ensure();
  register.setFaults((call) => (call === 'put' ? 'fail' : 'ok'));
  await clock.pass(LEASE_MS - CALL_MS);
  expect(mayCall(CALL_MS)).toBeUndefined();
  await clock.pass(1);
  const waiting = mayCall(CALL_MS);
  expect(waiting).toBeInstanceOf(Promise);
  register.setFaults(() => 'ok');
  await clock.pass(HEARTBEAT_MS);
  await expect(waiting).resolves.toBeUndefined();
});

test('a lease that cannot be renewed ends on time, and its runs are told', async () => {
  const lose = jest.fn();
  const { mayCall } = lease.enter(lose);
  await lease.ensure();
  register.setFaults((call) => (call === 'put' ? 'fail' : 'ok'));
  await clock.pass(LEASE_MS - 1);
  const waiting = mayCall(CALL_MS);
  const refused = expect(waiting).rejects.toEqual(SUPERSEDED);
  expect(lose).not.toHaveBeenCalled();
  await clock.pass(1);
  await refused;
  expect(lose).toHaveBeenCalledTimes(1);
  expect(lease.losses()).toBe(1);
  expect(lease.owner()).toBe('owner-2');
});

test.each(['wall', 'monotonic'] as const)('a lease is over when the %s clock alone says so', async (which) => {
  const { mayCall } = lease.enter(() => undefined);
  await lease.ensure();
  clock.jump(which, LEASE_MS);
  expect(() => mayCall(CALL_MS)).toThrow(/lost its hold/);
});

test('a lease is not over when the wall clock is set back', async () => {
  const { mayCall } = lease.enter(() => undefined);
  await lease.ensure();
  clock.jump('wall', -3_600_000);
  expect(mayCall(CALL_MS)).toBeUndefined();
});

test('a process that was declared dead knows it by its next sign of life', async () => {
  const lose = jest.fn();
  const { owner } = lease.enter(lose);
  await lease.ensure();
  await declareDead(owner);
  await clock.pass(HEARTBEAT_MS);
  expect(lose).toHaveBeenCalledTimes(1);
});

test('a sign of life whose reply is lost is recognized by the next one', async () => {
  const lose = jest.fn();
  const { mayCall } = lease.enter(lose);
  register.setFaults((call) => (call === 'put' ? 'lost' : 'ok'));
  await expect(lease.ensure()).rejects.toThrow('the reply is lost');
  register.setFaults(() => 'ok');
  await lease.ensure();
  expect(lose).not.toHaveBeenCalled();
  expect(mayCall(CALL_MS)).toBeUndefined();
});

test('a run that begins after nothing has run for longer than a lease is not taken for lost', async () => {
  lease.enter(() => undefined).leave();
  await lease.ensure();
  await clock.pass(2 * LEASE_MS);
  const lose = jest.fn();
  const { owner, mayCall } = lease.enter(lose);
  await lease.ensure();
  expect(lose).not.toHaveBeenCalled();
  expect(mayCall(CALL_MS)).toBeUndefined();
  expect(await signOf(owner)).toBeDefined();
});

test('a sign of life of a former term that is on its way does not pass for one of the new term', async () => {
  lease.enter(() => undefined);
  await lease.ensure();
  let arrive: () => void = () => undefined;
  const late = new Promise<void>((resolve) => (arrive = resolve));
  register.setBefore((call, key) => (call === 'put' && key === ownerKey('owner-1') ? late : Promise.resolve()));
  await clock.pass(HEARTBEAT_MS);
  clock.jump('wall', LEASE_MS);
  const { owner, mayCall } = lease.enter(() => undefined);
  expect(owner).toBe('owner-2');
  const ensured = lease.ensure();
  arrive();
  await ensured;
  expect(await signOf(owner)).toBeDefined();
  expect(mayCall(CALL_MS)).toBeUndefined();
});

test('a process that resigns says so in its sign of life, and begins anew under another name', async () => {
  const { owner, leave } = lease.enter(() => undefined);
  await lease.ensure();
  leave();
  await lease.resign();
  expect((await signOf(owner))?.value).toBe(GONE);
  expect(lease.owner()).not.toBe(owner);
});
