import { READ_ME } from '../../src/engine/records';
import { heldIn } from '../support/entries';
import { createEngine } from '../../src/engine/perform';
import { answer, definePlan } from '../../src/engine/plan';
import { fail } from '../../src/base/errors';
import { errors, failure } from '../support/errors';
import { createHarness, planOf, recipe, type TestRecipe } from './harness';

interface Seen {
  readonly there: readonly string[];
}

const h = createHarness();

describe('a run', () => {
  test('claims, looks, journals, acts and releases, in this order', async () => {
    const order: string[] = [];
    const during = async (what: string): Promise<void> => {
      order.push(`${what}: ${JSON.stringify(await h.recordOf('demo/thing/a'))}`);
    };
    const { operationId, outcome } = await h.engine().perform(
      recipe({
        look: async () => {
          await during('look');
          return { there: ['x'] };
        },
        plan: () =>
          planOf(async () => {
            await during('act');
            return 'made';
          }),
      }),
    );
    expect({ operationId, outcome }).toEqual({ operationId: 'op-1', outcome: { state: 'succeeded', value: 'made' } });
    const claim = '"operationId":"op-1","kind":"test-thing","startedAt":"2030-01-01T00:00:00.000Z","of":"demo/thing/a"';
    const readMe = `"readMe":${JSON.stringify(READ_ME)}`;
    expect(order).toEqual([
      `look: {${claim},${readMe}}`,
      `act: {${claim},"title":"Test a thing","state":"running","recovery":"forward","claims":["demo/thing/a"],"version":1,"input":{"asked":"for"},"preImage":{"there":["x"]},"attempt":1,"asked":null,"display":null,${readMe}}`,
    ]);
    expect(await heldIn(h.register)).toEqual([]);
    expect(h.types()).toEqual([
      'operation-started',
      'looked',
      'planned',
      'step-started',
      'step-succeeded',
      'operation-ended',
    ]);
  });

  test('tells the plan what was seen and which operation it is', async () => {
    const plan = jest.fn((_seen: Seen, _operationId: string) => planOf(async () => 'made'));
    await h.engine().perform(recipe({ plan }));
    expect(plan.mock.calls).toEqual([[{ there: ['x'] }, 'op-1', { asked: 'for' }]]);
  });

  test('puts its own facts on every event', async () => {
    await h.engine().perform(recipe());
    for (const event of h.events)
      expect(event).toMatchObject({ operationId: 'op-1', kind: 'test-thing', at: h.clock.now() });
    expect(h.events[0]).toMatchObject({ title: 'Test a thing', claims: ['demo/thing/a'] });
    expect(h.events[2]).toMatchObject({ steps: [{ title: 'Make it', dependsOn: [] }] });
  });

  test('without claims keeps its journal under a key of its own', async () => {
    let record: unknown;
    const { outcome } = await h
      .engine()
      .perform(
        recipe({ claims: [], plan: () => planOf(async () => ((record = await h.recordOf('operation/op-1')), 'made')) }),
      );
    expect(outcome.state).toBe('succeeded');
    expect(record).toMatchObject({ state: 'running', claims: ['operation/op-1'] });
    expect(await heldIn(h.register)).toEqual([]);
  });

  test('uses the concurrency it was given', async () => {
    let underWay = 0;
    let most = 0;
    const wide = createEngine({
      register: h.register,
      clock: h.clock,
      newId: () => 'op',
      listeners: [],
      concurrency: 2,
    });
    await wide.perform(
      recipe({
        plan: () =>
          definePlan('test-thing', 'Wide', (step) => {
            for (let n = 0; n < 6; n += 1) {
              step({
                title: `S${n}`,
                run: async () => {
                  underWay += 1;
                  most = Math.max(most, underWay);
                  await h.clock.sleep(1);
                  underWay -= 1;
                },
              });
            }
            return answer({}, () => 'wide');
          }),
      }),
    );
    expect(most).toBe(2);
  });
});

describe('a run that is refused', () => {
  const held = { operationId: 'other', kind: 'test', startedAt: 'then', readMe: READ_ME };

  test.each([
    ['its claim is held', { claims: ['demo/thing/a'] }],
    ['it yields to a claim that is held', { claims: ['demo/thing/b'], yieldsTo: ['demo/thing/a'] }],
    ['it yields to a claim below a prefix', { claims: ['demo/other/b'], yieldsTo: ['demo/thing/'] }],
  ])('because %s → busy, nothing looked at, nothing kept', async (_title, overrides) => {
    await h.register.put('claims/demo/thing/a', held, { ifAbsent: true });
    const look = jest.fn(async () => ({ there: [] }));
    const { outcome } = await h.engine().perform(recipe({ ...overrides, look }));
    expect(outcome).toMatchObject({ state: 'failed', error: { kind: 'busy', holder: 'other' }, left: [] });
    expect(look).not.toHaveBeenCalled();
    expect(await heldIn(h.register)).toEqual(['claims/demo/thing/a']);
    expect(h.types()).toEqual(['operation-started', 'operation-ended']);
    expect(h.events[1]).toMatchObject({ state: 'failed', error: { kind: 'busy' } });
  });

  test.each<readonly [string, Partial<TestRecipe>, string]>([
    ['the look fails', { look: () => Promise.reject(failure(errors.denied)) }, 'denied'],
    ['what was seen forbids it', { plan: () => fail(errors.exists) }, 'exists'],
    ['the plan has a bug', { plan: () => planOf(null as never).answer(null as never) as never }, 'unforeseen'],
    [
      'the further claims have a bug',
      { claimsAfterLook: () => (undefined as never as string[]).slice() },
      'unforeseen',
    ],
  ])('because %s → nothing was changed, nothing is kept', async (_title, overrides, kind) => {
    const { outcome } = await h.engine().perform(recipe(overrides));
    expect(outcome).toMatchObject({ state: 'failed', error: { kind }, left: [] });
    expect(await heldIn(h.register)).toEqual([]);
    expect(h.events.at(-1)).toMatchObject({ type: 'operation-ended', state: 'failed', error: { kind } });
  });

  test('because a step behind the pivot fails → its end names what is left, and one that left nothing names nothing', async () => {
    await h.engine().perform(recipe({ plan: () => planOf(() => Promise.reject(failure(errors.denied))) }));
    expect(h.events.at(-1)).not.toHaveProperty('left');

    const behindPivot = definePlan('test-thing', 'Test a thing', (step) => {
      const gone = step({ title: 'Delete the bucket', pivot: true, run: () => Promise.resolve() });
      const rest = step({ title: 'Delete the user', after: [gone], run: () => Promise.reject(failure(errors.denied)) });
      return answer({ rest }, () => 'deleted');
    });
    await h.engine().perform(recipe({ plan: () => behindPivot }));
    expect(h.events.at(-1)).toMatchObject({ type: 'operation-ended', state: 'failed', left: ['Delete the user'] });
  });

  test('by a step that fails → its claims are free again', async () => {
    const one = h.engine();
    const failed = await one.perform(recipe({ plan: () => planOf(() => Promise.reject(failure(errors.quota))) }));
    expect(failed.outcome).toMatchObject({ state: 'failed', error: { kind: 'quota' }, failedStep: 'Make it' });
    expect((await one.perform(recipe())).outcome.state).toBe('succeeded');
  });
});

describe('running and idle', () => {
  test('count runs from their beginning to their end', async () => {
    const one = h.engine();
    await one.idle();
    expect(one.running()).toBe(0);
    const runs = ['a', 'b'].map((name) =>
      one.perform(recipe({ claims: [name], plan: () => planOf(() => h.clock.sleep(100).then(() => name)) })),
    );
    expect(one.running()).toBe(2);
    let idle = false;
    const waiting = one.idle().then(() => (idle = true));
    await runs[0];
    expect(idle).toBe(false);
    await Promise.all(runs);
    await waiting;
    expect(one.running()).toBe(0);
  });

  test('a run that begins while idle waits is waited for, too', async () => {
    const one = h.engine();
    const first = one.perform(recipe({ claims: ['a'] }));
    const waiting = one.idle().then(() => one.running());
    let second: Promise<unknown> | undefined;
    void first.then(
      () =>
        (second ??= one.perform(
          recipe({ claims: ['b'], plan: () => planOf(() => h.clock.sleep(500).then(() => 'b')) }),
        )),
    );
    expect(await waiting).toBe(0);
    expect(second).toBeDefined();
    await second;
  });
});
