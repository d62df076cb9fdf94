import {
  GetGroupCommand,
  GetUserCommand,
  type Group,
  ListAccessKeysCommand,
  ListAttachedGroupPoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsCommand,
  ListGroupsForUserCommand,
  type User,
} from '@aws-sdk/client-iam';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { asBucket, asWebsite } from '../../../../src/domain/shared/subject';
import { distinct, listUsers, readMember, showUser } from '../../../../src/domain/access/aws/users';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import {
  arnOf,
  documentOn,
  domains,
  errorOf,
  group,
  haveGroup,
  havePolicy,
  user,
} from '../../../support/mocks/mocked-reads';

const SITE = 'docs.example.org';
const PHOTOS = asBucket('photos');
const ADMIN = arnOf('photos-BktAdmPlc');
const attached = (...arns: readonly string[]) => ({
  AttachedPolicies: arns.map((PolicyArn) => ({ PolicyArn, PolicyName: PolicyArn.split('/').at(-1) })),
});

async function world(): Promise<MockedAws> {
  const aws = await mockedAws({ domains });
  for (const command of [GetGroupCommand, GetUserCommand])
    aws.iam.on(command as typeof GetGroupCommand).rejects(awsError('NoSuchEntity', 404));
  return aws;
}
const names = (users: readonly { readonly UserName: string }[]) => users.map(({ UserName }) => UserName);

describe('the users of a bucket', () => {
  test('are the members of its groups and the predecessor’s user, once each, by name', async () => {
    const aws = await world();
    haveGroup(aws, group('photos-BktAdmGrp'), ['zoe', 'bob']);
    haveGroup(aws, group('photos-BktROGrp'), ['bob', 'ann']);
    haveGroup(aws, group('photos-WebAdmGrp'), ['stranger']);
    haveGroup(aws, group('photos-BktRWGrp', { Path: '/teams/' }), ['stranger']);
    aws.iam.on(GetUserCommand, { UserName: 'photos' }).resolves({ User: user('photos') });
    expect(names(await listUsers(aws.context, PHOTOS))).toEqual(['ann', 'bob', 'zoe']);
    aws.iam.on(ListAttachedUserPoliciesCommand, { UserName: 'photos' }).resolves(attached(ADMIN));
    expect(names(await listUsers(aws.context, PHOTOS))).toEqual(['ann', 'bob', 'photos', 'zoe']);
  });

  test('may come without a name', async () => {
    const aws = await world();
    aws.iam
      .on(GetGroupCommand, { GroupName: 'photos-BktROGrp' })
      .resolves({ Group: group('photos-BktROGrp'), Users: [{ Path: '/x/' } as User] });
    expect(await listUsers(aws.context, PHOTOS)).toMatchObject([{ UserName: '', Path: '/x/', Tags: undefined }]);
  });

  test.each([
    ['NotFound', 404, 'not-found'],
    ['Forbidden', 403, 'denied'],
  ])('are not told of a bucket that answers %s', async (code, status, kind) => {
    const aws = await world();
    aws.s3.on(HeadBucketCommand).rejects(awsError(code, status));
    expect(await errorOf(listUsers(aws.context, PHOTOS))).toMatchObject({ kind });
    expect(await errorOf(readMember(aws.context, PHOTOS, 'bob'))).toMatchObject({ kind });
  });
});

test('the users of a website are those of its folders, too', async () => {
  const aws = await world();
  const [scoped, former] = [group(`${SITE}-api-BktRWGrp`, { Path: `/${SITE}/api/` }), group(`${SITE}-old-BktRWGrp`)];
  aws.iam.on(ListGroupsCommand).resolves({ Groups: [scoped, former] });
  haveGroup(aws, group(`${SITE}-WebAdmGrp`), ['zoe']);
  haveGroup(aws, scoped, ['ann']);
  haveGroup(aws, former, ['bob'], [arnOf('odd')]);
  havePolicy(aws, arnOf('odd'), documentOn(SITE));
  expect(names(await listUsers(aws.context, asWebsite(SITE)))).toEqual(['ann', 'bob', 'zoe']);
});

describe('one user', () => {
  /** A member of the bucket's readers and of a stranger's group that IAM does not name. */
  async function withBob(): Promise<MockedAws> {
    const aws = await world();
    aws.iam
      .on(GetUserCommand, { UserName: 'bob' })
      .resolves({ User: user('bob', { Tags: [{ Key: 'team', Value: 'x' }] }) });
    aws.iam
      .on(ListGroupsForUserCommand, { UserName: 'bob' })
      .resolves({ Groups: [group('photos-BktROGrp'), { Path: '/' } as Group] });
    return aws;
  }

  test('has keys, all groups, and each policy once, whether its own or a group’s', async () => {
    const aws = await withBob();
    aws.iam.on(ListAccessKeysCommand).resolves({
      AccessKeyMetadata: [
        { AccessKeyId: 'AKIA2', CreateDate: new Date(2) },
        { AccessKeyId: 'AKIA1', CreateDate: new Date(1), Status: 'Inactive' },
      ],
    });
    aws.iam.on(ListAttachedUserPoliciesCommand).resolves(attached(arnOf('own')));
    aws.iam
      .on(ListAttachedGroupPoliciesCommand, { GroupName: 'photos-BktROGrp' })
      .resolves(attached(arnOf('own'), arnOf('photos-BktROPlc')));
    expect(await showUser(aws.context, PHOTOS, 'bob')).toMatchObject({
      User: { UserName: 'bob', Tags: [{ Key: 'team', Value: 'x' }] },
      AccessKeys: [
        { AccessKeyId: 'AKIA1', Status: 'Inactive', UserName: 'bob' },
        { AccessKeyId: 'AKIA2', Status: 'Active', UserName: 'bob' },
      ],
      Groups: [{ GroupName: 'photos-BktROGrp' }, { GroupName: '' }],
      Policies: [
        { Arn: arnOf('own'), PolicyName: 'own' },
        { Arn: arnOf('photos-BktROPlc'), PolicyName: 'photos-BktROPlc' },
      ],
    });
  });

  test('is not told of when it is nobody’s, or gone though its groups are listed still', async () => {
    const aws = await withBob();
    expect(await errorOf(showUser(aws.context, asBucket('videos'), 'bob'))).toEqual({
      kind: 'not-found',
      detail: 'there is no user bob of bucket videos',
    });
    aws.iam.on(GetUserCommand, { UserName: 'bob' }).rejects(awsError('NoSuchEntity', 404));
    expect(await errorOf(showUser(aws.context, PHOTOS, 'bob'))).toMatchObject({ kind: 'not-found' });
  });

  test('is the bucket’s by the tags of its creation, when that was cut off before it joined a group', async () => {
    const aws = await world();
    const Tags = Object.entries({ 'spinup:org': 'acme', 'mallard:bucket': 'photos', 'mallard:operation': 'op-1' }).map(
      ([Key, Value]) => ({ Key, Value }),
    );
    aws.iam.on(GetUserCommand, { UserName: 'eve' }).resolves({ User: user('eve', { Tags }) });
    aws.iam.on(ListGroupsForUserCommand, { UserName: 'eve' }).resolves({ Groups: [] });
    expect(await showUser(aws.context, PHOTOS, 'eve')).toMatchObject({ User: { UserName: 'eve' }, Groups: [] });
    expect(await errorOf(showUser(aws.context, asBucket('videos'), 'eve'))).toMatchObject({ kind: 'not-found' });
  });

  test('is the predecessor’s by its policy, without groups', async () => {
    const aws = await world();
    aws.iam.on(GetUserCommand, { UserName: 'photos' }).resolves({ User: user('photos') });
    expect(await errorOf(readMember(aws.context, PHOTOS, 'photos'))).toMatchObject({ kind: 'not-found' });
    aws.iam.on(ListAttachedUserPoliciesCommand, { UserName: 'photos' }).resolves(attached(ADMIN));
    expect(await readMember(aws.context, PHOTOS, 'photos')).toMatchObject({
      legacy: true,
      groups: [],
      direct: [{ Arn: ADMIN }],
    });
  });
});

test('of policies with one ARN, the last name stands', () => {
  const [one, other] = [
    { Arn: 'a', PolicyName: 'one' },
    { Arn: 'a', PolicyName: 'other' },
  ];
  expect(distinct([one, { Arn: 'b', PolicyName: 'two' }, other])).toEqual([other, { Arn: 'b', PolicyName: 'two' }]);
});
