import {
  GetGroupCommand,
  GetPolicyCommand,
  ListAttachedUserPoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListGroupPoliciesCommand,
  ListGroupsCommand,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  type User,
} from '@aws-sdk/client-iam';
import { asBucket, asWebsite } from '../../../../src/domain/shared/subject';
import { lookAtAccess } from '../../../../src/domain/access/aws/access';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import { OUR_TAGS } from '../../../support/mocks/mocked-iam';
import {
  REFUSALS,
  arnOf,
  documentOn,
  domains,
  errorOf,
  group,
  haveGroup,
  havePolicy,
  policy,
  user,
} from '../../../support/mocks/mocked-reads';

const SITE = 'docs.example.org';
const NOTHING = {
  groups: [],
  policies: [],
  folders: { groups: [], policies: [] },
  users: [],
  legacy: false,
  proven: { own: [], foreign: [] },
};
const UNUSED = { versions: [], users: [], groups: [], roles: [] };

/** IAM without groups and policies. */
async function world(): Promise<MockedAws> {
  const aws = await mockedAws({ domains });
  for (const command of [GetGroupCommand, ListPolicyVersionsCommand])
    aws.iam.on(command as typeof GetGroupCommand).rejects(awsError('NoSuchEntity', 404));
  return aws;
}
/** One of ours, as it was made. */
const hasPolicy = ({ iam }: MockedAws, PolicyArn: string): void => {
  iam.on(GetPolicyCommand, { PolicyArn }).resolves({ Policy: { DefaultVersionId: 'v1', Tags: OUR_TAGS } });
  iam
    .on(ListPolicyVersionsCommand, { PolicyArn })
    .resolves({ Versions: [{ VersionId: 'v1', IsDefaultVersion: true }] });
};

test('a subject of which IAM has nothing is seen as empty; an account without IAM is not even asked', async () => {
  const { context } = await world();
  expect(await lookAtAccess(context, asBucket('photos'))).toEqual(NOTHING);
  expect(await lookAtAccess(context, asWebsite(SITE))).toEqual(NOTHING);
  const plain = await mockedAws({ iam: false });
  expect(await lookAtAccess(plain.context, asBucket('photos'))).toEqual(NOTHING);
  expect(plain.iam.calls()).toHaveLength(0);
});

test('a bucket’s groups and policies are read with what hangs on them; every user once, the predecessor’s last', async () => {
  const aws = await world();
  const [adm, rw] = ['photos-BktAdmGrp', 'photos-BktRWGrp'];
  haveGroup(aws, group(adm), ['ann', 'bob'], [arnOf('photos-BktAdmPlc')]);
  aws.iam.on(GetGroupCommand, { GroupName: rw }).resolves({ Group: group(rw), Users: [user('bob'), {} as User] });
  aws.iam.on(ListGroupPoliciesCommand, { GroupName: rw }).resolves({ PolicyNames: ['extra'] });
  hasPolicy(aws, arnOf('photos-BktAdmPlc'));
  aws.iam
    .on(ListEntitiesForPolicyCommand, { PolicyArn: arnOf('photos-BktAdmPlc') })
    .resolves({ PolicyGroups: [{ GroupName: adm }] });
  aws.iam
    .on(ListAttachedUserPoliciesCommand, { UserName: 'photos' })
    .resolves({ AttachedPolicies: [{ PolicyArn: arnOf('photos-BktAdmPlc') }] });
  expect(await lookAtAccess(aws.context, asBucket('photos'))).toEqual({
    ...NOTHING,
    groups: [
      { name: adm, members: ['ann', 'bob'], attached: [arnOf('photos-BktAdmPlc')], inline: [], stays: null },
      {
        name: rw,
        members: ['bob'],
        attached: [],
        inline: ['extra'],
        stays: expect.stringContaining('the inline policy extra'),
      },
    ],
    policies: [
      {
        name: 'photos-BktAdmPlc',
        arn: arnOf('photos-BktAdmPlc'),
        use: { ...UNUSED, groups: [adm] },
        own: true,
        stays: null,
      },
    ],
    users: ['ann', 'bob', 'photos'],
    legacy: true,
  });
  // Only websites have folders.
  expect(aws.iam.commandCalls(ListGroupsCommand)).toHaveLength(0);
});

test('a group of the right name under another path is somebody else’s', async () => {
  const aws = await world();
  haveGroup(aws, group('photos-BktRWGrp', { Path: '/teams/' }), ['ann']);
  expect(await lookAtAccess(aws.context, asBucket('photos'))).toEqual(NOTHING);
});

test('what a site’s folder has under the bucket’s names stays the site’s, group and policy', async () => {
  const aws = await world();
  const [name, arn] = [`${SITE}-api-BktRWGrp`, arnOf(`${SITE}-api-BktRWPlc`)];
  haveGroup(aws, group(name), ['ann'], [arn]);
  havePolicy(aws, arn, documentOn(SITE));
  hasPolicy(aws, arn);
  expect(await lookAtAccess(aws.context, asBucket(`${SITE}-api`))).toEqual({
    ...NOTHING,
    proven: { own: [], foreign: [name] },
  });
});

test('a site’s folders: the predecessor’s are read, those that name and path tell are only named', async () => {
  const aws = await world();
  const [former, arn] = [`${SITE}-old-BktRWGrp`, arnOf(`${SITE}-old-BktRWPlc`)];
  const named = policy(`${SITE}-api-BktROPlc`, `/${SITE}/api/`);
  aws.iam
    .on(ListGroupsCommand)
    .resolves({ Groups: [group(former), group(`${SITE}-api-BktROGrp`, { Path: `/${SITE}/api/` })] });
  aws.iam.on(ListPoliciesCommand).resolves({ Policies: [policy(`${SITE}-old-BktRWPlc`), named] });
  haveGroup(aws, group(former), ['ann'], [arn]);
  havePolicy(aws, arn, documentOn(SITE));
  hasPolicy(aws, arn);
  expect(await lookAtAccess(aws.context, asWebsite(SITE))).toEqual({
    ...NOTHING,
    groups: [{ name: former, members: ['ann'], attached: [arn], inline: [], stays: null }],
    policies: [{ name: `${SITE}-old-BktRWPlc`, arn, use: UNUSED, own: true, stays: null }],
    folders: { groups: [`${SITE}-api-BktROGrp`], policies: [{ name: named.PolicyName, arn: named.Arn }] },
    users: ['ann'],
    proven: { own: [former], foreign: [] },
  });
});

test.each(REFUSALS)('%s', async (code, status, kind, times) => {
  const aws = await world();
  aws.iam.on(ListPolicyVersionsCommand, { PolicyArn: arnOf('photos-BktROPlc') }).rejects(awsError(code, status));
  expect(await errorOf(lookAtAccess(aws.context, asBucket('photos')))).toMatchObject({ kind });
  expect(aws.iam.commandCalls(ListPolicyVersionsCommand, { PolicyArn: arnOf('photos-BktROPlc') })).toHaveLength(times);
});
