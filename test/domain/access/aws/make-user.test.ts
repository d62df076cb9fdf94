import {
  AddUserToGroupCommand,
  CreateUserCommand,
  DeleteUserCommand,
  GetUserCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import { createUser, joinGroup } from '../../../../src/domain/access/aws/make-user';
import { iamUser } from '../../../support/user-resources';
import { errors } from '../../../support/errors';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import { OPERATION, changes, stepAlone } from '../../../support/steps';

const absent = awsError('NoSuchEntity', 404);
const operation = (Value: string) => ({ Key: 'mallard:operation', Value });
const callers = { Key: 'Cost', Value: '$5' };
const narrow = { Key: 'Cost', Value: '_5' };
const created = iamUser('u');
const boundary = 'arn:aws:iam::123456789012:policy/boundary';

describe('a new user', () => {
  const creating = ({ context }: MockedAws) =>
    stepAlone(context, createUser(context, 'u', [callers, operation(OPERATION)]));
  const there = (aws: MockedAws, maker: string) =>
    aws.iam.on(GetUserCommand).resolves({ User: { ...created, Tags: [operation(maker)] } });

  test.each([
    ['without a boundary', undefined, {}],
    ['within the account’s boundary', boundary, { PermissionsBoundary: boundary }],
  ])('is made %s', async (_, permissionsBoundary, sent) => {
    const aws = await mockedAws({ permissionsBoundary });
    await creating(aws).run();
    expect(changes(aws.iam)).toEqual({
      CreateUser: [{ UserName: 'u', Tags: [narrow, operation(OPERATION)], ...sent }],
    });
  });

  test.each([
    [
      'a boundary that is not there',
      boundary,
      'NoSuchEntity',
      404,
      `Scope ARN: ${boundary} does not exist or is not attachable.`,
      { kind: 'misconfigured', setting: 'accounts.demo.permissionsBoundary' },
    ],
    [
      'a boundary that IAM does not take',
      boundary,
      'InvalidInput',
      400,
      `ARN ${boundary} is not valid.`,
      { kind: 'misconfigured' },
    ],
    ['something else that IAM does not take', boundary, 'InvalidInput', 400, 'Too many tags', { kind: 'invalid' }],
    ['no boundary', undefined, 'NoSuchEntity', 404, 'absent', { kind: 'not-found' }],
  ])('is not made with %s', async (_, permissionsBoundary, code, status, message, error) => {
    const aws = await mockedAws({ permissionsBoundary });
    aws.iam.on(CreateUserCommand).rejects(awsError(code, status, message));
    expect(await creating(aws).perform()).toMatchObject({ state: 'refused', error: { ...error, origin: { code } } });
  });

  test.each([
    [
      'that tells its tags',
      { ...created, Tags: [{ Key: 'Told', Value: '1' }] },
      { UserId: 'AIDA', Tags: [{ Key: 'Told', Value: '1' }] },
    ],
    ['without tags: those that were sent', created, { UserId: 'AIDA', Tags: [narrow] }],
    ['without a user: its name is all that is known', undefined, { UserId: undefined, UserName: 'u', Tags: undefined }],
  ])('is shown as the answer says, one %s', async (_, User, shown) => {
    const aws = await mockedAws();
    aws.iam.on(CreateUserCommand).resolves({ User });
    expect(await creating(aws).run()).toMatchObject(shown);
  });

  test.each([
    ['this operation’s', OPERATION, { state: 'done', result: { UserId: 'AIDA' } }],
    ['somebody else’s', 'op-0', { state: 'unclear', effect: 'absent', error: { kind: 'exists' } }],
  ])('after a lost reply: the one that is there is %s', async (_, maker, end) => {
    const aws = await mockedAws();
    there(aws, maker);
    aws.iam
      .on(CreateUserCommand)
      .rejectsOnce(awsError('ServiceFailure', 500))
      .rejects(awsError('EntityAlreadyExists', 409));
    expect(await creating(aws).perform()).toMatchObject(end);
  });

  test.each([
    ['this operation’s', (aws: MockedAws) => there(aws, OPERATION), { DeleteUser: [{ UserName: 'u' }] }],
    ['somebody else’s', (aws: MockedAws) => there(aws, 'op-0'), {}],
    ['not there', (aws: MockedAws) => aws.iam.on(GetUserCommand).rejects(absent), {}],
  ])('is taken back when it is %s', async (_, world, sent) => {
    const aws = await mockedAws();
    world(aws);
    await creating(aws).undo();
    expect(changes(aws.iam)).toEqual(sent);
  });

  test('is taken back when IAM shows it late, to reads and to the removal', async () => {
    const aws = await mockedAws();
    aws.iam
      .on(GetUserCommand)
      .rejectsOnce(absent)
      .resolves({ User: { ...created, Tags: [operation(OPERATION)] } });
    aws.iam.on(DeleteUserCommand).rejectsOnce(absent).resolves({});
    await creating(aws).undo();
    expect(changes(aws.iam)).toEqual({ DeleteUser: [{ UserName: 'u' }, { UserName: 'u' }] });
  });
});

describe('a membership', () => {
  const joining = ({ context }: MockedAws) => stepAlone(context, joinGroup(context, 'u', 'g', []));
  const pair = { UserName: 'u', GroupName: 'g' };

  test('comes about as soon as IAM knows user and group', async () => {
    const aws = await mockedAws();
    aws.iam.on(AddUserToGroupCommand).rejectsOnce(absent).resolves({});
    const step = joining(aws);
    expect(await step.perform()).toEqual({ state: 'done', result: undefined });
    expect(changes(aws.iam)).toEqual({ AddUserToGroup: [pair, pair] });
    expect([errors.notFound, errors.throttled, errors.quota].map(step.retries)).toEqual([true, true, false]);
  });

  test.each([
    ['ends with the undo', [], 1],
    ['that IAM does not know yet ends with the undo', [absent], 2],
    ['that never came about is as good as ended', Array.from({ length: 6 }, () => absent), 6],
  ])('%s', async (_, refusals, times) => {
    const aws = await mockedAws();
    const removal = aws.iam.on(RemoveUserFromGroupCommand);
    for (const refusal of refusals) removal.rejectsOnce(refusal);
    await joining(aws).undo();
    expect(changes(aws.iam)).toEqual({ RemoveUserFromGroup: Array.from({ length: times }, () => pair) });
  });
});
