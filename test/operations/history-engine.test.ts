import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDeadlines } from '../../src/base/deadlines';
import { fail } from '../../src/base/errors';
import { secret, type Secret } from '../../src/base/secret';
import { createEngine } from '../../src/engine/perform';
import { answer, definePlan } from '../../src/engine/plan';
import type { Recipe } from '../../src/engine/recipe';
import { oncePolicy } from '../../src/engine/retry';
import { openFileRegister } from '../../src/operations/file/register';
import { createHistory } from '../../src/operations/history';
import { createOperationId } from '../../src/operations/operation-id';
import { createTestClock } from '../support/clock';
import { ASKING, EVERYTHING } from './replicas';

const CANARY = 'plain-text-of-the-secret';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mallard-history-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const clock = createTestClock();

/** What one process has of a folder of operations. */
async function open() {
  const register = await openFileRegister(folder);
  const history = createHistory({
    clock,
    register,
    isMemory: false,
    deadlines: createDeadlines(clock),
    keepDays: () => 7,
    asking: () => ASKING,
    answerOf: (_, value) => ({ status: 200, text: JSON.stringify(value) }),
  });
  const engine = createEngine({
    register,
    isDurable: true,
    clock,
    newId: (claim) => createOperationId(clock.now(), claim),
    listeners: [history.listener],
    notary: history.notary,
  });
  const page = async () => (await history.list('demo', EVERYTHING)).operations;
  return { register, history, engine, page };
}

interface Made {
  readonly name: string;
  readonly key: Secret;
}

/** Makes a thing and tags it. */
function recipe(name: string, more: { readonly tag?: () => Promise<void>; readonly look?: () => Promise<null> } = {}) {
  const { tag = () => Promise.resolve(), look = () => Promise.resolve(null) } = more;
  const made: Recipe<null, Made> = {
    kind: 'make-thing',
    title: `Make ${name}`,
    version: 1,
    input: { asked: name },
    claims: [`demo/bucket/${name}`, `demo/bucket-settings/${name}`],
    recovery: 'forward',
    look,
    plan: () =>
      definePlan('make-thing', `Make ${name}`, (step) => {
        const thing = step({
          title: 'Make it',
          run: async (): Promise<Made> => ({ name, key: secret(CANARY) }),
          undo: async () => fail({ kind: 'denied', detail: 'AWS refuses the undo' }),
        });
        const tagged = step({ title: 'Tag it', needs: { thing }, run: tag, retry: oncePolicy });
        return answer({ thing, tagged }, (results) => results.thing);
      }),
  };
  return made;
}

const refuse = async () => fail({ kind: 'denied', detail: 'AWS refuses that' });

describe('what an engine has done in a folder', () => {
  test('is shown by the next process: its steps, its end, its answer, what a retry needs, and no secret', async () => {
    const one = await open();
    const first = await one.engine.perform(recipe('photos'));
    clock.advance(1);
    const second = await one.engine.perform(recipe('films', { tag: refuse }));
    clock.advance(1);
    const refused = await one.engine.perform(recipe('songs', { look: refuse }));
    expect([first, second, refused].map(({ outcome }) => outcome.state)).toEqual([
      'succeeded',
      'rollback-failed',
      'failed',
    ]);
    const before = await one.page();
    expect(before.map(({ id }) => id)).toEqual([refused.operationId, second.operationId, first.operationId]);
    await one.register.close();

    const two = await open();
    expect(await two.page()).toEqual(before.slice(1));
    const shown = (await two.history.find('demo', second.operationId))?.show();
    expect(shown).toMatchObject({
      state: 'rollback-failed',
      left: ['Make it'],
      tokenId: 'portal',
      steps: [
        { title: 'Make it', state: 'undo-failed' },
        { title: 'Tag it', state: 'failed', error: { kind: 'denied' } },
      ],
    });
    const kept = await two.history.ended('demo', first.operationId);
    expect(kept?.record.answer).toEqual({ status: 200, text: '{"name":"photos","key":"[secret]"}' });
    const left = await two.history.ended('demo', second.operationId);
    expect(left?.record.journal).toMatchObject({ kind: 'make-thing', input: { asked: 'films' }, preImage: null });
    await two.register.close();

    const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const stored = names
      .map((entry) => entry.name + readFileSync(join(entry.parentPath, entry.name), 'utf8'))
      .join('\n');
    expect(stored).toContain('make-thing');
    expect(stored).not.toContain(CANARY);
  });
});
