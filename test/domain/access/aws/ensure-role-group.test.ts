import { CreateGroupCommand, DeleteGroupCommand, GetGroupCommand } from '@aws-sdk/client-iam';
import { roleOf } from '../../../../src/domain/shared/role';
import { createRoleGroup, type Sharing } from '../../../../src/domain/access/aws/ensure-role';
import { iamGroup, iamUser } from '../../../support/user-resources';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import { changes, stepAlone } from '../../../support/steps';

const absent = awsError('NoSuchEntity', 404);
const exists = awsError('EntityAlreadyExists', 409);
const lost = awsError('ServiceFailure', 500);
const group = iamGroup('b-BktRWGrp');
const user = iamUser('u');

describe('a role’s group', () => {
  const creating = ({ context }: MockedAws, sharing: Sharing = 'shared') =>
    stepAlone(context, createRoleGroup(context, roleOf('b', 'BktRW'), sharing));
  const shape = { Arn: 'arn', CreateDate: new Date(0), GroupId: 'AGPA', GroupName: 'b-BktRWGrp', Path: '/' };
  const there = (aws: MockedAws, ...Users: (typeof user)[]) =>
    aws.iam.on(GetGroupCommand).resolves({ Group: group, Users });

  test('is made', async () => {
    const aws = await mockedAws();
    aws.iam.on(CreateGroupCommand).resolves({ Group: group });
    expect(await creating(aws).run()).toEqual({ group: shape, made: true });
    expect(changes(aws.iam)).toEqual({ CreateGroup: [{ GroupName: 'b-BktRWGrp', Path: '/' }] });
  });

  test('that a neighbour has made first is shared, once IAM shows it', async () => {
    const aws = await mockedAws();
    aws.iam.on(CreateGroupCommand).rejects(exists);
    aws.iam.on(GetGroupCommand).rejectsOnce(absent).resolves({ Group: group, Users: [] });
    expect(await creating(aws).perform()).toEqual({ state: 'done', result: { group: shape, made: false } });
  });

  test.each([
    ['it must not have been there', 'exclusive', exists, 'exists'],
    ['nobody ever sees it', 'shared', exists, 'exists'],
    ['it may not be made', 'shared', awsError('AccessDenied', 403), 'denied'],
  ] as const)('is not shared when %s', async (_, sharing, refusal, kind) => {
    const aws = await mockedAws();
    aws.iam.on(CreateGroupCommand).rejects(refusal);
    aws.iam.on(GetGroupCommand).rejects(absent);
    await expect(creating(aws, sharing).run()).rejects.toMatchObject({ error: { kind } });
  });

  test('is believed to be made when it is there after a lost reply', async () => {
    const aws = await mockedAws();
    there(aws);
    aws.iam.on(CreateGroupCommand).rejects(lost);
    expect(await creating(aws).perform()).toEqual({ state: 'done', result: { group: shape, made: true } });
    aws.iam.on(GetGroupCommand).rejects(absent);
    expect(await creating(aws).alreadyDone()).toBeUndefined();
  });

  const removed = { DeleteGroup: [{ GroupName: 'b-BktRWGrp' }] };
  test.each<[string, Sharing, boolean | undefined, (typeof user)[], object]>([
    ['was made', 'shared', true, [], removed],
    ['may have been made', 'shared', undefined, [], removed],
    ['is part of a new bucket, whoever may be in it', 'exclusive', true, [user], removed],
    ['is the neighbour’s', 'shared', false, [], {}],
    ['has a neighbour’s user by now', 'shared', true, [user], {}],
  ])('that %s is taken back, or stays for others', async (_, sharing, made, members, sent) => {
    const aws = await mockedAws();
    there(aws, ...members);
    await creating(aws, sharing).undo(made === undefined ? undefined : { group: shape, made });
    expect(changes(aws.iam)).toEqual(sent);
  });

  test('that was never made needs no undo, though IAM is asked until that is certain', async () => {
    const aws = await mockedAws();
    aws.iam.on(GetGroupCommand).rejects(absent);
    aws.iam.on(DeleteGroupCommand).rejects(absent);
    await expect(creating(aws).undo()).resolves.toBeUndefined();
    expect(aws.iam.commandCalls(DeleteGroupCommand).length).toBeGreaterThan(1);
  });
});
