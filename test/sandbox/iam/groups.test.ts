import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  DeleteGroupCommand,
  DeleteGroupPolicyCommand,
  DetachGroupPolicyCommand,
  GetGroupCommand,
  GetGroupPolicyCommand,
  GetUserCommand,
  type IAMClient,
  ListGroupPoliciesCommand,
  ListGroupsCommand,
  ListGroupsForUserCommand,
  PutGroupPolicyCommand,
  RemoveUserFromGroupCommand,
  UpdateGroupCommand,
  paginateGetGroup,
  paginateListGroups,
} from '@aws-sdk/client-iam';
import { ACCOUNT, type TestSandbox, refusalOf, startTestSandbox } from '../../support/sandbox/start';

let world: TestSandbox;
let iam: IAMClient;

beforeEach(async () => {
  world = await startTestSandbox({ quotas: { groupsPerAccount: 12 } });
  iam = world.iam();
});
afterEach(() => world.stop());

const DOCUMENT = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 'iam:GetUser', Resource: '*' },
});
const POLICY = `arn:aws:iam::${ACCOUNT.id}:policy/p`;

async function makeGroups(...names: string[]): Promise<void> {
  for (const GroupName of names) await iam.send(new CreateGroupCommand({ GroupName }));
}

describe('groups', () => {
  it('are created and shown with their members, without tags', async () => {
    const { Group } = await iam.send(new CreateGroupCommand({ GroupName: 'g', Path: '/site/docs/' }));
    expect(Group).toMatchObject({
      GroupName: 'g',
      Path: '/site/docs/',
      Arn: `arn:aws:iam::${ACCOUNT.id}:group/site/docs/g`,
      GroupId: expect.stringMatching(/^AGPA/),
    });
    await iam.send(new CreateUserCommand({ UserName: 'anna', Tags: [{ Key: 'a', Value: 'b' }] }));
    await iam.send(new AddUserToGroupCommand({ GroupName: 'g', UserName: 'anna' }));
    const shown = await iam.send(new GetGroupCommand({ GroupName: 'g' }));
    expect(shown.Group).toEqual(Group);
    expect(shown.Users?.map((user) => [user.UserName, user.Tags])).toEqual([['anna', undefined]]);
    expect(shown.IsTruncated).toBe(false);
  });

  it('IAM: joining twice is no error, nor is leaving twice', async () => {
    await makeGroups('g');
    await iam.send(new CreateUserCommand({ UserName: 'anna' }));
    for (const Command of [AddUserToGroupCommand, AddUserToGroupCommand])
      await iam.send(new Command({ GroupName: 'g', UserName: 'anna' }));
    expect((await iam.send(new ListGroupsForUserCommand({ UserName: 'anna' }))).Groups).toHaveLength(1);
    for (const Command of [RemoveUserFromGroupCommand, RemoveUserFromGroupCommand])
      await iam.send(new Command({ GroupName: 'g', UserName: 'anna' }));
    expect((await iam.send(new ListGroupsForUserCommand({ UserName: 'anna' }))).Groups).toEqual([]);
  });

  it('IAM: group names have at most 128 characters and are unique without regard to case', async () => {
    await makeGroups('g'.repeat(128));
    expect(await refusalOf(makeGroups('g'.repeat(129)))).toMatchObject({ code: 'ValidationError' });
    expect(await refusalOf(makeGroups('G'.repeat(128)))).toMatchObject({ code: 'EntityAlreadyExists', status: 409 });
  });

  it('IAM: at most 10 groups per user → LimitExceeded', async () => {
    const names = Array.from({ length: 11 }, (_, index) => `g${index}`);
    await makeGroups(...names);
    await iam.send(new CreateUserCommand({ UserName: 'anna' }));
    const join = (GroupName: string | undefined): Promise<unknown> =>
      iam.send(new AddUserToGroupCommand({ GroupName, UserName: 'anna' }));
    for (const name of names.slice(0, 10)) await join(name);
    expect(await refusalOf(join('g10'))).toMatchObject({ code: 'LimitExceeded', status: 409 });
  });

  it('IAM: quota of groups per account → LimitExceeded', async () => {
    await makeGroups(...Array.from({ length: 12 }, (_, index) => `g${index}`));
    expect(await refusalOf(makeGroups('more'))).toMatchObject({ code: 'LimitExceeded' });
  });

  it('a member that does not exist → NoSuchEntity', async () => {
    await makeGroups('g');
    expect(await refusalOf(iam.send(new AddUserToGroupCommand({ GroupName: 'g', UserName: 'x' })))).toMatchObject({
      code: 'NoSuchEntity',
      message: 'The user with name x cannot be found.',
    });
    expect(await refusalOf(iam.send(new GetGroupCommand({ GroupName: 'x' })))).toMatchObject({
      code: 'NoSuchEntity',
      message: 'The group with name x cannot be found.',
    });
  });

  it('take their members along when renamed', async () => {
    await makeGroups('g');
    await iam.send(new CreateUserCommand({ UserName: 'anna' }));
    await iam.send(new AddUserToGroupCommand({ GroupName: 'g', UserName: 'anna' }));
    await iam.send(new UpdateGroupCommand({ GroupName: 'g', NewGroupName: 'h' }));
    expect((await iam.send(new GetGroupCommand({ GroupName: 'h' }))).Users).toHaveLength(1);
  });

  it('give their members what their policies allow, from the next call on', async () => {
    await makeGroups('g');
    await iam.send(new CreateUserCommand({ UserName: 'anna' }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'anna' }));
    const own = world.iam({
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    });
    await iam.send(new PutGroupPolicyCommand({ GroupName: 'g', PolicyName: 'p', PolicyDocument: DOCUMENT }));
    expect(await refusalOf(own.send(new GetUserCommand({})))).toMatchObject({ code: 'AccessDenied' });
    await iam.send(new AddUserToGroupCommand({ GroupName: 'g', UserName: 'anna' }));
    expect((await own.send(new GetUserCommand({}))).User?.UserName).toBe('anna');
    await iam.send(new RemoveUserFromGroupCommand({ GroupName: 'g', UserName: 'anna' }));
    expect(await refusalOf(own.send(new GetUserCommand({})))).toMatchObject({ code: 'AccessDenied' });
  });
});

describe('IAM: DeleteGroup needs no members and no policies', () => {
  beforeEach(() => makeGroups('g'));
  const remove = (): Promise<unknown> => iam.send(new DeleteGroupCommand({ GroupName: 'g' }));

  it('a member → DeleteConflict', async () => {
    await iam.send(new CreateUserCommand({ UserName: 'anna' }));
    await iam.send(new AddUserToGroupCommand({ GroupName: 'g', UserName: 'anna' }));
    expect(await refusalOf(remove())).toMatchObject({ code: 'DeleteConflict', status: 409 });
    await iam.send(new RemoveUserFromGroupCommand({ GroupName: 'g', UserName: 'anna' }));
    await remove();
  });

  it('an attached policy → DeleteConflict', async () => {
    await iam.send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: DOCUMENT }));
    await iam.send(new AttachGroupPolicyCommand({ GroupName: 'g', PolicyArn: POLICY }));
    expect(await refusalOf(remove())).toMatchObject({ code: 'DeleteConflict' });
    await iam.send(new DetachGroupPolicyCommand({ GroupName: 'g', PolicyArn: POLICY }));
    await remove();
  });

  it('an inline policy → DeleteConflict', async () => {
    await iam.send(new PutGroupPolicyCommand({ GroupName: 'g', PolicyName: 'in', PolicyDocument: DOCUMENT }));
    const { PolicyDocument } = await iam.send(new GetGroupPolicyCommand({ GroupName: 'g', PolicyName: 'in' }));
    expect(decodeURIComponent(PolicyDocument ?? '')).toBe(DOCUMENT);
    expect((await iam.send(new ListGroupPoliciesCommand({ GroupName: 'g' }))).PolicyNames).toEqual(['in']);
    expect(await refusalOf(remove())).toMatchObject({ code: 'DeleteConflict' });
    await iam.send(new DeleteGroupPolicyCommand({ GroupName: 'g', PolicyName: 'in' }));
    await remove();
  });
});

describe('IAM: lists page and filter by PathPrefix only', () => {
  it('shows every group once, however small the page', async () => {
    await makeGroups('b', 'a', 'c', 'B-2', 'd');
    const pages: string[][] = [];
    for await (const page of paginateListGroups({ client: iam, pageSize: 2 }, {}))
      pages.push((page.Groups ?? []).map((group) => group.GroupName ?? ''));
    expect(pages).toEqual([['a', 'b'], ['B-2', 'c'], ['d']]);
  });

  it('a page that ends with the list is not truncated', async () => {
    await makeGroups('a', 'b');
    const page = await iam.send(new ListGroupsCommand({ MaxItems: 2 }));
    expect([page.IsTruncated, page.Marker]).toEqual([false, undefined]);
  });

  it('pages go on behind the last one shown, also when groups come and go', async () => {
    await makeGroups('a', 'b', 'c');
    const { Marker } = await iam.send(new ListGroupsCommand({ MaxItems: 2 }));
    await iam.send(new DeleteGroupCommand({ GroupName: 'a' }));
    const next = await iam.send(new ListGroupsCommand({ Marker }));
    expect(next.Groups?.map((group) => group.GroupName)).toEqual(['c']);
  });

  it('members of a group come in pages, too', async () => {
    await makeGroups('g');
    for (const UserName of ['u1', 'u2', 'u3']) {
      await iam.send(new CreateUserCommand({ UserName }));
      await iam.send(new AddUserToGroupCommand({ GroupName: 'g', UserName }));
    }
    const names: (string | undefined)[] = [];
    for await (const page of paginateGetGroup({ client: iam, pageSize: 2 }, { GroupName: 'g' }))
      names.push(...(page.Users ?? []).map((user) => user.UserName));
    expect(names).toEqual(['u1', 'u2', 'u3']);
  });

  it.each([
    ['/site/', ['a', 'b']],
    ['/site/docs/', ['b']],
    ['/si', ['a', 'b', 'c']],
    ['/none/', []],
  ])('PathPrefix %s shows %j', async (PathPrefix, names) => {
    await iam.send(new CreateGroupCommand({ GroupName: 'a', Path: '/site/' }));
    await iam.send(new CreateGroupCommand({ GroupName: 'b', Path: '/site/docs/' }));
    await iam.send(new CreateGroupCommand({ GroupName: 'c', Path: '/sites/' }));
    await makeGroups('d');
    const { Groups } = await iam.send(new ListGroupsCommand({ PathPrefix }));
    expect(Groups?.map((group) => group.GroupName)).toEqual(names);
  });

  it.each([0, 1001])('MaxItems %d → ValidationError', async (MaxItems) => {
    expect(await refusalOf(iam.send(new ListGroupsCommand({ MaxItems })))).toMatchObject({ code: 'ValidationError' });
  });
});
