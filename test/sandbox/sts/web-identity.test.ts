import { CreateRoleCommand, ListUsersCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import {
  ACCOUNT,
  OTHER_ACCOUNT,
  type Keys,
  type TestSandbox,
  refusalOf,
  startTestSandbox,
} from '../../support/sandbox/start';
import { type Issuer, SUBJECT, createIssuer, trustOf } from '../../support/web-identity';

let world: TestSandbox;
let issuer: Issuer;
let offset = 0;
const now = (): number => Date.now() + offset;
const ROLE = `arn:aws:iam::${ACCOUNT.id}:role/pod`;

async function start(
  options: { algorithm?: 'RS256' | 'ES256'; trust?: string; maxSeconds?: number } = {},
): Promise<void> {
  issuer = createIssuer({ algorithm: options.algorithm ?? 'ES256', now });
  world = await startTestSandbox({
    clock: { now },
    accounts: [{ ...ACCOUNT, identityProviders: [issuer.provider] }, OTHER_ACCOUNT],
  });
  const iam = world.iam();
  const AssumeRolePolicyDocument = options.trust ?? trustOf(issuer, ACCOUNT.id);
  await iam.send(
    new CreateRoleCommand({ RoleName: 'pod', AssumeRolePolicyDocument, MaxSessionDuration: options.maxSeconds }),
  );
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 'iam:ListUsers', Resource: '*' },
  });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'pod', PolicyName: 'p', PolicyDocument }));
}

beforeEach(() => {
  offset = 0;
});
afterEach(() => world.stop());

/** Nobody signs this call: the client has no credentials at all. */
async function exchange(WebIdentityToken: string, more: Partial<AssumeRoleWithWebIdentityCommandInput> = {}) {
  const client = new STSClient({ endpoint: world.sandbox.endpoint, region: 'us-east-1', maxAttempts: 1 });
  try {
    return await client.send(
      new AssumeRoleWithWebIdentityCommand({ RoleArn: ROLE, RoleSessionName: 'pod-1', WebIdentityToken, ...more }),
    );
  } finally {
    client.destroy();
  }
}

const keysOf = ({ Credentials: given }: Awaited<ReturnType<typeof exchange>>): Keys => ({
  accessKeyId: given?.AccessKeyId ?? '',
  secretAccessKey: given?.SecretAccessKey ?? '',
  sessionToken: given?.SessionToken ?? '',
});

it.each(['RS256', 'ES256'] as const)(
  'a token signed by %s becomes a session with the role’s policies',
  async (algorithm) => {
    await start({ algorithm });
    const answer = await exchange(issuer.token());
    expect(answer).toMatchObject({
      SubjectFromWebIdentityToken: SUBJECT,
      Audience: 'sts.amazonaws.com',
      Provider: issuer.provider.issuer,
      AssumedRoleUser: { Arn: `arn:aws:sts::${ACCOUNT.id}:assumed-role/pod/pod-1` },
    });
    const session = keysOf(answer);
    expect((await world.sts(session).send(new GetCallerIdentityCommand({}))).Arn).toBe(
      `arn:aws:sts::${ACCOUNT.id}:assumed-role/pod/pod-1`,
    );
    expect((await world.iam(session).send(new ListUsersCommand({}))).Users).toEqual([]);
  },
);

it('a session ends when it was asked to', async () => {
  await start();
  const session = keysOf(await exchange(issuer.token(), { DurationSeconds: 900 }));
  offset = 901_000;
  const late = world.sts(session);
  late.config.systemClockOffset = offset;
  expect(await refusalOf(late.send(new GetCallerIdentityCommand({})))).toMatchObject({ code: 'ExpiredToken' });
});

it('an expired token → ExpiredTokenException', async () => {
  await start();
  const token = issuer.token();
  offset = 3_600_000;
  expect(await refusalOf(exchange(token))).toMatchObject({ code: 'ExpiredTokenException', status: 400 });
});

describe('InvalidIdentityToken', () => {
  beforeEach(() => start());
  const forged = (): string => {
    const [head, , signature] = issuer.token().split('.');
    const [, body] = issuer.token({ sub: 'system:serviceaccount:storage:admin' }).split('.');
    return [head, body, signature].join('.');
  };
  it.each<readonly [string, () => string]>([
    ['no token at all', () => 'not-a-token'],
    ['claims that were changed', forged],
    ['another issuer’s key under this issuer’s name', () => createIssuer().token()],
    ['an issuer nobody registered', () => createIssuer({ name: 'oidc.example.org/id/STRANGER' }).token()],
    ['an audience nobody registered', () => issuer.token({ aud: 'kubernetes' })],
    ['the algorithm none', () => issuer.token({}, { alg: 'none' })],
    ['a shared-secret algorithm', () => issuer.token({}, { alg: 'HS256' })],
    ['a key id nobody published', () => issuer.token({}, { kid: 'two' })],
    ['no subject', () => issuer.token({ sub: undefined })],
    ['no end', () => issuer.token({ exp: undefined })],
    ['a beginning to come', () => issuer.token({ nbf: now() / 1000 + 60 })],
  ])('%s', async (_what, token) => {
    expect(await refusalOf(exchange(token()))).toMatchObject({ code: 'InvalidIdentityToken', status: 400 });
  });
});

it('a provider of another account does not count', async () => {
  await start();
  const RoleArn = `arn:aws:iam::${OTHER_ACCOUNT.id}:role/pod`;
  expect(await refusalOf(exchange(issuer.token(), { RoleArn }))).toMatchObject({ code: 'InvalidIdentityToken' });
});

describe('AccessDenied: the trust policy decides', () => {
  const refused = {
    code: 'AccessDenied',
    status: 403,
    message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
  };
  it('another subject', async () => {
    await start();
    expect(await refusalOf(exchange(issuer.token({ sub: 'system:serviceaccount:storage:other' })))).toMatchObject(
      refused,
    );
  });
  it('a role that is not there', async () => {
    await start();
    expect(await refusalOf(exchange(issuer.token(), { RoleArn: `${ROLE}s` }))).toMatchObject(refused);
  });
  it.each([
    ['an AWS principal only', { AWS: ACCOUNT.id }],
    ['another provider', { Federated: `arn:aws:iam::${ACCOUNT.id}:oidc-provider/elsewhere.example.org` }],
  ])('a role that trusts %s', async (_what, Principal) => {
    await start({
      trust: JSON.stringify({
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Action: 'sts:AssumeRoleWithWebIdentity', Principal },
      }),
    });
    expect(await refusalOf(exchange(issuer.token()))).toMatchObject(refused);
  });
  it('a provider in the trust policy opens no other way in', async () => {
    await start();
    expect(
      await refusalOf(world.sts().send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 's1' }))),
    ).toMatchObject({ code: 'AccessDenied' });
  });
});

it.each([
  ['more than the role allows', { DurationSeconds: 3601 }],
  ['899 s', { DurationSeconds: 899 }],
  ['a token of one character', { WebIdentityToken: 'x' }],
  ['a session name with a space', { RoleSessionName: 'a b' }],
])('%s → ValidationError', async (_what, input) => {
  await start();
  expect(await refusalOf(exchange(issuer.token(), input))).toMatchObject({ code: 'ValidationError', status: 400 });
});

it('up to what the role allows, without the hour of role chaining', async () => {
  await start({ maxSeconds: 43_200 });
  const { Credentials } = await exchange(issuer.token(), { DurationSeconds: 43_200 });
  expect((Credentials?.Expiration?.getTime() ?? 0) - now()).toBeGreaterThan(43_190_000);
});

it('every other call of STS must be signed still', async () => {
  await start();
  const response = await fetch(world.sandbox.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  });
  expect(response.status).toBe(403);
  expect(await response.text()).toContain('MissingAuthenticationToken');
});
