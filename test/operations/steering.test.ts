import type { Outcome } from '../../src/engine/recipe';
import { createSteering, notSteered } from '../../src/operations/steering';
import { createTestClock } from '../support/clock';
import { createCountedRegister, createReplica } from './replicas';

const refused = { kind: 'denied', detail: 'AWS refuses that' } as const;
const LEFT: Outcome<unknown> = {
  state: 'rollback-failed',
  error: refused,
  failedStep: 'Tag it',
  undone: [],
  left: [{ step: 'Make it', error: refused }],
};
const ROLLED_BACK: Outcome<unknown> = { state: 'rolled-back', error: refused, failedStep: 'x', undone: ['Make it'] };
const BEHIND_PIVOT: Outcome<unknown> = { state: 'failed', error: refused, left: [{ step: 'Delete role' }] };

function world() {
  const clock = createTestClock();
  const { register } = createCountedRegister();
  const replica = createReplica(register, clock);
  const engine = { cancel: jest.fn(() => Promise.resolve()), retry: jest.fn(() => Promise.resolve()) };
  const steering = createSteering({ history: replica.history, engine });
  const run = async (claims: readonly string[], outcome?: Outcome<unknown>): Promise<string> => {
    const id = await replica.run({ claims });
    await replica.finish(id, outcome);
    return id;
  };
  return { replica, other: createReplica(register, clock), engine, steering, run };
}

describe('cancelling', () => {
  test('is for an operation that is under way, here or elsewhere', async () => {
    const { replica, other, engine, steering } = world();
    const ids = [await replica.run({ claims: ['demo/bucket/a'] }), await other.run({ claims: ['demo/bucket/b'] })];
    for (const id of ids) await steering.cancel('demo', id);
    expect(engine.cancel.mock.calls).toEqual(ids.map((id) => ['demo', id]));
  });

  test('of one that has ended, or of another account, is a conflict', async () => {
    const { replica, engine, steering, run } = world();
    const over = await run(['demo/bucket/a']);
    const running = await replica.run({ claims: ['demo/bucket/b'] });
    await expect(steering.cancel('demo', over)).rejects.toThrow('has ended');
    await expect(steering.cancel('other', running)).rejects.toMatchObject({ error: { kind: 'conflict' } });
    expect(engine.cancel).not.toHaveBeenCalled();
  });
});

describe('trying again', () => {
  test.each([
    ['rollback-failed', LEFT],
    ['failed behind its point of no return', BEHIND_PIVOT],
  ])('is for what is %s, with its journal', async (_, outcome) => {
    const { engine, steering, run } = world();
    const id = await run(['demo/bucket/photos'], outcome);
    await steering.retry('demo', id);
    expect(engine.retry.mock.calls).toEqual([
      ['demo', id, expect.objectContaining({ record: expect.objectContaining({ journal: expect.anything() }) })],
    ]);
  });

  test('of any other is a conflict', async () => {
    const { replica, engine, steering, run } = world();
    const running = await replica.run({ claims: ['demo/bucket/b'] });
    for (const id of [await run(['demo/bucket/a']), await run(['demo/bucket/a'], ROLLED_BACK), running, 'unknown'])
      await expect(steering.retry('demo', id)).rejects.toMatchObject({ error: { kind: 'conflict' } });
    expect(engine.retry).not.toHaveBeenCalled();
  });

  test('is a conflict when others have worked on the same since, and only then', async () => {
    const { engine, steering, run } = world();
    const user = (name: string) => [`demo/in-bucket/photos/${name}`, `demo/user/${name.toLowerCase()}`];
    const bucket = await run(['demo/bucket/photos'], LEFT);
    await run(['demo/bucket/other']);
    await steering.retry('demo', bucket);
    const ada = await run(user('Ada'), LEFT);
    await expect(steering.retry('demo', bucket)).rejects.toThrow('others have worked');
    await run(user('Bob'));
    await steering.retry('demo', ada);
    await run(user('ada'));
    await expect(steering.retry('demo', ada)).rejects.toThrow('others have worked');
    const bob = await run(user('Bob'), LEFT);
    await run(['demo/bucket-settings/photos']);
    await expect(steering.retry('demo', bob)).rejects.toThrow('others have worked');
    expect(engine.retry).toHaveBeenCalledTimes(2);
  });

  test('and cancelling are unsupported where nobody can do them', async () => {
    const { replica, run } = world();
    const steering = createSteering({ history: replica.history, engine: notSteered });
    const running = await replica.run({ claims: ['demo/bucket/b'] });
    await expect(steering.cancel('demo', running)).rejects.toMatchObject({ error: { kind: 'unsupported' } });
    const left = await run(['demo/bucket/photos'], LEFT);
    await expect(steering.retry('demo', left)).rejects.toMatchObject({ error: { kind: 'unsupported' } });
  });
});
