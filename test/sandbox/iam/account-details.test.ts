import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  GetAccountAuthorizationDetailsCommand,
  type IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { ACCOUNT, type TestSandbox, refusalOf, startTestSandbox } from '../../support/sandbox/start';

/** Source: IAM API reference, GetAccountAuthorizationDetails. */

const DOCUMENT = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
});

let world: TestSandbox;
let iam: IAMClient;

beforeEach(async () => {
  world = await startTestSandbox();
  iam = world.iam();
  await iam.send(new CreateUserCommand({ UserName: 'anna', Tags: [{ Key: 'team', Value: 'birds' }] }));
  await iam.send(new CreateUserCommand({ UserName: 'ben' }));
  await iam.send(new CreateGroupCommand({ GroupName: 'readers', Path: '/some/' }));
  await iam.send(new AddUserToGroupCommand({ GroupName: 'readers', UserName: 'anna' }));
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'read', PolicyDocument: DOCUMENT }));
  await iam.send(new AttachGroupPolicyCommand({ GroupName: 'readers', PolicyArn: Policy?.Arn }));
  await iam.send(new PutUserPolicyCommand({ UserName: 'anna', PolicyName: 'own', PolicyDocument: DOCUMENT }));
});
afterEach(() => world.stop());

it('users come with tags, groups and policies, groups with path and policies', async () => {
  const { UserDetailList, GroupDetailList, IsTruncated } = await iam.send(
    new GetAccountAuthorizationDetailsCommand({ Filter: ['User', 'Group'] }),
  );
  expect(IsTruncated).toBe(false);
  expect(UserDetailList).toMatchObject([
    {
      UserName: 'anna',
      Arn: `arn:aws:iam::${ACCOUNT.id}:user/anna`,
      Tags: [{ Key: 'team', Value: 'birds' }],
      GroupList: ['readers'],
      UserPolicyList: [{ PolicyName: 'own', PolicyDocument: encodeURIComponent(DOCUMENT).replaceAll('*', '%2A') }],
    },
    { UserName: 'ben' },
  ]);
  expect(GroupDetailList).toMatchObject([
    {
      GroupName: 'readers',
      Path: '/some/',
      AttachedManagedPolicies: [{ PolicyName: 'read', PolicyArn: `arn:aws:iam::${ACCOUNT.id}:policy/read` }],
    },
  ]);
});

it('a filter leaves out the rest, pages go over both kinds', async () => {
  const users = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['User'] }));
  expect([users.UserDetailList?.length, users.GroupDetailList ?? []]).toEqual([2, []]);
  const seen: (string | undefined)[] = [];
  let Marker: string | undefined;
  do {
    const page = await iam.send(
      new GetAccountAuthorizationDetailsCommand({
        Filter: ['User', 'Group'],
        MaxItems: 1,
        ...(Marker !== undefined && { Marker }),
      }),
    );
    seen.push(
      ...(page.UserDetailList ?? []).map(({ UserName }) => UserName),
      ...(page.GroupDetailList ?? []).map(({ GroupName }) => GroupName),
    );
    Marker = page.IsTruncated === true ? page.Marker : undefined;
  } while (Marker !== undefined);
  expect(seen.sort()).toEqual(['anna', 'ben', 'readers']);
});

it('what it does not know is NotImplemented, not an answer with less in it', async () => {
  expect(await refusalOf(iam.send(new GetAccountAuthorizationDetailsCommand({})))).toMatchObject({
    code: 'NotImplemented',
    status: 501,
  });
  expect(
    await refusalOf(iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['User', 'Role'] }))),
  ).toMatchObject({ code: 'NotImplemented' });
  expect(
    await refusalOf(iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['Nothing' as 'User'] }))),
  ).toMatchObject({ code: 'ValidationError', status: 400 });
});
