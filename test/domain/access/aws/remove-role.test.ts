import { DeleteGroupCommand, DeletePolicyCommand, DetachGroupPolicyCommand } from '@aws-sdk/client-iam';
import { deleteGroup, deletePolicy, emptyGroup, freePolicy } from '../../../../src/domain/access/aws/remove-role';
import { errors } from '../../../support/errors';
import { awsError, mockedAws } from '../../../support/mocks/mocked-aws';
import { changes, stepAlone } from '../../../support/steps';

const PolicyArn = 'arn:aws:iam::123456789012:policy/p';
const policy = { name: 'p', arn: PolicyArn };
const gone = awsError('NoSuchEntity', 404);
const done = { state: 'done', result: undefined };

test('policies are taken off a group, those that are off already included', async () => {
  const { context, iam } = await mockedAws();
  iam.on(DetachGroupPolicyCommand).rejectsOnce(gone).resolves({});
  const step = stepAlone(context, emptyGroup(context, 'g', { attached: [PolicyArn, 'arn:q'], inline: ['i'] }, []));
  expect(await step.perform()).toEqual(done);
  expect(changes(iam)).toEqual({
    DetachGroupPolicy: [
      { GroupName: 'g', PolicyArn },
      { GroupName: 'g', PolicyArn: 'arn:q' },
    ],
    DeleteGroupPolicy: [{ GroupName: 'g', PolicyName: 'i' }],
  });
});

test('a policy is taken from everybody, with its old versions, whatever one of the calls ends with', async () => {
  const { context, iam } = await mockedAws();
  iam.on(DetachGroupPolicyCommand).rejects(awsError('AccessDenied', 403));
  const use = { groups: ['g'], users: ['u'], roles: ['r'], versions: ['v1'] };
  const step = stepAlone(context, freePolicy(context, { ...policy, use }, []));
  expect(await step.perform()).toMatchObject({ state: 'refused', error: { kind: 'denied' } });
  expect(changes(iam)).toEqual({
    DetachGroupPolicy: [{ GroupName: 'g', PolicyArn }],
    DetachUserPolicy: [{ UserName: 'u', PolicyArn }],
    DetachRolePolicy: [{ RoleName: 'r', PolicyArn }],
    DeletePolicyVersion: [{ PolicyArn, VersionId: 'v1' }],
  });
});

test('each call is tried again by itself, so the step is not', async () => {
  const { context, iam } = await mockedAws();
  iam.on(DetachGroupPolicyCommand).rejectsOnce(awsError('Throttling', 400)).resolves({});
  const step = stepAlone(context, emptyGroup(context, 'g', { attached: [PolicyArn], inline: ['i'] }, []));
  expect(await step.perform()).toEqual(done);
  expect(changes(iam)).toMatchObject({ DetachGroupPolicy: [{}, {}], DeleteGroupPolicy: [{}] });
  expect(step.retries(errors.throttled)).toBe(false);
});

describe.each([
  ['group', DeleteGroupCommand, 'DeleteGroup', { GroupName: 'g' }],
  ['policy', DeletePolicyCommand, 'DeletePolicy', { PolicyArn }],
] as const)('the deletion of a %s', (what, command, operation, input) => {
  const deleting = async () => {
    const aws = await mockedAws();
    return {
      aws,
      step: stepAlone(
        aws.context,
        what === 'group' ? deleteGroup(aws.context, 'g', []) : deletePolicy(aws.context, policy, []),
      ),
    };
  };

  test('succeeds, also when it is gone already', async () => {
    const { aws, step } = await deleting();
    aws.iam.on(command as never).rejects(gone);
    expect(await step.perform()).toEqual(done);
    expect(changes(aws.iam)).toEqual({ [operation]: [input] });
  });

  test('waits for IAM to see that nothing hangs on it, and for nothing else', async () => {
    const { aws, step } = await deleting();
    aws.iam
      .on(command as never)
      .rejectsOnce(awsError('DeleteConflict', 409))
      .resolves({});
    expect(await step.perform()).toEqual(done);
    expect(changes(aws.iam)).toEqual({ [operation]: [input, input] });
    expect([errors.conflict, errors.throttled, errors.denied].map(step.retries)).toEqual([true, true, false]);
  });
});
