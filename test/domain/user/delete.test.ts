import {
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetUserCommand,
  type Group,
  ListUserPoliciesCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import { deleteUser } from '../../../src/domain/user/delete';
import { mockedAws, type MockedAws } from '../../support/mocks/mocked-aws';
import {
  arnOfPolicy,
  emptyIam,
  holdsRole,
  holdsUser,
  iamGroup,
  iamKey,
  NOT_THERE,
  type UserHeld,
} from '../../support/mocks/mocked-iam';
import { errorOf, valueOf, writes, recipeFor } from '../../support/mocks/mocked-run';

const own = iamGroup('photos-BktROGrp');
const remove = ({ context }: MockedAws) => recipeFor(context, deleteUser, { user: 'ada' }, {});

async function withAda(held: UserHeld): Promise<MockedAws> {
  const aws = await mockedAws();
  emptyIam(aws);
  holdsRole(aws, 'photos-BktRO');
  holdsUser(aws, 'ada', held);
  return aws;
}

test('a user of this bucket alone goes with all that hangs on it', async () => {
  const tags = [
    { Key: 'spinup:org', Value: 'acme' },
    { Key: 'mallard:bucket', Value: 'photos' },
  ];
  const aws = await withAda({
    tags,
    groups: [own],
    keys: [iamKey('AKIA1'), iamKey('AKIA2', 'Inactive')],
    attached: ['photos-BktROPlc', 'other'],
  });
  aws.iam.on(ListUserPoliciesCommand).resolves({ PolicyNames: ['own'] });
  expect(await valueOf(aws, remove(aws))).toEqual({ kept: [], left: [] });
  expect(aws.iam.commandCalls(DeleteAccessKeyCommand).map(({ args: [{ input }] }) => input.AccessKeyId)).toEqual([
    'AKIA1',
    'AKIA2',
  ]);
  expect(aws.iam.commandCalls(DeleteUserPolicyCommand)[0]?.args[0].input).toEqual({
    UserName: 'ada',
    PolicyName: 'own',
  });
  expect(aws.iam.commandCalls(RemoveUserFromGroupCommand)[0]?.args[0].input).toEqual({
    UserName: 'ada',
    GroupName: 'photos-BktROGrp',
  });
  expect(aws.iam.commandCalls(DeleteUserCommand)).toHaveLength(1);
});

test.each([
  [
    'a member of another group',
    { groups: [own, iamGroup('videos-BktROGrp')], attached: ['photos-BktROPlc', 'other'] },
    ['photos-BktROPlc'],
  ],
  ['a member of a group whose name AWS does not give', { groups: [own, {} as Group] }, []],
  ['the subject of a policy of its own', { groups: [own], attached: ['other'] }, []],
] as const)('%s is taken out of the bucket only', async (_, held, detached) => {
  const aws = await withAda({ ...held, groups: [...held.groups], keys: [iamKey('AKIA1')] });
  expect(await valueOf(aws, remove(aws))).toEqual({
    kept: [{ UserName: 'ada', because: expect.stringContaining('no mark of this service') }],
    left: [],
  });
  expect(aws.iam.commandCalls(RemoveUserFromGroupCommand).map(({ args: [{ input }] }) => input.GroupName)).toEqual([
    'photos-BktROGrp',
  ]);
  expect(aws.iam.commandCalls(DetachUserPolicyCommand).map(({ args: [{ input }] }) => input.PolicyArn)).toEqual(
    detached.map((name) => arnOfPolicy(name)),
  );
  expect([...aws.iam.commandCalls(DeleteUserCommand), ...aws.iam.commandCalls(DeleteAccessKeyCommand)]).toEqual([]);
});

test('a key that is listed without its id is none that could be deleted', async () => {
  const aws = await withAda({ groups: [own], keys: [{}] });
  await valueOf(aws, remove(aws));
  expect(writes(aws)).toEqual(['RemoveUserFromGroup', 'DeleteUser']);
});

test('a user that is gone by the time it is looked at, though its groups still list it', async () => {
  const aws = await withAda({ groups: [own] });
  aws.iam.on(GetUserCommand, { UserName: 'ada' }).rejects(NOT_THERE);
  expect(await errorOf(aws, remove(aws))).toMatchObject({
    kind: 'not-found',
    detail: 'there is no user ada of bucket photos',
  });
  expect(writes(aws)).toEqual([]);
});

test('a user of others is not found', async () => {
  const aws = await withAda({ groups: [iamGroup('videos-BktROGrp')] });
  expect(await errorOf(aws, remove(aws))).toMatchObject({ kind: 'not-found' });
  expect(writes(aws)).toEqual([]);
});
