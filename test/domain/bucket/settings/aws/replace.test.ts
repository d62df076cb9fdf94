import {
  DeleteBucketCorsCommand,
  DeleteBucketLifecycleCommand,
  DeletePublicAccessBlockCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import {
  type LifecycleRead,
  type LifecycleSet,
  lifecycleSet,
} from '../../../../../src/domain/bucket/settings/rules/kept-lifecycle';
import { cors } from '../../../../../src/domain/bucket/settings/aws/cors';
import { lifecycle, lifecycleInput } from '../../../../../src/domain/bucket/settings/aws/lifecycle';
import { publicAccess } from '../../../../../src/domain/bucket/settings/aws/public-access';
import { replaceSetting, setNew } from '../../../../../src/domain/bucket/settings/aws/replace';
import type { Settable, Step } from '../../../../../src/domain/bucket/settings/aws/setting';
import { versioning } from '../../../../../src/domain/bucket/settings/aws/versioning';
import type { Context } from '../../../../../src/domain/shared/context';
import { awsError, mockedAws } from '../../../../support/mocks/mocked-aws';
import { changes, stepAlone } from '../../../../support/steps';

const replacing = <Read, Wanted, Input>(
  setting: Settable<Read, Wanted, Input>,
  context: Context,
  bucket: string,
  before: Read | null,
  after: Wanted | null,
) => replaceSetting(setting, { context, bucket, before, after, all: {} });

/** What looks whether a store has kept a lifecycle. */
const confirming = (context: Context, before: LifecycleRead | null, after: LifecycleSet, isNew = false): Step =>
  lifecycle.confirm?.({ context, bucket: 'b', before, after, all: {} }, { isNew }) as Step;

const of = { Bucket: 'b', ExpectedBucketOwner: '123456789012' };

describe('CORS rules', () => {
  const rules = (origin: string) => ({ CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: [origin] }] });

  test.each([
    [
      'are set where there were none',
      null,
      rules('new'),
      { PutBucketCors: [{ ...of, CORSConfiguration: rules('new') }], DeleteBucketCors: [of] },
    ],
    [
      'are removed',
      rules('old'),
      null,
      { PutBucketCors: [{ ...of, CORSConfiguration: rules('old') }], DeleteBucketCors: [of] },
    ],
    [
      'are replaced',
      rules('old'),
      rules('new'),
      {
        PutBucketCors: [
          { ...of, CORSConfiguration: rules('new') },
          { ...of, CORSConfiguration: rules('old') },
        ],
      },
    ],
  ])('%s, and as before after the undo', async (_, before, after, sent) => {
    const { context, s3 } = await mockedAws();
    s3.on(DeleteBucketCorsCommand).rejects(awsError('NoSuchCORSConfiguration', 404));
    const spec = replacing(cors, context, 'b', before, after);
    await stepAlone(context, spec).run();
    await stepAlone(context, spec).undo();
    expect(changes(s3)).toEqual(sent);
    expect(spec.title).toBe(`${after === null ? 'Remove' : 'Set'} the CORS rules of bucket b`);
  });
});

describe('a public access block', () => {
  const block = (on: boolean) => ({
    BlockPublicAcls: on,
    IgnorePublicAcls: on,
    BlockPublicPolicy: on,
    RestrictPublicBuckets: on,
  });
  const put = (on: boolean) => ({ ...of, PublicAccessBlockConfiguration: block(on) });

  test.each([
    [
      'that was never set is removed by the undo',
      null,
      { PutPublicAccessBlock: [put(true)], DeletePublicAccessBlock: [of] },
    ],
    ['is as before after the undo', block(false), { PutPublicAccessBlock: [put(true), put(false)] }],
  ])('%s', async (_, before, sent) => {
    const { context, s3 } = await mockedAws();
    s3.on(DeletePublicAccessBlockCommand).rejects(awsError('NoSuchPublicAccessBlockConfiguration', 404));
    const step = stepAlone(context, replacing(publicAccess, context, 'b', before, block(true)));
    await step.run();
    await step.undo();
    expect(changes(s3)).toEqual(sent);
  });

  test('of a new bucket goes with the bucket', async () => {
    const { context, s3 } = await mockedAws();
    const step = stepAlone(context, setNew(publicAccess, context, 'b', block(true)));
    await step.run();
    await step.undo();
    expect(changes(s3)).toEqual({ PutPublicAccessBlock: [put(true)] });
  });
});

describe('a lifecycle', () => {
  const after = lifecycleSet('glacier');
  const before = {
    rules: [{ ID: 'own', Expiration: { Date: '2031-01-01T00:00:00.000Z' } }],
    minimumSize: 'varies_by_storage_class',
  };
  const putBack = {
    ...of,
    LifecycleConfiguration: { Rules: [{ ID: 'own', Expiration: { Date: new Date('2031-01-01') } }] },
    TransitionDefaultMinimumObjectSize: 'varies_by_storage_class',
  };

  test('is replaced, and as before after the undo, dates and size limit included', async () => {
    const { context, s3 } = await mockedAws();
    const step = stepAlone(context, replacing(lifecycle, context, 'b', before, after));
    await step.run();
    await step.undo();
    expect(changes(s3)).toEqual({
      PutBucketLifecycleConfiguration: [{ ...of, LifecycleConfiguration: { Rules: after.rules } }, putBack],
    });
  });

  test('is removed, one that is gone already included, and put back by the undo', async () => {
    const { context, s3 } = await mockedAws();
    s3.on(DeleteBucketLifecycleCommand).rejects(awsError('NoSuchLifecycleConfiguration', 404));
    const spec = replacing(lifecycle, context, 'b', before, null);
    await stepAlone(context, spec).run();
    await stepAlone(context, spec).undo();
    expect(changes(s3)).toEqual({ DeleteBucketLifecycle: [of], PutBucketLifecycleConfiguration: [putBack] });
    expect(spec.title).toBe('Remove the lifecycle of bucket b');
  });

  test('that a store has kept in part is taken away again at once', async () => {
    const { context, s3 } = await mockedAws({ iam: false });
    s3.on(GetBucketLifecycleConfigurationCommand).resolves({ Rules: [{ ID: 'own', Status: 'Enabled' }] });
    await stepAlone(context, replacing(lifecycle, context, 'b', null, after)).run();
    await expect(stepAlone(context, confirming(context, null, after)).run()).rejects.toMatchObject({
      error: { kind: 'unsupported' },
    });
    expect(changes(s3)).toMatchObject({
      PutBucketLifecycleConfiguration: [{ Bucket: 'b' }],
      DeleteBucketLifecycle: [{ Bucket: 'b' }],
    });
  });

  test('that a store has kept whole stays', async () => {
    const { context, s3 } = await mockedAws({ iam: false });
    s3.on(GetBucketLifecycleConfigurationCommand).resolves({ Rules: after.rules as never });
    await stepAlone(context, replacing(lifecycle, context, 'b', null, after)).run();
    await stepAlone(context, confirming(context, null, after)).run();
    expect(Object.keys(changes(s3))).toEqual(['PutBucketLifecycleConfiguration']);
  });

  test('has dates where its rules have them, and text everywhere else', () => {
    const rules = [{ ID: 'Date', Transitions: [{ Date: '2031-01-01' }], Expiration: { Date: 7 } }];
    expect(lifecycleInput(rules, null)).toEqual({
      LifecycleConfiguration: {
        Rules: [{ ID: 'Date', Transitions: [{ Date: new Date('2031-01-01') }], Expiration: { Date: 7 } }],
      },
    });
  });
});

describe('versioning', () => {
  const put = (Status: string) => ({ ...of, VersioningConfiguration: { Status } });

  test.each([
    ['Enabled', 'Suspended', 'Suspend versioning of bucket b'],
    ['Suspended', 'Enabled', 'Turn on versioning of bucket b'],
  ] as const)('that was %s is so again after the undo', async (before, after, title) => {
    const { context, s3 } = await mockedAws();
    const spec = replacing(versioning, context, 'b', before, after);
    await stepAlone(context, spec).run();
    await stepAlone(context, spec).undo();
    expect(changes(s3)).toEqual({ PutBucketVersioning: [put(after), put(before)] });
    expect(spec.title).toBe(title);
  });

  test.each([
    ['is off as ever', {}, undefined, {}],
    ['is on', { Status: 'Enabled' }, { kind: 'unsupported' }, { PutBucketVersioning: [put('Suspended')] }],
    ['is suspended already', { Status: 'Suspended' }, { kind: 'unsupported' }, {}],
  ] as const)('that was never on and now %s cannot be taken away again', async (_, now, error, sent) => {
    const { context, s3 } = await mockedAws();
    s3.on(GetBucketVersioningCommand).resolves(now);
    const undo = stepAlone(context, replacing(versioning, context, 'b', null, 'Enabled')).undo();
    await (error === undefined ? undo : expect(undo).rejects.toMatchObject({ error }));
    expect(changes(s3)).toEqual(sent);
  });

  test.each([
    ['Enabled', { result: undefined }],
    ['Suspended', undefined],
  ] as const)('is believed to be on when S3 says so: %s', async (Status, expected) => {
    const { context, s3 } = await mockedAws();
    s3.on(GetBucketVersioningCommand).resolves({ Status });
    expect(await stepAlone(context, replacing(versioning, context, 'b', null, 'Enabled')).alreadyDone()).toEqual(
      expected,
    );
  });
});
