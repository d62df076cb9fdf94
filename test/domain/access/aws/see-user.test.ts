import { GetLoginProfileCommand, GetUserCommand, ListGroupsForUserCommand } from '@aws-sdk/client-iam';
import { inspectUser, judgeUser } from '../../../../src/domain/access/aws/see-user';
import { asBucket, asWebsite } from '../../../../src/domain/shared/subject';
import { belongingsOf, iamGroup, iamUser } from '../../../support/user-resources';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import { stepAlone } from '../../../support/steps';

const OWN = 'arn:aws:iam::123456789012:policy/b-BktRWPlc';
const one = { subject: asBucket('b'), user: 'u', ownPolicies: [OWN] };
const gone = awsError('NoSuchEntity', 404);
const inspecting = ({ context }: MockedAws, staying: readonly string[] = []) =>
  stepAlone(context, inspectUser(context, { ...one, staying })).run();

test('a user that is gone is nothing to remove', async () => {
  const aws = await mockedAws();
  aws.iam.on(GetUserCommand).rejects(gone);
  expect(await inspecting(aws)).toBeNull();
});

test.each([
  ['to the bucket alone', [iamGroup('b-BktRWGrp')], null],
  [
    'to others as well',
    [iamGroup('b-BktRWGrp'), iamGroup('c-BktRWGrp')],
    expect.stringContaining('other groups (c-BktRWGrp)'),
  ],
])('the look tells whether it belongs %s', async (_, Groups, because) => {
  const aws = await mockedAws();
  aws.iam.on(GetUserCommand).resolves({ User: iamUser('u') });
  aws.iam.on(GetLoginProfileCommand).rejects(gone);
  aws.iam.on(ListGroupsForUserCommand).resolves({ Groups });
  expect(await inspecting(aws)).toMatchObject({
    user: 'u',
    because,
    groups: ['b-BktRWGrp'],
    home: { group: 'b-BktRWGrp', path: '/' },
  });
});

test('one without our mark stays in a group that stays, as others use it', async () => {
  const aws = await mockedAws();
  const Groups = [iamGroup('b-BktRWGrp'), iamGroup('b-BktROGrp')];
  aws.iam.on(GetUserCommand).resolves({ User: iamUser('u') });
  aws.iam.on(GetLoginProfileCommand).rejects(gone);
  aws.iam.on(ListGroupsForUserCommand).resolves({ Groups });
  expect(await inspecting(aws, ['b-BktROGrp'])).toMatchObject({
    because: expect.stringContaining('other groups (b-BktROGrp)'),
    groups: ['b-BktRWGrp'],
  });
  const Tags = [
    { Key: 'spinup:org', Value: 'acme' },
    { Key: 'mallard:bucket', Value: 'b' },
  ];
  aws.iam.on(GetUserCommand).resolves({ User: { ...iamUser('u'), Tags } });
  expect(await inspecting(aws, ['b-BktROGrp'])).toMatchObject({ because: null, groups: ['b-BktRWGrp', 'b-BktROGrp'] });
});

test('one that is deleted loses everything, one that is kept the policies of the bucket', async () => {
  const { context } = await mockedAws();
  const attached = [
    { Arn: OWN, PolicyName: 'b-BktRWPlc' },
    { Arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess', PolicyName: 'ReadOnlyAccess' },
  ];
  const found = belongingsOf({ attached, keys: [{ AccessKeyId: 'K' }] });
  expect(await judgeUser(context, one, found, 'along')).toMatchObject({
    because: expect.stringContaining('ReadOnlyAccess'),
    takes: { attached: [OWN], keys: [] },
    home: null,
  });
  const own = belongingsOf({ attached: attached.slice(0, 1), keys: [{ AccessKeyId: 'K' }] });
  expect(await judgeUser(context, one, own, 'along')).toMatchObject({ takes: { attached: [OWN], keys: ['K'] } });
});

test('the group of a predecessor’s folder is put back where its name and path tell whose it is', async () => {
  const { context } = await mockedAws();
  const subject = { ...asWebsite('s'), proven: { own: ['s-docs-BktRWGrp'], foreign: [] } };
  const found = belongingsOf({ groups: [iamGroup('s-docs-BktRWGrp')] });
  expect(await judgeUser(context, { ...one, subject }, found, 'along')).toMatchObject({
    home: { group: 's-docs-BktRWGrp', path: '/s/' },
  });
});
