import type { JsonValue } from '../../../src/base/json';
import {
  AddUserToGroupCommand,
  DetachUserPolicyCommand,
  GetGroupCommand,
  GetPolicyVersionCommand,
  type Group,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import { asBucket, asWebsite, type Subject } from '../../../src/domain/shared/subject';
import type { ChangeUserInput } from '../../../src/domain/user/keys/rules/shapes';
import { changeUser } from '../../../src/domain/user/change';
import { mockedAws, type MockedAws } from '../../support/mocks/mocked-aws';
import {
  arnOfPolicy,
  emptyIam,
  holdsGroup,
  holdsPolicy,
  holdsRole,
  holdsUser,
  iamGroup,
  iamKey,
  LONG_AGO,
  NOT_THERE,
  type UserHeld,
} from '../../support/mocks/mocked-iam';
import { errorOf, run, valueOf, writes, recipeFor } from '../../support/mocks/mocked-run';

const bucket = asBucket('photos');
const site = asWebsite('docs.example.org');
const change = ({ context }: MockedAws, input: ChangeUserInput, subject: Subject = bucket) =>
  recipeFor(context, changeUser, { ...subject, user: 'ada' }, input);

/** The user ada in the group of readers, which is whole as the group of writers is. */
async function withAda(held: UserHeld = {}): Promise<MockedAws> {
  const aws = await mockedAws();
  emptyIam(aws);
  holdsRole(aws, 'photos-BktRO');
  holdsRole(aws, 'photos-BktRW');
  holdsUser(aws, 'ada', { groups: [iamGroup('photos-BktROGrp')], ...held });
  return aws;
}

test('a user that is moved joins its new group and leaves the other', async () => {
  const aws = await withAda({ keys: [iamKey('AKIA1')] });
  expect(await valueOf(aws, change(aws, { Groups: ['BktRWGrp'] }))).toMatchObject({
    User: { UserName: 'ada', CreateDate: LONG_AGO },
    AccessKeys: [{ AccessKeyId: 'AKIA1', Status: 'Active' }],
    Groups: [{ GroupName: 'photos-BktRWGrp', CreateDate: LONG_AGO }],
    Policies: [{ PolicyName: 'photos-BktRWPlc' }],
  });
  expect(aws.iam.commandCalls(AddUserToGroupCommand).map(({ args: [{ input }] }) => input)).toEqual([
    { UserName: 'ada', GroupName: 'photos-BktRWGrp' },
  ]);
  expect(aws.iam.commandCalls(RemoveUserFromGroupCommand).map(({ args: [{ input }] }) => input)).toEqual([
    { UserName: 'ada', GroupName: 'photos-BktROGrp' },
  ]);
});

test('a group that IAM hides for a moment is joined, and shown by its name', async () => {
  const aws = await withAda();
  aws.iam.on(GetGroupCommand, { GroupName: 'photos-BktRWGrp' }).rejects(NOT_THERE);
  expect(await valueOf(aws, change(aws, { Groups: ['BktRWGrp'] }))).toMatchObject({
    Groups: [{ GroupName: 'photos-BktRWGrp' }],
  });
  expect(writes(aws)).toEqual(['AddUserToGroup', 'RemoveUserFromGroup']);
});

test('a role that nobody looked at is made whole', async () => {
  const aws = await withAda();
  const recipe = change(aws, { Groups: ['BktAdmGrp'] });
  const seen = (await recipe.look()) as { readonly [name: string]: JsonValue };
  const made = await run(aws, { ...recipe, look: async () => ({ ...seen, roles: [] }) });
  expect(made).toMatchObject({
    state: 'succeeded',
    value: { Groups: [{ GroupName: 'photos-BktAdmGrp' }], Policies: [{ Arn: arnOfPolicy('photos-BktAdmPlc') }] },
  });
  expect([...writes(aws)].sort()).toEqual([
    'AddUserToGroup',
    'AttachGroupPolicy',
    'CreateGroup',
    'CreatePolicy',
    'RemoveUserFromGroup',
  ]);
});

test('a group that AWS gives neither name nor path for is nobody’s, and stays', async () => {
  const aws = await withAda({ groups: [{ GroupName: 'photos-BktROGrp' } as Group, {} as Group] });
  holdsGroup(aws, iamGroup(''), ['elsewhere']);
  const { Groups, Policies } = await valueOf(aws, change(aws, { Groups: ['BktROGrp'] }));
  expect(Groups.map(({ GroupName }) => GroupName)).toEqual(['photos-BktROGrp', '']);
  expect(Policies.map(({ PolicyName }) => PolicyName)).toEqual(['photos-BktROPlc', 'elsewhere']);
  expect(writes(aws)).toEqual([]);
});

test('a user that is turned off is noted first, then its keys go off; its groups are left alone', async () => {
  const aws = await withAda({ keys: [iamKey('AKIA1'), iamKey('AKIA2', 'Inactive')] });
  const { AccessKeys, Groups } = await valueOf(aws, change(aws, { Status: 'Inactive' }));
  expect(AccessKeys.map(({ Status }) => Status)).toEqual(['Inactive', 'Inactive']);
  expect(Groups).toHaveLength(1);
  expect(writes(aws)).toEqual(['TagUser', 'UpdateAccessKey']);
});

test('a policy of the bucket’s that the predecessor attached to its user itself comes off', async () => {
  const aws = await withAda();
  const document = encodeURIComponent(
    JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::photos/*' }] }),
  );
  aws.iam.on(GetPolicyVersionCommand).resolves({ PolicyVersion: { Document: document } });
  holdsPolicy(aws, 'old');
  holdsUser(aws, 'photos', { attached: ['photos-BktAdmPlc', 'old'] });
  const recipe = recipeFor(aws.context, changeUser, { ...bucket, user: 'photos' }, { Groups: ['BktRWGrp'] });
  expect((await valueOf(aws, recipe)).Policies.map(({ PolicyName }) => PolicyName)).toEqual(['photos-BktRWPlc']);
  const detached = aws.iam.commandCalls(DetachUserPolicyCommand).map(({ args: [{ input }] }) => input.PolicyArn);
  expect(detached.toSorted()).toEqual([arnOfPolicy('old'), arnOfPolicy('photos-BktAdmPlc')]);
});

describe('a user of a website’s folders', () => {
  const folderGroup = (folder: string) =>
    iamGroup(`docs.example.org-${folder}-BktROGrp`, `/docs.example.org/${folder}/`);

  test('moves within its folder', async () => {
    const aws = await withAda({ groups: [folderGroup('api')] });
    expect((await valueOf(aws, change(aws, { Groups: ['BktRWGrp'] }, site))).Groups).toEqual([
      expect.objectContaining({ GroupName: 'docs.example.org-api-BktRWGrp' }),
    ]);
  });

  test.each([
    [
      'of several folders cannot be changed as one',
      [folderGroup('api'), folderGroup('img')],
      ['BktRWGrp'],
      'conflict',
      'several folders',
    ],
    ['asks for more than its folder', [folderGroup('api')], ['BktAdmGrp'], 'invalid', 'BktAdmGrp'],
  ] as const)('that %s: nothing is changed', async (_, groups, Groups, kind, detail) => {
    const aws = await withAda({ groups: [...groups] });
    expect(await errorOf(aws, change(aws, { Groups }, site))).toMatchObject({
      kind,
      detail: expect.stringContaining(detail),
    });
    expect(writes(aws)).toEqual([]);
  });

  test('in a group of the predecessor’s, whose name does not tell the folder', async () => {
    const name = 'docs.example.org-a_b-BktRW';
    const aws = await withAda({ groups: [{ ...iamGroup(`${name}Grp`), Path: undefined }] });
    holdsGroup(aws, iamGroup(`${name}Grp`), [`${name}Plc`]);
    holdsPolicy(aws, `${name}Plc`);
    const document = encodeURIComponent(
      JSON.stringify({ Statement: { Resource: 'arn:aws:s3:::docs.example.org/a_b/*' } }),
    );
    aws.iam.on(GetPolicyVersionCommand).resolves({ PolicyVersion: { Document: document } });
    expect(await errorOf(aws, change(aws, { Groups: ['BktROGrp'] }, site))).toMatchObject({
      kind: 'conflict',
      detail: expect.stringContaining('group of the old service'),
    });
    expect(writes(aws)).toEqual([]);
  });
});
