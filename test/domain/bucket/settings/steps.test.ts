import { type DomainError, DomainFailure, toDomainError } from '../../../../src/base/errors';
import type { Context } from '../../../../src/domain/shared/context';
import { readSettings } from '../../../../src/domain/bucket/settings/aws/read';
import { INCLUDABLE } from '../../../../src/domain/bucket/settings/include';
import {
  type LifecycleRead,
  type LifecycleSet,
  lifecycleSet,
} from '../../../../src/domain/bucket/settings/rules/kept-lifecycle';
import { lifecycle } from '../../../../src/domain/bucket/settings/aws/lifecycle';
import { policy } from '../../../../src/domain/bucket/settings/aws/policy';
import { replaceSetting } from '../../../../src/domain/bucket/settings/aws/replace';
import type { Settable, Step } from '../../../../src/domain/bucket/settings/aws/setting';
import { settingsOf } from '../../../../src/domain/bucket/settings/aws/table';
import { versioning } from '../../../../src/domain/bucket/settings/aws/versioning';
import { createTestClock } from '../../../support/clock';
import { scopeOn } from '../../../support/steps';

/** Ends that neither a sandbox nor an emulator gives by itself. */

interface Script {
  readonly context: Context;
  /** Operations in the order they were sent. */
  readonly sent: string[];
}

/** A session that answers each operation as it is told, and everything else with nothing. */
function scripted(answers: Readonly<Record<string, () => unknown>>, iam = true): Script {
  const sent: string[] = [];
  const s3 = (command: object): Promise<unknown> => {
    const operation = command.constructor.name.replace(/Command\d*$/, '');
    sent.push(operation);
    return Promise.resolve().then(() => answers[operation]?.() ?? {});
  };
  const session = { account: { iam }, accountId: '123456789012', s3 };
  // Steps and reads of settings use these members alone.
  return { context: { session, clock: createTestClock() } as unknown as Context, sent };
}

const refuse = (error: DomainError) => (): never => {
  throw new DomainFailure(error);
};
const denied = (call: string): DomainError => ({
  kind: 'denied',
  detail: `${call} is denied.`,
  origin: { call, code: 'AccessDenied', effect: 'none' },
});
const scope = scopeOn(createTestClock());
const replacing = <Read, Wanted, Input>(
  setting: Settable<Read, Wanted, Input>,
  context: Context,
  bucket: string,
  before: Read | null,
  after: Wanted | null,
  all = {},
) => replaceSetting(setting, { context, bucket, before, after, all });
const run = (spec: Step): Promise<void> => spec.run({}, scope);
const undo = async (spec: Step): Promise<void> => spec.undo?.({ needs: {}, result: undefined }, scope);
const failure = async (work: Promise<unknown>): Promise<DomainError | undefined> =>
  work.then(() => undefined, toDomainError);

describe('versioning that was never on', () => {
  test('is suspended by the undo, which says that this is not what was', async () => {
    const { context, sent } = scripted({ GetBucketVersioning: () => ({ Status: 'Enabled' }) });
    expect(await failure(undo(replacing(versioning, context, 'b', null, 'Enabled')))).toMatchObject({
      kind: 'unsupported',
      detail: expect.stringContaining('suspended'),
    });
    expect(sent).toEqual(['GetBucketVersioning', 'PutBucketVersioning']);
  });

  test('says so as well when it is suspended already', async () => {
    const { context, sent } = scripted({ GetBucketVersioning: () => ({ Status: 'Suspended' }) });
    expect(await failure(undo(replacing(versioning, context, 'b', null, 'Enabled')))).toMatchObject({
      kind: 'unsupported',
    });
    expect(sent).toEqual(['GetBucketVersioning']);
  });

  test('stays untouched when nothing had happened', async () => {
    const { context, sent } = scripted({});
    await undo(replacing(versioning, context, 'b', null, 'Enabled'));
    expect(sent).toEqual(['GetBucketVersioning']);
  });

  test('is believed to be on when S3 says so after a lost reply', async () => {
    const { context } = scripted({ GetBucketVersioning: () => ({ Status: 'Enabled' }) });
    expect(await replacing(versioning, context, 'b', null, 'Enabled').alreadyDone?.({}, scope)).toEqual({
      result: undefined,
    });
    expect(await replacing(versioning, context, 'b', 'Enabled', 'Suspended').alreadyDone?.({}, scope)).toBeUndefined();
  });
});

test('a former public policy that is refused while its loose block is on its way is tried again', async () => {
  const put = denied('PutBucketPolicy');
  const { context } = scripted({ PutBucketPolicy: refuse(put) });
  const after = { text: '{}', isPublic: true, denies: false };
  const step = replacing(policy, context, 'b', '{"old":1}', after, { publicAccess: { BlockPublicPolicy: false } });
  expect(await failure(undo(step))).toEqual({ ...put, kind: 'contended' });
  expect(step.retry?.retries(put)).toBe(true);
  expect(await failure(run(step))).toMatchObject({
    kind: 'denied',
    detail: expect.stringContaining('PublicAccessBlock.BlockPublicPolicy'),
  });
  expect(replacing(policy, context, 'b', null, after).retry).toBeUndefined();
});

test('other failures of a policy are told as they are', async () => {
  const invalid: DomainError = { kind: 'invalid', detail: 'no', origin: { code: 'MalformedPolicy', effect: 'none' } };
  const { context } = scripted({ PutBucketPolicy: refuse(invalid) });
  const step = replacing(policy, context, 'b', '{}', { text: '{}', isPublic: true, denies: false });
  expect([await failure(run(step)), await failure(undo(step))]).toEqual([invalid, invalid]);
});

/** What looks whether a store has kept a lifecycle. */
const confirming = (context: Context, before: LifecycleRead | null, after: LifecycleSet, isNew = false): Step =>
  lifecycle.confirm?.({ context, bucket: 'b', before, after, all: {} }, { isNew }) as Step;

describe('a store that keeps less of a lifecycle than it takes', () => {
  const kept = { GetBucketLifecycleConfiguration: () => ({ Rules: [] }) };

  test('gets the former rules back', async () => {
    const { context, sent } = scripted(kept, false);
    const before = { rules: [{ ID: 'own' }], minimumSize: null };
    await run(replacing(lifecycle, context, 'b', before, lifecycleSet('glacier')));
    expect(await failure(run(confirming(context, before, lifecycleSet('glacier'))))).toMatchObject({
      kind: 'unsupported',
    });
    expect(sent).toEqual([
      'PutBucketLifecycleConfiguration',
      'GetBucketLifecycleConfiguration',
      'PutBucketLifecycleConfiguration',
    ]);
  });

  test('and refuses that: the step that put the rules is there to be undone', async () => {
    const less = { GetBucketLifecycleConfiguration: () => ({ Rules: [{ ID: 'own' }] }) };
    const { context } = scripted({ ...less, DeleteBucketLifecycle: refuse(denied('DeleteBucketLifecycle')) }, false);
    const error = await failure(run(confirming(context, null, lifecycleSet('glacier'))));
    expect(error).toMatchObject({ kind: 'denied', origin: { call: 'DeleteBucketLifecycle', effect: 'none' } });
  });
});

test('answers without content are settings that were never made', async () => {
  const { context } = scripted({});
  expect((await readSettings(context, 'b', settingsOf(INCLUDABLE))).settings).toEqual({
    cors: null,
    versioning: null,
    lifecycle: null,
    policy: null,
    publicAccess: null,
    encryption: null,
    objectLock: null,
  });
});

test('a 404 without a code is no setting that was never set', async () => {
  const missing: DomainError = { kind: 'not-found', detail: 'status 404' };
  const { context } = scripted({ GetBucketCors: refuse(missing) });
  expect(await failure(readSettings(context, 'b', settingsOf(['cors'])))).toEqual(missing);
});
