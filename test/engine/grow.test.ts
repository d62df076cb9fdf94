import type { EngineEventPayload } from '../../src/engine/events';
import { answer, definePlan, type StepFactory, type StepHandle } from '../../src/engine/plan';
import { walk } from '../../src/engine/walk';
import { createTestClock } from '../support/clock';
import { errors, failure } from '../support/errors';
import { type Scenario, testScenarios } from './scenario';
import { simulate } from './simulation';

const nothing = async (): Promise<void> => undefined;

const growing: readonly Scenario[] = [
  {
    title: 'a step adds others, and those another → what waits for it waits for all of them',
    plan: {
      A: { more: { 'A.1': { takes: 50, more: { 'A.1.1': { takes: 90 } } }, 'A.2': { after: ['A.1'] } } },
      B: { needs: ['A'] },
    },
    state: 'succeeded',
    started: ['A', 'A.1', 'A.1.1', 'A.2', 'B'],
    world: ['A', 'A.1', 'A.1.1', 'A.2', 'B'],
  },
  {
    title: 'what was added fails → what else was added is undone before the step that added it',
    plan: { A: { more: { 'A.1': {}, 'A.2': { needs: ['A.1'], attempts: ['denied'] } } }, B: { needs: ['A'] } },
    state: 'rolled-back',
    started: ['A', 'A.1', 'A.2'],
    undone: ['A.1', 'A'],
    world: [],
    failedStep: 'A.2',
  },
  {
    title: 'what comes later fails → what was added is undone in between',
    plan: { A: { more: { 'A.1': {} } }, B: { needs: ['A'] }, C: { needs: ['B'], attempts: ['denied'] } },
    state: 'rolled-back',
    started: ['A', 'A.1', 'B', 'C'],
    undone: ['B', 'A.1', 'A'],
    world: [],
  },
  {
    title: 'a step that was found to be done adds what it would have added',
    plan: { A: { attempts: ['lost'], check: 'truth', more: { 'A.1': {} } } },
    state: 'succeeded',
    started: ['A', 'A.1'],
    world: ['A', 'A.1'],
  },
  {
    title: 'what was added waits for AWS as any other step',
    plan: { A: { more: { 'A.1': { attempts: ['throttled', 'throttled'] } } } },
    state: 'succeeded',
    started: ['A', 'A.1'],
    world: ['A', 'A.1'],
    sent: { 'A.1': 3 },
  },
  {
    title: 'another step fails first → what a running step adds never starts',
    plan: { A: { takes: 50, more: { 'A.1': {} } }, B: { attempts: ['denied'] } },
    state: 'rolled-back',
    started: ['A', 'B'],
    undone: ['A'],
    world: [],
    failedStep: 'B',
  },
  {
    title: 'behind a pivot one of those added is refused → the others are done, what waits for the whole is left',
    plan: {
      P: { pivot: true },
      A: { needs: ['P'], more: { 'A.1': { attempts: ['denied'] }, 'A.2': { takes: 50 }, 'A.3': { needs: ['A.2'] } } },
      B: { needs: ['A'] },
    },
    state: 'failed',
    started: ['P', 'A', 'A.1', 'A.2', 'A.3'],
    left: ['B', 'A.1'],
    world: ['P', 'A', 'A.2', 'A.3'],
    failedStep: 'A.1',
  },
  {
    title: 'a pivot may be added: what came before it is not undone',
    plan: { A: { more: { P: { pivot: true } } }, B: { needs: ['A'], attempts: ['denied'] } },
    state: 'failed',
    started: ['A', 'P', 'B'],
    left: ['B'],
    world: ['A', 'P'],
  },
  {
    title: 'a pivot in doubt that has happened adds its steps',
    plan: { P: { pivot: true, attempts: ['lost'], check: 'silent-long', more: { 'P.1': {} } } },
    state: 'succeeded',
    started: ['P', 'P.1'],
    world: ['P', 'P.1'],
  },
  {
    title: 'steps that cannot be told are a failure of their own, and what was done is undone',
    plan: { A: { more: 'bug' }, B: { needs: ['A'] } },
    state: 'rolled-back',
    started: ['A', 'Find out what comes after "A"'],
    undone: ['A'],
    world: [],
    failedStep: 'Find out what comes after "A"',
    error: 'unforeseen',
  },
];

describe('a plan that grows', () => testScenarios(growing));

const keeping: readonly Scenario[] = [
  {
    title: 'something below fails for good → it is put back when all has ended',
    plan: {
      P: { pivot: true },
      A: { needs: ['P'], more: { 'A.1': { attempts: ['denied'] }, 'A.2': { takes: 90 } }, keep: { K: {} } },
    },
    state: 'failed',
    started: ['P', 'A', 'A.1', 'A.2', 'K'],
    left: ['A.1'],
    world: ['P', 'A', 'A.2', 'K'],
  },
  {
    title: 'nothing below fails → nothing is put back, whatever fails elsewhere',
    plan: {
      P: { pivot: true },
      A: { needs: ['P'], more: { 'A.1': {} }, keep: { K: {} } },
      B: { needs: ['P'], attempts: ['denied'] },
    },
    state: 'failed',
    started: ['P', 'A', 'A.1', 'B'],
    left: ['B'],
    world: ['P', 'A', 'A.1'],
  },
  {
    title: 'AWS is busy for a while → nothing is put back, as it is finished in the end',
    plan: {
      P: { pivot: true },
      A: { needs: ['P'], more: { 'A.1': { attempts: Array(30).fill('throttled') } }, keep: { K: {} } },
    },
    state: 'succeeded',
    started: ['P', 'A', 'A.1'],
    world: ['P', 'A', 'A.1'],
  },
  {
    title: 'no pivot → all is undone, and nothing put back',
    plan: { A: { more: { 'A.1': { attempts: ['denied'] } }, keep: { K: {} } } },
    state: 'rolled-back',
    started: ['A', 'A.1'],
    undone: ['A'],
    world: [],
  },
  {
    title: 'what puts back fails → it is left as well',
    plan: {
      P: { pivot: true },
      A: {
        needs: ['P'],
        more: { 'A.1': { attempts: ['denied'] } },
        keep: { K: { attempts: ['denied'] }, L: { needs: ['K'] } },
      },
    },
    state: 'failed',
    started: ['P', 'A', 'A.1', 'K'],
    left: ['A.1', 'K', 'L'],
    world: ['P', 'A'],
  },
];

describe('what is put back behind a pivot', () => testScenarios(keeping));

test('the errors of what failed say that it was put back, once it was', async () => {
  const plan = (K: object) => ({
    P: { pivot: true },
    A: { needs: ['P'], more: { 'A.1': { attempts: ['denied'] as const }, 'A.2': { needs: ['A.1'] } }, keep: { K } },
  });
  const { detail } = errors.denied;
  expect((await simulate(plan({}))).outcome).toMatchObject({
    error: { detail: `${detail} A is kept.` },
    left: [{ step: 'A.1', error: { detail: `${detail} A is kept.` } }, { step: 'A.2' }],
  });
  expect((await simulate(plan({ attempts: ['denied'] }))).outcome).toMatchObject({ error: { detail } });
});

/** Walks a plan whose first step adds what it is told; `stranger` is a step of another plan, `last` waits for the first. */
async function adding(
  more: (step: StepFactory, has: Record<'first' | 'last' | 'stranger', StepHandle<unknown>>) => void,
) {
  const events: EngineEventPayload[] = [];
  let stranger: StepHandle<unknown> = { index: 0, title: '' };
  definePlan('q', 'Q', (step) => {
    stranger = step({ title: 'stranger', run: nothing });
    return answer({}, () => undefined);
  });
  const plan = definePlan('p', 'P', (step) => {
    const has = { stranger, first: stranger, last: stranger };
    const first = step({
      title: 'first',
      run: async () => ({ at: new Date(0), no: undefined }),
      more: (add, result) => {
        expect(result).toEqual({ at: '1970-01-01T00:00:00.000Z' });
        more(add, has);
      },
    });
    has.first = first;
    has.last = step({ title: 'last', after: [first], run: nothing });
    return answer({}, () => undefined);
  });
  const scope = { operationId: 'op', clock: createTestClock() };
  return { outcome: await walk(plan, { scope, emit: (event) => events.push(event) }), events };
}

test('what is added is told, below the step that added it', async () => {
  const { outcome, events } = await adding((step, { first }) => {
    const one = step({ title: 'one', needs: { first }, run: nothing });
    step({ title: 'two', after: [one], run: nothing });
  });
  expect(outcome.state).toBe('succeeded');
  const parent = { step: 0, title: 'first' };
  expect(events).toContainEqual({
    type: 'steps-added',
    step: 0,
    title: 'first',
    steps: [
      { step: 2, title: 'one', dependsOn: [0] },
      { step: 3, title: 'two', dependsOn: [0, 2] },
    ],
  });
  expect(events).toContainEqual({ type: 'step-started', step: 3, title: 'two', parent });
});

test.each(['last', 'stranger'] as const)('what is added cannot wait for a step that is %s', async (which) => {
  const { outcome } = await adding((step, has) => step({ title: 'one', after: [has[which]], run: nothing }));
  expect(outcome).toMatchObject({
    state: 'failed',
    error: { kind: 'unforeseen' },
    failedStep: 'Find out what comes after "first"',
  });
});

test('a step remembers what its attempts noted, tells it, and shows it to its undo; others see what is shared', async () => {
  const events: EngineEventPayload[] = [];
  const read: unknown[] = [];
  const plan = definePlan('p', 'P', (step) => {
    const first = step({
      title: 'first',
      run: async (_, { memory, shared }) => {
        read.push(memory.get('tries') ?? 0);
        memory.set('tries', Number(memory.get('tries') ?? 0) + 1);
        memory.set('tries', memory.get('tries') ?? 0);
        if (memory.get('tries') === 1) throw failure(errors.throttled);
        shared.set('seen', true);
      },
      undo: async (_, { memory, shared }) => void read.push('undo', memory.get('tries') ?? 0, shared.get('seen') ?? 0),
    });
    step({
      title: 'second',
      after: [first],
      run: async (_, { memory, shared }) => {
        read.push(memory.get('tries'), shared.get('seen'));
        throw failure(errors.denied);
      },
    });
    return answer({}, () => undefined);
  });
  await walk(plan, { scope: { operationId: 'op', clock: createTestClock() }, emit: (event) => events.push(event) });
  expect(read).toEqual([0, 1, undefined, true, 'undo', 2, true]);
  expect(events.filter(({ type }) => type === 'remembered')).toEqual([
    { type: 'remembered', step: 0, title: 'first', by: 'step', notes: { tries: 1 } },
    { type: 'remembered', step: 0, title: 'first', by: 'step', notes: { tries: 2 } },
    { type: 'remembered', step: 0, title: 'first', by: 'run', notes: { seen: true } },
  ]);
});

describe('a step whose result tells whether it was the point of no return', () => {
  const walking = async (isPast: boolean) => {
    const undone: string[] = [];
    const plan = definePlan('p', 'P', (step) => {
      const before = step({ title: 'before', run: nothing, undo: async () => void undone.push('before') });
      const tried = step({
        title: 'try',
        after: [before],
        run: async () => isPast,
        pivot: (result) => result,
        more: (add, result) => {
          if (!result) add({ title: 'try again', pivot: true, run: () => Promise.reject(failure(errors.denied)) });
        },
      });
      step({ title: 'after', after: [tried], run: () => Promise.reject(failure(errors.denied)) });
      return answer({}, () => undefined);
    });
    const scope = { operationId: 'op', clock: createTestClock() };
    const { state } = await walk(plan, { scope, emit: () => undefined });
    return { state, undone };
  };

  test('goes only forward from there when it was', async () => {
    expect(await walking(true)).toEqual({ state: 'failed', undone: [] });
  });

  test('goes back when it was not, and what it added fails', async () => {
    expect(await walking(false)).toEqual({ state: 'rolled-back', undone: ['before'] });
  });
});
