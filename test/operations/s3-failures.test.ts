import fc from 'fast-check';
import type { Register } from '../../src/engine/register';
import { createObjects } from '../../src/operations/s3/objects';
import { createS3Register, type Removal } from '../../src/operations/s3/register';
import { errorOf } from '../aws/fixtures';
import { createTestClock } from '../support/clock';
import { BUCKET, startTestBucket, type TestBucket } from './s3-bucket';
import { type Fate, unreliable, type Unreliable } from './unreliable';

/** What the register in a bucket makes of lost, late and doubled requests and answers. */

let bucket: TestBucket;
let prefixes = 0;
beforeAll(async () => {
  bucket = await startTestBucket();
});
afterAll(() => bucket.stop());

interface Meeting {
  readonly register: Register;
  /** The same entries over a way that loses nothing. */
  readonly truth: Register;
  readonly way: Unreliable;
  readonly clock: ReturnType<typeof createTestClock>;
}

/** A register that meets these fates, one a call, and then none. */
function meeting(fates: readonly Fate[], removal: Removal = 'remove'): Meeting {
  const left = [...fates];
  return meetingWith(() => left.shift() ?? 'ok', removal);
}

function meetingWith(
  next: (operation: string) => Fate,
  removal: Removal,
  prefix = `f${String((prefixes += 1))}/`,
): Meeting {
  const clock = createTestClock();
  const way = unreliable(bucket.session, next);
  const registerOver = (session: TestBucket['session']): Register =>
    createS3Register({ objects: createObjects({ session, bucket: BUCKET, clock }), prefix, clock, removal });
  return { register: registerOver(way.session), truth: registerOver(bucket.session), way, clock };
}

describe('a write', () => {
  test.each<[string, readonly Fate[], string]>([
    ['whose answer is lost is known again', ['after'], 'PutObject GetObject'],
    ['that is lost is sent again', ['before'], 'PutObject GetObject PutObject'],
    [
      'that comes late, after a look, makes the second attempt fail, and is known again',
      ['late'],
      'PutObject GetObject PutObject GetObject',
    ],
    ['that arrives twice is known again after the refusal', ['twice'], 'PutObject GetObject'],
    ['that meets another change is sent again', ['conflict', 'conflict'], 'PutObject PutObject PutObject'],
    ['that is throttled is sent again', ['throttle'], 'PutObject PutObject'],
    [
      'is known again although the look meets a failure',
      ['after', 'before', 'throttle'],
      'PutObject GetObject GetObject GetObject',
    ],
  ])('%s', async (_title, fates, sent) => {
    const { register, truth, way } = meeting(fates);
    const written = await register.put('a', 'mine', { ifAbsent: true });
    await way.settle();
    expect(written).toEqual({ ok: true, version: (await truth.get('a'))?.version });
    expect(way.sent.join(' ')).toBe(sent);
    const again = await register.put('a', 'next', { ifMatch: written.ok ? written.version : '' });
    expect(again).toMatchObject({ ok: true });
  });

  test.each<Fate>(['after', 'before', 'late', 'twice', 'conflict', 'throttle'])(
    'over what somebody else wrote is a conflict, whatever it meets (%s)',
    async (fate) => {
      const { register, truth, way } = meeting([fate]);
      await truth.put('a', 'theirs', { ifAbsent: true });
      expect(await register.put('a', 'mine', { ifAbsent: true })).toEqual({ ok: false, conflict: true });
      await way.settle();
      expect((await truth.get('a'))?.value).toBe('theirs');
    },
  );

  test('is given up as a failure after five attempts, with pauses between', async () => {
    const { register, way, clock } = meetingWith(
      (operation) => (operation === 'PutObject' ? 'before' : 'ok'),
      'remove',
    );
    expect(await errorOf(register.put('a', 1, { ifAbsent: true }))).toMatchObject({ kind: 'unavailable' });
    expect(way.sent.filter((operation) => operation === 'PutObject')).toHaveLength(5);
    expect(clock.sleeps).toHaveLength(4);
    expect(clock.sleeps.every((ms) => ms <= 2_000)).toBe(true);
  });

  test('that throttles for ever ends as throttled', async () => {
    const { register } = meetingWith(() => 'throttle', 'remove');
    expect(await errorOf(register.put('a', 1, { ifAbsent: true }))).toMatchObject({ kind: 'throttled' });
  });
});

describe.each<Removal>(['remove', 'bury-and-remove', 'bury'])('a deletion (%s)', (removal) => {
  test.each<Fate>(['ok', 'after', 'before', 'late', 'twice', 'conflict', 'throttle'])(
    'removes what was read, once, whatever it meets (%s)',
    async (fate) => {
      const { register, truth, way } = meeting([fate], removal);
      const made = await truth.put('a', 1, { ifAbsent: true });
      const version = made.ok ? made.version : '';
      // A request that arrives twice finds nothing the second time, as if somebody else had been there.
      const isToldApart = fate !== 'twice' || removal !== 'remove';
      expect(await register.delete('a', { ifMatch: version })).toMatchObject({ ok: isToldApart });
      await way.settle();
      expect(await truth.get('a')).toBeUndefined();
      expect(await truth.list('')).toEqual([]);
      expect(await register.delete('a', { ifMatch: version })).toEqual({ ok: false, conflict: true });
      expect(await register.put('a', 2, { ifMatch: version })).toEqual({ ok: false, conflict: true });
      expect(await register.put('a', 2, { ifAbsent: true })).toMatchObject({ ok: true });
      expect((await truth.get('a'))?.value).toBe(2);
    },
  );

  test('never removes what somebody else has written meanwhile', async () => {
    const { register, truth, way } = meeting(['late'], removal);
    const made = await truth.put('a', 1, { ifAbsent: true });
    const version = made.ok ? made.version : '';
    await truth.put('a', 2, { ifMatch: version });
    expect(await register.delete('a', { ifMatch: version })).toEqual({ ok: false, conflict: true });
    await way.settle();
    expect((await truth.get('a'))?.value).toBe(2);
  });
});

test('of three processes that count under any failures no two write the same number, and none that was told is lost', async () => {
  const fate = fc.constantFrom<Fate>('ok', 'ok', 'ok', 'before', 'after', 'late', 'twice', 'conflict', 'throttle');
  const removal = fc.constantFrom<Removal>('remove', 'bury');
  await fc.assert(
    fc.asyncProperty(fc.array(fate, { minLength: 10, maxLength: 60 }), removal, async (fates, how) => {
      const left = [...fates];
      const prefix = `count${String((prefixes += 1))}/`;
      const meetings = [1, 2, 3].map(() => meetingWith(() => left.shift() ?? 'ok', how, prefix));
      const told: number[] = [];
      const count = async ({ register }: Meeting): Promise<void> => {
        for (let round = 0; round < 3; round += 1) {
          const now = await register.get('n');
          const next = Number(now?.value ?? 0) + 1;
          const condition = now === undefined ? { ifAbsent: true as const } : { ifMatch: now.version };
          const written = await register.put('n', next, condition);
          if (written.ok) told.push(next);
        }
      };
      // One that fails stops, as a process would.
      await Promise.allSettled(meetings.map(count));
      for (const { way } of meetings) await way.settle();
      const last = Number((await meetings[0]?.truth.get('n'))?.value ?? 0);
      expect(new Set(told).size).toBe(told.length);
      expect(Math.max(0, ...told)).toBeLessThanOrEqual(last);
    }),
    { numRuns: 50 },
  );
});
