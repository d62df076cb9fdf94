import {
  DeleteGroupCommand,
  DeleteUserCommand,
  GetGroupCommand,
  GetGroupPolicyCommand,
  GetLoginProfileCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetUserCommand,
  ListAttachedGroupPoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListGroupPoliciesCommand,
  ListGroupsForUserCommand,
  ListPolicyVersionsCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import { asWebsite } from '../../../../src/domain/shared/holder';
import type { AccessSeen } from '../../../../src/domain/access/aws/access';
import {
  deleteFolderGroup,
  deleteFolderPolicy,
  deleteFolderUsers,
  emptyFolderGroup,
  type FoldersFound,
  freeFolderPolicy,
  ownPoliciesOf,
  releaseFolderUsers,
  seeFolders,
} from '../../../../src/domain/access/aws/remove-folders';
import { belongingsOf, iamGroup, iamUser } from '../../../support/belongings';
import { errors } from '../../../support/errors';
import { awsError, mockedAws } from '../../../support/mocks/mocked-aws';
import { changes, handle, stepAlone } from '../../../support/steps';

const GROUP = 's-docs-BktRWGrp';
const policy = { name: 's-docs-BktRWPlc', arn: 'arn:aws:iam::123456789012:policy/s/docs/s-docs-BktRWPlc' };
const holder = asWebsite('s');
const seen: AccessSeen = {
  groups: [],
  policies: [
    {
      name: 's-BktRWPlc',
      arn: 'arn:whole',
      use: { versions: [], users: [], groups: [], roles: [] },
      own: true,
      stays: null,
    },
  ],
  folders: { groups: [GROUP], policies: [policy] },
  users: ['known'],
  legacy: false,
  proven: { own: [], foreign: [] },
};
const gone = awsError('NoSuchEntity', 404);
const folderUser = (user: string, because?: string, groups = [iamGroup(GROUP, '/s/docs/')]) => ({
  user: { holder, user, ownPolicies: ownPoliciesOf(seen) },
  found: { belongings: belongingsOf({ groups }), because, leaves: groups.flatMap(({ GroupName }) => GroupName ?? []) },
});
const nothingLeft = { staying: [], left: [] };
const marked = {
  DefaultVersionId: 'v1',
  Tags: [
    { Key: 'spinup:org', Value: 'acme' },
    { Key: 'mallard:operation', Value: 'op' },
  ],
};

test('the policies of a site are those of its folders as well', () => {
  expect(ownPoliciesOf(seen)).toEqual(['arn:whole', policy.arn]);
});

describe('the look at a site’s folders', () => {
  test('finds what hangs on their groups and policies, and members that nobody has seen elsewhere', async () => {
    const { context, iam } = await mockedAws();
    iam.on(GetGroupCommand).resolves({
      Group: iamGroup(GROUP, '/s/docs/'),
      Users: [iamUser('known'), iamUser('new'), iamUser('left'), { ...iamUser(''), UserName: undefined }],
    });
    iam
      .on(ListAttachedGroupPoliciesCommand)
      .resolves({ AttachedPolicies: [{ PolicyArn: policy.arn, PolicyName: policy.name }] });
    iam.on(ListGroupPoliciesCommand).resolves({ PolicyNames: ['i'] });
    iam.on(ListEntitiesForPolicyCommand).resolves({ PolicyGroups: [{ GroupName: GROUP }] });
    iam.on(GetPolicyCommand).resolves({ Policy: marked });
    iam.on(GetGroupPolicyCommand).resolves({ PolicyDocument: '{"Statement":{"Resource":"arn:aws:s3:::s/docs/*"}}' });
    iam.on(GetUserCommand).resolves({ User: iamUser('new') });
    iam.on(GetLoginProfileCommand).rejects(gone);
    iam.on(GetUserCommand, { UserName: 'left' }).rejects(gone);
    const found = await stepAlone(context, seeFolders(context, holder, seen)).run();
    expect(found.users).toMatchObject([
      { user: { user: 'new', ownPolicies: ['arn:whole', policy.arn] }, found: { because: undefined } },
    ]);
    expect([...found.groups]).toMatchObject([[GROUP, { attached: [policy.arn], inline: ['i'] }]]);
    expect([...found.policies]).toEqual([[policy.arn, { versions: [], users: [], groups: [GROUP], roles: [] }]]);
  });

  test('tells what stays: a policy that says more, and the group that it is attached to, whose strangers stay in it', async () => {
    const { context, iam } = await mockedAws();
    iam.on(GetGroupCommand).resolves({ Group: iamGroup(GROUP, '/s/docs/'), Users: [iamUser('new')] });
    iam
      .on(ListAttachedGroupPoliciesCommand)
      .resolves({ AttachedPolicies: [{ PolicyArn: policy.arn, PolicyName: policy.name }] });
    iam.on(GetPolicyCommand).resolves({ Policy: { DefaultVersionId: 'v1' } });
    iam.on(GetPolicyVersionCommand).resolves({ PolicyVersion: { Document: '{"Statement":{"Resource":"*"}}' } });
    iam.on(GetUserCommand).resolves({ User: iamUser('new') });
    iam.on(GetLoginProfileCommand).rejects(gone);
    iam.on(ListGroupsForUserCommand).resolves({ Groups: [iamGroup(GROUP, '/s/docs/')] });
    const found = await stepAlone(context, seeFolders(context, holder, seen)).run();
    expect([[...found.groups], [...found.policies], found.staying]).toEqual([[], [], [GROUP]]);
    expect(found.left).toMatchObject([
      { Resource: `group ${GROUP}`, because: expect.stringContaining(policy.name) },
      { Resource: `policy ${policy.name}` },
    ]);
    expect(found.users).toMatchObject([
      { user: { ownPolicies: ['arn:whole'] }, found: { because: expect.stringContaining(GROUP), leaves: [] } },
    ]);
  });

  test('finds nothing on what has gone since it was listed', async () => {
    const { context, iam } = await mockedAws();
    for (const command of [
      GetGroupCommand,
      ListAttachedGroupPoliciesCommand,
      ListGroupPoliciesCommand,
      ListPolicyVersionsCommand,
    ])
      iam.on(command as never).rejects(gone);
    const found = await stepAlone(context, seeFolders(context, holder, seen)).run();
    expect(found).toMatchObject(nothingLeft);
    expect([[...found.groups], [...found.policies], found.users]).toEqual([
      [[GROUP, expect.objectContaining({ attached: [], inline: [] })]],
      [],
      [],
    ]);
  });
});

describe('the users of folders', () => {
  test('are let go, and one that cannot be holds up no other', async () => {
    const { context, iam } = await mockedAws();
    iam.on(RemoveUserFromGroupCommand, { UserName: 'b' }).rejects(awsError('AccessDenied', 403));
    const users = [folderUser('a'), folderUser('b')];
    const step = stepAlone(context, releaseFolderUsers(context, 's', handle(), []), {
      found: { groups: new Map(), policies: new Map(), ...nothingLeft, users },
    });
    expect(await step.run()).toMatchObject([
      { user: { user: 'a' } },
      { user: { user: 'b' }, error: { kind: 'denied' } },
    ]);
    expect(changes(iam)['RemoveUserFromGroup']).toContainEqual({ UserName: 'a', GroupName: GROUP });
    expect(changes(iam)['AddUserToGroup']).toEqual([{ UserName: 'b', GroupName: GROUP }]);
  });

  const deleting = async (...released: readonly object[]) => {
    const aws = await mockedAws();
    return {
      aws,
      step: stepAlone(aws.context, deleteFolderUsers(aws.context, 's', handle()), { released: released as never }),
    };
  };

  test('are deleted unless they are kept', async () => {
    const { aws, step } = await deleting(
      folderUser('b'),
      folderUser('a'),
      folderUser('d', 'It is used.'),
      folderUser('c', 'It is used, too.'),
    );
    expect(await step.run()).toEqual({
      deleted: ['a', 'b'],
      kept: [
        { UserName: 'c', because: 'It is used, too.' },
        { UserName: 'd', because: 'It is used.' },
      ],
    });
    expect(changes(aws.iam)).toEqual({ DeleteUser: [{ UserName: 'b' }, { UserName: 'a' }] });
  });

  test('that remain are all named, whether they could not be let go or not be deleted', async () => {
    const { aws, step } = await deleting(
      { ...folderUser('a'), error: errors.denied },
      folderUser('b'),
      folderUser('c'),
    );
    aws.iam.on(DeleteUserCommand, { UserName: 'c' }).rejects(awsError('AccessDenied', 403));
    await expect(step.run()).rejects.toMatchObject({
      error: { ...errors.denied, detail: 'not allowed Still there: a, c.' },
    });
    expect(changes(aws.iam)['DeleteUser']).toEqual([{ UserName: 'b' }, { UserName: 'c' }]);
  });
});

describe('a folder’s group', () => {
  test.each([
    [
      'what was found on it',
      [[GROUP, { attached: [policy.arn], inline: ['i'] }]],
      {
        DetachGroupPolicy: [{ GroupName: GROUP, PolicyArn: policy.arn }],
        DeleteGroupPolicy: [{ GroupName: GROUP, PolicyName: 'i' }],
      },
    ],
    ['nothing of which nothing was found', [], {}],
  ] as const)('loses %s', async (_, groups, sent) => {
    const { context, iam } = await mockedAws();
    const found = { groups: new Map(groups), policies: new Map(), ...nothingLeft, users: [] };
    await stepAlone(context, emptyFolderGroup(context, GROUP, handle(), []), { found }).run();
    expect(changes(iam)).toEqual(sent);
  });

  const there = {
    groups: new Map([[GROUP, { attached: [], inline: [] }]]),
    policies: new Map(),
    ...nothingLeft,
    users: [],
  };
  const deleting = async (found: FoldersFound, ...released: readonly object[]) => {
    const aws = await mockedAws();
    const handles = { found: handle<FoldersFound>(), released: handle<never>() };
    return {
      aws,
      step: stepAlone(aws.context, deleteFolderGroup(aws.context, GROUP, handles, []), {
        found,
        released: released as never,
      }),
    };
  };

  test('that stays is not deleted', async () => {
    const { aws, step } = await deleting({ ...there, groups: new Map(), staying: [GROUP] }, folderUser('a'));
    await step.run();
    expect(changes(aws.iam)).toEqual({});
  });

  test('is deleted when its members have left, whoever of another group could not', async () => {
    const elsewhere = folderUser('b', undefined, [iamGroup('s-img-BktRWGrp', '/s/img/')]);
    const { aws, step } = await deleting(there, folderUser('a'), { ...elsewhere, error: errors.denied });
    aws.iam.on(DeleteGroupCommand).rejectsOnce(awsError('DeleteConflict', 409)).resolves({});
    expect(await step.perform()).toEqual({ state: 'done', result: undefined });
    expect(changes(aws.iam)).toEqual({ DeleteGroup: [{ GroupName: GROUP }, { GroupName: GROUP }] });
  });

  test('is not tried where one of its members could not leave', async () => {
    const { aws, step } = await deleting(there, folderUser('a'), { ...folderUser('b'), error: errors.denied });
    await expect(step.run()).rejects.toMatchObject({
      error: { kind: 'denied', detail: 'not allowed Still there: b.' },
    });
    expect(changes(aws.iam)).toEqual({});
  });
});

test.each([
  [
    'everybody it was found with',
    [[policy.arn, { versions: ['v1'], users: [], groups: [GROUP], roles: [] }]],
    {
      DetachGroupPolicy: [{ GroupName: GROUP, PolicyArn: policy.arn }],
      DeletePolicyVersion: [{ PolicyArn: policy.arn, VersionId: 'v1' }],
    },
  ],
  ['nobody when it was gone', [], {}],
] as const)('a folder’s policy is taken from %s', async (_, policies, sent) => {
  const { context, iam } = await mockedAws();
  const found = { groups: new Map(), policies: new Map(policies), ...nothingLeft, users: [] };
  await stepAlone(context, freeFolderPolicy(context, policy, handle(), []), { found }).run();
  expect(changes(iam)).toEqual(sent);
});

test.each([
  [
    'is deleted',
    [[policy.arn, { versions: [], users: [], groups: [], roles: [] }]],
    { DeletePolicy: [{ PolicyArn: policy.arn }] },
  ],
  ['that stays is not', [], {}],
] as const)('a folder’s policy %s', async (_, policies, sent) => {
  const { context, iam } = await mockedAws();
  const found = { groups: new Map(), policies: new Map(policies), ...nothingLeft, users: [] };
  await stepAlone(context, deleteFolderPolicy(context, policy, handle(), []), { found }).run();
  expect(changes(iam)).toEqual(sent);
});
