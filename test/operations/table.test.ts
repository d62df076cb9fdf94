import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSessions } from '../../src/aws/session';
import type { JsonValue } from '../../src/base/json';
import { systemClock } from '../../src/base/clock';
import { createMemory } from '../../src/domain/dispatch/memory';
import type { recipeOf } from '../../src/domain/dispatch/recipe';
import { createService } from '../../src/domain/dispatch/service';
import type { Context } from '../../src/domain/shared/context';
import type { Target } from '../../src/domain/shared/operation';
import type { EngineEvent } from '../../src/engine/events';
import type { JournalRecord } from '../../src/engine/journal';
import { createEngine } from '../../src/engine/perform';
import type { Register } from '../../src/engine/register';
import { operations } from '../../src/http/contract/document';
import { STEERING_IDS } from '../../src/http/operations/steer';
import { createMemoryRegister } from '../../src/operations/memory-register';
import { operationTable } from '../../src/operations/table';
import { bareContext } from '../support/bare-context';
import { targetName } from '../support/e2e/target';
import { startSiteWorld, type SiteWorld } from '../support/e2e/site';

const src = join(__dirname, '../../src');
const steering: readonly string[] = STEERING_IDS;
const inAccounts = operations
  .filter(({ isPublic, operationId }) => !isPublic && !steering.includes(operationId))
  .map(({ operationId }) => operationId);

test('the table has every operation of an account in openapi.yaml but those on operations themselves, and no other', () => {
  expect([...operationTable.ids()].sort()).toEqual([...inAccounts].sort());
});

test.each(operations.map(({ operationId }) => operationId))(
  '%s is answered by one file of domain or http, which names it literally',
  (id) => {
    const files = ['domain', 'http'].flatMap((folder) =>
      readdirSync(join(src, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => join(folder, name)),
    );
    // Types of the contract may be asked for by its id anywhere; what answers says so once: in its `ids`, or as a public route.
    const naming = files.filter((file) => {
      const text = readFileSync(join(src, file), 'utf8');
      const isPublic = file === join('http', 'system.ts') && new RegExp(`^ {4}${id}[:,]`, 'm').test(text);
      return isPublic || new RegExp(`\\bids: \\{[^}]*'${id}'`).test(text);
    });
    expect(naming).toHaveLength(1);
  },
);

test.each(inAccounts)('the definition that is loaded for %s says that it is its own', async (id) => {
  const { ids } = await operationTable.load(id);
  expect([ids.bucket, ids.website, ids.account].flat()).toContain(id);
  expect('plan' in (await operationTable.load(id))).toBe(operationTable.isWrite(id));
});

/** A write as the journal keeps it, and the plan that the engine made of it. */
interface Run {
  readonly operationId: string;
  readonly record: JournalRecord;
  readonly planned: JsonValue;
}

// Emulators are for what callers see.
(targetName === 'sandbox' ? describe : describe.skip)('every write', () => {
  let world: SiteWorld;
  const runs = new Map<string, Run>();

  beforeAll(async () => {
    world = await startSiteWorld();
    const { config } = world;
    const account = config.accounts.get('demo');
    if (!account) throw new Error('there is no account demo');
    const records = new Map<string, JournalRecord>();
    const planned = new Map<string, JsonValue>();
    const sessions = createSessions({ clock: systemClock, org: config.org });
    let ids = 0;
    const service = createService({
      config: () => config,
      sessions,
      engine: createEngine({
        register: watched(records),
        clock: systemClock,
        newId: () => `op-${String((ids += 1))}`,
        listeners: [(event) => note(event, planned)],
      }),
      clock: systemClock,
      newId: () => 'nonce',
      memory: createMemory(systemClock),
      nextCleaning: () => undefined,
      table: operationTable,
    });
    const write = async (operationId: string, more: object = {}): Promise<unknown> => {
      const asked = { operationId, account, name: '', user: '', params: {}, query: {}, body: undefined, ...more };
      const performed = await service.write(asked, () => Promise.resolve(true));
      const { outcome } = performed;
      if (outcome.state !== 'succeeded') throw new Error(`${operationId}: ${JSON.stringify(outcome)}`);
      const record = records.get(performed.operationId);
      if (!record) throw new Error(`${operationId} has no journal`);
      runs.set(operationId, { operationId, record, planned: planned.get(performed.operationId) ?? null });
      return outcome.value;
    };
    const site = `${world.name('table')}.example.org`;
    const bucket = world.name('table');
    for (const [prefix, name] of [
      ['', bucket],
      ['Website', site],
    ] as const) {
      const noun = prefix === '' ? 'Bucket' : prefix;
      const of = (user: string, params: Readonly<Record<string, string>> = {}) => ({ name, user, params });
      await write(`create${noun}`, { body: { BucketInput: { Bucket: name } } });
      await write(`update${noun}`, {
        name,
        body: { Tags: [{ Key: 'a', Value: 'b' }], Versioning: { Status: 'Enabled' } },
      });
      if (prefix !== '') await write('invalidateCache', { name, body: { CacheInvalidation: ['/*'] } });
      const user = world.name('ada');
      await write(`create${prefix}User`, { name, body: { User: { UserName: user } } });
      await write(`change${prefix}User`, { ...of(user), body: { Groups: ['BktROGrp'] } });
      const { AccessKey } = (await write(`add${prefix}Key`, of(user))) as { AccessKey: { AccessKeyId: string } };
      const key = of(user, { key: AccessKey.AccessKeyId });
      await write(`set${prefix}KeyStatus`, { ...key, body: { Status: 'Inactive' } });
      await write(`delete${prefix}Key`, key);
      await write(`reset${prefix}Keys`, of(user));
      await write(`revoke${prefix}Keys`, of(user));
      await write(`delete${prefix}User`, of(user));
      await write(`delete${noun}`, { name });
    }
    await write('runCleaner', { body: {} });
    sessions.destroy();
  }, 120_000);
  afterAll(() => world.stop());

  test.each(operationTable.ids().filter(operationTable.isWrite))(
    '%s: a fresh process makes the same plan of the journal alone',
    async (operationId) => {
      const run = runs.get(operationId);
      if (!run) throw new Error(`${operationId} was not run`);
      expect(await plannedAfresh(run, world)).toEqual(run.planned);
    },
  );
});

/** A register that keeps the journal of every run beyond its end. */
function watched(records: Map<string, JournalRecord>): Register {
  const register = createMemoryRegister();
  return {
    ...register,
    put: (key, value, condition) => {
      const record = value as JsonValue & Partial<JournalRecord>;
      // As a store gives it back.
      if (record.state === 'running')
        records.set(String(record.operationId), JSON.parse(JSON.stringify(record)) as JournalRecord);
      return register.put(key, value, condition);
    },
  };
}

function note(event: EngineEvent, planned: Map<string, JsonValue>): void {
  if (event.type === 'planned') planned.set(event.operationId, JSON.parse(JSON.stringify(event.steps)) as JsonValue);
}

/** The steps that code which has never seen the request plans from its journal. */
async function plannedAfresh({ operationId, record }: Run, world: SiteWorld): Promise<JsonValue> {
  let steps: JsonValue = null;
  await jest.isolateModulesAsync(async () => {
    const table = jest.requireActual<{ operationTable: typeof operationTable }>('../../src/operations/table');
    const recipes = jest.requireActual<{ recipeOf: typeof recipeOf }>('../../src/domain/dispatch/recipe');
    const fresh = jest.requireActual<{ createSessions: typeof createSessions }>('../../src/aws/session');
    const account = world.config.accounts.get('demo');
    if (!account) throw new Error('there is no account demo');
    const sessions = fresh.createSessions({ clock: systemClock, org: world.config.org });
    const context: Context = bareContext({ session: await sessions.open(account), clock: systemClock });
    const definition = await table.operationTable.load(operationId);
    if (!('plan' in definition)) throw new Error(`${operationId} is no write`);
    const { target, input } = record.input as unknown as { target: Target; input: unknown };
    const recipe = recipes.recipeOf({ ...context, org: world.config.org }, definition, {
      target,
      input,
      nonce: 'other',
    });
    const plan = recipe.plan(record.preImage, record.operationId, record.input);
    steps = JSON.parse(JSON.stringify(plan.steps.map(({ title, dependsOn }) => ({ title, dependsOn })))) as JsonValue;
    sessions.destroy();
  });
  return steps;
}
