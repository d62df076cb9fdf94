import { DeleteBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { toDomainError } from '../../../../../src/base/errors';
import { policy as setting } from '../../../../../src/domain/bucket/settings/aws/policy';
import { replaceSetting } from '../../../../../src/domain/bucket/settings/aws/replace';
import { policyScope, type WantedPolicy } from '../../../../../src/domain/bucket/settings/rules/policy';
import { accountConfig } from '../../../../support/config';
import { errors } from '../../../../support/errors';
import { awsError, mockedAws, type MockedAws } from '../../../../support/mocks/mocked-aws';
import { changes, stepAlone } from '../../../../support/steps';

const of = { Bucket: 'b', ExpectedBucketOwner: '123456789012' };
const policy = (isPublic: boolean) => ({ text: '{"new":1}', isPublic, denies: false });
interface Change {
  readonly before?: string | null;
  readonly after?: WantedPolicy | null;
  /** Whether the plan loosens the public access block first. */
  readonly loosened?: boolean;
}
const replacing = (
  { context }: MockedAws,
  { before = '{"old":1}', after = policy(false), loosened = false }: Change,
) => {
  const all = loosened ? { publicAccess: { BlockPublicPolicy: false } } : {};
  return stepAlone(context, replaceSetting(setting, { context, bucket: 'b', before, after, all }));
};

test.each([
  [
    'where there was none',
    null,
    policy(false),
    { PutBucketPolicy: [{ ...of, Policy: '{"new":1}' }], DeleteBucketPolicy: [of] },
  ],
  [
    'in place of another',
    '{"old":1}',
    policy(true),
    {
      PutBucketPolicy: [
        { ...of, Policy: '{"new":1}' },
        { ...of, Policy: '{"old":1}' },
      ],
    },
  ],
  ['away', '{"old":1}', null, { PutBucketPolicy: [{ ...of, Policy: '{"old":1}' }], DeleteBucketPolicy: [of] }],
])('a policy is put %s, and the former state is back after the undo', async (_, before, after, sent) => {
  const aws = await mockedAws();
  aws.s3.on(DeleteBucketPolicyCommand).rejects(awsError('NoSuchBucketPolicy', 404));
  const step = replacing(aws, { before, after });
  await step.run();
  await step.undo();
  expect(changes(aws.s3)).toEqual(sent);
});

describe('a policy in an account with a public access block', () => {
  const scope = policyScope(accountConfig({ allowPublicPolicies: true, id: '123456789012' }), 'b', 'aws');
  const inputOf = (Principal: object | string) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' }],
  });

  const refusal = async (block: object, Principal: object | string) => {
    const aws = await mockedAws();
    aws.s3.onAnyCommand().resolves({ PublicAccessBlockConfiguration: block });
    const input = inputOf(Principal);
    const wanted = await setting.settle?.(aws.context, setting.check(input, scope), { input, scope });
    const { error } = await Promise.resolve()
      .then(() => wanted && setting.checkBeside?.(wanted, {}))
      .then(
        () => ({ error: undefined }),
        (thrown: unknown) => ({ error: toDomainError(thrown) }),
      );
    return { error, calls: aws.s3.calls().length };
  };

  test.each([
    ['that refuses public ones, for everyone', { BlockPublicPolicy: true }, '*', 'conflict', 1],
    ['that only restricts them, for everyone', { RestrictPublicBuckets: true }, '*', undefined, 1],
    ['that refuses public ones, for one account', { BlockPublicPolicy: true }, { AWS: '123456789012' }, undefined, 0],
  ])('%s', async (_, block, principal, kind, calls) => {
    const seen = await refusal(block, principal);
    expect({ kind: seen.error?.kind, calls: seen.calls }).toEqual({ kind, calls });
  });
});

test.each([
  ['a public policy', true, 'AccessDenied', 403, 'denied', true],
  ['any other policy', false, 'AccessDenied', 403, 'denied', false],
  ['a public policy that is none', true, 'MalformedPolicy', 400, 'invalid', false],
])(
  'the refusal of %s tells of the public access block where that may be in the way',
  async (_, isPublic, code, status, kind, hinted) => {
    const aws = await mockedAws();
    aws.s3.on(PutBucketPolicyCommand).rejects(awsError(code, status));
    const error = await replacing(aws, { after: policy(isPublic) })
      .run()
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    expect(error).toMatchObject({ error: { kind, origin: { code } } });
    expect(String(error).includes('PublicAccessBlock.BlockPublicPolicy')).toBe(hinted);
  },
);

test.each([
  ['AccessDenied', 403, 'contended'],
  ['MalformedPolicy', 400, 'invalid'],
])('the undo is worth another attempt while the loose block is on its way: %s', async (code, status, kind) => {
  const aws = await mockedAws();
  aws.s3.on(PutBucketPolicyCommand).rejects(awsError(code, status));
  await expect(replacing(aws, {}).undo()).rejects.toMatchObject({ error: { kind, origin: { code } } });
});

test.each([
  ['a public policy behind a block that this plan loosens', policy(true), true, true],
  ['a public policy behind a block that is loose', policy(true), false, false],
  ['a policy that is not public', policy(false), true, false],
  ['the removal of a policy', null, true, false],
])('AccessDenied for %s is tried again or not', async (_, after, loosened, again) => {
  const step = replacing(await mockedAws(), { after, loosened });
  expect([errors.denied, errors.contended, errors.quota].map(step.retries)).toEqual([again, true, false]);
});
