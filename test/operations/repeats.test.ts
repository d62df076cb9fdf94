import { setImmediate as nextTurn } from 'node:timers/promises';
import { createDeadlines } from '../../src/base/deadlines';
import { fail } from '../../src/base/errors';
import type { JsonValue } from '../../src/base/json';
import { createEngine } from '../../src/engine/perform';
import { answer, definePlan } from '../../src/engine/plan';
import type { Recipe } from '../../src/engine/recipe';
import type { Register } from '../../src/engine/register';
import { oncePolicy } from '../../src/engine/retry';
import { createHistory } from '../../src/operations/history';
import { createMemoryRegister } from '../../src/operations/memory-register';
import { createOperationId } from '../../src/operations/operation-id';
import { createRepeats, KEYS_PREFIX, type Key } from '../../src/operations/repeats';
import { createTestClock, type TestClock } from '../support/clock';

const KEY: Key = { scope: 'scope', digest: 'digest' };
const OTHER: Key = { ...KEY, digest: 'of another body' };
const HOUR_MS = 3_600_000;

/** One process on a register that others may share. */
function processOn(register: Register, clock: TestClock) {
  const history = createHistory({
    clock,
    register,
    isMemory: false,
    deadlines: createDeadlines(clock),
    keepDays: () => 7,
    asking: () => ({ requestId: 'r', endpoint: 'toy' }),
    answerOf: (_asked: JsonValue, value) => ({ status: 201, text: JSON.stringify(value) }),
  });
  const engine = createEngine({
    register,
    clock,
    newId: (claim) => createOperationId(clock.now(), claim),
    listeners: [history.listener],
    notary: history.notary,
  });
  const repeats = createRepeats({ register, clock, history, beginsWithinMs: 60_000 });
  /** As a request runs under a key. */
  const request = async (key: Key, run: () => Promise<string>) => {
    const recipe = toy(run);
    const admission = await repeats.admit('demo', key, engine.newId(recipe));
    if (admission.is !== 'run') return admission;
    const performed = await engine.perform(recipe, undefined, admission);
    await repeats.ended('demo', key, performed.operationId);
    return { ...performed, attempt: admission.attempt };
  };
  return { history, repeats, request };
}

const toy = (run: () => Promise<string>): Recipe<null, string> => ({
  kind: 'toy',
  version: 1,
  title: 'Toy',
  input: null,
  claims: ['demo/bucket/photos'],
  recovery: 'forward',
  look: () => Promise.resolve(null),
  plan: () =>
    definePlan('toy', 'Toy', (step) => {
      const made = step({ title: 'Make it', retry: oncePolicy, run });
      return answer({ made }, (results) => results.made);
    }),
});

/** A register as others share it: it tells ages by its own clock. */
function aged(register: Register, clock: TestClock): Register {
  const writtenAt = new Map<string, number>();
  const ageOf = (key: string): number => clock.now() - (writtenAt.get(key) ?? 0);
  return {
    get: async (key) => {
      const entry = await register.get(key);
      return entry && { ...entry, ageMs: ageOf(key) };
    },
    put: async (key, value, condition) => {
      const written = await register.put(key, value, condition);
      if (written.ok) writtenAt.set(key, clock.now());
      return written;
    },
    delete: (key, condition) => register.delete(key, condition),
    list: async (prefix, part) => (await register.list(prefix, part)).map((one) => ({ ...one, ageMs: ageOf(one.key) })),
  };
}

let clock: TestClock;
let register: Register;
beforeEach(() => {
  clock = createTestClock();
  register = createMemoryRegister();
});

const made = (): Promise<string> => Promise.resolve('made');
const refused = (): Promise<string> => Promise.reject(failure());
const failure = (): Error => {
  try {
    return fail({ kind: 'denied', detail: 'AWS says no' });
  } catch (thrown) {
    return thrown as Error;
  }
};

test('a repeat in another process gets the first answer, and nothing runs again', async () => {
  const first = await processOn(register, clock).request(KEY, made);
  const run = jest.fn(made);
  const repeat = await processOn(register, clock).request(KEY, run);
  expect(first).toMatchObject({ outcome: { state: 'succeeded' } });
  expect(repeat).toMatchObject({
    is: 'repeat',
    operationId: 'operationId' in first ? first.operationId : '',
    ended: { record: { answer: { status: 201, text: '"made"' } } },
  });
  expect(run).not.toHaveBeenCalled();
});

test('the same key with another body is a mismatch, also where the first did not succeed', async () => {
  const one = processOn(register, clock);
  await one.request(KEY, refused);
  expect(await one.request(OTHER, made)).toEqual({ is: 'mismatch' });
  await one.request(KEY, made);
  expect(await processOn(register, clock).request(OTHER, made)).toEqual({ is: 'mismatch' });
});

test('what did not succeed runs again under its id, as the next attempt; its success is what repeats get', async () => {
  const first = await processOn(register, clock).request(KEY, refused);
  const two = processOn(register, clock);
  const second = await two.request(KEY, made);
  expect(first).toMatchObject({ attempt: 1, outcome: { state: 'failed' } });
  expect(second).toMatchObject({
    attempt: 2,
    operationId: 'operationId' in first ? first.operationId : '',
    outcome: { state: 'succeeded' },
  });
  expect(await processOn(register, clock).request(KEY, made)).toMatchObject({ is: 'repeat' });
});

test('a key whose request was refused before anything was begun is free, for whatever body', async () => {
  const { repeats } = processOn(register, clock);
  expect(await repeats.admit('demo', KEY, 'op-1')).toEqual({ is: 'run', operationId: 'op-1', attempt: 1 });
  await repeats.ended('demo', KEY, 'op-1');
  expect(await register.list(KEYS_PREFIX)).toEqual([]);
  expect(await repeats.admit('demo', OTHER, 'op-2')).toMatchObject({ is: 'run', operationId: 'op-2' });
});

test('a key that a process left before it had begun anything runs under another id', async () => {
  await processOn(register, clock).repeats.admit('demo', KEY, 'op-1');
  expect(await processOn(register, clock).repeats.admit('demo', OTHER, 'op-2')).toEqual({
    is: 'run',
    operationId: 'op-2',
    attempt: 1,
  });
});

test('where others share the register, such a key counts as running for a minute', async () => {
  const shared = aged(register, clock);
  await processOn(shared, clock).repeats.admit('demo', KEY, 'op-1');
  const other = processOn(shared, clock);
  expect(await other.repeats.admit('demo', KEY, 'op-2')).toEqual({ is: 'running', operationId: 'op-1' });
  clock.advance(61_000);
  expect(await other.repeats.admit('demo', KEY, 'op-2')).toMatchObject({ is: 'run', operationId: 'op-2' });
});

test('of many requests under one key at once, in two processes, one runs', async () => {
  const shared = aged(register, clock);
  const [one, other] = [processOn(shared, clock), processOn(shared, clock)];
  const run = jest.fn(async () => {
    await nextTurn();
    return 'made';
  });
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? one : other).request(KEY, run)),
  );
  expect(run).toHaveBeenCalledTimes(1);
  expect(answers.filter((each) => 'outcome' in each)).toHaveLength(1);
  expect(answers.filter((each) => 'is' in each && each.is === 'running')).toHaveLength(19);
});

test('a day later the key is forgotten', async () => {
  const { request, repeats } = processOn(register, clock);
  await request(KEY, made);
  clock.advance(23 * HOUR_MS);
  await repeats.prune();
  expect(await register.list(KEYS_PREFIX)).toHaveLength(1);
  clock.advance(2 * HOUR_MS);
  expect(await repeats.admit('demo', OTHER, 'op-9')).toMatchObject({ is: 'run', operationId: 'op-9' });
  clock.advance(25 * HOUR_MS);
  await repeats.prune();
  expect(await register.list(KEYS_PREFIX)).toEqual([]);
});

test('what is stored of a key tells no body', async () => {
  await processOn(register, clock).request({ scope: 's', digest: 'd' }, made);
  const [listed] = await register.list(KEYS_PREFIX);
  const entry = await register.get(listed?.key ?? '');
  expect(Object.keys(entry?.value ?? {}).sort()).toEqual(['at', 'attempt', 'digest', 'operationId']);
});
