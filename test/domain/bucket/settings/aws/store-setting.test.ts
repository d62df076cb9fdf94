import { bareContext } from '../../../../support/bare-context';
import { CreateBucketCommand, HeadBucketCommand } from '@aws-sdk/client-s3';
import { createSessions } from '../../../../../src/aws/session';
import type { Sessions } from '../../../../../src/aws/types';
import { type DomainError, toDomainError } from '../../../../../src/base/errors';
import type { Context } from '../../../../../src/domain/shared/context';
import { cors } from '../../../../../src/domain/bucket/settings/aws/cors';
import { encrypt, encryption } from '../../../../../src/domain/bucket/settings/aws/encryption';
import { lifecycle } from '../../../../../src/domain/bucket/settings/aws/lifecycle';
import { policy } from '../../../../../src/domain/bucket/settings/aws/policy';
import { publicAccess } from '../../../../../src/domain/bucket/settings/aws/public-access';
import { replaceSetting } from '../../../../../src/domain/bucket/settings/aws/replace';
import type { Settable, Setting, Step, StoreSetting } from '../../../../../src/domain/bucket/settings/aws/setting';
import { replaceTags, tagging } from '../../../../../src/domain/bucket/settings/aws/tags';
import { readSetting } from '../../../../../src/domain/bucket/settings/aws/read';
import { lifecycleSet } from '../../../../../src/domain/bucket/settings/rules/kept-lifecycle';
import { refusalOfUpload, tryUpload } from '../../../../../src/domain/bucket/settings/aws/try-upload';
import { answer, definePlan, type StepScope } from '../../../../../src/engine/plan';
import type { Outcome } from '../../../../../src/engine/recipe';
import { stubbornPolicy } from '../../../../../src/engine/retry';
import { walk } from '../../../../../src/engine/walk';
import { optionalSetting } from '../../../../../src/domain/bucket/settings/aws/store-setting';
import type { PlainStore } from '../../../../../src/sandbox/plain/store';
import { type Sandbox, startSandbox } from '../../../../../src/sandbox/start';
import { secret } from '../../../../../src/base/secret';
import { accountOf } from '../../../../aws/fixtures';
import { createTestClock } from '../../../../support/clock';
import { UPLOADS, readPolicy } from '../../../../support/e2e/settings';
import { PLAIN_STORES } from '../../../../support/sandbox/plain-stores';
import { OPERATION, stepAlone } from '../../../../support/steps';

/** Settings on S3-compatible stores: nothing is sent that the store may take for the bucket itself. */

const ROOT = { id: '123456789012', accessKeyId: 'AKIAPLAIN00000000001', secretAccessKey: 'plain-store-root' };
const bucket = 'photos';
const BLOCK = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
const POLICY = { text: JSON.stringify(readPolicy(bucket)), isPublic: false, denies: false };
const expiring = {
  rules: [{ ID: 'own', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 3 } }],
  minimumSize: null,
};

let sandbox: Sandbox;
let sessions: Sessions;
afterEach(async () => {
  sessions.destroy();
  await sandbox.stop();
});

/** A store with the one bucket. */
async function storeOf(plain: PlainStore): Promise<Context> {
  sandbox = await startSandbox({ accounts: [ROOT], plain, recordedCalls: 1_000 });
  const clock = createTestClock({ start: Date.now() });
  sessions = createSessions({ clock, org: 'acme' });
  const credentials = {
    kind: 'static',
    akid: ROOT.accessKeyId,
    secret: secret(ROOT.secretAccessKey),
    sessionToken: undefined,
  } as const;
  const session = await sessions.open(
    accountOf({ iam: false, id: undefined, endpoint: sandbox.endpoint, credentials }),
  );
  await session.s3(new CreateBucketCommand({ Bucket: bucket }));
  sandbox.calls.clear();
  return bareContext({ session, clock });
}

const changesSent = (): readonly string[] =>
  sandbox.calls
    .all()
    .map(({ operation }) => operation)
    .filter((operation) => !/^(Get|Head|List)/.test(operation));

const isThere = async ({ session }: Context): Promise<boolean> =>
  session.s3(new HeadBucketCommand({ Bucket: bucket })).then(
    () => true,
    () => false,
  );

const replacing = <Read, Wanted, Input>(
  setting: Settable<Read, Wanted, Input>,
  context: Context,
  bucket: string,
  before: Read | null,
  after: Wanted | null,
) => replaceSetting(setting, { context, bucket, before, after, all: {} });
const ending = async (work: Promise<unknown>): Promise<DomainError | 'done'> =>
  work.then(() => 'done' as const, toDomainError);

/** Everything that takes a setting away, by its run or by its undo. */
const removals: readonly (readonly [what: string, (context: Context) => Promise<unknown>])[] = [
  ['CORS rules', (context) => stepAlone(context, replacing(cors, context, bucket, UPLOADS as never, null)).run()],
  [
    'the undo of new CORS rules',
    (context) => stepAlone(context, replacing(cors, context, bucket, null, UPLOADS as never)).undo(),
  ],
  ['a lifecycle', (context) => stepAlone(context, replacing(lifecycle, context, bucket, expiring, null)).run()],
  [
    'the undo of a new lifecycle',
    (context) => stepAlone(context, replacing(lifecycle, context, bucket, null, lifecycleSet('expire-30'))).undo(),
  ],
  ['a policy', (context) => stepAlone(context, replacing(policy, context, bucket, POLICY.text, null)).run()],
  [
    'the undo of a new policy',
    (context) => stepAlone(context, replacing(policy, context, bucket, null, POLICY)).undo(),
  ],
  [
    'the undo of a new public access block',
    (context) => stepAlone(context, replacing(publicAccess, context, bucket, null, BLOCK)).undo(),
  ],
];

describe.each([
  ['says that the bucket exists when a setting is put', PLAIN_STORES.deaf],
  ['answers success to that', { ...PLAIN_STORES.deaf, repeatedCreation: 'taken' } as const],
])('a store that ignores sub-resources, and %s', (_title, plain) => {
  test.each(removals)('keeps its bucket: %s', async (_what, remove) => {
    const context = await storeOf(plain);
    expect(await ending(remove(context))).toBe('done');
    expect({ sent: changesSent(), isThere: await isThere(context) }).toEqual({ sent: [], isThere: true });
  });

  test('keeps its bucket when a lifecycle is found to be missing and the former state is put back', async () => {
    const context = await storeOf(plain);
    const after = lifecycleSet('expire-30');
    const confirm = lifecycle.confirm?.({ context, bucket, before: null, after, all: {} }, { isNew: false }) as Step;
    const end = await ending(
      stepAlone(context, replacing(lifecycle, context, bucket, null, after))
        .run()
        .then(() => stepAlone(context, confirm).run()),
    );
    expect(end).not.toBe('done');
    expect({ sent: changesSent(), isThere: await isThere(context) }).toEqual({
      sent: ['PutBucketLifecycleConfiguration'],
      isThere: true,
    });
  });

  const settings: readonly (readonly [what: string, StoreSetting, (context: Context) => Step])[] = [
    ['tagging', tagging, (context) => replaceTags(context, bucket, [], [{ Key: 'a', Value: '1' }])],
    ['cors', cors, (context) => replacing(cors, context, bucket, null, UPLOADS)],
    ['lifecycle', lifecycle, (context) => replacing(lifecycle, context, bucket, null, lifecycleSet('expire-30'))],
    ['policy', policy, (context) => replacing(policy, context, bucket, null, POLICY)],
    ['publicAccessBlock', publicAccess, (context) => replacing(publicAccess, context, bucket, null, BLOCK)],
    ['encryption', encryption, (context) => encrypt(context, bucket)],
  ];
  test.each(settings)('is not sent %s, nor has it that taken back', async (_what, setting, spec) => {
    const context = await storeOf(plain);
    const step = stepAlone(context, optionalSetting(context, bucket, setting, spec(context)));
    expect(await step.run()).toContain('with a listing');
    await step.undo();
    expect({ sent: changesSent(), isThere: await isThere(context) }).toEqual({ sent: [], isThere: true });
  });

  test('makes no bucket again that went away since the look', async () => {
    const context = await storeOf(plain);
    for (const [, setting, spec] of settings) {
      const step = stepAlone(context, optionalSetting(context, 'gone-since', setting, spec(context)));
      expect(await ending(step.run())).toMatchObject({ kind: 'not-found' });
      // What there is to take back; nothing is sent for it either.
      await ending(step.undo());
    }
    expect(changesSent()).toEqual([]);
  });
});

describe('a store that knows its settings', () => {
  const given: readonly (readonly [name: string, Setting, (context: Context) => Step, deletion: string])[] = [
    ['cors', cors, (context) => replacing(cors, context, bucket, null, UPLOADS), 'DeleteBucketCors'],
    [
      'lifecycle',
      lifecycle,
      (context) => replacing(lifecycle, context, bucket, null, lifecycleSet('expire-30')),
      'DeleteBucketLifecycle',
    ],
    ['policy', policy, (context) => replacing(policy, context, bucket, null, POLICY), 'DeleteBucketPolicy'],
    [
      'publicAccess',
      publicAccess,
      (context) => replacing(publicAccess, context, bucket, null, BLOCK),
      'DeletePublicAccessBlock',
    ],
  ];
  test.each(given)(
    'has %s taken away, once: there is nothing to be removed the second time',
    async (_name, setting, spec, deletion) => {
      const context = await storeOf({});
      const step = stepAlone(context, spec(context));
      await step.run();
      expect(await readSetting(context, bucket, setting)).not.toBeNull();
      sandbox.calls.clear();
      await step.undo();
      await step.undo();
      expect(await readSetting(context, bucket, setting)).toBeNull();
      expect(changesSent()).toEqual([deletion]);
    },
  );

  test.each(given)(
    'and takes the removal of %s for that of the bucket: that is told',
    async (name, _setting, spec, deletion) => {
      // No store is known that ignores DELETE alone.
      const context = await storeOf({ ignores: [deletion] });
      const step = stepAlone(context, spec(context));
      await step.run();
      expect(await ending(step.undo())).toMatchObject({
        kind: 'misconfigured',
        setting: 'accounts.demo.endpoint',
        detail: expect.stringContaining(`(${name})`),
      });
    },
  );
});

describe('default encryption', () => {
  const KEY = `mallard-probe-${OPERATION}`;

  /** All that a new bucket's plan does about it. */
  const encrypting = async (context: Context): Promise<Outcome<unknown>> => {
    const plan = definePlan('test', 'Test', (step) => {
      const put = step(optionalSetting(context, bucket, encryption, encrypt(context, bucket)));
      encryption.tryOut?.(context, bucket, put, step);
      return answer({}, () => undefined);
    });
    return walk(plan, { scope: { operationId: OPERATION, clock: context.clock }, emit: () => undefined });
  };

  test('is not blamed for an outage of uploads, which fails the plan', async () => {
    const context = await storeOf({});
    sandbox.faults.add({ kind: 'error', operation: 'CreateMultipartUpload' });
    expect(await encrypting(context)).toMatchObject({ state: 'rolled-back', error: { kind: 'unavailable' } });
    expect(changesSent()).not.toContain('DeleteBucket');
  });

  test('is not blamed where uploads are denied, which fails the plan', async () => {
    const context = await storeOf({});
    const operation = 'CreateMultipartUpload';
    sandbox.faults.add({ kind: 'refuse', operation });
    expect(await encrypting(context)).toMatchObject({ error: { kind: 'denied', origin: { call: operation } } });
    expect(changesSent()).not.toContain('DeleteBucketEncryption');
    expect(sandbox.state.take()).not.toContain(KEY);
  });

  test('that was tried by an upload whose reply was lost leaves none behind', async () => {
    const context = await storeOf({});
    sandbox.faults.add({ kind: 'lost-reply', operation: 'CreateMultipartUpload' });
    const step = stepAlone(context, {
      ...tryUpload(context, bucket),
      run: (_: unknown, scope: StepScope) => refusalOfUpload(context, bucket, scope),
      undoRetry: stubbornPolicy,
    });
    expect(await step.perform()).toMatchObject({ state: 'done', result: { kind: 'unavailable' } });
    expect(sandbox.state.take()).toContain(KEY);
    sandbox.faults.clear();
    await step.undo();
    expect(sandbox.state.take()).not.toContain(KEY);
  });

  test('leaves no upload behind when what was tried cannot be broken off at first', async () => {
    const context = await storeOf({});
    sandbox.faults.add({ kind: 'lost-reply', operation: 'CreateMultipartUpload', count: 2 });
    sandbox.faults.add({ kind: 'error', operation: 'AbortMultipartUpload', count: 2 });
    expect(await encrypting(context)).toMatchObject({ state: 'succeeded' });
    expect(sandbox.state.take()).not.toContain(KEY);
  });
});
