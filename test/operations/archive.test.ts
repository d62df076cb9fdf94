import type { Outcome } from '../../src/engine/recipe';
import { secret } from '../../src/base/secret';
import { createTestClock } from '../support/clock';
import { entriesOf } from '../support/entries';
import { ASKING, createCountedRegister, createReplica, EVERYTHING, type ReplicaOptions } from './replicas';

const DAY_MS = 86_400_000;
const refused = { kind: 'denied', detail: 'AWS refuses that', origin: { code: 'AccessDenied' } } as const;
const ROLLED_BACK: Outcome<unknown> = {
  state: 'rolled-back',
  error: refused,
  failedStep: 'Tag it',
  undone: ['Make it'],
};
const ROLLBACK_FAILED: Outcome<unknown> = {
  state: 'rollback-failed',
  error: refused,
  failedStep: 'Tag it',
  undone: [],
  left: [{ step: 'Make it', error: refused }],
};

function world(options: ReplicaOptions = {}) {
  const clock = createTestClock();
  const { register, callsOf } = createCountedRegister();
  const replica = createReplica(register, clock, options);
  const keys = async (prefix: string) => (await register.list(prefix)).map(({ key }) => key);
  return { clock, register, callsOf, keys, replica, again: () => createReplica(register, clock, options) };
}

describe('an operation that has ended', () => {
  test('is shown by another process as it was shown by the one that ran it, with its events', async () => {
    const { replica, again, clock } = world();
    const id = await replica.run({ claims: ['demo/bucket/photos', 'demo/bucket-settings/photos'] });
    replica.tell(id, { type: 'planned', steps: [{ title: 'Make it', dependsOn: [] }] });
    replica.tell(id, { type: 'step-started', step: 0, title: 'Make it' });
    clock.advance(5);
    replica.tell(id, { type: 'step-succeeded', step: 0, title: 'Make it', durationMs: 5 });
    replica.history.noteCall(id, { service: 's3', call: 'CreateBucket', requestId: 'aws-1', outcome: 'ok' });
    const watched = await replica.history.find('demo', id);
    clock.advance(5);
    await replica.end(id);
    clock.advance(5);
    await replica.free(id);
    replica.tellEnd(id);
    const other = await again().history.find('demo', id);
    expect(other?.isOver()).toBe(true);
    expect(other?.show()).toEqual(watched?.show());
    expect(other?.show()).toMatchObject({
      state: 'succeeded',
      attempt: 1,
      address: '192.0.2.7',
      calls: [{ service: 's3', call: 'CreateBucket', requestId: 'aws-1', outcome: 'ok' }],
      steps: [{ title: 'Make it', state: 'succeeded', attempts: 1 }],
    });
    expect(other?.eventsAfter(0)).toEqual(watched?.eventsAfter(0));
    expect(other?.eventsAfter(0).map(({ type }) => type)).toEqual(['started', 'planned', 'step', 'step', 'ended']);
    expect(await replica.shown(id)).toEqual(watched?.show());
  });

  test('is a terminal record first, then an index entry for each name', async () => {
    const { replica, register, callsOf, keys } = world();
    const id = await replica.run({ claims: ['demo/in-bucket/photos/Ada', 'demo/user/ada'] });
    const calls = await callsOf(() => replica.end(id));
    expect(
      calls.map((call) =>
        call
          .split('~')[0]
          ?.replace(/\d{15}-/, 'T-')
          .replace(/\/\d{7}\//, '/D/'),
      ),
    ).toEqual([`put done/demo/D/T-${id}`, `put by/demo/photos/T-${id}`, `put by/demo/ada/T-${id}`]);
    for (const key of [...(await keys('done/')), ...(await keys('by/'))]) expect(key.length).toBeLessThanOrEqual(800);
    expect((await entriesOf(register, 'by/')).map(({ value }) => value)).toEqual([{}, {}]);
  });

  test('is kept once however often its end is told; of one attempt the first end counts', async () => {
    const { replica, again, keys } = world();
    const id = await replica.run();
    await replica.end(id);
    const before = [...(await keys('done/')), ...(await keys('by/'))];
    await replica.end(id);
    const other = again();
    other.takeUp(await replica.journalOf(id));
    await other.end(id, ROLLED_BACK);
    expect([...(await keys('done/')), ...(await keys('by/'))]).toEqual(before);
    expect(await again().shown(id)).toMatchObject({ state: 'succeeded' });
  });

  test('whose index entries were not written gets them from whoever finds its claim still there', async () => {
    const { replica, register, again, keys } = world();
    const id = await replica.run();
    const record = await replica.journalOf(id);
    expect(await again().history.hasEnded(record)).toBe(false);
    register.setFaults((call, key) => (call === 'put' && key.startsWith('by/') ? 'fail' : 'ok'));
    await expect(replica.end(id)).rejects.toThrow('the disk is full');
    expect(await keys('by/')).toEqual([]);
    register.setFaults(() => 'ok');
    expect(await again().history.hasEnded(record)).toBe(true);
    expect(await keys('by/')).toHaveLength(1);
    expect(await again().ids({ resource: 'photos' })).toEqual([id]);
  });

  test('whose terminal write had no reply is written again by the same process, and is there once', async () => {
    const { replica, register, again, keys } = world();
    const id = await replica.run();
    register.setFaults((call, key) => (call === 'put' && key.startsWith('done/') ? 'lost' : 'ok'));
    await expect(replica.end(id)).rejects.toThrow('the reply is lost');
    register.setFaults(() => 'ok');
    await replica.end(id);
    expect(await keys('done/')).toHaveLength(1);
    expect(await again().ids({ resource: 'photos' })).toEqual([id]);
  });

  test('of a further attempt takes the place of the one before, in the list and by name', async () => {
    const { replica, again, keys } = world();
    const id = await replica.run();
    await replica.finish(id, ROLLED_BACK);
    const other = again();
    const found = await other.history.ended('demo', id);
    other.takeUp({ ...replica.recordOf(id), display: found?.record.display ?? null }, { attempt: 2, isRetry: true });
    await other.journal(id);
    expect(await again().shown(id)).toMatchObject({ state: 'running', attempt: 2 });
    expect(await again().ids({ state: 'running' })).toEqual([id]);
    await other.finish(id);
    expect(await keys('done/')).toHaveLength(1);
    expect(await keys('by/')).toHaveLength(1);
    const third = again();
    expect(await third.shown(id)).toMatchObject({ state: 'succeeded', attempt: 2 });
    expect(await third.ids({ resource: 'photos', state: 'succeeded' })).toEqual([id]);
    const types = (await third.history.find('demo', id))?.eventsAfter(0).map(({ type }) => type);
    expect(types).toEqual(['started', 'ended', 'resumed', 'ended']);
  });

  test('of a further attempt that goes on with what is left has its steps, and those may begin that never did', async () => {
    const { replica, again } = world();
    const plan = [
      { title: 'Delete bucket', dependsOn: [] },
      { title: 'Delete role', dependsOn: [0] },
    ];
    const id = await replica.run();
    replica.tell(id, { type: 'planned', steps: plan });
    replica.tell(id, { type: 'step-started', step: 0, title: 'Delete bucket' });
    replica.tell(id, { type: 'step-succeeded', step: 0, title: 'Delete bucket', durationMs: 1 });
    await replica.finish(id, { state: 'failed', error: refused, left: [{ step: 'Delete role' }] });
    const other = again();
    const found = await other.history.ended('demo', id);
    expect(found?.shown.steps.map(({ state }) => state)).toEqual(['succeeded', 'skipped']);
    other.takeUp({ ...replica.recordOf(id), display: found?.record.display ?? null }, { attempt: 2 });
    other.tell(id, { type: 'planned', steps: plan });
    expect((await other.shown(id))?.steps.map(({ state }) => state)).toEqual(['succeeded', 'waiting']);
    await other.journal(id);
    await other.finish(id);
    expect(await again().shown(id)).toMatchObject({ attempt: 2, state: 'succeeded', left: [] });
    expect((await again().shown(id))?.steps.map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
  });

  test('of a further attempt that begins from nothing has events with higher ids than the one before', async () => {
    const { replica, again } = world();
    const id = await replica.run();
    await replica.finish(id, ROLLED_BACK);
    const last = (await replica.history.find('demo', id))?.eventsAfter(0).at(-1)?.id ?? 0;
    replica.tell(id, { type: 'operation-started', title: 'Do it again', claims: ['demo/bucket/photos'], attempt: 2 });
    const watched = await replica.history.find('demo', id);
    expect(watched?.show()).toMatchObject({ attempt: 2, state: 'running' });
    expect(watched?.eventsAfter(last).map(({ type }) => type)).toEqual(['started']);
    expect(await again().shown(id)).toMatchObject({ attempt: 1, state: 'rolled-back' });
  });

  test('with an id that does not tell its time is found all the same', async () => {
    const { replica, again } = world();
    const id = await replica.run({ id: 'op-1' });
    await replica.finish(id);
    expect(await again().shown('op-1')).toMatchObject({ id: 'op-1', state: 'succeeded' });
    expect(await again().ids()).toEqual(['op-1']);
    expect(await again().ids({ resource: 'op-1' })).toEqual([]);
  });

  test('is of its account alone', async () => {
    const { replica, again } = world();
    const id = await replica.run();
    await replica.finish(id);
    expect(await again().history.find('other', id)).toBeUndefined();
    expect(await again().ids({}, 'other')).toEqual([]);
  });
});

describe('what is kept for repeats and retries', () => {
  test('the answer, who asked with which key, and no journal where nothing is left', async () => {
    const key = { scope: 'scope-digest', digest: 'body-digest' };
    const answerOf = jest.fn(() => ({ status: 201, text: '{"a":1}' }));
    const { replica, again } = world({ answerOf });
    replica.askedBy({ ...ASKING, key });
    const id = await replica.run();
    await replica.finish(id, { state: 'succeeded', value: { a: 1 } });
    expect(answerOf.mock.calls).toEqual([[{ ...ASKING, key }, { a: 1 }]]);
    const found = await again().history.ended('demo', id);
    expect(found?.record).toMatchObject({
      asked: { key, tokenId: 'portal' },
      answer: { status: 201, text: '{"a":1}' },
    });
    expect(found?.record.journal).toBeUndefined();
  });

  test('the journal where something is left, and no answer', async () => {
    const { replica, again } = world({ answerOf: () => ({ status: 200 }) });
    const id = await replica.run();
    await replica.finish(id, ROLLBACK_FAILED);
    const found = await again().history.ended('demo', id);
    expect(found?.record.answer).toBeUndefined();
    expect(found?.record.journal).toMatchObject({
      kind: 'create-bucket',
      version: 1,
      recovery: 'forward',
      claims: ['demo/bucket/photos'],
      input: { target: { account: 'demo' } },
      preImage: {},
    });
    expect(found?.shown).toMatchObject({ left: ['Make it'], error: { kind: 'denied', code: 'AccessDenied' } });
  });
});

describe('what is forgotten', () => {
  test('operations that ended longer ago than is kept, with their index entries, by one list where there are none', async () => {
    const { replica, clock, callsOf, keys, again } = world();
    const old = await replica.run({ claims: ['demo/in-bucket/photos/Ada', 'demo/user/ada'] });
    await replica.finish(old);
    const long = await replica.run({ claims: ['demo/bucket/other'] });
    clock.advance(DAY_MS);
    await replica.finish(long);
    expect(await callsOf(() => replica.history.prune('demo'))).toHaveLength(1);
    clock.advance(6 * DAY_MS + 2);
    const other = again();
    expect(await other.ids()).toEqual([long]);
    expect(await other.shown(old)).toBeUndefined();
    await other.history.prune('demo');
    expect(await keys('done/')).toHaveLength(1);
    expect((await keys('by/')).map((key) => key.split('/')[2])).toEqual(['other']);
  });

  test('in memory, all but so many', async () => {
    const { replica, keys } = world({ isMemory: true, most: 2 });
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      const id = await replica.run({ claims: [`demo/bucket/${name}`] });
      await replica.finish(id);
      ids.unshift(id);
    }
    expect(await replica.ids()).toEqual(ids.slice(0, 2));
    expect(await keys('done/')).toHaveLength(2);
    expect(await keys('by/')).toHaveLength(2);
  });

  test('what was refused before any effect is in the memory of its process alone, at most so many', async () => {
    const { replica, keys, again } = world({ most: 2 });
    const ids = [replica.begin(), replica.begin(), replica.begin()];
    for (const id of ids) replica.tellEnd(id, { state: 'failed', error: refused, left: [] });
    expect(await replica.ids()).toEqual([ids[2], ids[1]]);
    expect(await replica.shown(ids[2] ?? '')).toMatchObject({ state: 'failed' });
    expect(await keys('')).toEqual([]);
    expect(await again().ids()).toEqual([]);
  });
});

describe('secrets', () => {
  const CANARY = 'plain-text-of-the-secret';

  test('are in nothing that is kept', async () => {
    const { replica, register } = world({ answerOf: () => ({ status: 200, secret: true }) });
    const id = await replica.run();
    replica.tell(id, { type: 'planned', steps: [{ title: 'Make key', dependsOn: [] }] });
    replica.tell(id, { type: 'step-started', step: 0, title: 'Make key' });
    replica.tell(id, { type: 'remembered', step: 0, title: 'Make key', by: 'step', notes: { it: CANARY } });
    const error = { kind: 'unforeseen', detail: CANARY, cause: new Error(CANARY) } as const;
    replica.tell(id, { type: 'step-failed', step: 0, title: 'Make key', durationMs: 1, error });
    await replica.journal(id);
    await replica.finish(id, { state: 'succeeded', value: { key: secret(CANARY) } });
    const other = await replica.run({ claims: ['demo/bucket/other'] });
    await replica.finish(other, {
      state: 'rollback-failed',
      error,
      failedStep: 'x',
      undone: [],
      left: [{ step: 'x', error }],
    });
    const everything = JSON.stringify(await entriesOf(register));
    expect(everything).toContain('an unforeseen error occurred');
    expect(everything).not.toContain(CANARY);
    const page = await replica.history.list('demo', EVERYTHING);
    expect(JSON.stringify(page)).not.toContain(CANARY);
    for (const { key } of await register.list('done/'))
      expect(Buffer.from(key.split('~')[1] ?? '', 'base64url').toString()).not.toContain(CANARY);
  });
});
