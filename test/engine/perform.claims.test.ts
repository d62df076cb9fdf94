import { heldIn } from '../support/entries';
import fc from 'fast-check';
import { errors, failure } from '../support/errors';
import { createHarness, planOf, recipe, type TestRecipe } from './harness';

const h = createHarness();

describe('claims after the look', () => {
  test('are taken, and then everything is looked at again', async () => {
    const seen: (readonly string[])[] = [];
    const { outcome } = await h.engine().perform(
      recipe({
        look: async () => ({ there: seen.length === 0 ? ['u1'] : ['u1', 'u2'] }),
        claimsAfterLook: ({ there }) => {
          seen.push(there);
          return there;
        },
        plan: ({ there }) => planOf(async () => `${there.join()} ${(await heldIn(h.register, 'claims/')).length}`),
      }),
    );
    expect(outcome).toEqual({ state: 'succeeded', value: 'u1,u2 3' });
    expect(seen).toEqual([['u1'], ['u1', 'u2'], ['u1', 'u2']]);
    expect(await heldIn(h.register)).toEqual([]);
  });

  test('are journaled with the others', async () => {
    let record: unknown;
    await h.engine().perform(
      recipe({
        claimsAfterLook: () => ['a-first'],
        plan: () => planOf(async () => ((record = await h.recordOf('demo/thing/a')), 'made')),
      }),
    );
    expect(record).toMatchObject({ claims: ['demo/thing/a', 'a-first'] });
  });

  test('that grow with every look → busy after three rounds', async () => {
    let looks = 0;
    const plan = jest.fn();
    const { outcome } = await h
      .engine()
      .perform(
        recipe({ look: async () => ({ there: [`u${(looks += 1)}`] }), claimsAfterLook: ({ there }) => there, plan }),
      );
    expect(outcome).toMatchObject({ state: 'failed', error: { kind: 'busy' }, left: [] });
    expect(looks).toBe(3);
    expect(plan).not.toHaveBeenCalled();
    expect(await heldIn(h.register)).toEqual([]);
  });

  test('are waited for', async () => {
    await h.register.put('claims/u1', { operationId: 'other' }, { ifAbsent: true });
    const running = h.engine().perform(recipe({ claimsAfterLook: () => ['u1'] }));
    await h.clock.sleep(3_000);
    expect(h.types()).toEqual(['operation-started', 'looked']);
    const entry = await h.register.get('claims/u1');
    await h.register.delete('claims/u1', { ifMatch: entry?.version ?? '' });
    expect((await running).outcome.state).toBe('succeeded');
  });
});

describe('a register that fails', () => {
  const made = jest.fn(async () => 'made');
  const counted = (): TestRecipe => recipe({ plan: () => planOf(made) });
  beforeEach(() => made.mockClear());

  test.each(['fail', 'lost'] as const)('at the claim (%s) → unavailable, nothing started', async (fault) => {
    let first = true;
    h.register.setFaults((call) => (call === 'put' && first ? ((first = false), fault) : 'ok'));
    const { outcome } = await h.engine().perform(counted());
    expect(outcome).toMatchObject({ state: 'failed', error: { kind: 'unavailable', retryAfterSeconds: 5 }, left: [] });
    expect(made).not.toHaveBeenCalled();
    expect(h.events[1]).toMatchObject({
      type: 'register-failed',
      during: 'claim',
      error: { kind: 'unforeseen', cause: expect.any(Error) },
    });
    expect(await heldIn(h.register)).toEqual([]);
  });

  test.each(['fail', 'lost'] as const)('at the journal (%s) → unavailable, nothing started', async (fault) => {
    let puts = 0;
    h.register.setFaults((call) => (call === 'put' && (puts += 1) === 2 ? fault : 'ok'));
    const { outcome } = await h.engine().perform(counted());
    expect(outcome).toMatchObject({ state: 'failed', error: { kind: 'unavailable' }, left: [] });
    expect(made).not.toHaveBeenCalled();
    expect(h.types()).toEqual(['operation-started', 'looked', 'planned', 'register-failed', 'operation-ended']);
    expect(await heldIn(h.register)).toEqual([]);
  });

  test('because the claim was lost to another run before the journal → busy, nothing started', async () => {
    const { outcome } = await h.engine().perform(
      recipe({
        look: async () => {
          const entry = await h.register.get('claims/demo/thing/a');
          await h.register.put('claims/demo/thing/a', { operationId: 'thief' }, { ifMatch: entry?.version ?? '' });
          return { there: [] };
        },
        plan: () => planOf(made),
      }),
    );
    expect(outcome).toMatchObject({ state: 'failed', error: { kind: 'busy', holder: 'thief' } });
    expect(made).not.toHaveBeenCalled();
  });

  test('at the release → the outcome stands, and the event tells', async () => {
    let puts = 0;
    // The claim and the journal come first.
    h.register.setFaults((call) => (call === 'put' && (puts += 1) > 2 ? 'fail' : 'ok'));
    const { outcome } = await h.engine().perform(counted());
    expect(outcome).toEqual({ state: 'succeeded', value: 'made' });
    expect(h.events.slice(-2)).toMatchObject([
      { type: 'register-failed', during: 'release' },
      { type: 'operation-ended', state: 'succeeded' },
    ]);
  });

  test('altogether → the run ends all the same', async () => {
    h.register.setFaults(() => 'fail');
    const { outcome } = await h.engine().perform(counted());
    expect(outcome).toMatchObject({ state: 'failed', error: { kind: 'unavailable' } });
    // Nothing was written that could be given back.
    expect(h.events.filter((event) => event.type === 'register-failed').map((event) => event.during)).toEqual([
      'claim',
    ]);
  });
});

test('of many runs at once no two hold the same resource, none deadlocks, and each ends once', async () => {
  const wish = fc.record({
    claims: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 3 }),
    further: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 2 }),
    starts: fc.integer({ min: 0, max: 30 }),
    takes: fc.integer({ min: 0, max: 4_000 }),
    fails: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(wish, { minLength: 2, maxLength: 6 }),
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 5, maxLength: 5 }),
      async (wishes, delays) => {
        h.reset();
        let calls = 0;
        h.register.setBefore(() => h.clock.sleep(delays[(calls += 1) % delays.length] ?? 0));
        const inside = new Set<string>();
        const clashes: string[] = [];
        const one = h.engine();
        const performed = await Promise.all(
          wishes.map(async ({ claims, further, starts, takes, fails }) => {
            await h.clock.sleep(starts);
            return one.perform(
              recipe({
                claims,
                claimsAfterLook: () => further,
                plan: () =>
                  planOf(async () => {
                    const mine = [...new Set([...claims, ...further])];
                    clashes.push(...mine.filter((key) => inside.has(key)));
                    for (const key of mine) inside.add(key);
                    await h.clock.sleep(takes);
                    for (const key of mine) inside.delete(key);
                    if (fails) throw failure(errors.denied);
                    return 'made';
                  }),
              }),
            );
          }),
        );
        expect(clashes).toEqual([]);
        for (const { operationId, outcome } of performed) {
          const own = h.events.filter((event) => event.operationId === operationId);
          expect(own.filter((event) => event.type === 'operation-ended')).toHaveLength(1);
          expect(own.at(-1)).toMatchObject({ type: 'operation-ended', state: outcome.state });
          if (outcome.state === 'failed') expect(['busy', 'denied']).toContain(outcome.error.kind);
        }
        h.register.setBefore(async () => undefined);
        expect(await heldIn(h.register)).toEqual([]);
      },
    ),
    { numRuns: 100 },
  );
});
