import { bareContext } from '../../../../support/bare-context';
import { CreateBucketCommand, HeadBucketCommand } from '@aws-sdk/client-s3';
import { createSessions } from '../../../../../src/aws/session';
import type { Sessions } from '../../../../../src/aws/types';
import type { StepSpec } from '../../../../../src/engine/plan';
import { type DomainError, toDomainError } from '../../../../../src/base/errors';
import type { Context } from '../../../../../src/domain/shared/context';
import { readSetting } from '../../../../../src/domain/bucket/settings/aws/read';
import { lifecycleSet } from '../../../../../src/domain/bucket/settings/rules/kept-lifecycle';
import type { SettingName } from '../../../../../src/domain/shared/settings-shapes';
import { encrypt } from '../../../../../src/domain/bucket/settings/aws/encryption';
import { replaceBlock, replaceCors, replaceLifecycle } from '../../../../../src/domain/bucket/settings/aws/put';
import { replacePolicy } from '../../../../../src/domain/bucket/settings/aws/put-policy';
import type { StoreSetting } from '../../../../../src/domain/bucket/settings/aws/known';
import { optionalSetting } from '../../../../../src/domain/bucket/settings/aws/store-setting';
import { replaceTags } from '../../../../../src/domain/bucket/aws/make-bucket';
import type { PlainStore } from '../../../../../src/sandbox/plain/store';
import { type Sandbox, startSandbox } from '../../../../../src/sandbox/start';
import { secret } from '../../../../../src/base/secret';
import { accountOf } from '../../../../aws/fixtures';
import { createTestClock } from '../../../../support/clock';
import { UPLOADS, readPolicy } from '../../../../support/e2e/settings';
import { PLAIN_STORES } from '../../../../support/plain-stores';
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

type Spec = StepSpec<Record<never, never>, void>;
const ending = async (work: Promise<unknown>): Promise<DomainError | 'done'> =>
  work.then(() => 'done' as const, toDomainError);

/** Everything that takes a setting away, by its run or by its undo. */
const removals: readonly (readonly [what: string, (context: Context) => Promise<unknown>])[] = [
  ['CORS rules', (context) => stepAlone(context, replaceCors(context, bucket, UPLOADS as never, null)).run()],
  [
    'the undo of new CORS rules',
    (context) => stepAlone(context, replaceCors(context, bucket, null, UPLOADS as never)).undo(),
  ],
  ['a lifecycle', (context) => stepAlone(context, replaceLifecycle(context, bucket, expiring, null)).run()],
  [
    'the undo of a new lifecycle',
    (context) => stepAlone(context, replaceLifecycle(context, bucket, null, lifecycleSet('expire-30'))).undo(),
  ],
  [
    'a policy',
    (context) =>
      stepAlone(context, replacePolicy(context, bucket, { before: POLICY.text, after: null, loosened: false })).run(),
  ],
  [
    'the undo of a new policy',
    (context) =>
      stepAlone(context, replacePolicy(context, bucket, { before: null, after: POLICY, loosened: false })).undo(),
  ],
  [
    'the undo of a new public access block',
    (context) => stepAlone(context, replaceBlock(context, bucket, null, BLOCK)).undo(),
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
    const end = await ending(
      stepAlone(context, replaceLifecycle(context, bucket, null, lifecycleSet('expire-30'))).run(),
    );
    expect(end).not.toBe('done');
    expect({ sent: changesSent(), isThere: await isThere(context) }).toEqual({
      sent: ['PutBucketLifecycleConfiguration'],
      isThere: true,
    });
  });

  const settings: readonly (readonly [StoreSetting, (context: Context) => Spec])[] = [
    ['tagging', (context) => replaceTags(context, bucket, [], [{ Key: 'a', Value: '1' }])],
    ['cors', (context) => replaceCors(context, bucket, null, UPLOADS)],
    ['lifecycle', (context) => replaceLifecycle(context, bucket, null, lifecycleSet('expire-30'))],
    ['policy', (context) => replacePolicy(context, bucket, { before: null, after: POLICY, loosened: false })],
    ['publicAccessBlock', (context) => replaceBlock(context, bucket, null, BLOCK)],
    ['encryption', (context) => encrypt(context, bucket)],
  ];
  test.each(settings)('is not sent %s, nor has it that taken back', async (setting, spec) => {
    const context = await storeOf(plain);
    const step = stepAlone(context, optionalSetting(context, bucket, setting, spec(context)));
    expect(await step.run()).toContain('with a listing');
    await step.undo();
    expect({ sent: changesSent(), isThere: await isThere(context) }).toEqual({ sent: [], isThere: true });
  });

  test('makes no bucket again that went away since the look', async () => {
    const context = await storeOf(plain);
    for (const [setting, spec] of settings) {
      const step = stepAlone(context, optionalSetting(context, 'gone-since', setting, spec(context)));
      expect(await ending(step.run())).toMatchObject({ kind: 'not-found' });
      // What there is to take back; nothing is sent for it either.
      await ending(step.undo());
    }
    expect(changesSent()).toEqual([]);
  });
});

describe('a store that knows its settings', () => {
  const given: readonly (readonly [SettingName, (context: Context) => Spec, deletion: string])[] = [
    ['cors', (context) => replaceCors(context, bucket, null, UPLOADS), 'DeleteBucketCors'],
    [
      'lifecycle',
      (context) => replaceLifecycle(context, bucket, null, lifecycleSet('expire-30')),
      'DeleteBucketLifecycle',
    ],
    [
      'policy',
      (context) => replacePolicy(context, bucket, { before: null, after: POLICY, loosened: false }),
      'DeleteBucketPolicy',
    ],
    ['publicAccess', (context) => replaceBlock(context, bucket, null, BLOCK), 'DeletePublicAccessBlock'],
  ];
  test.each(given)(
    'has %s taken away, once: there is nothing to be removed the second time',
    async (name, spec, deletion) => {
      const context = await storeOf({});
      const step = stepAlone(context, spec(context));
      await step.run();
      expect(await readSetting(context, bucket, name)).not.toBeNull();
      sandbox.calls.clear();
      await step.undo();
      await step.undo();
      expect(await readSetting(context, bucket, name)).toBeNull();
      expect(changesSent()).toEqual([deletion]);
    },
  );

  test.each(given)('and takes the removal of %s for that of the bucket: that is told', async (name, spec, deletion) => {
    // No store is known that ignores DELETE alone.
    const context = await storeOf({ ignores: [deletion] });
    const step = stepAlone(context, spec(context));
    await step.run();
    expect(await ending(step.undo())).toMatchObject({
      kind: 'misconfigured',
      setting: 'accounts.demo.endpoint',
      detail: expect.stringContaining(`(${name})`),
    });
  });
});

describe('default encryption', () => {
  const KEY = `mallard-probe-${OPERATION}`;

  test('is not blamed for an outage of uploads, which fails the step', async () => {
    const context = await storeOf({});
    sandbox.faults.add({ kind: 'error', operation: 'CreateMultipartUpload' });
    const step = stepAlone(context, encrypt(context, bucket));
    expect(await ending(step.run())).toMatchObject({ kind: 'unavailable' });
    await step.undo();
    expect(changesSent()).not.toContain('DeleteBucket');
  });

  test('is not blamed where uploads are denied, which fails the step', async () => {
    const context = await storeOf({});
    const operation = 'CreateMultipartUpload';
    sandbox.faults.add({ kind: 'refuse', operation });
    expect(await ending(stepAlone(context, encrypt(context, bucket)).run())).toMatchObject({
      kind: 'denied',
      origin: { call: operation, effect: 'unknown' },
    });
    expect(changesSent()).not.toContain('DeleteBucketEncryption');
    expect(sandbox.state.take()).not.toContain(KEY);
  });

  test('that was tried by an upload whose reply was lost leaves none behind', async () => {
    const context = await storeOf({});
    sandbox.faults.add({ kind: 'lost-reply', operation: 'CreateMultipartUpload' });
    sandbox.faults.add({ kind: 'error', operation: 'AbortMultipartUpload' });
    const step = stepAlone(context, encrypt(context, bucket));
    expect(await ending(step.run())).not.toBe('done');
    expect(sandbox.state.take()).toContain(KEY);
    sandbox.faults.clear();
    await step.undo();
    expect(sandbox.state.take()).not.toContain(KEY);
  });
});
