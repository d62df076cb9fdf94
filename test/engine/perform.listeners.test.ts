import { entriesOf } from '../support/entries';
import { createEmitter } from '../../src/engine/emit';
import { answer, definePlan } from '../../src/engine/plan';
import type { Recipe } from '../../src/engine/recipe';
import { secret, type Secret } from '../../src/base/secret';
import { createHarness, recipe } from './harness';

const h = createHarness();

describe('listeners', () => {
  test('that throw or meddle change nothing', async () => {
    const { outcome } = await h
      .engine(
        () => {
          throw new Error('listener');
        },
        (event) => void Object.assign(event, { operationId: 'meddled' }),
      )
      .perform(recipe());
    expect(outcome.state).toBe('succeeded');
    expect(h.events).toHaveLength(6);
    expect(new Set(h.events.map((event) => event.operationId))).toEqual(new Set(['op-1']));
  });

  test('that reject end nothing, and those after them are told', async () => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    const told = jest.fn();
    const rejecting = () => Promise.reject(new Error('listener'));
    createEmitter([rejecting, told], h.clock, 'op-1', 'test')({ type: 'looked', durationMs: 1 });
    await new Promise(setImmediate);
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    expect(told.mock.calls).toEqual([
      [{ operationId: 'op-1', kind: 'test', at: h.clock.now(), type: 'looked', durationMs: 1 }],
    ]);
  });

  test('and the journal never get to see a secret', async () => {
    const canary = 'plain-text-of-the-secret';
    const written: unknown[] = [];
    let inside = false;
    h.register.setBefore(async () => {
      // Looking at what is stored is a call, too.
      if (inside) return;
      inside = true;
      written.push(...(await entriesOf(h.register)));
      inside = false;
    });
    const secretRecipe: Recipe<{ readonly seen: string }, { readonly key: Secret }> = {
      kind: 'test-secret',
      title: 'Make a key',
      version: 1,
      input: null,
      claims: ['demo/user/alice'],
      recovery: 'back',
      // A recipe that breaks the rule: its pre-image holds a secret.
      look: async () => ({ seen: secret(canary) as unknown as string }),
      plan: () =>
        definePlan('test-secret', 'Make a key', (step) => {
          const key = step({
            title: 'Make it',
            run: async () => ({ key: secret(canary) }),
            undo: async () => undefined,
          });
          const check = step({
            title: 'Use it',
            needs: { key },
            run: async ({ key: made }) => {
              if (made.key.reveal() !== canary) throw new Error('not the key');
              return made.key;
            },
          });
          return answer({ check }, (results) => ({ key: results.check }));
        }),
    };
    const { outcome } = await h.engine().perform(secretRecipe);
    expect(outcome.state === 'succeeded' && outcome.value.key.reveal()).toBe(canary);
    const stored = JSON.stringify(written);
    expect(stored).toContain('"preImage":{"seen":"[secret]"}');
    expect(stored).not.toContain(canary);
    expect(h.events.length).toBeGreaterThan(6);
    expect(JSON.stringify(h.events)).not.toContain(canary);
    expect(JSON.stringify(outcome)).not.toContain(canary);
  });
});
