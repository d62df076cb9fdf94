import { DomainFailure } from '../../../../src/base/errors';
import { accountBlock } from '../../../../src/domain/shared/aws/account-block';
import type { Context } from '../../../../src/domain/shared/context';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import { errorOf } from '../../../support/mocks/mocked-reads';

const block = (BlockPublicPolicy: boolean, RestrictPublicBuckets: boolean) => ({
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy,
    RestrictPublicBuckets,
  },
});

const calls = ({ s3 }: MockedAws): number => s3.calls().length;

test.each([
  [true, true, ['BlockPublicPolicy', 'RestrictPublicBuckets']],
  [true, false, ['BlockPublicPolicy']],
  [false, true, ['RestrictPublicBuckets']],
  [false, false, []],
])('BlockPublicPolicy %s, RestrictPublicBuckets %s: %j', async (policy, restrict, expected) => {
  const aws = await mockedAws();
  aws.s3.onAnyCommand().resolves(block(policy, restrict));
  expect(await accountBlock(aws.context)).toEqual(expected);
});

test('is asked for once in five minutes', async () => {
  const aws = await mockedAws();
  aws.s3.onAnyCommand().resolves(block(true, true));
  await accountBlock(aws.context);
  aws.clock.advance(299_999);
  await accountBlock(aws.context);
  expect(calls(aws)).toBe(1);
  aws.s3.onAnyCommand().resolves(block(false, false));
  aws.clock.advance(1);
  expect(await accountBlock(aws.context)).toEqual([]);
  expect(calls(aws)).toBe(2);
});

test.each([
  ['there is none', awsError('NoSuchPublicAccessBlockConfiguration', 404)],
  ['it may not be read', awsError('AccessDenied', 403)],
  ['S3 Control is out of order', awsError('InternalError', 500)],
])('stands in nobody’s way when %s, which is asked once, too', async (_, error) => {
  const aws = await mockedAws();
  aws.s3.onAnyCommand().rejects(error);
  expect(await accountBlock(aws.context)).toEqual([]);
  expect(await accountBlock(aws.context)).toEqual([]);
  expect(calls(aws)).toBe(1);
});

test('no store is asked', async () => {
  const aws = await mockedAws({ iam: false });
  expect(await accountBlock(aws.context)).toEqual([]);
  expect(calls(aws)).toBe(0);
});

test('an operation that another process does by now ends, and says nothing of the account', async () => {
  const { context } = await mockedAws();
  const superseded = { kind: 'superseded', detail: 'elsewhere', retryAfterSeconds: 1 } as const;
  const s3control = () => Promise.reject(new DomainFailure(superseded));
  const late: Context = { ...context, session: { ...context.session, s3control } };
  expect(await errorOf(accountBlock(late))).toEqual(superseded);
  expect(context.memory.accountBlocks.get('123456789012')).toBeUndefined();
});
