import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteBucketCommand } from '@aws-sdk/client-s3';
import { createSessions } from '../../src/aws/session';
import type { Clock } from '../../src/base/clock';
import { throughJson } from '../../src/base/json';
import { withOperation } from '../../src/base/running-operation';
import { createMemory } from '../../src/domain/dispatch/memory';
import { createService, type Service } from '../../src/domain/dispatch/service';
import type { EngineEvent } from '../../src/engine/events';
import { isJournal, type JournalRecord } from '../../src/engine/journal';
import { createEngine } from '../../src/engine/perform';
import type { Performed } from '../../src/engine/recipe';
import { createRecovery } from '../../src/engine/recover';
import type { Register } from '../../src/engine/register';
import { createMemoryRegister } from '../../src/operations/memory-register';
import { operationTable } from '../../src/operations/table';
import { eagerClock } from '../support/e2e/clock';
import { heldIn } from '../support/entries';
import type { SiteWorld } from '../support/e2e/site';

/** Writes that are left in the middle, with all that is in AWS then, and what becomes of them. */

/** A journaled record of a released version, and the AWS that it was left in. */
export interface Golden {
  readonly record: JournalRecord;
  /** How recovery ends it. Other code may have reasons to end it otherwise; what it was left with stays as it is. */
  readonly ends: string;
  /** State of the sandbox. */
  readonly aws: unknown;
}

/** What is sent of a write; whom it is about is always called the same. */
interface Sent {
  readonly operationId: string;
  readonly name?: string;
  readonly user?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: object;
}

const BUCKET = 'golden-bucket';
const SITE = 'golden.example.org';
const USER = 'golden-ada';
export const FOLDER = join(__dirname, 'golden');
export const fileOf = (kind: string, version: number): string => join(FOLDER, `${kind}-v${String(version)}.json`);
export const goldenFiles = (): readonly string[] => readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

const ofUser = { name: BUCKET, user: USER };
const bucket: Sent = { operationId: 'createBucket', body: { BucketInput: { Bucket: BUCKET } } };
const site: Sent = { operationId: 'createWebsite', body: { BucketInput: { Bucket: SITE } } };
const user: Sent = { operationId: 'createUser', name: BUCKET, body: { User: { UserName: USER } } };
const key: Sent = { operationId: 'addKey', ...ofUser };
const changed = { Tags: [{ Key: 'a', Value: 'b' }], Versioning: { Status: 'Enabled' } };
type Keyed = (keyId: string) => Sent;

/** By its kind, a write and those before it; one about a key is told the id of the newest. */
const WRITES: Readonly<Record<string, readonly [readonly Sent[], Sent | Keyed]>> = {
  'create-bucket': [[], bucket],
  'update-bucket': [[bucket], { operationId: 'updateBucket', name: BUCKET, body: changed }],
  'delete-bucket': [[bucket, user], { operationId: 'deleteBucket', name: BUCKET }],
  'create-website': [[], site],
  'update-website': [[site], { operationId: 'updateWebsite', name: SITE, body: changed }],
  'delete-website': [[site], { operationId: 'deleteWebsite', name: SITE }],
  invalidate: [[site], { operationId: 'invalidateCache', name: SITE, body: { CacheInvalidation: ['/*'] } }],
  'create-user': [[bucket], user],
  'change-user': [[bucket, user], { operationId: 'changeUser', ...ofUser, body: { Groups: ['BktROGrp'] } }],
  'delete-user': [[bucket, user], { operationId: 'deleteUser', ...ofUser }],
  'add-key': [[bucket, user], key],
  'reset-keys': [[bucket, user, key], { operationId: 'resetKeys', ...ofUser }],
  'revoke-keys': [[bucket, user, key], { operationId: 'revokeKeys', ...ofUser }],
  'set-key-status': [
    [bucket, user],
    (id) => ({ operationId: 'setKeyStatus', ...ofUser, params: { key: id }, body: { Status: 'Inactive' } }),
  ],
  'delete-key': [[bucket, user], (id) => ({ operationId: 'deleteKey', ...ofUser, params: { key: id } })],
  clean: [[bucket, user], { operationId: 'runCleaner', body: { orphans: [`user/${USER}`] } }],
};

const accountOf = ({ config }: SiteWorld) => {
  const account = config.accounts.get('demo');
  if (!account) throw new Error('there is no account demo');
  return account;
};

/** A service on the world's AWS, as a process has it that keeps its register to itself. */
function startService(world: SiteWorld, register: Register, clock: Clock, onEvent: (event: EngineEvent) => void) {
  const sessions = createSessions({ clock: eagerClock, org: world.config.org });
  let ids = 0;
  const engine = createEngine({
    register,
    clock,
    isDurable: true,
    within: withOperation,
    // So that it is always the same steps that are done when it is left.
    concurrency: 1,
    newId: () => `golden-${String((ids += 1))}`,
    listeners: [onEvent],
  });
  const service = createService({
    config: () => world.config,
    sessions,
    engine,
    clock,
    newId: () => 'nonce',
    memory: createMemory(clock),
    nextCleaning: () => undefined,
    table: operationTable,
  });
  return { engine, service, sessions };
}

const endOf = async ({ outcome, ended }: Performed<unknown>) => (ended ? await ended : outcome);

/** Leaves the write of a kind in its middle, or when so many steps are done. */
export async function leave(world: SiteWorld, kind: string, done?: number): Promise<Omit<Golden, 'ends'>> {
  const writes = WRITES[kind];
  if (!writes) throw new Error(`nobody has said how ${kind} is asked for: see WRITES`);
  const [before, last] = writes;
  const register = createMemoryRegister();
  let isLast = false;
  let left: JournalRecord | undefined;
  let toDo = 0;
  const { engine, service, sessions } = startService(
    world,
    {
      ...register,
      put: (key, value, condition) => {
        if (isLast && isJournal(value)) left = throughJson(value);
        return register.put(key, value, condition);
      },
    },
    eagerClock,
    (event) => {
      if (!isLast) return;
      if (event.type === 'planned') toDo = done ?? Math.floor(event.steps.length / 2);
      if (event.type === 'step-succeeded') toDo -= 1;
      // It is left at the end of this step, or before its first.
      if ((event.type === 'planned' || event.type === 'step-succeeded') && toDo === 0) void engine.handOver();
    },
  );
  const keyId = await inOrder(service, world, before);
  isLast = true;
  if (kind === 'clean') await world.auditor.s3.send(new DeleteBucketCommand({ Bucket: BUCKET }));
  const performed = await perform(service, world, typeof last === 'function' ? last(keyId) : last);
  sessions.destroy();
  if (!left) throw new Error(`${kind} has no journal: ${JSON.stringify(performed.outcome)}`);
  // It was handed over to be left at a step; who dies names nobody, where nobody shares the store.
  const { owner: _, ...record } = left;
  return { record, aws: JSON.parse(world.target.sandbox?.state.take() ?? 'null', withoutSecrets) as unknown };
}

/** What looks like a secret of AWS alarms whoever searches for such; nobody signs with these. */
const withoutSecrets = (name: string, value: unknown): unknown => (name === 'secret' ? 'not kept' : value);

/** Writes one after the other; gives the id of the newest key, where there is one. */
async function inOrder(service: Service, world: SiteWorld, all: readonly Sent[]): Promise<string> {
  let keyId = '';
  for (const sent of all) {
    const { outcome } = await perform(service, world, sent);
    if (outcome.state !== 'succeeded') throw new Error(`${sent.operationId}: ${JSON.stringify(outcome)}`);
    const { AccessKey } = outcome.value as { readonly AccessKey?: { readonly AccessKeyId: string } };
    keyId = AccessKey?.AccessKeyId ?? keyId;
  }
  return keyId;
}

const perform = (service: Service, world: SiteWorld, sent: Sent): Promise<Performed<unknown>> =>
  service.write(
    { account: accountOf(world), name: '', user: '', params: {}, query: {}, body: undefined, ...sent },
    () => Promise.resolve(true),
  );

/** What becomes of a record that a process has left, in the AWS that it was left in: how it ended, and what is still claimed. */
export async function recover(world: SiteWorld, { record, aws }: Pick<Golden, 'record' | 'aws'>) {
  world.target.sandbox?.state.restore(JSON.stringify(aws));
  const register = createMemoryRegister();
  await register.put(`claims/${record.claims[0] ?? ''}`, record, { ifAbsent: true });
  const { service, sessions } = startService(world, register, eagerClock, () => undefined);
  const recovery = createRecovery({
    register,
    clock: eagerClock,
    isRunning: () => false,
    accepts: async (found) => {
      await service.requireResumable(found);
      return true;
    },
  });
  const [run] = await recovery.scan();
  if (!run) throw new Error(`${record.operationId} is not found`);
  const outcome = await endOf(await service.resume(run));
  sessions.destroy();
  return { outcome, held: await heldIn(register) };
}
