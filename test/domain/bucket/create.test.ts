import { CreatePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetObjectLockConfigurationCommand,
  HeadBucketCommand,
  PutBucketLoggingCommand,
} from '@aws-sdk/client-s3';
import { createBucket } from '../../../src/domain/bucket/create';
import type { CreateBucketInput } from '../../../src/domain/shared/shapes';
import { awsError, mockedAws, type MockedAws } from '../../support/mocks/mocked-aws';
import { emptyIam, holdsGroup, holdsPolicy, iamGroup } from '../../support/mocks/mocked-iam';
import { errorOf, titles, valueOf, waitsFor, writes, recipeFor, refusalOf } from '../../support/mocks/mocked-run';

const input = (
  bucket: Partial<CreateBucketInput['BucketInput']> = {},
  more: Partial<CreateBucketInput> = {},
): CreateBucketInput => ({ BucketInput: { Bucket: 'photos', ...bucket }, ...more });
const recipe = ({ context }: MockedAws, asked = input()) => recipeFor(context, createBucket, {}, asked);

async function free(account: Parameters<typeof mockedAws>[0] = {}): Promise<MockedAws> {
  const aws = await mockedAws(account);
  emptyIam(aws);
  aws.s3.on(HeadBucketCommand).rejects(awsError('NotFound', 404));
  return aws;
}

test.each([
  ['nothing but its name', input(), undefined],
  ['its own region', input({ CreateBucketConfiguration: { LocationConstraint: 'us-east-1' } }), undefined],
  [
    'another region',
    input({ CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
    { pointer: '/BucketInput/CreateBucketConfiguration/LocationConstraint' },
  ],
  [
    'object lock, and versioning suspended',
    input({ ObjectLockEnabledForBucket: true }, { Versioning: { Status: 'Suspended' } }),
    {},
  ],
  [
    'a key of a tag twice',
    input(
      {},
      {
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'a', Value: '2' },
        ],
      },
    ),
    {},
  ],
] as const)('a bucket with %s', (_, asked, expected) => {
  const refusal = refusalOf(createBucket, {}, asked);
  if (expected === undefined) expect(refusal).toBeUndefined();
  else expect(refusal).toMatchObject({ kind: 'invalid', ...expected });
});

test.each([
  ['a bucket', ({ s3 }: MockedAws) => s3.on(HeadBucketCommand).resolves({}), 'a bucket photos exists already'],
  [
    'somebody else’s bucket',
    ({ s3 }: MockedAws) => s3.on(HeadBucketCommand).rejects(awsError('Forbidden', 403)),
    'a bucket photos exists already',
  ],
  ['a policy', (aws: MockedAws) => holdsPolicy(aws, 'photos-BktAdmPlc'), 'a policy photos-BktAdmPlc exists already'],
  [
    'a group',
    (aws: MockedAws) => holdsGroup(aws, iamGroup('photos-BktAdmGrp')),
    'a group photos-BktAdmGrp exists already',
  ],
] as const)('%s that has one of its names stops it before anything is made', async (_, prepare, detail) => {
  const aws = await free();
  prepare(aws);
  expect(await errorOf(aws, recipe(aws))).toMatchObject({ kind: 'exists', detail });
  expect(writes(aws)).toEqual([]);
});

test('a bucket comes with its admins, and its accesses are logged', async () => {
  const aws = await free({ accessLog: { bucket: 'logs', prefix: 's3' } });
  expect(await valueOf(aws, recipe(aws))).toMatchObject({
    Bucket: '/photos',
    Policy: { PolicyName: 'photos-BktAdmPlc' },
    Group: { GroupName: 'photos-BktAdmGrp' },
  });
  expect(
    aws.s3.commandCalls(PutBucketLoggingCommand)[0]?.args[0].input.BucketLoggingStatus?.LoggingEnabled,
  ).toMatchObject({ TargetBucket: 'logs', TargetPrefix: 's3/photos/' });
  expect(aws.iam.commandCalls(CreatePolicyCommand)[0]?.args[0].input.PolicyDocument).toContain('arn:aws:s3:::photos/*');
});

test('on a store without IAM there are no admins, and the lock is looked at', async () => {
  const aws = await free({ iam: false });
  aws.s3.on(GetObjectLockConfigurationCommand).resolves({ ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } });
  expect(await valueOf(aws, recipe(aws, input({ ObjectLockEnabledForBucket: true })))).toMatchObject({
    Bucket: '/photos',
    Policy: undefined,
    Group: undefined,
  });
  expect(aws.s3.commandCalls(CreateBucketCommand)[0]?.args[0].input).toEqual({
    Bucket: 'photos',
    ObjectLockEnabledForBucket: true,
  });
  expect(aws.iam.calls()).toEqual([]);
});

describe('settings of a new bucket', () => {
  const everyone = {
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' }],
  };
  const denying = {
    Statement: [
      { Effect: 'Deny', Principal: { AWS: 'arn:aws:iam::1:root' }, Action: 's3:*', Resource: 'arn:aws:s3:::photos' },
    ],
  };
  const OPEN = {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: false,
    RestrictPublicBuckets: false,
  };
  const planFor = async (more: Partial<CreateBucketInput>, lock = false) => {
    const aws = await free({ allowPublicPolicies: true });
    const create = recipe(aws, input({ ObjectLockEnabledForBucket: lock }, more));
    return create.plan(await create.look(), 'op-1', create.input);
  };
  const POLICY = 'Set the policy of bucket photos';

  test('a public policy waits for the block that lets it pass', async () => {
    const plan = await planFor({ PublicAccessBlock: OPEN, BucketPolicy: everyone, CORS: { CORSRules: [] } });
    expect(waitsFor(plan, POLICY)).toEqual(['Set the public access block of bucket photos']);
  });

  test('a policy that denies something waits for everything else that is done to the bucket', async () => {
    const plan = await planFor({ BucketPolicy: denying, Versioning: { Status: 'Enabled' }, Lifecycle: 'glacier' });
    const others = titles(plan).filter((title) => title.includes('bucket photos') && title !== POLICY);
    expect(others).toEqual(
      expect.arrayContaining(['Turn on versioning of bucket photos', 'Give bucket photos the lifecycle glacier']),
    );
    expect(waitsFor(plan, POLICY)).toEqual(others);
  });

  test('object lock has turned versioning on already', async () => {
    const isVersioning = (title: string) => /version/i.test(title);
    expect(titles(await planFor({ Versioning: { Status: 'Enabled' } })).filter(isVersioning)).toHaveLength(1);
    expect(titles(await planFor({ Versioning: { Status: 'Enabled' } }, true)).filter(isVersioning)).toEqual([]);
  });
});
