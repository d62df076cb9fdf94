import { createDeadlines } from '../../src/base/deadlines';
import type { HistoryQuery } from '../../src/domain/shared/history';
import type { EngineEventPayload } from '../../src/engine/events';
import { createHistory } from '../../src/operations/history';
import type { Asking } from '../../src/operations/history-facts';
import { createMemoryRegister } from '../../src/operations/memory-register';
import { createTestClock } from '../support/clock';

const CANARY = 'secret-that-nobody-may-read';
const everything: HistoryQuery = {
  resource: undefined,
  state: undefined,
  kind: undefined,
  token: undefined,
  since: undefined,
  until: undefined,
  limit: 100,
  marker: undefined,
};

function harness(more: { readonly most?: number } = {}) {
  const clock = createTestClock();
  let asking: Asking | undefined = {
    requestId: 'r-1',
    tokenId: 'portal',
    actor: 'ada',
    method: 'POST',
    path: '/v1/s3/demo/buckets',
  };
  const history = createHistory({
    clock,
    register: createMemoryRegister(),
    isMemory: true,
    deadlines: createDeadlines(clock),
    keepDays: () => 7,
    asking: () => asking,
    ...more,
  });
  const tell = (operationId: string, payload: EngineEventPayload, kind = 'create-bucket'): void =>
    history.listener({ operationId, kind, at: clock.now(), ...payload });
  const start = (id: string, claims = ['demo/bucket/photos'], kind = 'create-bucket'): void => {
    // Of two that begin in the same millisecond nobody can tell which is newer.
    clock.advance(1);
    tell(id, { type: 'operation-started', title: `Do ${id}`, claims }, kind);
  };
  const end = (id: string): void => tell(id, { type: 'operation-ended', state: 'succeeded', durationMs: 1 });
  const ids = async (query: Partial<HistoryQuery> = {}, account = 'demo') =>
    (await history.list(account, { ...everything, ...query })).operations.map(({ id }) => id);
  const shown = async (id: string) => (await history.find('demo', id))?.show();
  return { clock, history, tell, start, end, ids, shown, askedBy: (next: Asking | undefined) => void (asking = next) };
}

const plan = (...titles: readonly string[]): EngineEventPayload => ({
  type: 'planned',
  steps: titles.map((title, index) => ({ title, dependsOn: index === 0 ? [] : [index - 1] })),
});
const busy = {
  kind: 'throttled',
  detail: 'AWS asks for a pause',
  retryAfterSeconds: 2,
  origin: { code: 'Throttling' },
} as const;

describe('an operation as its events tell it', () => {
  test('who asked for it, what it is about, and its steps with times, attempts and errors', async () => {
    const { clock, tell, start, shown } = harness();
    start('op-1', ['demo/bucket/photos', 'demo/bucket-settings/photos']);
    const began = new Date(clock.now());
    tell('op-1', plan('Create bucket', 'Tag bucket', 'Never'));
    tell('op-1', { type: 'step-started', step: 0, title: 'Create bucket' });
    tell('op-1', { type: 'step-retried', step: 0, title: 'Create bucket', attempt: 1, waitMs: 5, error: busy });
    expect((await shown('op-1'))?.steps[0]).toEqual({
      title: 'Create bucket',
      dependsOn: [],
      parent: undefined,
      state: 'running',
      startedAt: began,
      endedAt: undefined,
      attempts: 2,
      error: { kind: 'throttled', detail: 'AWS asks for a pause', code: 'Throttling' },
    });
    clock.advance(1_000);
    tell('op-1', { type: 'step-succeeded', step: 0, title: 'Create bucket', durationMs: 1_000 });
    tell('op-1', { type: 'step-started', step: 1, title: 'Tag bucket' });
    tell('op-1', { type: 'step-failed', step: 1, title: 'Tag bucket', durationMs: 0, error: busy });
    tell('op-1', { type: 'undo-started', step: 0, title: 'Create bucket' });
    tell('op-1', { type: 'undo-succeeded', step: 0, title: 'Create bucket', durationMs: 0 });
    tell('op-1', { type: 'operation-ended', state: 'rolled-back', durationMs: 1_000, error: busy });
    const ended = new Date(clock.now());
    expect(await shown('op-1')).toMatchObject({
      id: 'op-1',
      account: 'demo',
      kind: 'create-bucket',
      title: 'Do op-1',
      resources: [{ type: 'bucket', name: 'photos' }],
      state: 'rolled-back',
      startedAt: began,
      endedAt: ended,
      error: { kind: 'throttled', code: 'Throttling' },
      undone: ['Create bucket'],
      left: [],
      tokenId: 'portal',
      actor: 'ada',
      requestId: 'r-1',
      method: 'POST',
      path: '/v1/s3/demo/buckets',
      steps: [
        { state: 'undone', startedAt: began, endedAt: ended, attempts: 2, error: undefined },
        { state: 'failed', attempts: 1, dependsOn: [0] },
        { state: 'skipped', attempts: 0, startedAt: undefined },
      ],
    });
  });

  test('steps that others have added, with their parent; what goes on in the background; what is left', async () => {
    const { tell, start, shown } = harness();
    start('op-1');
    tell('op-1', plan('Find users'));
    tell('op-1', {
      type: 'steps-added',
      step: 0,
      title: 'Find users',
      steps: [{ step: 1, title: 'Delete ada', dependsOn: [0] }],
    });
    const of = { step: 1, title: 'Delete ada', parent: { step: 0, title: 'Find users' } };
    tell('op-1', { type: 'step-started', ...of });
    tell('op-1', { type: 'step-failed', ...of, durationMs: 1, error: busy });
    tell('op-1', { type: 'operation-goes-on', undoing: [], finishing: ['Delete ada'], error: busy });
    tell('op-1', { type: 'step-resumed', ...of });
    expect(await shown('op-1')).toMatchObject({
      state: 'running',
      steps: [{}, { parent: 0, state: 'running', attempts: 2 }],
    });
    tell('op-1', { type: 'undo-failed', ...of, durationMs: 1, error: busy });
    tell('op-1', {
      type: 'operation-ended',
      state: 'rollback-failed',
      durationMs: 1,
      error: busy,
      left: ['Delete ada'],
    });
    expect(await shown('op-1')).toMatchObject({
      state: 'rollback-failed',
      left: ['Delete ada'],
      steps: [{}, { state: 'undo-failed' }],
    });
  });

  test('its resources: a website by the path that was asked for, users as they were spelled, no other work inside', async () => {
    const { start, shown, askedBy } = harness();
    askedBy({ requestId: 'r', path: '/v1/s3/demo/websites/a.example.org/users' });
    start('op-1', ['demo/user/ada', 'demo/in-bucket/a.example.org/Ada']);
    expect((await shown('op-1'))?.resources).toEqual([
      { type: 'website', name: 'a.example.org' },
      { type: 'user', name: 'Ada' },
    ]);
    start('op-2', ['demo/in-bucket/a.example.org/work:nonce']);
    expect((await shown('op-2'))?.resources).toEqual([{ type: 'website', name: 'a.example.org' }]);
    askedBy(undefined);
    start('op-3', ['demo/cleaner']);
    expect(await shown('op-3')).toMatchObject({ resources: [], tokenId: undefined, requestId: undefined });
  });

  test('what nobody foresaw, and notes between steps, are shown to nobody', async () => {
    const { tell, start, history, shown } = harness();
    start('op-1');
    tell('op-1', plan('Create key'));
    tell('op-1', { type: 'step-started', step: 0, title: 'Create key' });
    tell('op-1', { type: 'remembered', step: 0, title: 'Create key', by: 'step', notes: { it: CANARY } });
    const error = { kind: 'unforeseen', detail: CANARY, cause: new Error(CANARY) } as const;
    tell('op-1', { type: 'step-failed', step: 0, title: 'Create key', durationMs: 1, error });
    tell('op-1', { type: 'operation-ended', state: 'failed', durationMs: 1, error });
    const watched = await history.find('demo', 'op-1');
    const text = JSON.stringify([await shown('op-1'), watched?.eventsAfter(0)]);
    expect(text).toContain('an unforeseen error occurred');
    expect(text).not.toContain(CANARY);
  });
});

describe('watching', () => {
  test('ids of events ascend, and those after one are told again to whoever asks', async () => {
    const { tell, start, end, history } = harness();
    start('op-1');
    const watched = await history.find('demo', 'op-1');
    const seen: number[] = [];
    const stop = watched?.onChange(() => seen.push(...watched.eventsAfter(seen.at(-1) ?? 0).map(({ id }) => id)));
    tell('op-1', plan('Create bucket'));
    tell('op-1', { type: 'looked', durationMs: 1 });
    tell('op-1', { type: 'step-started', step: 0, title: 'Create bucket' });
    expect(seen).toEqual([1, 2, 3]);
    stop?.();
    end('op-1');
    expect(seen).toEqual([1, 2, 3]);
    expect(watched?.isOver()).toBe(true);
    expect(watched?.eventsAfter(2).map(({ type }) => type)).toEqual(['step', 'ended']);
    expect(watched?.eventsAfter(4)).toEqual([]);
  });

  test('pauses of a run that is tried again all day do not fill the memory; its end is told all the same', async () => {
    const { tell, start, end, history } = harness();
    start('op-1');
    tell('op-1', plan('Create bucket'));
    for (let attempt = 1; attempt <= 5_000; attempt += 1)
      tell('op-1', { type: 'undo-retried', step: 0, title: 'Create bucket', attempt, waitMs: 1, error: busy });
    end('op-1');
    const events = (await history.find('demo', 'op-1'))?.eventsAfter(0) ?? [];
    expect(events.length).toBeLessThan(2_100);
    expect(events.at(-1)?.type).toBe('ended');
  });
});

describe('the list', () => {
  test('newest first, page by page, and only of the account', async () => {
    const { start, history, ids } = harness();
    for (const id of ['a', 'b', 'c', 'd', 'e']) start(id);
    start('x', ['other/bucket/photos']);
    expect(await ids()).toEqual(['e', 'd', 'c', 'b', 'a']);
    const first = await history.list('demo', { ...everything, limit: 2 });
    expect(first.operations.map(({ id }) => id)).toEqual(['e', 'd']);
    start('f');
    const second = await history.list('demo', { ...everything, limit: 3, marker: first.marker });
    expect(second.operations.map(({ id }) => id)).toEqual(['c', 'b', 'a']);
    expect(second.marker).toBeUndefined();
    expect(await ids({}, 'other')).toEqual(['x']);
    expect(await history.find('other', 'a')).toBeUndefined();
    await expect(history.list('demo', { ...everything, marker: 'bm8' })).rejects.toThrow('marker');
  });

  test('by resource, state, kind, token and time', async () => {
    const { clock, start, end, ids, askedBy } = harness();
    start('a', ['demo/bucket/photos']);
    const first = clock.now();
    clock.advance(1_000);
    askedBy({ requestId: 'r', tokenId: 'cron' });
    start('b', ['demo/in-bucket/photos/Ada', 'demo/user/ada'], 'create-user');
    end('a');
    expect(await ids({ resource: 'photos' })).toEqual(['b', 'a']);
    expect(await ids({ resource: 'user/ADA' })).toEqual(['b']);
    expect(await ids({ resource: 'bucket/ada' })).toEqual([]);
    expect(await ids({ state: 'running' })).toEqual(['b']);
    expect(await ids({ kind: 'create-bucket' })).toEqual(['a']);
    expect(await ids({ token: 'cron' })).toEqual(['b']);
    expect(await ids({ since: first + 1 })).toEqual(['b']);
    expect(await ids({ since: first, until: first + 1_000 })).toEqual(['a']);
  });
});

describe('what is kept', () => {
  test('so many ended operations; those that run are never forgotten', async () => {
    const { start, end, ids } = harness({ most: 2 });
    start('runs');
    for (const id of ['a', 'b', 'c']) {
      start(id);
      end(id);
    }
    expect(await ids()).toEqual(['c', 'b', 'runs']);
  });

  test('for so many days after their end', async () => {
    const { clock, start, end, ids, shown } = harness();
    start('runs');
    start('a');
    end('a');
    clock.advance(7 * 86_400_000);
    expect(await ids()).toEqual(['a', 'runs']);
    clock.advance(1);
    expect(await shown('a')).toBeUndefined();
    expect(await ids()).toEqual(['runs']);
  });
});
