import {
  AttachGroupPolicyCommand,
  CreatePolicyCommand,
  GetGroupCommand,
  GetPolicyCommand,
  type Policy,
} from '@aws-sdk/client-iam';
import { roleOf } from '../../../../src/domain/shared/role';
import { attachRole, createRolePolicy, type Sharing } from '../../../../src/domain/access/aws/ensure-role';
import { iamGroup, iamUser } from '../../../support/user-resources';
import { errors } from '../../../support/errors';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import { OPERATION, changes, stepAlone } from '../../../support/steps';

const ROLE = roleOf('b', 'BktRW');
const arn = 'arn:aws:iam::123456789012:policy/b-BktRWPlc';
const absent = awsError('NoSuchEntity', 404);
const exists = awsError('EntityAlreadyExists', 409);
const lost = awsError('ServiceFailure', 500);
const ofOperation = (Value: string) => [{ Key: 'mallard:operation', Value }];
const group = iamGroup('b-BktRWGrp');
const user = iamUser('u');

describe('a role’s policy', () => {
  const creating = ({ context }: MockedAws, sharing: Sharing = 'shared') =>
    stepAlone(
      context,
      createRolePolicy(context, ROLE, sharing, { needs: {}, make: () => ({ Version: '2012-10-17', Statement: [] }) }),
    );
  const there = (aws: MockedAws, policy: Policy) =>
    aws.iam.on(GetPolicyCommand).resolves({ Policy: { Arn: arn, PolicyId: 'ANPA', ...policy } });

  test('is made with the operation’s tag; what the answer leaves out is known', async () => {
    const aws = await mockedAws();
    expect(await creating(aws).run()).toMatchObject({ Arn: arn, PolicyName: 'b-BktRWPlc', PolicyId: undefined });
    const Tags = [{ Key: 'spinup:org', Value: 'acme' }, ...ofOperation(OPERATION)];
    const PolicyDocument = '{"Version":"2012-10-17","Statement":[]}';
    expect(changes(aws.iam)).toEqual({ CreatePolicy: [{ PolicyName: 'b-BktRWPlc', Path: '/', PolicyDocument, Tags }] });
  });

  test('that a neighbour has made first is shared, once IAM shows it', async () => {
    const aws = await mockedAws();
    aws.iam.on(CreatePolicyCommand).rejects(exists);
    aws.iam
      .on(GetPolicyCommand)
      .rejectsOnce(absent)
      .resolves({ Policy: { Arn: arn, PolicyId: 'ANPA' } });
    expect(await creating(aws).perform()).toMatchObject({ state: 'done', result: { PolicyId: 'ANPA' } });
  });

  test.each([
    ['it must not have been there', 'exclusive', exists, 'exists', {}],
    ['nobody ever sees it', 'shared', exists, 'exists', undefined],
    ['it may not be made', 'shared', awsError('AccessDenied', 403), 'denied', {}],
  ] as const)('is not shared when %s', async (_, sharing, refusal, kind, policy) => {
    const aws = await mockedAws();
    aws.iam.on(CreatePolicyCommand).rejects(refusal);
    if (policy) there(aws, policy);
    await expect(creating(aws, sharing).run()).rejects.toMatchObject({ error: { kind } });
  });

  test.each([
    ['this operation’s', ofOperation(OPERATION), { state: 'done', result: { PolicyId: 'ANPA' } }, 1],
    ['a neighbour’s', ofOperation('op-0'), { state: 'done', result: { PolicyId: 'ANPA' } }, 2],
  ])('after a lost reply: what is there is %s', async (_, Tags, end, times) => {
    const aws = await mockedAws();
    there(aws, { Tags });
    aws.iam.on(CreatePolicyCommand).rejectsOnce(lost).rejects(exists);
    expect(await creating(aws).perform()).toMatchObject(end);
    expect(aws.iam.commandCalls(CreatePolicyCommand)).toHaveLength(times);
  });

  test.each([
    [
      'this operation’s',
      (aws: MockedAws) => there(aws, { Tags: ofOperation(OPERATION) }),
      { DeletePolicy: [{ PolicyArn: arn }] },
    ],
    ['a neighbour’s', (aws: MockedAws) => there(aws, { Tags: ofOperation('op-0') }), {}],
    ['not there', (aws: MockedAws) => aws.iam.on(GetPolicyCommand).rejects(absent), {}],
  ])('is taken back when it is %s', async (_, world, sent) => {
    const aws = await mockedAws();
    world(aws);
    await creating(aws).undo();
    expect(changes(aws.iam)).toEqual(sent);
  });

  test('has not been made when it is not there', async () => {
    expect(await creating(await mockedAws()).alreadyDone()).toBeUndefined();
  });
});

describe('the policy on its group', () => {
  const attaching = ({ context }: MockedAws) => stepAlone(context, attachRole(context, ROLE, []));
  const pair = { GroupName: 'b-BktRWGrp', PolicyArn: arn };

  test('is attached as soon as IAM knows both', async () => {
    const aws = await mockedAws();
    aws.iam.on(AttachGroupPolicyCommand).rejectsOnce(absent).resolves({});
    const step = attaching(aws);
    expect(await step.perform()).toEqual({ state: 'done', result: undefined });
    expect(changes(aws.iam)).toEqual({ AttachGroupPolicy: [pair, pair] });
    expect([errors.notFound, errors.throttled, errors.quota].map(step.retries)).toEqual([true, true, false]);
  });

  test.each([
    [
      'nobody is in the group',
      (aws: MockedAws) => aws.iam.on(GetGroupCommand).resolves({ Group: group, Users: [] }),
      { DetachGroupPolicy: [pair] },
    ],
    [
      'IAM does not show the group yet',
      (aws: MockedAws) => aws.iam.on(GetGroupCommand).rejects(absent),
      { DetachGroupPolicy: [pair] },
    ],
    [
      'a neighbour’s user needs it',
      (aws: MockedAws) => aws.iam.on(GetGroupCommand).resolves({ Group: group, Users: [user] }),
      {},
    ],
  ])('is detached by the undo or not: %s', async (_, world, sent) => {
    const aws = await mockedAws();
    world(aws);
    await attaching(aws).undo();
    expect(changes(aws.iam)).toEqual(sent);
  });
});
