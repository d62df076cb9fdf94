import { createCredentialSource, type Lease } from '../../../src/aws/credentials/source';
import { createTestClock } from '../../support/clock';

/** A source whose fetches the test ends by hand. */
function setUp(lifetimeMs?: number) {
  const clock = createTestClock();
  const fetches: { give: () => void; refuse: () => void }[] = [];
  const source = createCredentialSource(
    () =>
      new Promise<Lease>((resolve, reject) => {
        const n = fetches.length + 1;
        fetches.push({
          give: () =>
            resolve({
              identity: { accessKeyId: `key-${n}`, secretAccessKey: 's' },
              validUntil: lifetimeMs === undefined ? undefined : clock.now() + lifetimeMs,
            }),
          refuse: () => reject(new Error(`refused-${n}`)),
        });
      }),
    clock,
  );
  const first = async (): Promise<void> => {
    const got = source.get();
    fetches[0]?.give();
    await got;
  };
  return { clock, fetches, source, first };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('concurrent callers wait for one fetch', async () => {
  const { source, fetches } = setUp();
  const all = Promise.all([source.get(), source.get(), source.get()]);
  expect(fetches).toHaveLength(1);
  fetches[0]?.give();
  expect((await all).map(({ accessKeyId }) => accessKeyId)).toEqual(['key-1', 'key-1', 'key-1']);
});

test('a failed fetch reaches all who wait and is not kept', async () => {
  const { source, fetches } = setUp();
  const both = Promise.allSettled([source.get(), source.get()]);
  fetches[0]?.refuse();
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const again = source.get();
  fetches[1]?.give();
  await expect(again).resolves.toMatchObject({ accessKeyId: 'key-2' });
});

test('credentials without an end are kept for ever', async () => {
  const { source, fetches, first, clock } = setUp();
  await first();
  clock.advance(10 * 365 * 86_400_000);
  await source.get();
  expect(fetches).toHaveLength(1);
});

test('with less than five minutes left they are renewed in the background while callers go on', async () => {
  const { source, fetches, first, clock } = setUp(900_000);
  await first();
  clock.advance(600_000);
  expect(await source.get()).toMatchObject({ accessKeyId: 'key-1' });
  expect(await source.get()).toMatchObject({ accessKeyId: 'key-1' });
  expect(fetches).toHaveLength(2);
  fetches[1]?.give();
  await settled();
  expect(await source.get()).toMatchObject({ accessKeyId: 'key-2' });
  expect(source.generation()).toBe(2);
});

test('a background renewal that fails pauses before the next', async () => {
  const { source, fetches, first, clock } = setUp(900_000);
  await first();
  clock.advance(600_000);
  await source.get();
  fetches[1]?.refuse();
  await settled();
  await source.get();
  expect(fetches).toHaveLength(2);
  clock.advance(10_000);
  await source.get();
  expect(fetches).toHaveLength(3);
});

test('with less than a minute left callers wait, and take what is held when the renewal fails', async () => {
  const { source, fetches, first, clock } = setUp(900_000);
  await first();
  clock.advance(850_000);
  const waiting = source.get();
  fetches[1]?.refuse();
  await expect(waiting).resolves.toMatchObject({ accessKeyId: 'key-1' });
  clock.advance(50_000);
  const late = source.get();
  fetches[2]?.refuse();
  await expect(late).rejects.toThrow('refused-3');
});

test('a refusal of credentials that were replaced meanwhile drops nothing', async () => {
  const { source, fetches, first, clock } = setUp(900_000);
  await first();
  clock.advance(600_000);
  await source.get();
  fetches[1]?.give();
  await settled();
  expect(source.reject(1)).toBe(true);
  await source.get();
  expect(fetches).toHaveLength(2);
});

test('a refusal of credentials that cannot change is final', async () => {
  const { source, first } = setUp();
  await first();
  expect(source.reject(source.generation())).toBe(false);
});

test('a call that AWS accepts starts the count of refusals anew', async () => {
  const { source, fetches, first } = setUp(900_000);
  await first();
  const verdicts: boolean[] = [];
  for (let n = 1; n <= 8; n += 1) {
    if (n === 4) source.accept();
    verdicts.push(source.reject(source.generation()));
    const next = source.get();
    fetches[n]?.give();
    await next;
  }
  expect(verdicts).toEqual([true, true, true, true, true, true, false, false]);
});
