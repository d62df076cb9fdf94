import { heldIn } from '../support/entries';
import type { EngineEvent } from '../../src/engine/events';
import { answer, definePlan, type Plan } from '../../src/engine/plan';
import { oncePolicy } from '../../src/engine/retry';
import { errors, failure } from '../support/errors';
import { createHarness, planOf, recipe } from './harness';

const h = createHarness();

/** AWS throttles until it is told otherwise. */
function throttling() {
  let busy = true;
  const meet = async (): Promise<void> => {
    if (busy) throw failure(errors.throttled);
  };
  return { meet, end: () => void (busy = false) };
}

const undoingPlan = (undo: () => Promise<void>): Plan<string> =>
  definePlan('test-thing', 'Test a thing', (step) => {
    const made = step({ title: 'Make it', run: async () => 'made', undo });
    const last = step({
      title: 'Use it',
      needs: { made },
      run: () => Promise.reject(failure(errors.denied)),
      retry: oncePolicy,
    });
    return answer({ last }, () => 'never');
  });

const of = (type: EngineEvent['type']) => h.events.filter((event) => event.type === type);

describe('a run whose undo AWS is too busy for', () => {
  test('answers, keeps its claims, and ends when it is undone', async () => {
    const aws = throttling();
    const one = h.engine();
    const { operationId, outcome, ended } = await one.perform(recipe({ plan: () => undoingPlan(aws.meet) }));
    expect(outcome).toEqual({
      state: 'running',
      error: errors.denied,
      failedStep: 'Use it',
      undone: [],
      undoing: ['Make it'],
      finishing: [],
      left: [],
    });
    expect(of('operation-goes-on')).toMatchObject([
      { operationId, undoing: ['Make it'], finishing: [], error: errors.denied },
    ]);
    expect(one.running()).toBe(1);
    expect(one.leftBehind()).toEqual([{ operationId, kind: 'test-thing', title: 'Test a thing', left: ['Make it'] }]);

    const again = await one.perform(recipe());
    expect(again.outcome).toMatchObject({ state: 'failed', error: { kind: 'busy', holder: operationId } });

    aws.end();
    expect(await ended).toEqual({
      state: 'rolled-back',
      error: errors.denied,
      failedStep: 'Use it',
      undone: ['Make it'],
    });
    expect(of('operation-ended').at(-1)).toMatchObject({ operationId, state: 'rolled-back', wentOn: true });
    expect(one.leftBehind()).toEqual([]);
    expect((await one.perform(recipe())).outcome.state).toBe('succeeded');
  });

  test('is waited for by idle', async () => {
    const aws = throttling();
    const one = h.engine();
    await one.perform(recipe({ plan: () => undoingPlan(aws.meet) }));
    let idle = false;
    const waiting = one.idle().then(() => (idle = true));
    await h.clock.sleep(600_000);
    expect(idle).toBe(false);
    aws.end();
    one.hurry();
    await waiting;
    expect(one.running()).toBe(0);
  });
});

test('a run that succeeds behind its pivot after all ends as succeeded, though its caller was told an error', async () => {
  const aws = throttling();
  const plan = definePlan('test-thing', 'Test a thing', (step) => {
    const gone = step({ title: 'Delete the bucket', pivot: true, run: async () => undefined });
    const rest = step({ title: 'Delete the user', after: [gone], run: aws.meet });
    return answer({ rest }, () => 'deleted');
  });
  const { outcome, ended } = await h.engine().perform(recipe({ plan: () => plan }));
  expect(outcome).toMatchObject({
    state: 'running',
    error: errors.throttled,
    finishing: ['Delete the user'],
    undoing: [],
  });
  aws.end();
  expect(await ended).toEqual({ state: 'succeeded', value: 'deleted' });
});

describe('what follows an answer', () => {
  const follows = (run: () => Promise<void>) => ({
    plan: definePlan('test-thing', 'Follow', (step) => {
      step({ title: 'Follow it', run });
      return answer({}, () => undefined);
    }),
  });

  test('is told whether the answer was delivered, and is done under the claims', async () => {
    const seen: unknown[] = [];
    const withAfterwards = recipe({
      afterwards: (value, delivered, { there }) => {
        seen.push([value, delivered, there]);
        return follows(async () => void seen.push(await h.recordOf('demo/thing/a')));
      },
    });
    for (const delivered of [true, false]) {
      const { outcome } = await h.engine().perform(withAfterwards, async (value, operationId) => {
        seen.push([value, operationId]);
        return delivered;
      });
      expect(outcome).toEqual({ state: 'succeeded', value: 'made' });
    }
    const record: unknown = expect.objectContaining({ state: 'running' });
    expect(seen).toEqual([
      ['made', 'op-1'],
      ['made', true, ['x']],
      record,
      ['made', 'op-1'],
      ['made', false, ['x']],
      record,
    ]);
    expect(of('answered')).toMatchObject([
      { delivered: true, then: ['Follow it'] },
      { delivered: false, then: ['Follow it'] },
    ]);
    expect(await heldIn(h.register)).toEqual([]);
  });

  test.each([
    ['without anybody to hand it to, an answer counts as delivered', undefined, true],
    ['an answer that cannot be handed out is not delivered', () => Promise.reject(new Error('no')), false],
  ])('%s', async (_title, deliver, expected) => {
    const told: boolean[] = [];
    const afterwards = (_: string, delivered: boolean) => {
      told.push(delivered);
      return undefined;
    };
    await h.engine().perform(recipe({ afterwards }), deliver);
    expect(told).toEqual([expected]);
  });

  test('is not given up because AWS is busy', async () => {
    const aws = throttling();
    const { outcome, ended } = await h.engine().perform(recipe({ afterwards: () => follows(aws.meet) }));
    expect(outcome).toMatchObject({ state: 'running', error: errors.throttled, finishing: ['Follow it'] });
    expect(await h.recordOf('demo/thing/a')).toMatchObject({ state: 'running' });
    aws.end();
    expect(await ended).toEqual({ state: 'succeeded', value: 'made' });
  });

  test('is waited for by whoever has the answer and asks for the next thing at once', async () => {
    const one = h.engine();
    let second: Promise<unknown> | undefined;
    const first = recipe({ afterwards: () => follows(() => h.clock.sleep(3_000)) });
    await one.perform(first, async () => {
      second = one.perform(recipe()).then(({ outcome }) => outcome);
      return true;
    });
    expect(await second).toEqual({ state: 'succeeded', value: 'made' });
  });

  test('is not waited for any longer when it goes on in the background', async () => {
    const aws = throttling();
    const one = h.engine();
    let second: Promise<unknown> | undefined;
    const { ended } = await one.perform(recipe({ afterwards: () => follows(aws.meet) }), async () => {
      second = one.perform(recipe()).then(({ outcome }) => outcome);
      return true;
    });
    expect(await second).toMatchObject({ state: 'failed', error: { kind: 'busy' } });
    aws.end();
    await ended;
  });

  test('and is refused is left', async () => {
    const { outcome } = await h
      .engine()
      .perform(recipe({ afterwards: () => follows(() => Promise.reject(failure(errors.denied))) }));
    expect(outcome).toEqual({
      state: 'failed',
      error: errors.denied,
      failedStep: 'Follow it',
      left: [{ step: 'Follow it', error: errors.denied }],
    });
  });

  test('may end the run as failed with nothing left', async () => {
    const { outcome } = await h
      .engine()
      .perform(recipe({ afterwards: () => ({ ...follows(async () => undefined), error: errors.conflict }) }));
    expect(outcome).toEqual({ state: 'failed', error: errors.conflict, left: [] });
  });

  test('follows no answer of a run that failed', async () => {
    const afterwards = jest.fn();
    await h.engine().perform(recipe({ afterwards, plan: () => planOf(() => Promise.reject(failure(errors.denied))) }));
    expect(afterwards).not.toHaveBeenCalled();
  });
});

test('a run in its middle would leave behind what it has done so far', async () => {
  const one = h.engine();
  let seen: unknown;
  const plan = definePlan('test-thing', 'Test a thing', (step) => {
    const made = step({ title: 'Make it', run: async () => 'made', undo: async () => undefined });
    const last = step({ title: 'Use it', needs: { made }, run: async () => void (seen = one.leftBehind()) });
    return answer({ last }, () => 'used');
  });
  await one.perform(recipe({ plan: () => plan }));
  expect(seen).toMatchObject([{ left: ['Make it'] }]);
});
