import {
  GetPolicyCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
} from '@aws-sdk/client-iam';
import { asBucket, asWebsite } from '../../../../src/domain/shared/subject';
import {
  accessKeys,
  attachedUserPolicies,
  findUser,
  groupsOfUser,
  isLegacyUser,
  membership,
} from '../../../../src/domain/access/aws/user';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import {
  REFUSALS,
  arnOf,
  documentOn,
  domains,
  errorOf,
  group,
  haveGroup,
  havePolicy,
  user,
} from '../../../support/mocks/mocked-reads';

const GONE = awsError('NoSuchEntity', 404);
const SITE = 'docs.example.org';

const inGroups = ({ iam }: MockedAws, UserName: string, ...names: readonly string[]): void => {
  iam.on(ListGroupsForUserCommand, { UserName }).resolves({ Groups: names.map((name) => group(name)) });
};
const hasAttached = ({ iam }: MockedAws, UserName: string, ...arns: readonly string[]): void => {
  iam
    .on(ListAttachedUserPoliciesCommand, { UserName })
    .resolves({ AttachedPolicies: arns.map((PolicyArn) => ({ PolicyArn, PolicyName: 'plc' })) });
};

describe('what hangs on a user', () => {
  test('comes from all pages: groups, keys with the oldest first, policies', async () => {
    const { context, iam } = await mockedAws();
    const key = (AccessKeyId: string, made?: number) => ({
      AccessKeyId,
      ...(made !== undefined && { CreateDate: new Date(made) }),
    });
    iam
      .on(ListAccessKeysCommand, { UserName: 'bob' })
      .resolves({ AccessKeyMetadata: [key('new', 9), key('ageless'), key('old', 1)], IsTruncated: true, Marker: 'm1' });
    iam
      .on(ListAccessKeysCommand, { Marker: 'm1' })
      .resolves({ AccessKeyMetadata: [key('ageless-2'), key('middle', 5)] });
    iam.on(ListGroupsForUserCommand).resolves({ Groups: [group('a')], IsTruncated: true, Marker: 'm1' });
    iam.on(ListGroupsForUserCommand, { Marker: 'm1' }).resolves({ Groups: [group('b')] });
    iam
      .on(ListAttachedUserPoliciesCommand)
      .resolves({ AttachedPolicies: [{}, { PolicyArn: 'arn:1', PolicyName: 'one' }] });
    expect((await accessKeys(context, 'bob')).map(({ AccessKeyId }) => AccessKeyId)).toEqual([
      'ageless',
      'ageless-2',
      'old',
      'middle',
      'new',
    ]);
    expect(await groupsOfUser(context, 'bob')).toEqual([group('a'), group('b')]);
    expect(await attachedUserPolicies(context, 'bob')).toEqual([
      { Arn: '', PolicyName: '' },
      { Arn: 'arn:1', PolicyName: 'one' },
    ]);
  });

  test('is nothing without the user', async () => {
    const { context, iam } = await mockedAws();
    for (const command of [
      GetUserCommand,
      ListAccessKeysCommand,
      ListGroupsForUserCommand,
      ListAttachedUserPoliciesCommand,
    ]) {
      iam.on(command as typeof GetUserCommand).rejects(GONE);
    }
    const all = await Promise.all(
      [findUser, accessKeys, groupsOfUser, attachedUserPolicies].map((read) => read(context, 'bob')),
    );
    expect(all).toEqual([undefined, [], [], []]);
  });

  test.each(REFUSALS)('%s says nothing of it', async (code, status, kind, times) => {
    const { context, iam } = await mockedAws();
    iam.on(ListAccessKeysCommand).rejects(awsError(code, status));
    expect(await errorOf(accessKeys(context, 'bob'))).toMatchObject({ kind });
    expect(iam.commandCalls(ListAccessKeysCommand)).toHaveLength(times);
  });
});

describe('the user named like the bucket', () => {
  test.each([
    ['has the bucket’s admin policy', arnOf('photos-BktAdmPlc'), '{}', true],
    ['has a policy that speaks of the bucket alone', arnOf('odd'), documentOn('photos'), true],
    ['has a policy that speaks of another', arnOf('odd'), documentOn('photos-2'), false],
    [
      'has a policy of AWS’s, which is not even read',
      'arn:aws:iam::aws:policy/AmazonS3FullAccess',
      documentOn('photos'),
      false,
    ],
    ['has another account’s policy', 'arn:aws:iam::999999999999:policy/photos-BktAdmPlc', documentOn('photos'), false],
  ])('%s', async (_title, arn, document, legacy) => {
    const aws = await mockedAws();
    hasAttached(aws, 'photos', arn);
    havePolicy(aws, arn, document);
    expect(await isLegacyUser(aws.context, 'photos')).toBe(legacy);
  });

  test('has a policy that is gone by the time it is read', async () => {
    const aws = await mockedAws();
    hasAttached(aws, 'photos', arnOf('odd'));
    aws.iam.on(GetPolicyCommand).rejects(GONE);
    expect(await isLegacyUser(aws.context, 'photos')).toBe(false);
  });
});

describe('whose a user is', () => {
  const noUser = (name: string) => ({ kind: 'not-found', detail: `there is no user ${name} of bucket photos` });

  test('it is the bucket’s by its groups, among others', async () => {
    const aws = await mockedAws();
    inGroups(aws, 'bob', 'Developers', 'photos-BktROGrp');
    const { groups, legacy } = await membership(aws.context, asBucket('photos'), 'bob');
    expect([groups.map(({ GroupName }) => GroupName), legacy]).toEqual([['Developers', 'photos-BktROGrp'], false]);
    // Only the user named like the bucket can be the predecessor's.
    expect(aws.iam.commandCalls(ListAttachedUserPoliciesCommand)).toHaveLength(0);
  });

  test.each([
    ['groups that are only named alike', ['photos-2-BktROGrp', 'my-photos-BktROGrp', 'photos-WebAdmGrp']],
    ['no groups', []],
  ])('it is nobody’s with %s', async (_title, groups) => {
    const aws = await mockedAws();
    inGroups(aws, 'bob', ...groups);
    expect(await errorOf(membership(aws.context, asBucket('photos'), 'bob'))).toEqual(noUser('bob'));
  });

  describe('without groups, by the tags of its creation', () => {
    const birth = { 'spinup:org': 'acme', 'mallard:bucket': 'photos', 'mallard:operation': 'op-1' };
    test.each([
      ['the bucket’s', birth, [], true],
      ['another bucket’s', { ...birth, 'mallard:bucket': 'photos-2' }, [], false],
      ['another deployment’s', { ...birth, 'spinup:org': 'other' }, [], false],
      ['of no operation', { 'spinup:org': 'acme', 'mallard:bucket': 'photos' }, [], false],
      ['moved to other groups', birth, ['Developers'], false],
    ] as const)('%s', async (_title, tags, groups, isOwn) => {
      const aws = await mockedAws();
      inGroups(aws, 'bob', ...groups);
      aws.iam
        .on(GetUserCommand, { UserName: 'bob' })
        .resolves({ User: { ...user('bob'), Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) } });
      const proof = membership(aws.context, asBucket('photos'), 'bob');
      if (isOwn) expect(await proof).toMatchObject({ groups: [], legacy: false });
      else expect(await errorOf(proof)).toEqual(noUser('bob'));
    });
  });

  test('it is the bucket’s as the predecessor’s, without groups; a stranger of that name is nobody’s', async () => {
    const aws = await mockedAws();
    aws.iam.on(GetUserCommand).resolves({ User: user('photos') });
    expect(await errorOf(membership(aws.context, asBucket('photos'), 'photos'))).toEqual(noUser('photos'));
    hasAttached(aws, 'photos', arnOf('photos-BktAdmPlc'));
    expect(await membership(aws.context, asBucket('photos'), 'photos')).toMatchObject({ legacy: true, groups: [] });
  });

  test('it is the site’s by the group of a folder, as its policy says', async () => {
    const aws = await mockedAws({ domains });
    const name = `${SITE}-api-BktRWGrp`;
    inGroups(aws, 'bob', name);
    haveGroup(aws, group(name), ['bob'], [arnOf('odd')]);
    havePolicy(aws, arnOf('odd'), documentOn(SITE));
    expect((await membership(aws.context, asWebsite(SITE), 'bob')).subject.proven).toEqual({
      own: [name],
      foreign: [],
    });
    havePolicy(aws, arnOf('odd'), documentOn(`${SITE}-api`));
    expect(await errorOf(membership(aws.context, asWebsite(SITE), 'bob'))).toMatchObject({ kind: 'not-found' });
  });
});
