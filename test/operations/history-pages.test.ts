import fc from 'fast-check';
import type { HistoryQuery } from '../../src/domain/shared/history';
import type { Outcome } from '../../src/engine/recipe';
import { createTestClock } from '../support/clock';
import { ASKING, createCountedRegister, createReplica, EVERYTHING } from './replicas';

const refused = { kind: 'denied', detail: 'AWS refuses that' } as const;
const FAILED: Outcome<unknown> = { state: 'failed', error: refused, left: [] };

function world() {
  const clock = createTestClock();
  const { register, callsOf } = createCountedRegister();
  const replica = () => createReplica(register, clock);
  return { clock, register, callsOf, replica, one: replica(), two: replica() };
}

type World = ReturnType<typeof world>;
type Replica = World['one'];

/** All pages, with what happens between them. */
async function pagesOf(
  replica: Replica,
  query: Partial<HistoryQuery>,
  between: () => Promise<void> = async () => undefined,
): Promise<readonly string[]> {
  const ids: string[] = [];
  let marker: string | undefined;
  do {
    const page = await replica.history.list('demo', { ...EVERYTHING, ...query, marker });
    ids.push(...page.operations.map(({ id }) => id));
    ({ marker } = page);
    await between();
  } while (marker !== undefined);
  return ids;
}

/** So many operations that have ended, newest first. */
async function ended({ one }: World, count: number, of = (index: number) => `bucket-${String(index)}`) {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const id = await one.run({ claims: [`demo/bucket/${of(index)}`] });
    await one.finish(id, index % 3 === 0 ? FAILED : undefined);
    ids.unshift(id);
  }
  return ids;
}

describe('pages of the history', () => {
  test('have what runs here, what runs elsewhere, what was refused here and what has ended, newest first', async () => {
    const { one, two } = world();
    const running = await one.run({ claims: ['demo/bucket/a'] });
    const over = await one.run({ claims: ['demo/bucket/b'] });
    const elsewhere = await two.run({ claims: ['demo/bucket/c', 'demo/bucket-settings/c'] });
    const refusedHere = one.begin({ claims: ['demo/bucket/d'] });
    one.tellEnd(refusedHere, FAILED);
    await one.finish(over);
    expect(await one.ids()).toEqual([refusedHere, elsewhere, over, running]);
    expect(await two.ids()).toEqual([elsewhere, over, running]);
    expect(await one.ids({ state: 'running' })).toEqual([elsewhere, running]);
    expect(await one.ids({ resource: 'c' })).toEqual([elsewhere]);
    expect(await one.ids({ resource: 'website/c' })).toEqual([]);
  });

  test('have the same rows on every replica, before and after the end', async () => {
    const { one, two, replica } = world();
    const id = await one.run();
    const rowOn = async (each: Replica) => (await each.history.list('demo', EVERYTHING)).operations;
    const running = await rowOn(one);
    expect(running).toMatchObject([{ id, state: 'running', tokenId: 'portal', actor: 'ada', path: ASKING.path }]);
    expect(await rowOn(two)).toEqual(running);
    await one.finish(id);
    const over = await rowOn(one);
    expect(over).toMatchObject([
      { id, title: 'Do create-bucket', state: 'succeeded', requestId: 'r-1', method: 'POST' },
    ]);
    expect(await rowOn(two)).toEqual(over);
    expect(await rowOn(replica())).toEqual(over);
  });

  test('fit together whatever begins and ends between them: each operation once, none lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ here: fc.boolean(), endsAfter: fc.integer({ min: 0, max: 6 }) }), { maxLength: 14 }),
        fc.integer({ min: 1, max: 5 }),
        async (runs, limit) => {
          const { one, two } = world();
          const begun: { readonly id: string; readonly by: Replica; readonly endsAfter: number }[] = [];
          for (const [index, { here, endsAfter }] of runs.entries()) {
            const by = here ? one : two;
            begun.unshift({ id: await by.run({ claims: [`demo/bucket/${String(index)}`] }), by, endsAfter });
          }
          let round = 0;
          const between = async (): Promise<void> => {
            for (const { id, by, endsAfter } of begun) if (endsAfter === round) await by.finish(id);
            await one.run({ claims: [`demo/bucket/new-${String(round)}`] });
            round += 1;
          };
          await between();
          const later = new Set(await one.ids());
          for (const { id } of begun) later.delete(id);
          const seen = (await pagesOf(one, { limit }, between)).filter((id) => !later.has(id));
          expect(seen).toEqual(begun.map(({ id }) => id));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('of a time range and a resource have those alone, in pages of any size', async () => {
    const w = world();
    const ids = await ended(w, 20, (index) => `bucket-${String(index % 4)}`);
    const began = async (id: string | undefined) => (await w.one.shown(id ?? ''))?.startedAt?.getTime() ?? 0;
    const [since, until] = [await began(ids[15]), await began(ids[5])];
    for (const limit of [1, 3, 7, 10, 1_000]) {
      expect(await pagesOf(w.two, { limit, since, until })).toEqual(ids.slice(6, 16));
      expect(await pagesOf(w.two, { limit, resource: 'BUCKET-1' })).toEqual(
        ids.filter((_, index) => (19 - index) % 4 === 1),
      );
      expect(await pagesOf(w.two, { limit, resource: 'bucket/bucket-1', since })).toHaveLength(4);
    }
  });

  test('with a filter may be short, and go on behind their marker to the end', async () => {
    const w = world();
    const ids = await ended(w, 7);
    const failed = ids.filter((_, index) => (6 - index) % 3 === 0);
    for (const limit of [1, 2, 5]) expect(await pagesOf(w.two, { limit, state: 'failed' })).toEqual(failed);
    expect(await pagesOf(w.two, { limit: 2, token: 'portal', kind: 'create-bucket' })).toEqual(ids);
    expect(await pagesOf(w.two, { limit: 2, token: 'other' })).toEqual([]);
  });

  test('cost two requests to the store where nothing runs elsewhere, whatever they are of, and read no record', async () => {
    const w = world();
    const ids = await ended(w, 30);
    const since = (await w.one.shown(ids[20] ?? ''))?.startedAt?.getTime() ?? 0;
    const queries: readonly Partial<HistoryQuery>[] = [
      {},
      { resource: 'bucket/bucket-3' },
      { since, until: since + 10 },
      { state: 'failed' },
      { limit: 5 },
    ];
    for (const query of queries) {
      const calls = await w.callsOf(() => w.two.ids(query));
      expect(calls.map((call) => call.split(' ')[0])).toEqual(['list', 'list']);
    }
  });

  test('whose rows do not fit into keys read those, and are whole all the same', async () => {
    const w = world();
    const path = `/v1/s3/demo/buckets/${'p'.repeat(900)}`;
    w.one.askedBy({ ...ASKING, path });
    const long = await w.one.run({ claims: ['demo/bucket/photos'] });
    await w.one.finish(long);
    w.one.askedBy(ASKING);
    const claims = Array.from({ length: 60 }, (_, index) => `demo/user/user-with-a-long-name-${String(index)}`);
    const many = await w.one.run({ claims });
    await w.one.finish(many);
    for (const { key } of await w.register.list('')) expect(Buffer.byteLength(key)).toBeLessThanOrEqual(800);
    const calls = await w.callsOf(() => w.two.ids());
    expect(calls.filter((call) => call.startsWith('get'))).toHaveLength(2);
    expect((await w.two.history.list('demo', EVERYTHING)).operations).toMatchObject([
      {
        id: many,
        title: 'Do create-bucket',
        resources: expect.arrayContaining([{ type: 'user', name: 'user-with-a-long-name-7' }]),
      },
      { id: long, path },
    ]);
    expect(await w.two.ids({ resource: 'user/user-with-a-long-name-7' })).toEqual([many]);
    expect(await w.two.ids({ resource: 'bucket/user-with-a-long-name-7' })).toEqual([]);
    expect(await w.two.ids({ token: 'portal' })).toEqual([many, long]);
  });

  test('of long errors have the beginning of their detail', async () => {
    const { one, two } = world();
    const id = await one.run();
    await one.finish(id, { state: 'failed', error: { kind: 'denied', detail: 'x'.repeat(500) }, left: [] });
    const [row] = (await two.history.list('demo', EVERYTHING)).operations;
    expect(row?.error).toEqual({ kind: 'denied', detail: `${'x'.repeat(119)}…` });
    expect((await two.shown(id))?.error?.detail).toHaveLength(500);
  });

  test('are refused where the marker is of no earlier one', async () => {
    const { one } = world();
    const list = (marker: string) => one.history.list('demo', { ...EVERYTHING, marker });
    for (const marker of ['bm8', '', Buffer.from('1-op').toString('base64url')])
      await expect(list(marker)).rejects.toThrow('marker');
  });
});
