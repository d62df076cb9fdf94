import { READ_ME } from '../../src/engine/records';
import { entriesOf, heldIn } from '../support/entries';
import { CLAIM_WAIT_MS, type Claims, createClaims } from '../../src/engine/claims';
import { type DomainError, toDomainError } from '../../src/base/errors';
import { createTestClock, type TestClock } from '../support/clock';
import { createFaultyRegister, type FaultyRegister } from '../support/register';

let register: FaultyRegister;
let clock: TestClock;

beforeEach(() => {
  register = createFaultyRegister();
  clock = createTestClock();
});

function claimsOf(operationId: string): Claims {
  return createClaims(register, clock, { operationId, kind: 'test', startedAt: '2030-01-01T00:00:00.000Z' });
}

async function keys(): Promise<readonly string[]> {
  return heldIn(register, 'claims/');
}

async function errorOf(work: Promise<unknown>): Promise<DomainError | undefined> {
  return work.then(
    () => undefined,
    (thrown: unknown) => toDomainError(thrown),
  );
}

/** Lets others run once at the first such call. */
function once(call: string, work: () => Promise<unknown>): void {
  let done = false;
  register.setBefore(async (name, key) => {
    if (done || `${name} ${key}` !== call) return;
    done = true;
    await work();
  });
}

describe('taking', () => {
  test('writes who holds the key', async () => {
    await claimsOf('one').take(['demo/bucket/b', 'demo/bucket/a', 'demo/bucket/b']);
    expect((await entriesOf(register, 'claims/')).map(({ key, value }) => ({ key, value }))).toEqual(
      ['claims/demo/bucket/a', 'claims/demo/bucket/b'].map((key) => ({
        key,
        value: {
          operationId: 'one',
          kind: 'test',
          startedAt: '2030-01-01T00:00:00.000Z',
          of: 'demo/bucket/a',
          readMe: READ_ME,
        },
      })),
    );
  });

  test('of a key that is held → busy, naming the holder; what was taken is given back', async () => {
    await claimsOf('one').take(['c']);
    const two = claimsOf('two');
    expect(await errorOf(two.take(['d', 'c', 'a', 'b']))).toMatchObject({
      kind: 'busy',
      holder: 'one',
      retryAfterSeconds: 2,
    });
    expect(await keys()).toEqual(['claims/c']);
    expect(two.keys()).toEqual([]);
  });

  test('again what is held already costs nothing', async () => {
    const one = claimsOf('one');
    await one.take(['a']);
    const before = register.calls.length;
    await one.take(['a']);
    expect(register.calls).toHaveLength(before);
  });

  test('keeps what was held before when further keys are busy', async () => {
    await claimsOf('one').take(['z']);
    const two = claimsOf('two');
    await two.take(['m']);
    expect(await errorOf(two.take(['b', 'z']))).toMatchObject({ kind: 'busy' });
    expect(two.keys()).toEqual(['m']);
    expect(await keys()).toEqual(['claims/m', 'claims/z']);
  });

  test('of overlapping sets at once → exactly one gets them', async () => {
    register.setBefore(async () => clock.sleep(5));
    const runs = ['one', 'two', 'three', 'four'].map(claimsOf);
    const orders = [
      ['a', 'b', 'c'],
      ['c', 'b', 'a'],
      ['b', 'c', 'a'],
      ['c', 'a', 'b'],
    ];
    const ended = await Promise.all(runs.map((claims, index) => errorOf(claims.take(orders[index] ?? []))));
    expect(ended.filter((error) => error === undefined)).toHaveLength(1);
    expect(ended.filter((error) => error?.kind === 'busy')).toHaveLength(3);
    expect(await keys()).toEqual(['claims/a', 'claims/b', 'claims/c']);
  });

  test('when the holder lets go between conflict and look → taken', async () => {
    const one = claimsOf('one');
    await one.take(['a']);
    once('get claims/a', () => one.release());
    const two = claimsOf('two');
    await two.take(['a']);
    expect(two.holds('a')).toBe(true);
  });

  test('of a key that is never free and never there → busy without a holder', async () => {
    register.setFaults((call) => (call === 'put' ? 'conflict' : 'ok'));
    const error = await errorOf(claimsOf('one').take(['a']));
    expect(error).toMatchObject({ kind: 'busy' });
    expect(error).not.toHaveProperty('holder');
  });

  test('when the store refuses the echo of our own write → ours', async () => {
    register.setFaults((call) => (call === 'put' ? 'echo' : 'ok'));
    const one = claimsOf('one');
    await one.take(['a']);
    expect(one.holds('a')).toBe(true);
    await one.release();
    expect(await keys()).toEqual([]);
  });

  test.each(['fail', 'lost'] as const)(
    'when the store ends with "%s" → rejects, and release leaves nothing',
    async (fault) => {
      register.setFaults((call, key) => (call === 'put' && key === 'claims/b' ? fault : 'ok'));
      const one = claimsOf('one');
      expect(await errorOf(one.take(['a', 'b', 'c']))).toMatchObject({ kind: 'unforeseen' });
      await one.release();
      expect(await keys()).toEqual([]);
      expect(register.calls).not.toContain('put claims/c');
    },
  );

  test.each([['text'], [null], [{ of: 'nobody' }], [{ operationId: 7 }]])(
    'a record that nobody can read (%j) is a holder without a name',
    async (value) => {
      await register.put('claims/a', value, { ifAbsent: true });
      const error = await errorOf(claimsOf('one').take(['a']));
      expect(error).toMatchObject({ kind: 'busy' });
      expect(error).not.toHaveProperty('holder');
    },
  );
});

describe('yielding', () => {
  const held = 'demo/user/photos/alice';

  test.each([
    ['the exact key', 'demo/user/photos/alice', true],
    ['a prefix ending in /', 'demo/user/photos/', true],
    ['a shorter prefix ending in /', 'demo/', true],
    ['a key it only begins with', 'demo/user/photos', false],
    ['a part of a name', 'demo/user/pho/', false],
    ['a longer key', 'demo/user/photos/alice2', false],
    ['a prefix below it', 'demo/user/photos/alice/', false],
  ])('to %s', async (_title, key, yields) => {
    await claimsOf('one').take([held]);
    const error = await errorOf(claimsOf('two').yieldTo(['demo/elsewhere', 'demo/elsewhere/', key]));
    expect(error?.kind).toBe(yields ? 'busy' : undefined);
    if (yields) expect(error).toMatchObject({ holder: 'one', detail: expect.stringContaining(held) });
  });

  test('never to itself', async () => {
    const one = claimsOf('one');
    await one.take([held]);
    await expect(one.yieldTo([held, 'demo/user/photos/'])).resolves.toBeUndefined();
  });
});

describe('waiting', () => {
  test('takes the keys as soon as their holder lets go', async () => {
    const one = claimsOf('one');
    await one.take(['b']);
    const two = claimsOf('two');
    await two.take(['z']);
    const waiting = two.takeWaiting(['a', 'b']);
    await clock.sleep(5_000);
    expect(two.holds('b')).toBe(false);
    await one.release();
    await waiting;
    expect(two.keys()).toEqual(['z', 'a', 'b']);
  });

  test('ends with busy when time is up, holding nothing of it', async () => {
    await claimsOf('one').take(['b']);
    const two = claimsOf('two');
    expect(await errorOf(two.takeWaiting(['a', 'b']))).toMatchObject({ kind: 'busy', holder: 'one' });
    expect(clock.monotonic()).toBeGreaterThanOrEqual(CLAIM_WAIT_MS);
    expect(clock.monotonic()).toBeLessThan(CLAIM_WAIT_MS + 2_000);
    expect(two.keys()).toEqual([]);
    expect(await keys()).toEqual(['claims/b']);
  });

  test('is bounded over all of the run', async () => {
    await claimsOf('one').take(['b']);
    const two = claimsOf('two');
    await errorOf(two.takeWaiting(['b']));
    const before = clock.monotonic();
    expect(await errorOf(two.takeWaiting(['b']))).toMatchObject({ kind: 'busy' });
    expect(clock.monotonic()).toBe(before);
  });

  test('does not wait for a store that fails', async () => {
    register.setFaults(() => 'fail');
    expect(await errorOf(claimsOf('one').takeWaiting(['a']))).toMatchObject({ kind: 'unforeseen' });
    expect(clock.sleeps).toEqual([]);
  });
});

describe('rewriting', () => {
  const record = { operationId: 'one', kind: 'test', startedAt: 'now', state: 'running' };

  test('replaces the record of the first key that was taken', async () => {
    const one = claimsOf('one');
    await one.take(['m']);
    await one.takeWaiting(['a']);
    await one.rewrite(record);
    await one.rewrite({ ...record, state: 'again' });
    expect((await register.get('claims/m'))?.value).toEqual({ ...record, state: 'again' });
    expect((await register.get('claims/a'))?.value).not.toHaveProperty('state');
  });

  test('of a claim that another run has by now → busy, and the other keeps it', async () => {
    const one = claimsOf('one');
    await one.take(['a']);
    const stolen = await register.get('claims/a');
    await register.put('claims/a', { operationId: 'two' }, { ifMatch: stolen?.version ?? '' });
    expect(await errorOf(one.rewrite(record))).toMatchObject({ kind: 'busy', holder: 'two' });
    await one.release();
    expect((await register.get('claims/a'))?.value).toEqual({ operationId: 'two' });
  });

  test('of a claim that is gone → busy', async () => {
    const one = claimsOf('one');
    await one.take(['a']);
    const gone = await register.get('claims/a');
    await register.delete('claims/a', { ifMatch: gone?.version ?? '' });
    expect(await errorOf(one.rewrite(record))).toMatchObject({ kind: 'busy' });
    await one.release();
  });

  test('without a claim is a bug', async () => {
    expect(await errorOf(claimsOf('one').rewrite(record))).toMatchObject({ kind: 'unforeseen' });
  });
});

describe('releasing', () => {
  test('gives back the own record first', async () => {
    const one = claimsOf('one');
    await one.take(['m']);
    await one.takeWaiting(['a', 'b']);
    const before = register.calls.length;
    await one.release();
    expect(register.calls[before]).toBe('put claims/m');
    expect(await keys()).toEqual([]);
  });

  test('leaves a record that says whose it was last; one that nobody else will use goes', async () => {
    const one = claimsOf('one');
    await one.take(['a', 'in/work:1']);
    await one.release();
    expect((await entriesOf(register)).map(({ key, value }) => [key, value])).toEqual([['claims/a', { freed: 'one' }]]);
    const two = claimsOf('two');
    await expect(two.takeAgain(['a'])).rejects.toMatchObject({ error: { kind: 'conflict' } });
    expect(two.holds('a')).toBe(false);
    await one.takeAgain(['a']);
    expect(one.holds('a')).toBe(true);
  });

  test('of nothing does nothing', async () => {
    await claimsOf('one').release();
    expect(register.calls).toEqual([]);
  });

  test('finds a record whose rewriting got no reply', async () => {
    const one = claimsOf('one');
    await one.take(['a']);
    register.setFaults((call) => (call === 'put' ? 'lost' : 'ok'));
    await errorOf(one.rewrite({ operationId: 'one', kind: 'test', startedAt: 'now' }));
    await one.release();
    expect(await keys()).toEqual([]);
  });

  test('is tried again until the store works', async () => {
    const one = claimsOf('one');
    await one.take(['a', 'b']);
    let failures = 4;
    register.setFaults((call) => (call === 'put' && failures-- > 0 ? 'lost' : 'ok'));
    await one.release();
    expect(await keys()).toEqual([]);
  });

  test('that fails for one key gives back the others', async () => {
    const one = claimsOf('one');
    await one.take(['a', 'b', 'c']);
    register.setFaults((call, key) => (call === 'put' && key === 'claims/a' ? 'fail' : 'ok'));
    expect(await errorOf(one.release())).toMatchObject({ kind: 'unforeseen' });
    expect(await keys()).toEqual(['claims/a']);
    register.setFaults(() => 'ok');
    await one.release();
    expect(await keys()).toEqual([]);
  });

  test('gives up on a record that keeps changing', async () => {
    const one = claimsOf('one');
    await one.take(['a']);
    register.setFaults((call) => (call === 'put' ? 'conflict' : 'ok'));
    expect(await errorOf(one.release())).toMatchObject({ kind: 'contended' });
  });
});
