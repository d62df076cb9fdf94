import { oncePolicy } from '../../src/engine/retry';
import { type Scenario, testScenarios } from './scenario';
import { simulate } from './simulation';

const pivots: readonly Scenario[] = [
  {
    title: 'a step before the pivot is refused → the pivot never starts, the rest is undone',
    plan: { A: {}, B: { needs: ['A'], attempts: ['denied'] }, P: { needs: ['B'], pivot: true }, C: { needs: ['P'] } },
    state: 'rolled-back',
    started: ['A', 'B'],
    undone: ['A'],
    world: [],
  },
  {
    title: 'the pivot is refused → what came before it is undone',
    plan: { A: {}, P: { needs: ['A'], pivot: true, attempts: ['denied'] }, C: { needs: ['P'] } },
    state: 'rolled-back',
    started: ['A', 'P'],
    undone: ['A'],
    world: [],
    failedStep: 'P',
  },
  {
    title: 'C fails after the pivot → nothing is undone, D goes on, what depends on C is left',
    plan: {
      A: {},
      P: { needs: ['A'], pivot: true },
      C: { needs: ['P'], attempts: ['denied'] },
      D: { needs: ['P'], takes: 50 },
      E: { needs: ['C'] },
      F: { needs: ['D'] },
      G: { needs: ['E', 'F'] },
    },
    state: 'failed',
    started: ['A', 'P', 'C', 'D', 'F'],
    undone: [],
    left: ['C', 'E', 'G'],
    world: ['A', 'P', 'D', 'F'],
    failedStep: 'C',
    error: 'denied',
  },
  {
    title: 'C fails while the pivot runs and the pivot succeeds → nothing is undone, the rest goes on',
    plan: {
      A: {},
      P: { needs: ['A'], pivot: true, takes: 50 },
      C: { needs: ['A'], attempts: ['denied'] },
      D: { needs: ['P'] },
    },
    state: 'failed',
    started: ['A', 'P', 'C', 'D'],
    undone: [],
    left: ['C'],
    world: ['A', 'P', 'D'],
    failedStep: 'C',
  },
  {
    title: 'C fails while the pivot runs, and steps held meanwhile start once the pivot succeeded',
    plan: {
      P: { pivot: true, takes: 50 },
      C: { attempts: ['denied'] },
      S: { takes: 20 },
      T: { needs: ['S'] },
    },
    state: 'failed',
    started: ['P', 'C', 'S', 'T'],
    undone: [],
    left: ['C'],
    world: ['P', 'S', 'T'],
  },
  {
    title: 'C fails while the pivot runs and the pivot is refused → all is undone, C is the cause',
    plan: {
      A: {},
      P: { needs: ['A'], pivot: true, takes: 50, attempts: ['contended', 'denied'] },
      C: { needs: ['A'], attempts: ['not-found'] },
      D: { needs: ['P'] },
    },
    state: 'rolled-back',
    started: ['A', 'P', 'C'],
    undone: ['A'],
    world: [],
    failedStep: 'C',
    error: 'not-found',
  },
  {
    title: 'the pivot takes effect, its reply is lost, the check finds it → forward',
    plan: { A: {}, P: { needs: ['A'], pivot: true, attempts: ['lost'], check: 'truth' }, C: { needs: ['P'] } },
    state: 'succeeded',
    started: ['A', 'P', 'C'],
    world: ['A', 'P', 'C'],
  },
  {
    title: 'the pivot stays silent and the check sees no effect → back',
    plan: { A: {}, P: { needs: ['A'], pivot: true, finally: 'silent', check: 'truth' }, C: { needs: ['P'] } },
    state: 'rolled-back',
    started: ['A', 'P'],
    undone: ['P', 'A'],
    world: [],
    failedStep: 'P',
  },
  {
    title:
      'the pivot takes effect, its reply is lost, the check fails for a day → neither back nor forward; all that follows is left',
    plan: { A: {}, P: { needs: ['A'], pivot: true, attempts: ['lost'], check: 'silent' }, C: { needs: ['P'] } },
    state: 'failed',
    started: ['A', 'P'],
    undone: [],
    left: ['P', 'C'],
    world: ['A', 'P'],
    failedStep: 'P',
    error: 'unavailable',
    sent: { P: 1 },
  },
  {
    title: 'the pivot stays silent and has no check → neither back nor forward',
    plan: {
      A: {},
      P: { needs: ['A'], pivot: true, finally: 'silent' },
      C: { needs: ['A'], takes: 9_000 },
      D: { needs: ['C'] },
    },
    state: 'failed',
    started: ['A', 'P', 'C'],
    undone: [],
    left: ['P', 'D'],
    world: ['A', 'C'],
  },
  {
    title: 'one pivot succeeded, another is in doubt → forward with what does not depend on the doubt',
    plan: {
      P: { pivot: true },
      Q: { pivot: true, attempts: ['lost'], retry: oncePolicy },
      C: { needs: ['P'] },
      D: { needs: ['Q'] },
    },
    state: 'failed',
    started: ['P', 'Q', 'C'],
    undone: [],
    left: ['Q', 'D'],
    world: ['P', 'Q', 'C'],
  },
];

describe('a point of no return', () => testScenarios(pivots));

test('failed steps are left with their errors, skipped ones without', async () => {
  const { outcome } = await simulate({
    P: { pivot: true },
    B: { needs: ['P'], attempts: ['denied'] },
    C: { needs: ['B'] },
  });
  expect(outcome).toMatchObject({ left: [{ step: 'B', error: { kind: 'denied' } }, { step: 'C' }] });
  expect(outcome.state === 'failed' && outcome.left[1]).toEqual({ step: 'C' });
});
