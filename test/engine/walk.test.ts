import { oncePolicy } from '../../src/engine/retry';
import { chain, type Scenario, testScenarios } from './scenario';
import { simulate } from './simulation';

const success: readonly Scenario[] = [
  { title: 'an empty plan → succeeds', plan: {}, state: 'succeeded', started: [], world: [] },
  {
    title: 'a chain → runs in order',
    plan: chain({}),
    state: 'succeeded',
    started: ['A', 'B', 'C'],
    world: ['A', 'B', 'C'],
  },
  {
    title: 'B is throttled twice, then heals → succeeds',
    plan: chain({ attempts: ['throttled', 'contended'] }),
    state: 'succeeded',
    started: ['A', 'B', 'C'],
    world: ['A', 'B', 'C'],
    sent: { B: 3 },
  },
  {
    title: 'B takes effect and its reply is lost → the check finds it, it is not sent again',
    plan: chain({ attempts: ['lost'], check: 'truth' }),
    state: 'succeeded',
    started: ['A', 'B', 'C'],
    world: ['A', 'B', 'C'],
    sent: { B: 1 },
  },
  {
    title: 'B is silent without effect → the check sees nothing, it is sent again',
    plan: chain({ attempts: ['silent'], check: 'truth' }),
    state: 'succeeded',
    started: ['A', 'B', 'C'],
    world: ['A', 'B', 'C'],
    sent: { B: 2 },
  },
  {
    title: 'B takes effect, its reply is lost, and the check fails once → the check is retried',
    plan: chain({ attempts: ['lost'], check: 'silent-once' }),
    state: 'succeeded',
    started: ['A', 'B', 'C'],
    world: ['A', 'B', 'C'],
    sent: { B: 1 },
  },
  {
    title: 'B is silent, then takes effect with its last reply lost → found after the last attempt',
    plan: chain({ attempts: ['silent', 'silent', 'silent', 'silent', 'lost'], check: 'truth' }),
    state: 'succeeded',
    started: ['A', 'B', 'C'],
    world: ['A', 'B', 'C'],
    sent: { B: 5 },
  },
  {
    title: 'B may be sent once only and its reply is lost → the check finds it',
    plan: chain({ attempts: ['lost'], check: 'truth', retry: oncePolicy }),
    state: 'succeeded',
    started: ['A', 'B', 'C'],
    world: ['A', 'B', 'C'],
    sent: { B: 1 },
  },
  {
    title: 'two pivots in a row → both are passed',
    plan: { P: { pivot: true }, Q: { after: ['P'], pivot: true } },
    state: 'succeeded',
    started: ['P', 'Q'],
    world: ['P', 'Q'],
  },
];

describe('success', () => testScenarios(success));

test('steps without edges run at once, bounded by the concurrency', async () => {
  const plan = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`S${n}`, { takes: 10 }]));
  expect((await simulate(plan)).mostAtOnce).toBe(16);
  expect((await simulate(plan, { concurrency: 3 })).mostAtOnce).toBe(3);
  expect((await simulate(plan, { concurrency: 0 })).mostAtOnce).toBe(1);
});

test('a step starts as soon as its own needs are done, not when a whole level is', async () => {
  const { clock, outcome } = await simulate({
    slow: { takes: 100 },
    quick: { takes: 1 },
    afterQuick: { needs: ['quick'], takes: 99 },
  });
  expect(outcome.state).toBe('succeeded');
  expect(clock.monotonic()).toBe(100);
});

test('undos without edges between them run at once', async () => {
  const { mostAtOnce, undone, log } = await simulate({
    A: { takes: 10 },
    B: { takes: 10 },
    C: { needs: ['A', 'B'], attempts: ['denied'], takes: 10 },
  });
  expect(undone).toHaveLength(2);
  expect(mostAtOnce).toBe(2);
  expect(log.slice(-4).map((entry) => entry.what)).toEqual(['undo', 'undo', 'undone', 'undone']);
});

test('undo order holds through a step that has no undo', async () => {
  const { undone } = await simulate({
    A: { takes: 1 },
    B: { needs: ['A'], undo: 'none' },
    C: { needs: ['B'], takes: 100 },
    D: { needs: ['C'], attempts: ['denied'] },
  });
  expect(undone).toEqual(['C', 'A']);
});

test('every attempt is in the events, with its pause', async () => {
  const { events } = await simulate({ A: { attempts: ['throttled', 'denied'] } });
  expect(events).toMatchObject([
    { type: 'step-started', step: 0, title: 'A' },
    // 1 s asked for, and half of the 200 ms of jitter.
    { type: 'step-retried', step: 0, title: 'A', attempt: 1, waitMs: 1_100, error: { kind: 'throttled' } },
    { type: 'step-failed', step: 0, title: 'A', durationMs: 1_102, error: { kind: 'denied' } },
  ]);
});

test('an undo that fails is in the events', async () => {
  const { events } = await simulate({ A: { undo: ['denied'] }, B: { needs: ['A'], attempts: ['denied'] } });
  expect(events.slice(-2)).toMatchObject([
    { type: 'undo-started', title: 'A' },
    { type: 'undo-failed', title: 'A', durationMs: 1, error: { kind: 'denied' } },
  ]);
});

describe('an answer that cannot be put together', () => {
  const answer = (): string => {
    throw new TypeError('bug in the answer');
  };

  test('→ everything is undone', async () => {
    const { outcome, world } = await simulate({ A: {} }, { answer });
    expect(outcome).toMatchObject({ state: 'rolled-back', error: { kind: 'unforeseen' }, undone: ['A'] });
    expect(world.size).toBe(0);
  });

  test('after a pivot → failed, and the answer is what is left', async () => {
    const { outcome, world } = await simulate({ P: { pivot: true } }, { answer });
    expect(outcome).toMatchObject({ state: 'failed', left: [{ step: 'Put the answer together' }] });
    expect([...world]).toEqual(['P']);
  });
});
