import { createSessions } from '../../../src/aws/session';
import { lengthsFor } from '../../../src/aws/presign/leases';
import type { Sessions } from '../../../src/aws/types';
import { createTestClock, type TestClock } from '../../support/clock';
import { accountOf, assumed, errorOf, queryError, startServer, type TestServer } from '../fixtures';

/** Sessions for signing, against an STS whose role allows sessions of so many seconds. */

let server: TestServer;
let clock: TestClock;
let sessions: Sessions;
let roleMaximum: number;
let account: ReturnType<typeof accountOf>;

const asked = (): readonly number[] => server.seen.map(({ form }) => Number(form.get('DurationSeconds')));

beforeEach(async () => {
  roleMaximum = 43_200;
  server = await startServer((seen, response, request) => {
    const seconds = Number(seen.form.get('DurationSeconds'));
    const answer =
      seconds <= roleMaximum
        ? assumed(server.seen.length)
        : queryError(
            400,
            'ValidationError',
            'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
          );
    answer(seen, response, request);
  });
  clock = createTestClock();
  sessions = createSessions({ clock, org: 'acme' });
  account = accountOf({ endpoint: server.url, role: 'Signer' });
});
afterEach(async () => {
  sessions.destroy();
  await server.close();
});

const scopeOf = (bucket: string) => ({ policy: JSON.stringify({ bucket }), fallbackPolicy: '{"wide":1}' });

async function sign(seconds: number, bucket = 'photos') {
  const { url, expiresAt, limitedBy } = await sessions.presign(account, {
    bucket,
    key: 'a',
    region: 'us-east-1',
    seconds,
    use: { kind: 'delete' },
    scope: scopeOf(bucket),
  });
  const [key = ''] = (new URL(url.reveal()).searchParams.get('X-Amz-Credential') ?? '').split('/');
  return { key, lives: (expiresAt.getTime() - clock.now()) / 1_000, limitedBy };
}

test.each([
  [60, 900, [960, 900]],
  [2_700, 900, [3_600, 2_700, 900]],
  [3_600, 900, [4_500, 3_600, 900]],
  [43_200, 900, [43_200, 28_800, 14_400, 7_200, 3_600, 900]],
  [86_400, 900, [43_200, 28_800, 14_400, 7_200, 3_600, 900]],
  [604_800, 10_000, [43_200, 28_800, 14_400, 10_000, 7_200, 3_600]],
  [60, 7_200, [960, 900]],
])('for %d s, with sessionSeconds %d, STS is asked for %j in turn', (seconds, sessionSeconds, lengths) => {
  expect(lengthsFor(seconds, sessionSeconds)).toEqual(lengths);
});

test('a session that lives long enough is asked for, under the bucket’s own policy', async () => {
  expect(await sign(10_000)).toEqual({ key: 'ASIASESSION1', lives: 10_000, limitedBy: undefined });
  expect(asked()).toEqual([10_900]);
  expect(server.seen[0]?.form.get('Policy')).toBe('{"bucket":"photos"}');
});

test('it serves further URLs while it lives as long as they should, for 15 minutes at most', async () => {
  await sign(10_000);
  await sign(200);
  clock.advance(900_000);
  expect(await sign(10_000)).toEqual({ key: 'ASIASESSION1', lives: 10_000, limitedBy: undefined });
  expect(asked()).toEqual([10_900]);
  clock.advance(1);
  expect(await sign(10)).toMatchObject({ key: 'ASIASESSION2' });
});

test('never is one used with less left than asked', async () => {
  await sign(1_000);
  expect(await sign(1_901)).toEqual({ key: 'ASIASESSION2', lives: 1_901, limitedBy: undefined });
  expect(await sign(43_200)).toMatchObject({ key: 'ASIASESSION3', lives: 43_200 });
  clock.advance(1_000);
  expect(await sign(43_200)).toMatchObject({ key: 'ASIASESSION4', lives: 43_200, limitedBy: undefined });
});

test('what no session can reach ends with the session, and a new one is asked for each time', async () => {
  expect(await sign(86_400)).toEqual({ key: 'ASIASESSION1', lives: 43_200, limitedBy: 'credentials' });
  clock.advance(60_000);
  expect(await sign(86_400)).toEqual({ key: 'ASIASESSION2', lives: 43_200, limitedBy: 'credentials' });
});

test('refused lengths are stepped down, remembered for a while, and tried again later', async () => {
  roleMaximum = 3_600;
  expect(await sign(86_400)).toEqual({ key: 'ASIASESSION5', lives: 3_600, limitedBy: 'credentials' });
  expect(asked()).toEqual([43_200, 28_800, 14_400, 7_200, 3_600]);
  clock.advance(1_000);
  expect(await sign(86_400)).toEqual({ key: 'ASIASESSION6', lives: 3_600, limitedBy: 'credentials' });
  roleMaximum = 7_200;
  clock.advance(900_000);
  expect(await sign(86_400)).toEqual({ key: 'ASIASESSION10', lives: 7_200, limitedBy: 'credentials' });
});

test('an account whose role allows 900 s only: sessionSeconds is the last resort', async () => {
  roleMaximum = 900;
  expect(await sign(86_400)).toEqual({ key: 'ASIASESSION6', lives: 900, limitedBy: 'credentials' });
  expect(await sign(600)).toEqual({ key: 'ASIASESSION6', lives: 600, limitedBy: undefined });
});

test('an STS that gives less than it was asked for is believed, and asked again by the next URL', async () => {
  const ends = new Date(clock.now() + 900_000).toISOString();
  server.answer = (seen, response, request) => assumed(server.seen.length, 'AssumeRole', ends)(seen, response, request);
  expect(await sign(86_400)).toMatchObject({ lives: 900, limitedBy: 'credentials' });
  expect(await sign(3_600)).toMatchObject({ lives: 900, limitedBy: 'credentials', key: 'ASIASESSION2' });
});

test('when even that is refused, the operator is told which setting it is', async () => {
  roleMaximum = 0;
  expect(await errorOf(sign(60))).toMatchObject({ kind: 'misconfigured', setting: 'accounts.demo.sessionSeconds' });
  roleMaximum = 43_200;
  expect(await sign(60)).toMatchObject({ lives: 60 });
});

test('requests at the same time share one AssumeRole; other buckets have their own', async () => {
  const signed = await Promise.all([sign(86_400), sign(86_400), sign(86_400), sign(86_400, 'letters')]);
  expect(asked()).toEqual([43_200, 43_200]);
  expect(new Set(signed.slice(0, 3).map(({ key }) => key)).size).toBe(1);
  expect(signed[3].key).not.toBe(signed[0].key);
});

test('any other refusal is no matter of length', async () => {
  server.answer = queryError(403, 'AccessDenied', 'no');
  expect(await errorOf(sign(60))).toMatchObject({ kind: 'misconfigured', setting: 'accounts.demo.role' });
  expect(server.seen).toHaveLength(1);
});
