import { GetBucketLifecycleConfigurationCommand, PutBucketLoggingCommand } from '@aws-sdk/client-s3';
import type { Context } from '../../../../src/domain/shared/context';
import { DomainFailure } from '../../../../src/base/errors';
import type { LifecycleRule } from '../../../../src/domain/bucket/settings/rules/lifecycle';
import { encrypt } from '../../../../src/domain/bucket/settings/aws/encryption';
import { lifecycle } from '../../../../src/domain/bucket/settings/aws/lifecycle';
import { enableLogging } from '../../../../src/domain/bucket/settings/aws/logging';
import { publicAccess } from '../../../../src/domain/bucket/settings/aws/public-access';
import { setNew } from '../../../../src/domain/bucket/settings/aws/replace';
import type { Step } from '../../../../src/domain/bucket/settings/aws/setting';
import { awsError, mockedAws } from '../../../support/mocks/mocked-aws';
import { changes, stepAlone } from '../../../support/steps';

const of = { Bucket: 'b', ExpectedBucketOwner: '123456789012' };

test('a new bucket is encrypted by default', async () => {
  const { context, s3 } = await mockedAws();
  await stepAlone(context, encrypt(context, 'b')).run();
  const Rules = [
    {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' },
      BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
    },
  ];
  expect(changes(s3)).toEqual({ PutBucketEncryption: [{ ...of, ServerSideEncryptionConfiguration: { Rules } }] });
});

test.each([
  [false, 'Block all public access to bucket b'],
  [true, 'Block public access to bucket b other than by its policy'],
])('a block that lets a public policy through (%s) is called so, and stands', async (publicPolicy, title) => {
  const { context, s3 } = await mockedAws();
  const spec = publicAccess.ofNew?.(context, 'b', undefined, { objectLock: false, publicPolicy }, {}) as Step;
  await stepAlone(context, spec).run();
  expect(spec.title).toBe(title);
  const block = {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: !publicPolicy,
    RestrictPublicBuckets: !publicPolicy,
  };
  expect(changes(s3)).toEqual({ PutPublicAccessBlock: [{ ...of, PublicAccessBlockConfiguration: block }] });
});

describe('access logging', () => {
  const logging = async () => {
    const aws = await mockedAws();
    return { aws, step: stepAlone(aws.context, enableLogging(aws.context, 'b', { bucket: 'logs', prefix: 'b/' })) };
  };

  test('goes where the account says', async () => {
    const { aws, step } = await logging();
    await step.run();
    const LoggingEnabled = { TargetBucket: 'logs', TargetPrefix: 'b/' };
    expect(changes(aws.s3)).toEqual({ PutBucketLogging: [{ ...of, BucketLoggingStatus: { LoggingEnabled } }] });
  });

  test.each([
    ['InvalidTargetBucketForLogging', 400],
    ['NoSuchBucket', 404],
    ['AccessDenied', 403],
  ])('into a bucket that cannot be used is the operator’s to mend: %s', async (code, status) => {
    const { aws, step } = await logging();
    aws.s3.on(PutBucketLoggingCommand).rejects(awsError(code, status));
    await expect(step.run()).rejects.toMatchObject({
      error: { kind: 'misconfigured', setting: 'accessLog', origin: { code, effect: 'none' } },
    });
  });

  test('that meets a concurrent change is another matter', async () => {
    const { aws, step } = await logging();
    aws.s3.on(PutBucketLoggingCommand).rejectsOnce(awsError('OperationAborted', 409)).resolves({});
    expect(await step.perform()).toEqual({ state: 'done', result: undefined });
  });

  test('that was refused before AWS was asked is told without an origin', async () => {
    const { aws, step } = await logging();
    aws.s3.on(PutBucketLoggingCommand).rejects(new DomainFailure({ kind: 'denied', detail: 'no' }));
    const detail = 'the access log bucket of account demo cannot be used (setting accessLog): no';
    await expect(step.run()).rejects.toHaveProperty('error', { kind: 'misconfigured', setting: 'accessLog', detail });
  });
});

describe('a lifecycle', () => {
  const rules: readonly LifecycleRule[] = [
    { ID: 'r', Status: 'Enabled', Filter: { Prefix: '' }, Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] },
  ];

  const after = { name: 'glacier', rules };
  const confirm = (context: Context) =>
    lifecycle.confirm?.({ context, bucket: 'b', before: null, after, all: {} }, { isNew: true });

  test('is believed on AWS', async () => {
    const { context, s3 } = await mockedAws();
    await stepAlone(context, setNew(lifecycle, context, 'b', after)).run();
    expect(confirm(context)).toBeUndefined();
    expect(changes(s3)).toEqual({
      PutBucketLifecycleConfiguration: [{ ...of, LifecycleConfiguration: { Rules: rules } }],
    });
    expect(s3.commandCalls(GetBucketLifecycleConfigurationCommand)).toEqual([]);
  });

  test.each([
    ['all', [{ Days: 1 }], { state: 'done' }],
    ['less', [], { error: { kind: 'unsupported' } }],
  ])('is read back on other stores: this one has kept %s of it', async (_, Transitions, end) => {
    const { context, s3 } = await mockedAws({ iam: false });
    s3.on(GetBucketLifecycleConfigurationCommand).resolves({ Rules: [{ Status: 'Enabled', Transitions }] });
    expect(await stepAlone(context, confirm(context) as Step).perform()).toMatchObject(end);
    expect(changes(s3)).toEqual({});
  });
});
