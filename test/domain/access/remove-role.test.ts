import {
  DeleteGroupCommand,
  DeletePolicyCommand,
  DetachGroupPolicyCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import { removeRoles, type RolesToRemove } from '../../../src/domain/access/remove-role';
import { answer, definePlan } from '../../../src/engine/plan';
import { awsError, mockedAws, type MockedAws } from '../../support/mocks/mocked-aws';
import { waitsFor } from '../../support/mocks/mocked-run';
import { walkForward } from '../../support/mocks/mocked-walk';
import { changes } from '../../support/steps';

const PolicyArn = 'arn:aws:iam::123456789012:policy/b-BktRWPlc';
const GroupName = 'b-BktRWGrp';
const gone = awsError('NoSuchEntity', 404);
const denied = awsError('AccessDenied', 403);
const role: RolesToRemove = {
  groups: [{ name: GroupName, members: ['a', 'b'], attached: [PolicyArn], inline: ['i'] }],
  policies: [
    {
      name: 'b-BktRWPlc',
      arn: PolicyArn,
      use: { groups: [GroupName, 'g'], users: ['u'], roles: ['r'], versions: ['v1'] },
    },
  ],
};
const removing = (aws: MockedAws) =>
  walkForward(aws, (step, pivot) => removeRoles(aws.context, { ...role, after: [pivot] }, step));
const everything = {
  RemoveUserFromGroup: [
    { GroupName, UserName: 'a' },
    { GroupName, UserName: 'b' },
  ],
  DetachGroupPolicy: [
    { GroupName, PolicyArn },
    { GroupName: 'g', PolicyArn },
  ],
  DeleteGroupPolicy: [{ GroupName, PolicyName: 'i' }],
  DetachUserPolicy: [{ UserName: 'u', PolicyArn }],
  DetachRolePolicy: [{ RoleName: 'r', PolicyArn }],
  DeletePolicyVersion: [{ PolicyArn, VersionId: 'v1' }],
  DeleteGroup: [{ GroupName }],
  DeletePolicy: [{ PolicyArn }],
};

test('members leave, the policy is taken from everybody, each once, and then both are deleted', async () => {
  const aws = await mockedAws();
  expect((await removing(aws)).outcome.state).toBe('succeeded');
  expect(changes(aws.iam)).toEqual(everything);
});

test('what is gone already is as good as removed', async () => {
  const aws = await mockedAws();
  aws.iam.onAnyCommand().rejects(gone);
  expect((await removing(aws)).outcome.state).toBe('succeeded');
  expect(changes(aws.iam)).toEqual(everything);
});

test('IAM is given time to see that nothing hangs on group and policy any more', async () => {
  const aws = await mockedAws();
  for (const command of [DeleteGroupCommand, DeletePolicyCommand])
    aws.iam
      .on(command as never)
      .rejectsOnce(awsError('DeleteConflict', 409))
      .resolves({});
  expect((await removing(aws)).outcome.state).toBe('succeeded');
  expect(changes(aws.iam)).toMatchObject({ DeleteGroup: [{}, {}], DeletePolicy: [{}, {}] });
});

test.each<readonly [string, (aws: MockedAws) => unknown, readonly string[]]>([
  [
    'a member that cannot leave',
    ({ iam }) => iam.on(RemoveUserFromGroupCommand, { UserName: 'a' }).rejects(denied),
    [`Delete group ${GroupName}`, `Take user a out of group ${GroupName}`],
  ],
  [
    'a policy that cannot be detached',
    ({ iam }) => iam.on(DetachGroupPolicyCommand, { GroupName: 'g' }).rejects(denied),
    ['Delete policy b-BktRWPlc', 'Detach policy b-BktRWPlc from group g'],
  ],
])('%s holds up only what waits for it', async (_, refuse, left) => {
  const aws = await mockedAws();
  refuse(aws);
  expect([...(await removing(aws)).left].sort()).toEqual(left);
});

test('of a role that only its policy tells, the policy goes last', async () => {
  const { context } = await mockedAws();
  const planFor = (provenByPolicy: readonly string[]) =>
    definePlan('p', 'P', (step) => {
      removeRoles(context, { ...role, provenByPolicy }, step);
      return answer({}, () => undefined);
    });
  const [plain, proven] = [planFor([]), planFor([GroupName])];
  expect(waitsFor(plain, 'Detach policy b-BktRWPlc from user u')).toEqual([]);
  expect(waitsFor(proven, 'Detach policy b-BktRWPlc from user u')).toEqual([`Delete group ${GroupName}`]);
  expect(waitsFor(plain, `Detach policy b-BktRWPlc from group ${GroupName}`)).toEqual([]);
  expect(waitsFor(proven, `Detach policy b-BktRWPlc from group ${GroupName}`)).toEqual([
    `Take user a out of group ${GroupName}`,
    `Take user b out of group ${GroupName}`,
  ]);
});
