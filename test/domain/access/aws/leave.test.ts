import {
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetUserCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import { deleteUserStep, detachFromUser, leaveGroup, stripRest } from '../../../../src/domain/access/aws/leave';
import { belongingsOf, iamUser } from '../../../support/belongings';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import { changes, stepAlone } from '../../../support/steps';

const gone = awsError('NoSuchEntity', 404);
const done = { state: 'done', result: undefined };
const POLICY = 'arn:aws:iam::123456789012:policy/b/docs/b-docs-BktRWPlc';

test('a user leaves a group, one that has left already included, and is put back by the undo', async () => {
  const { context, iam } = await mockedAws();
  iam.on(RemoveUserFromGroupCommand).rejects(gone);
  const step = stepAlone(context, leaveGroup(context, 'u', 'g'));
  expect(await step.perform()).toEqual(done);
  await step.undo();
  const pair = { UserName: 'u', GroupName: 'g' };
  expect(changes(iam)).toEqual({ RemoveUserFromGroup: [pair], AddUserToGroup: [pair] });
});

test('a policy is detached, one that is off already included, and attached again by the undo', async () => {
  const { context, iam } = await mockedAws();
  iam.on(DetachUserPolicyCommand).rejects(gone);
  const spec = detachFromUser(context, 'u', POLICY);
  const step = stepAlone(context, spec);
  expect(await step.perform()).toEqual(done);
  await step.undo();
  const pair = { UserName: 'u', PolicyArn: POLICY };
  expect(changes(iam)).toEqual({ DetachUserPolicy: [pair], AttachUserPolicy: [pair] });
  expect(spec.title).toBe('Detach policy b-docs-BktRWPlc from user u');
});

describe('what cannot be brought back', () => {
  const stripping = ({ context }: MockedAws) =>
    stepAlone(
      context,
      stripRest(
        context,
        'u',
        belongingsOf({ keys: [{ AccessKeyId: 'K' }], attached: [{ Arn: POLICY, PolicyName: 'p' }], inline: ['i'] }),
        [],
      ),
    );

  test('is deleted; keys and policies are the work of other steps', async () => {
    const aws = await mockedAws();
    expect(await stripping(aws).perform()).toEqual(done);
    expect(changes(aws.iam)).toEqual({ DeleteUserPolicy: [{ UserName: 'u', PolicyName: 'i' }] });
  });

  test('may be half gone when a call is refused, so nobody may call that no effect', async () => {
    const aws = await mockedAws();
    aws.iam.on(DeleteUserPolicyCommand).rejects(awsError('AccessDenied', 403));
    expect(await stripping(aws).perform()).toMatchObject({
      state: 'unclear',
      error: { kind: 'denied', origin: { code: 'AccessDenied', effect: 'unknown' } },
    });
    expect(aws.iam.commandCalls(DeleteUserPolicyCommand)).toHaveLength(1);
  });

  test('is owned up to by the undo', async () => {
    const step = stripping(await mockedAws());
    // The undo throws before it has a promise to give.
    await expect((async () => step.undo())()).rejects.toMatchObject({
      error: { kind: 'conflict', detail: expect.stringContaining('repeat the deletion') as unknown },
    });
  });
});

describe('the deletion of a user', () => {
  const deleting = ({ context }: MockedAws) => stepAlone(context, deleteUserStep(context, 'u', []));

  test.each([
    ['is there', undefined],
    ['is gone already', gone],
  ])('succeeds with one that %s', async (_, refusal) => {
    const aws = await mockedAws();
    if (refusal) aws.iam.on(DeleteUserCommand).rejects(refusal);
    expect(await deleting(aws).perform()).toEqual(done);
    expect(changes(aws.iam)).toEqual({ DeleteUser: [{ UserName: 'u' }] });
  });

  test.each([
    ['gone', (aws: MockedAws) => aws.iam.on(GetUserCommand).rejects(gone), { result: undefined }],
    ['there', (aws: MockedAws) => aws.iam.on(GetUserCommand).resolves({ User: iamUser('u') }), undefined],
  ])('has happened or not: the user is %s', async (_, world, expected) => {
    const aws = await mockedAws();
    world(aws);
    expect(await deleting(aws).alreadyDone()).toEqual(expected);
  });
});
