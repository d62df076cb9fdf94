import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetUserCommand,
  type IAMClient,
  ListRolesCommand,
  ListUsersCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts';
import {
  ACCOUNT,
  type Keys,
  OTHER_ACCOUNT,
  type TestSandbox,
  refusalOf,
  startTestSandbox,
} from '../../support/sandbox/start';

let world: TestSandbox;
let iam: IAMClient;
let offset = 0;

beforeEach(async () => {
  offset = 0;
  world = await startTestSandbox({ clock: { now: () => Date.now() + offset } });
  iam = world.iam();
});
afterEach(() => world.stop());

const ROLE = `arn:aws:iam::${ACCOUNT.id}:role/worker`;
const statement = (part: object): string => JSON.stringify({ Version: '2012-10-17', Statement: part });
const allow = (Action: string | string[], Resource = '*'): string => statement({ Effect: 'Allow', Action, Resource });
const trust = (principal: string, more: object = {}): string =>
  statement({ Effect: 'Allow', Action: ['sts:AssumeRole', 'sts:TagSession'], Principal: { AWS: principal }, ...more });

async function makeRole(options: { trust?: string; policy?: string; maxSeconds?: number } = {}): Promise<void> {
  await iam.send(
    new CreateRoleCommand({
      RoleName: 'worker',
      AssumeRolePolicyDocument: options.trust ?? trust(ACCOUNT.id),
      MaxSessionDuration: options.maxSeconds,
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({ RoleName: 'worker', PolicyName: 'p', PolicyDocument: options.policy ?? allow('iam:*') }),
  );
}

async function makeUser(UserName: string, policy?: string): Promise<Keys> {
  await iam.send(new CreateUserCommand({ UserName }));
  if (policy !== undefined)
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'p', PolicyDocument: policy }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
}

async function assume(
  input: Partial<AssumeRoleCommandInput> = {},
  keys: Keys = ACCOUNT,
): Promise<Keys & { expires: number }> {
  const { Credentials } = await world
    .sts(keys)
    .send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 's1', ...input }));
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
    expires: Credentials?.Expiration?.getTime() ?? 0,
  };
}

describe('AssumeRole', () => {
  it('gives a session that acts with the role’s policies', async () => {
    await makeRole({ policy: allow('iam:ListUsers') });
    const session = await assume();
    expect(session.accessKeyId).toMatch(/^ASIA/);
    expect(await world.sts(session).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: ACCOUNT.id,
      Arn: `arn:aws:sts::${ACCOUNT.id}:assumed-role/worker/s1`,
      UserId: expect.stringMatching(/^AROA[A-Z2-7]{17}:s1$/),
    });
    expect((await world.iam(session).send(new ListUsersCommand({}))).Users).toEqual([]);
    expect(await refusalOf(world.iam(session).send(new GetUserCommand({ UserName: 'x' })))).toMatchObject({
      code: 'AccessDenied',
    });
  });

  it('lists say one hour unless told, and the role is shown with its trust', async () => {
    await makeRole();
    expect((await iam.send(new ListRolesCommand({}))).Roles).toMatchObject([
      { RoleName: 'worker', MaxSessionDuration: 3600 },
    ]);
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'worker' }));
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(trust(ACCOUNT.id));
  });

  it.each([
    ['899 s', { DurationSeconds: 899 }],
    ['43201 s', { DurationSeconds: 43_201 }],
    ['more than the role allows', { DurationSeconds: 3601 }],
    ['a session name of one character', { RoleSessionName: 'a' }],
    ['a session name of 65 characters', { RoleSessionName: 'a'.repeat(65) }],
    ['a session name with a space', { RoleSessionName: 'a b' }],
    ['an inline policy of 2049 characters', { Policy: allow('iam:*').padEnd(2049) }],
  ])('STS: %s → ValidationError', async (_title, input) => {
    await makeRole();
    expect(await refusalOf(assume(input))).toMatchObject({ code: 'ValidationError', status: 400 });
  });

  it.each([900, 43_200])('STS: %d s is within 900–43,200', async (DurationSeconds) => {
    await makeRole({ maxSeconds: 43_200 });
    const { expires } = await assume({ DurationSeconds });
    expect(Math.abs(expires - Date.now() - DurationSeconds * 1000)).toBeLessThan(60_000);
  });

  it('STS: a chained session lives at most 1 h', async () => {
    await makeRole({ maxSeconds: 43_200, policy: allow('sts:AssumeRole') });
    const first = await assume();
    expect(await refusalOf(assume({ DurationSeconds: 3601 }, first))).toMatchObject({ code: 'ValidationError' });
    expect((await assume({ DurationSeconds: 3600 }, first)).accessKeyId).toMatch(/^ASIA/);
  });

  it('temporary credentials work until they expire, and need their token', async () => {
    await makeRole();
    const session = await assume({ DurationSeconds: 900 });
    const { accessKeyId, secretAccessKey } = session;
    expect(await refusalOf(world.iam({ accessKeyId, secretAccessKey }).send(new ListUsersCommand({})))).toMatchObject({
      code: 'InvalidClientTokenId',
    });
    expect(
      await refusalOf(
        world.iam({ accessKeyId, secretAccessKey, sessionToken: 'other' }).send(new ListUsersCommand({})),
      ),
    ).toMatchObject({ code: 'InvalidClientTokenId' });
    const client = world.iam(session);
    const listAfter = (ms: number): Promise<unknown> => {
      offset = ms;
      // The client's clock goes with the sandbox's.
      client.config.systemClockOffset = ms;
      return client.send(new ListUsersCommand({}));
    };
    expect(await listAfter(800_000)).toMatchObject({ Users: [] });
    expect(await refusalOf(listAfter(1_000_000))).toMatchObject({ code: 'ExpiredToken', status: 403 });
  });

  it('a session policy narrows the role, never widens it', async () => {
    await makeRole({ policy: allow(['iam:ListUsers', 'iam:GetUser']) });
    const narrow = await assume({ Policy: allow(['iam:ListUsers', 'iam:CreateUser']) });
    expect((await world.iam(narrow).send(new ListUsersCommand({}))).Users).toEqual([]);
    expect(await refusalOf(world.iam(narrow).send(new GetUserCommand({ UserName: 'x' })))).toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining('no session policy allows'),
    });
    expect(await refusalOf(world.iam(narrow).send(new CreateUserCommand({ UserName: 'x' })))).toMatchObject({
      code: 'AccessDenied',
    });
  });

  it('managed session policies count, and must exist', async () => {
    await makeRole();
    await iam.send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: allow('iam:ListUsers') }));
    const session = await assume({ PolicyArns: [{ arn: `arn:aws:iam::${ACCOUNT.id}:policy/p` }] });
    expect((await world.iam(session).send(new ListUsersCommand({}))).Users).toEqual([]);
    expect(await refusalOf(world.iam(session).send(new GetUserCommand({ UserName: 'x' })))).toMatchObject({
      code: 'AccessDenied',
    });
    expect(await refusalOf(assume({ PolicyArns: [{ arn: `arn:aws:iam::${ACCOUNT.id}:policy/none` }] }))).toMatchObject({
      code: 'ValidationError',
    });
  });

  it('STS: a malformed session policy → MalformedPolicyDocument', async () => {
    await makeRole();
    expect(await refusalOf(assume({ Policy: '{}' }))).toMatchObject({ code: 'MalformedPolicyDocument' });
  });

  it('the role’s boundary holds for its sessions', async () => {
    await makeRole();
    await iam.send(new CreatePolicyCommand({ PolicyName: 'b', PolicyDocument: allow('iam:ListUsers') }));
    await iam.send(
      new PutRolePermissionsBoundaryCommand({
        RoleName: 'worker',
        PermissionsBoundary: `arn:aws:iam::${ACCOUNT.id}:policy/b`,
      }),
    );
    const session = await assume();
    expect((await world.iam(session).send(new ListUsersCommand({}))).Users).toEqual([]);
    expect(await refusalOf(world.iam(session).send(new GetUserCommand({ UserName: 'x' })))).toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining('no permissions boundary allows'),
    });
  });

  it('a source identity needs sts:SetSourceIdentity, and a trust policy may name it', async () => {
    await makeRole();
    expect(await refusalOf(assume({ SourceIdentity: 'ci' }))).toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining('sts:SetSourceIdentity'),
    });
    await iam.send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: 'worker',
        PolicyDocument: trust(ACCOUNT.id, {
          Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
          Condition: { StringLike: { 'sts:SourceIdentity': 'mallard-*' } },
        }),
      }),
    );
    expect((await refusalOf(assume({ SourceIdentity: 'ci' }))).code).toBe('AccessDenied');
    const { SourceIdentity } = await world
      .sts()
      .send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 's1', SourceIdentity: 'mallard-by-ci' }));
    expect(SourceIdentity).toBe('mallard-by-ci');
    expect((await refusalOf(assume({ SourceIdentity: 'a b' }))).code).toBe('ValidationError');
  });

  it('session tags are the principal’s tags, and need sts:TagSession', async () => {
    const byTag = statement({
      Effect: 'Allow',
      Action: 'iam:ListUsers',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalTag/spinup:org': 'localdev' } },
    });
    await makeRole({ policy: byTag });
    const tagged = await assume({ Tags: [{ Key: 'spinup:org', Value: 'localdev' }] });
    expect((await world.iam(tagged).send(new ListUsersCommand({}))).Users).toEqual([]);
    expect(await refusalOf(world.iam(await assume()).send(new ListUsersCommand({})))).toMatchObject({
      code: 'AccessDenied',
    });
    const only = await makeUser('only', allow('sts:AssumeRole'));
    expect(await refusalOf(assume({ Tags: [{ Key: 'a', Value: 'b' }] }, only))).toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining('sts:TagSession'),
    });
  });

  it('PackedPolicyTooLarge when policy and tags exceed the packed size', async () => {
    const small = await startTestSandbox({ packedPolicyBytes: 100 });
    try {
      await small
        .iam()
        .send(new CreateRoleCommand({ RoleName: 'worker', AssumeRolePolicyDocument: trust(ACCOUNT.id) }));
      const send = (Policy: string): Promise<unknown> =>
        small.sts().send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 's1', Policy }));
      const resources = Array.from({ length: 12 }, (_, index) => `arn:aws:s3:::bucket-${(index * 7919).toString(36)}`);
      expect(await refusalOf(send(statement({ Effect: 'Allow', Action: 's3:*', Resource: resources })))).toMatchObject({
        code: 'PackedPolicyTooLarge',
        status: 400,
      });
      expect(await send(allow('s3:*'))).toMatchObject({ PackedPolicySize: expect.any(Number) });
    } finally {
      await small.stop();
    }
  });
});

describe('who may assume a role', () => {
  it('nobody whom the trust policy does not name, whatever their own policy says', async () => {
    await makeRole({ trust: trust(OTHER_ACCOUNT.id) });
    const user = await makeUser('anna', allow('sts:*'));
    expect(await refusalOf(assume({}, user))).toMatchObject({ code: 'AccessDenied', status: 403 });
    expect(await refusalOf(assume({}, ACCOUNT))).toMatchObject({ code: 'AccessDenied' });
  });

  it('a user named by the trust policy, without own policy', async () => {
    const user = await makeUser('anna');
    await makeRole({ trust: trust(`arn:aws:iam::${ACCOUNT.id}:user/anna`) });
    expect((await assume({}, user)).accessKeyId).toMatch(/^ASIA/);
  });

  it('a user of a trusted account only with an own policy', async () => {
    await makeRole();
    expect(await refusalOf(assume({}, await makeUser('anna')))).toMatchObject({ code: 'AccessDenied' });
    expect((await assume({}, await makeUser('berta', allow('sts:AssumeRole', ROLE)))).accessKeyId).toMatch(/^ASIA/);
  });

  it('another account with the agreed ExternalId only', async () => {
    await makeRole({
      trust: trust(`arn:aws:iam::${OTHER_ACCOUNT.id}:root`, {
        Condition: { StringEquals: { 'sts:ExternalId': 'agreed' } },
      }),
    });
    expect(await refusalOf(assume({}, OTHER_ACCOUNT))).toMatchObject({ code: 'AccessDenied' });
    expect(await refusalOf(assume({ ExternalId: 'guessed' }, OTHER_ACCOUNT))).toMatchObject({ code: 'AccessDenied' });
    const session = await assume({ ExternalId: 'agreed' }, OTHER_ACCOUNT);
    expect((await world.sts(session).send(new GetCallerIdentityCommand({}))).Account).toBe(ACCOUNT.id);
  });

  it('a role that is not there refuses like one that does not trust', async () => {
    expect(await refusalOf(assume())).toMatchObject({ code: 'AccessDenied' });
  });
});

describe('roles', () => {
  it('IAM: are deleted without policies only', async () => {
    await makeRole();
    expect(await refusalOf(iam.send(new DeleteRoleCommand({ RoleName: 'worker' })))).toMatchObject({
      code: 'DeleteConflict',
    });
    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'worker', PolicyName: 'p' }));
    await iam.send(
      new AttachRolePolicyCommand({ RoleName: 'worker', PolicyArn: 'arn:aws:iam::aws:policy/IAMFullAccess' }),
    );
    expect(await refusalOf(iam.send(new DeleteRoleCommand({ RoleName: 'worker' })))).toMatchObject({
      code: 'DeleteConflict',
    });
  });

  it('sessions of a deleted role may do nothing', async () => {
    await makeRole();
    const session = await assume();
    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'worker', PolicyName: 'p' }));
    await iam.send(new DeleteRoleCommand({ RoleName: 'worker' }));
    expect(await refusalOf(world.iam(session).send(new ListUsersCommand({})))).toMatchObject({ code: 'AccessDenied' });
  });
});

describe('GetSessionToken', () => {
  it('gives the user’s own rights for a while', async () => {
    const user = await makeUser('anna', allow('iam:GetUser'));
    const { Credentials } = await world.sts(user).send(new GetSessionTokenCommand({ DurationSeconds: 900 }));
    const session = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    expect((await world.iam(session).send(new GetUserCommand({}))).User?.UserName).toBe('anna');
  });
});
