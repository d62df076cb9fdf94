import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { toDomainError } from '../../../../../src/base/errors';
import { ownIdentity } from '../../../../../src/domain/bucket/settings/aws/identity';
import { awsError, mockedAws } from '../../../../support/mocks/mocked-aws';

const sts = mockClient(STSClient);
afterEach(() => sts.reset());

test('who we are is STS’s word', async () => {
  const { context } = await mockedAws();
  sts
    .on(GetCallerIdentityCommand)
    .resolves({ Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/x', UserId: 'AIDAX' });
  expect(await ownIdentity(context)).toEqual({
    accountId: '123456789012',
    arn: 'arn:aws:iam::123456789012:user/x',
    userId: 'AIDAX',
  });
});

test.each([
  ['half an answer', { Account: '123456789012' }],
  ['no answer at all', {}],
])('%s is no identity', async (_, answer) => {
  const { context } = await mockedAws();
  sts.on(GetCallerIdentityCommand).resolves(answer);
  expect(await ownIdentity(context)).toBeUndefined();
});

test.each([
  ['an endpoint that has no STS', 'InvalidAction', 400, undefined],
  ['AWS in trouble', 'ServiceUnavailable', 503, 'unavailable'],
])('%s: %s', async (_, code, status, kind) => {
  const { context } = await mockedAws();
  sts.on(GetCallerIdentityCommand).rejects(awsError(code, status));
  expect(await ownIdentity(context).catch((thrown: unknown) => toDomainError(thrown).kind)).toBe(kind);
});
