import {
  AddUserToGroupCommand,
  CreateGroupCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListGroupsForUserCommand,
} from '@aws-sdk/client-iam';
import { asBucket, asWebsite } from '../../../../src/domain/shared/holder';
import {
  type BucketUser,
  deleteReleasedUser,
  inspectUser,
  releaseUser,
  removeUser,
  settlingPolicy,
  type UserFound,
} from '../../../../src/domain/access/aws/remove-user';
import type { Belongings } from '../../../../src/domain/access/aws/belongings';
import { belongingsOf, iamGroup, iamUser } from '../../../support/belongings';
import { errors } from '../../../support/errors';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import { changes, handle, stepAlone } from '../../../support/steps';

const OWN = 'arn:aws:iam::123456789012:policy/b-BktRWPlc';
const bucketUser: BucketUser = { holder: asBucket('b'), user: 'u', ownPolicies: [OWN] };
const gone = awsError('NoSuchEntity', 404);
const denied = awsError('AccessDenied', 403);
const conflict = awsError('DeleteConflict', 409);
const leaving = { UserName: 'u', GroupName: 'b-BktRWGrp' };
/** One that goes with the bucket, or one that is kept for that reason. */
const seen = (belongings: Belongings, because?: string): UserFound => ({
  belongings,
  because,
  leaves: belongings.groups.flatMap(({ GroupName = '' }) => (GroupName.startsWith('b-') ? [GroupName] : [])),
});
const member = (some = {}) => belongingsOf({ groups: [iamGroup('b-BktRWGrp')], ...some });

describe('the look at a user', () => {
  const inspecting = ({ context }: MockedAws) => stepAlone(context, inspectUser(context, bucketUser));

  test('finds nothing of one that is gone', async () => {
    const aws = await mockedAws();
    aws.iam.on(GetUserCommand).rejects(gone);
    expect(await inspecting(aws).run()).toBeUndefined();
  });

  test.each([
    ['to the bucket alone', [iamGroup('b-BktRWGrp')], undefined],
    [
      'to others as well',
      [iamGroup('b-BktRWGrp'), iamGroup('c-BktRWGrp')],
      expect.stringContaining('other groups (c-BktRWGrp)'),
    ],
  ])('tells whether it belongs %s', async (_, Groups, because) => {
    const aws = await mockedAws();
    aws.iam.on(GetUserCommand).resolves({ User: iamUser('u') });
    aws.iam.on(GetLoginProfileCommand).rejects(gone);
    aws.iam.on(ListGroupsForUserCommand).resolves({ Groups });
    expect(await inspecting(aws).run()).toMatchObject({
      because,
      leaves: ['b-BktRWGrp'],
      belongings: { groups: Groups },
    });
  });

  test('leaves one without our mark in a group that stays, as others use it', async () => {
    const aws = await mockedAws();
    const Groups = [iamGroup('b-BktRWGrp'), iamGroup('b-BktROGrp')];
    aws.iam.on(GetUserCommand).resolves({ User: iamUser('u') });
    aws.iam.on(GetLoginProfileCommand).rejects(gone);
    aws.iam.on(ListGroupsForUserCommand).resolves({ Groups });
    const inspecting = () =>
      stepAlone(aws.context, inspectUser(aws.context, { ...bucketUser, staying: ['b-BktROGrp'] })).run();
    expect(await inspecting()).toMatchObject({
      because: expect.stringContaining('other groups (b-BktROGrp)'),
      leaves: ['b-BktRWGrp'],
    });
    const Tags = [
      { Key: 'spinup:org', Value: 'acme' },
      { Key: 'mallard:bucket', Value: 'b' },
    ];
    aws.iam.on(GetUserCommand).resolves({ User: { ...iamUser('u'), Tags } });
    expect(await inspecting()).toMatchObject({ because: undefined, leaves: ['b-BktRWGrp', 'b-BktROGrp'] });
  });
});

describe('the release of a user', () => {
  const releasing = ({ context }: MockedAws, found: UserFound | undefined) =>
    stepAlone(context, releaseUser(context, bucketUser, handle(), handle()), { found });
  const policies = {
    attached: [
      { Arn: OWN, PolicyName: 'own' },
      { Arn: 'arn:other', PolicyName: 'other' },
    ],
    inline: ['i'],
  };

  test.each([
    [
      'takes everything from one that is the bucket’s alone',
      undefined,
      {
        DetachUserPolicy: [
          { UserName: 'u', PolicyArn: OWN },
          { UserName: 'u', PolicyArn: 'arn:other' },
        ],
        DeleteUserPolicy: [{ UserName: 'u', PolicyName: 'i' }],
      },
    ],
    [
      'takes from one that is kept what is the bucket’s',
      'It is used.',
      { DetachUserPolicy: [{ UserName: 'u', PolicyArn: OWN }] },
    ],
  ])('%s', async (_, because, sent) => {
    const aws = await mockedAws();
    const groups = [iamGroup('b-BktRWGrp'), iamGroup('c-BktRWGrp')];
    await releasing(aws, seen(belongingsOf({ groups, ...policies }), because)).run();
    expect(changes(aws.iam)).toEqual({ RemoveUserFromGroup: [leaving], ...sent });
  });

  test('is nothing to do for one that is gone', async () => {
    const aws = await mockedAws();
    await releasing(aws, undefined).run();
    expect(changes(aws.iam)).toEqual({});
  });

  test.each([
    ['in its group', undefined],
    ['though its group is gone', gone],
  ])('that fails half-way leaves it findable: %s', async (_, refusal) => {
    const aws = await mockedAws();
    aws.iam.on(DeleteAccessKeyCommand).rejects(denied);
    if (refusal) aws.iam.on(AddUserToGroupCommand).rejects(refusal);
    const found = seen(member({ keys: [{ AccessKeyId: 'K' }] }));
    await expect(releasing(aws, found).run()).rejects.toMatchObject({
      error: { kind: 'denied', origin: { call: 'DeleteAccessKey' } },
    });
    expect(changes(aws.iam)).toMatchObject({ RemoveUserFromGroup: [leaving], AddUserToGroup: [leaving] });
  });
});

describe('the deletion of a released user', () => {
  const deleting = ({ context }: MockedAws, found: UserFound | undefined, user = bucketUser) =>
    stepAlone(context, deleteReleasedUser(context, user, handle(), handle()), { found });
  const alone = seen(member());

  test.each([
    ['gives the name of one that was the bucket’s alone', alone, { deleted: 'u' }, { DeleteUser: [{ UserName: 'u' }] }],
    [
      'spares one that is used elsewhere and says why',
      seen(member(), 'It is used.'),
      { kept: { UserName: 'u', because: 'It is used.' } },
      {},
    ],
    ['needs nothing for one that is gone', undefined, undefined, {}],
  ])('%s', async (_, found, result, sent) => {
    const aws = await mockedAws();
    expect(await deleting(aws, found).run()).toEqual(result);
    expect(changes(aws.iam)).toEqual(sent);
  });

  const kept = 'User u is kept in the group b-BktRWGrp, without any policy: repeat the deletion.';
  test.each([
    ['is made again', [], 1],
    ['is still there', [awsError('EntityAlreadyExists', 409)], 1],
    ['is not known at once', [awsError('ServiceFailure', 500)], 2],
  ])('that fails keeps the user in its group, which %s', async (_, refusals, times) => {
    const aws = await mockedAws();
    aws.iam.on(DeleteUserCommand).rejects(denied);
    const making = aws.iam.on(CreateGroupCommand);
    for (const refusal of refusals) making.rejectsOnce(refusal);
    await expect(deleting(aws, alone).run()).rejects.toMatchObject({
      error: { kind: 'denied', detail: expect.stringContaining(kept) as unknown },
    });
    const { CreateGroup, AddUserToGroup } = changes(aws.iam);
    expect([CreateGroup, AddUserToGroup]).toEqual([
      Array.from({ length: times }, () => ({ GroupName: 'b-BktRWGrp', Path: '/' })),
      [leaving],
    ]);
  });

  test('puts the group of a predecessor’s folder where its name and path tell whose it is', async () => {
    const aws = await mockedAws();
    aws.iam.on(DeleteUserCommand).rejects(denied);
    const holder = { ...asWebsite('s'), proven: { own: ['s-docs-BktRWGrp'], foreign: [] } };
    const found = seen(belongingsOf({ groups: [iamGroup('s-docs-BktRWGrp')] }));
    await expect(deleting(aws, found, { ...bucketUser, holder }).run()).rejects.toMatchObject({
      error: { kind: 'denied' },
    });
    expect(changes(aws.iam)).toMatchObject({ CreateGroup: [{ GroupName: 's-docs-BktRWGrp', Path: '/s/' }] });
  });

  test('does not promise what it could not do when the group cannot be put back', async () => {
    const aws = await mockedAws();
    for (const command of [DeleteUserCommand, CreateGroupCommand]) aws.iam.on(command as never).rejects(denied);
    const detail = expect.stringContaining(
      'User u is left without any policy, and could not be put back into the group b-BktRWGrp',
    ) as unknown;
    await expect(deleting(aws, alone).run()).rejects.toMatchObject({ error: { kind: 'denied', detail } });
    expect(changes(aws.iam)['AddUserToGroup']).toBeUndefined();
  });

  test('tells the plain error of one that was in none of the bucket’s groups', async () => {
    const aws = await mockedAws();
    aws.iam.on(DeleteUserCommand).rejects(denied);
    await expect(deleting(aws, seen(belongingsOf())).run()).rejects.toMatchObject({
      error: { detail: expect.not.stringContaining('User u') as unknown },
    });
    expect(changes(aws.iam)).toEqual({ DeleteUser: [{ UserName: 'u' }] });
  });
});

describe('DeleteUser', () => {
  test.each([
    [
      'is repeated once a key that was made meanwhile is gone',
      [],
      { DeleteAccessKey: [{ UserName: 'u', AccessKeyId: 'LATE' }], DeleteUser: [{}, {}] },
    ],
    ['does not touch the keys of a user that is another’s by now', [iamGroup('c-BktRWGrp')], { DeleteUser: [{}, {}] }],
  ])('%s', async (_, Groups, sent) => {
    const aws = await mockedAws();
    aws.iam.on(DeleteUserCommand).rejectsOnce(conflict).resolves({});
    aws.iam.on(ListAccessKeysCommand).resolves({ AccessKeyMetadata: [{ AccessKeyId: 'LATE' }] });
    aws.iam.on(ListGroupsForUserCommand).resolves({ Groups });
    await removeUser(aws.context, 'u');
    expect(changes(aws.iam)).toMatchObject(sent);
    expect(Object.keys(changes(aws.iam)).sort()).toEqual(Object.keys(sent));
  });

  test('waits for IAM to see what is gone, and for nothing else', () => {
    const { conflict: still, throttled, denied: no, notFound } = errors;
    expect(
      [still, throttled, no, notFound, { kind: 'conflict', detail: 'no' } as const].map(settlingPolicy.retries),
    ).toEqual([true, true, false, false, false]);
  });
});
