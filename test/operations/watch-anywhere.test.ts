import { setImmediate as nextTurn } from 'node:timers/promises';
import { createTestClock } from '../support/clock';
import { createCountedRegister, createReplica } from './replicas';

const PLANNED = { type: 'planned', steps: [{ title: 'Make it', dependsOn: [] }] } as const;
const STARTED = { type: 'step-started', step: 0, title: 'Make it' } as const;

function world() {
  const clock = createTestClock();
  const { register, callsOf } = createCountedRegister();
  const one = createReplica(register, clock);
  const two = createReplica(register, clock);
  /** Lets a second pass on the replica that watches. */
  const second = async (replica = two): Promise<void> => {
    clock.advance(1_000);
    replica.deadlines.tick();
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
  };
  return { clock, register, callsOf, one, two, second };
}

const NOBODY = (): void => undefined;

describe('an operation that another replica runs', () => {
  test('is found by its id with one list and one read, and shows how far it was when that was written', async () => {
    const { one, two, callsOf } = world();
    for (const name of ['a', 'b', 'c']) await one.run({ claims: [`demo/bucket/${name}`] });
    const id = await one.run();
    one.tell(id, PLANNED);
    one.tell(id, STARTED);
    await one.journal(id);
    const calls = await callsOf(async () =>
      expect(await two.shown(id)).toMatchObject({
        id,
        state: 'running',
        resources: [{ type: 'bucket', name: 'photos' }],
        steps: [{ title: 'Make it', state: 'running' }],
      }),
    );
    expect(calls.map((call) => call.replace(/~.*|\d{7}\/.*/, ''))).toEqual([
      'list done/demo/',
      'list claims/demo/',
      'get claims/demo/bucket/photos',
    ]);
    expect(await two.history.find('other', id)).toBeUndefined();
  });

  test('is looked at once a second while somebody watches, and its events come to the last', async () => {
    const { one, two, second, callsOf } = world();
    const id = await one.run();
    const watched = await two.history.find('demo', id);
    const seen: string[] = [];
    let last = 0;
    const stop = watched?.onChange(() => {
      for (const event of watched.eventsAfter(last)) {
        seen.push(event.type);
        last = event.id;
      }
    });
    expect(watched?.eventsAfter(0).map(({ type }) => type)).toEqual(['started']);
    one.tell(id, PLANNED);
    one.tell(id, STARTED);
    await one.journal(id);
    expect(await callsOf(() => second())).toHaveLength(1);
    expect(seen).toEqual(['started', 'planned', 'step']);
    expect(watched?.isOver()).toBe(false);
    one.tell(id, { type: 'step-succeeded', step: 0, title: 'Make it', durationMs: 1 });
    await one.finish(id);
    await second();
    expect(seen).toEqual(['started', 'planned', 'step', 'step', 'ended']);
    expect([watched?.isOver(), watched?.show().state]).toEqual([true, 'succeeded']);
    expect(two.deadlines.size()).toBe(0);
    stop?.();
  });

  test('is not looked at any more when nobody watches', async () => {
    const { one, two, second, callsOf } = world();
    const id = await one.run();
    const watched = await two.history.find('demo', id);
    const [first, other] = [watched?.onChange(NOBODY), watched?.onChange(NOBODY)];
    first?.();
    expect(two.deadlines.size()).toBe(1);
    other?.();
    expect(two.deadlines.size()).toBe(0);
    expect(await callsOf(() => second())).toEqual([]);
  });

  test('is waited for while the store cannot be reached', async () => {
    const { one, two, second, register } = world();
    const id = await one.run();
    const watched = await two.history.find('demo', id);
    watched?.onChange(NOBODY);
    register.setFaults(() => 'fail');
    for (let times = 0; times < 20; times += 1) await second();
    expect(watched?.isOver()).toBe(false);
    register.setFaults(() => 'ok');
    await one.finish(id);
    await second();
    expect(watched?.isOver()).toBe(true);
  });

  test('that nothing is known of any more is over after some looks', async () => {
    const { one, two, second } = world();
    const id = await one.run();
    const watched = await two.history.find('demo', id);
    watched?.onChange(NOBODY);
    await one.free(id);
    await second();
    expect(watched?.isOver()).toBe(false);
    for (let times = 0; times < 10; times += 1) await second();
    expect([watched?.isOver(), two.deadlines.size()]).toEqual([true, 0]);
  });

  test('and is taken up here is watched from here on, and known steps stay known', async () => {
    const { one, two, second } = world();
    const id = await one.run();
    one.tell(id, PLANNED);
    one.tell(id, STARTED);
    one.tell(id, { type: 'step-succeeded', step: 0, title: 'Make it', durationMs: 1 });
    await one.journal(id);
    const watched = await two.history.find('demo', id);
    watched?.onChange(NOBODY);
    two.takeUp(await one.journalOf(id));
    two.tell(id, PLANNED);
    await second();
    expect(watched?.show()).toMatchObject({
      attempt: 1,
      tokenId: 'portal',
      steps: [{ state: 'succeeded', attempts: 1 }],
    });
    await two.finish(id);
    expect(watched?.isOver()).toBe(true);
    const events = watched?.eventsAfter(0) ?? [];
    expect(events.map(({ type }) => type)).toEqual(['started', 'planned', 'step', 'step', 'resumed', 'ended']);
    const ids = events.map((event) => event.id);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    // What the former process told after its journal was written has ids of its own.
    expect((ids[4] ?? 0) - (ids[3] ?? 0)).toBeGreaterThan(500);
  });

  test('that ended here without its end being kept is looked for in the store first', async () => {
    const { one, two } = world();
    const id = await one.run();
    const busy = { kind: 'busy', detail: 'the lease is lost', retryAfterSeconds: 1 } as const;
    one.tellEnd(id, { state: 'failed', error: busy, left: [] });
    expect(await one.shown(id)).toMatchObject({ state: 'running' });
    two.takeUp(await one.journalOf(id));
    await two.finish(id);
    expect(await one.shown(id)).toMatchObject({ state: 'succeeded' });
    expect(await one.ids()).toEqual([id]);
  });
});

describe('an operation that this replica hands over', () => {
  test('is watched on to its end, which another one tells', async () => {
    const { one, two, second } = world();
    const id = await one.run();
    one.tell(id, PLANNED);
    const watched = await one.history.find('demo', id);
    const seen: string[] = [];
    let last = 0;
    watched?.onChange(() => {
      for (const event of watched.eventsAfter(last)) {
        seen.push(event.type);
        last = event.id;
      }
    });
    await one.journal(id);
    one.tell(id, STARTED);
    one.tell(id, { type: 'operation-handed-over', durationMs: 1 });
    expect(watched?.isOver()).toBe(false);
    expect(await one.ids({ state: 'running' })).toEqual([id]);
    two.takeUp(await one.journalOf(id));
    two.tell(id, PLANNED);
    two.tell(id, STARTED);
    await two.journal(id);
    await second(one);
    await two.finish(id);
    await second(one);
    expect(seen).toEqual(['started', 'planned', 'step', 'resumed', 'step', 'ended']);
    expect([watched?.isOver(), watched?.show().state]).toEqual([true, 'succeeded']);
    expect(one.deadlines.size()).toBe(0);
  });
});
