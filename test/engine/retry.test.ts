import { type DomainError, DomainFailure } from '../../src/base/errors';
import {
  freshEntityPolicy,
  freshUndoPolicy,
  goneInTimePolicy,
  gonePolicy,
  isTransient,
  oncePolicy,
  type Pause,
  retry,
  type RetryPolicy,
  settlingPolicy,
  standardPolicy,
  stubbornPolicy,
} from '../../src/engine/retry';
import { createTestClock, type TestClock } from '../support/clock';
import { errors, failure } from '../support/errors';

const policy: RetryPolicy = { attempts: 6, baseMs: 100, capMs: 1_000, retries: isTransient };

/** Fails with `error` `times` times, then gives the number of the attempt. */
function failing(times: number, error: DomainError): (n: number) => Promise<number> {
  return async (n) => {
    if (n <= times) throw failure(error);
    return n;
  };
}

async function sleepsOf(
  error: DomainError,
  random: number,
  clock: TestClock = createTestClock({ random }),
): Promise<readonly number[]> {
  await retry(policy, clock, failing(5, error));
  return clock.sleeps;
}

test('what succeeds at once is called once and nobody waits', async () => {
  const clock = createTestClock();
  await expect(retry(policy, clock, failing(0, errors.silent))).resolves.toBe(1);
  expect(clock.sleeps).toEqual([]);
});

test('pauses double up to the cap, and jitter takes all of them from zero on', async () => {
  expect(await sleepsOf(errors.silent, 0.999_999)).toEqual([100, 200, 400, 800, 1_000]);
  expect(await sleepsOf(errors.silent, 0.5)).toEqual([50, 100, 200, 400, 500]);
  expect(await sleepsOf(errors.silent, 0)).toEqual([0, 0, 0, 0, 0]);
});

test.each([
  ['is kept, with jitter on top, within the cap', 0.6, [650, 700, 800, 1_000, 1_000]],
  ['of zero is ignored', 0, [50, 100, 200, 400, 500]],
  ['below zero is ignored', -1, [50, 100, 200, 400, 500]],
  ['beyond the cap is ignored', 3_600, [50, 100, 200, 400, 500]],
  ['that is no number is ignored', Number.NaN, [50, 100, 200, 400, 500]],
])('a pause that was asked for %s', async (_title, pauseSeconds, sleeps) => {
  expect(await sleepsOf({ ...errors.throttled, origin: { pauseSeconds } }, 0.5)).toEqual(sleeps);
  expect(await sleepsOf({ ...errors.silent, origin: { pauseSeconds, effect: 'unknown' } }, 0.5)).toEqual(sleeps);
});

test('what callers are told to wait is no pause that was asked for', async () => {
  expect(await sleepsOf({ ...errors.throttled, origin: { effect: 'none' } }, 0.5)).toEqual([50, 100, 200, 400, 500]);
  expect(await sleepsOf({ ...errors.silent, retryAfterSeconds: 1 }, 0.5)).toEqual([50, 100, 200, 400, 500]);
});

test.each([
  ['standard', 20_000, 2, standardPolicy],
  ['standard', 40_000, 1, standardPolicy],
  ['standard', 1_000, 5, standardPolicy],
  ['fresh entity', 20_000, 2, freshEntityPolicy],
  ['stubborn', 20_000, 3, stubbornPolicy],
  ['stubborn', 100_000, 1, stubbornPolicy],
] as const)(
  'the %s policy meets a silence of %i ms %i times, however many attempts it has',
  async (_title, ms, times, silent) => {
    const clock = createTestClock();
    const attempt = jest.fn(async () => {
      clock.advance(ms);
      throw failure(errors.silent);
    });
    await expect(retry(silent, clock, attempt)).rejects.toEqual(failure(errors.silent));
    expect(attempt).toHaveBeenCalledTimes(times);
  },
);

test('an error that the policy does not want ends it at once', async () => {
  const clock = createTestClock();
  const attempt = jest.fn(failing(1, errors.denied));
  await expect(retry(policy, clock, attempt)).rejects.toEqual(failure(errors.denied));
  expect(attempt).toHaveBeenCalledTimes(1);
});

test('used up attempts end with the last error', async () => {
  const clock = createTestClock();
  const attempt = jest.fn(async (n: number): Promise<never> => {
    throw failure(n === 6 ? errors.contended : errors.silent);
  });
  await expect(retry(policy, clock, attempt)).rejects.toMatchObject({ error: { kind: 'contended' } });
  expect(attempt).toHaveBeenCalledTimes(6);
  expect(clock.sleeps).toHaveLength(5);
});

test('what is no domain error counts as unforeseen and is passed on as it is', async () => {
  const bug = new TypeError('bug');
  const attempt = jest.fn(() => Promise.reject(bug));
  await expect(retry(policy, createTestClock(), attempt)).rejects.toBe(bug);
  expect(attempt).toHaveBeenCalledTimes(1);
  await expect(retry(stubbornPolicy, createTestClock(), attempt)).rejects.toBe(bug);
  expect(attempt).toHaveBeenCalledTimes(1 + stubbornPolicy.attempts);
});

test('every pause is told before it begins', async () => {
  const clock = createTestClock({ random: 0.5 });
  const pauses: (Pause & { readonly slept: number })[] = [];
  await retry(policy, clock, failing(2, errors.contended), (pause) =>
    pauses.push({ ...pause, slept: clock.sleeps.length }),
  );
  expect(pauses).toEqual([
    { attempt: 1, waitMs: 50, error: errors.contended, slept: 0 },
    { attempt: 2, waitMs: 100, error: errors.contended, slept: 1 },
  ]);
});

test.each([
  ['standardPolicy', standardPolicy, ['throttled', 'contended', 'silent', 'unreachable']],
  ['freshEntityPolicy', freshEntityPolicy, ['notFound', 'throttled', 'contended', 'silent', 'unreachable']],
  ['oncePolicy', oncePolicy, []],
  ['stubbornPolicy', stubbornPolicy, ['throttled', 'contended', 'conflict', 'silent', 'unreachable']],
] as const)('%s tries again after exactly these', (_name, one, wanted) => {
  const retried = Object.entries(errors)
    .filter(([, error]) => one.retries(error))
    .map(([name]) => name);
  expect(retried.sort()).toEqual([...wanted].sort());
});

test('a policy of one attempt never pauses', async () => {
  const clock = createTestClock();
  await expect(retry(oncePolicy, clock, failing(1, errors.silent))).rejects.toBeInstanceOf(DomainFailure);
  expect(clock.sleeps).toEqual([]);
});

test('what is taken back a moment after it was made may not be known yet', () => {
  const { notFound, throttled, conflict, denied } = errors;
  expect([notFound, throttled, conflict, denied].map(freshUndoPolicy.retries)).toEqual([true, true, true, false]);
});

describe('policies for taking away', () => {
  const { notFound, denied, throttled, conflict } = errors;
  test.each([
    ['what may be gone already', gonePolicy, [false, false, true, false]],
    ['what was made a moment ago', goneInTimePolicy, [true, false, true, false]],
    ['what other things hung on', settlingPolicy, [false, false, true, true]],
  ])('%s: whether "not there", a refusal, a busy AWS and a conflict are tried again', (_, policy, expected) => {
    expect([notFound, denied, throttled, conflict].map(policy.retries)).toEqual(expected);
    expect([notFound, denied, throttled, conflict].map((error) => policy.isDone?.(error))).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(policy.retries({ kind: 'conflict', detail: 'no' })).toBe(false);
  });
});
