import {
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
} from '@aws-sdk/client-iam';
import type { AccessSeen } from '../../../../src/domain/access/aws/access';
import { ownPoliciesOf, seeFolders } from '../../../../src/domain/access/aws/see-folders';
import { asWebsite } from '../../../../src/domain/shared/subject';
import { iamGroup, iamUser } from '../../../support/user-resources';
import { awsError, mockedAws } from '../../../support/mocks/mocked-aws';
import { stepAlone } from '../../../support/steps';

const GROUP = 's-docs-BktRWGrp';
const policy = { name: 's-docs-BktRWPlc', arn: 'arn:aws:iam::123456789012:policy/s/docs/s-docs-BktRWPlc' };
const subject = asWebsite('s');
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
    const found = await stepAlone(context, seeFolders(context, subject, seen)).run();
    expect(found.users).toMatchObject([{ user: 'new', because: null }]);
    expect(found.groups).toEqual([
      { name: GROUP, members: ['known', 'new', 'left'], attached: [policy.arn], inline: ['i'] },
    ]);
    expect(found.policies).toEqual([{ ...policy, use: { versions: [], users: [], groups: [GROUP], roles: [] } }]);
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
    const found = await stepAlone(context, seeFolders(context, subject, seen)).run();
    expect([found.groups, found.policies, found.staying]).toEqual([[], [], [GROUP]]);
    expect(found.left).toMatchObject([
      { Resource: `group ${GROUP}`, because: expect.stringContaining(policy.name) },
      { Resource: `policy ${policy.name}` },
    ]);
    expect(found.users).toMatchObject([{ user: 'new', because: expect.stringContaining(GROUP), groups: [] }]);
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
    const found = await stepAlone(context, seeFolders(context, subject, seen)).run();
    expect(found).toMatchObject(nothingLeft);
    expect(found).toMatchObject({
      groups: [{ name: GROUP, members: [], attached: [], inline: [] }],
      policies: [],
      users: [],
    });
  });
});
