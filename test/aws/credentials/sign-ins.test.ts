import { chmod, readFile } from 'node:fs/promises';
import { baseCredentials } from '../../../src/aws/credentials/base-credentials';
import type { CredentialSource } from '../../../src/aws/credentials/source';
import type { HttpHandler } from '../../../src/aws/wire/http-handler';
import type { DomainError } from '../../../src/base/errors';
import type { CredentialsConfig } from '../../../src/config/types';
import { type AwsEnvironment, isolateAwsEnvironment } from '../../support/aws-environment';
import { createTestClock } from '../../support/clock';
import {
  LOGIN_SESSION,
  type Replies,
  type Reply,
  signedInByLogin,
  signedInBySso,
  signInHosts,
} from '../../support/sign-ins';
import { accountOf, errorOf } from '../fixtures';

/** The providers judge by the system's clock what has ended. */
const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * 60_000);

let environment: AwsEnvironment;

beforeEach(async () => {
  environment = await isolateAwsEnvironment();
});
afterEach(() => environment.restore());

/** The account works in a region that is neither the sign-in's nor the profile's. */
const sourceOf = (
  requestHandler: HttpHandler,
  credentials: CredentialsConfig = { kind: 'profile', profile: 'team' },
): CredentialSource =>
  baseCredentials(accountOf({ region: 'ap-south-1', credentials }), {
    clock: createTestClock({ start: Date.now() }),
    requestHandler,
    env: process.env,
  });

async function failureOf(replies: Replies): Promise<DomainError> {
  const error = await errorOf(sourceOf(signInHosts(replies).requestHandler).get());
  expect(JSON.stringify(error)).not.toMatch(/canary/);
  return error;
}

const refusal = (status: number, errorType: string, members: object = {}): Reply => ({
  status,
  errorType,
  body: { message: 'canary', ...members },
});
const unreachable = (): Error => Object.assign(new Error('connect ECONNREFUSED canary'), { code: 'ECONNREFUSED' });
const nobody = (host: string): never => {
  throw new Error(`${host} was asked`);
};

describe('IAM Identity Center', () => {
  const CONFIG = `[profile team]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Provisioner
region = eu-west-1
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = us-east-2
sso_registration_scopes = sso:account:access
`;
  const given = (): Reply => ({
    body: {
      roleCredentials: {
        accessKeyId: 'ASIASSO',
        secretAccessKey: 'canary',
        sessionToken: 'canary',
        expiration: inMinutes(60).getTime(),
      },
    },
  });
  const renewed: Reply = { body: { accessToken: 'canary-new', expiresIn: 3_600, refreshToken: 'canary-next' } };

  beforeEach(() => environment.sharedFiles({ config: CONFIG }));

  test('is asked in its own region for credentials, which end when it says', async () => {
    await signedInBySso(environment, { until: inMinutes(60) });
    const { requestHandler, asked, proofs } = signInHosts(given);
    const lease = await sourceOf(requestHandler).lease();
    expect(lease).toMatchObject({
      identity: { accessKeyId: 'ASIASSO' },
      foundBy: 'shared files, profile "team", SSO',
    });
    expect(lease.validUntil).toBeGreaterThan(inMinutes(59).getTime());
    expect(asked).toEqual(['GET portal.sso.us-east-2.amazonaws.com /federation/credentials']);
    expect(proofs).toEqual(['canary-access']);
  });

  test('by a profile of the older form, without an sso-session', async () => {
    const start = 'https://old.awsapps.com/start';
    await environment.sharedFiles({
      config: `[profile team]\nsso_start_url = ${start}\nsso_region = us-west-1\nsso_account_id = 123456789012\nsso_role_name = Provisioner\n`,
    });
    await signedInBySso(environment, { until: inMinutes(60) }, start);
    const { requestHandler, asked } = signInHosts(given);
    expect(await sourceOf(requestHandler).get()).toMatchObject({ accessKeyId: 'ASIASSO' });
    expect(asked).toEqual(['GET portal.sso.us-west-1.amazonaws.com /federation/credentials']);
  });

  test('renews a sign-in that ends soon, and keeps it for whoever else has this home directory', async () => {
    // Once in 30 seconds for a session of that name, in the whole process.
    await environment.sharedFiles({ config: CONFIG.replaceAll('corp', 'renewed') });
    await signedInBySso(environment, { until: inMinutes(2) }, 'renewed');
    const { requestHandler, asked, proofs } = signInHosts((host) => (host.startsWith('oidc') ? renewed : given()));
    expect(await sourceOf(requestHandler).get()).toMatchObject({ accessKeyId: 'ASIASSO' });
    expect(asked).toEqual([
      'POST oidc.us-east-2.amazonaws.com /token',
      'GET portal.sso.us-east-2.amazonaws.com /federation/credentials',
    ]);
    expect(proofs.at(-1)).toBe('canary-new');
    const again = signInHosts(given);
    await sourceOf(again.requestHandler).get();
    expect(again.proofs).toEqual(['canary-new']);
  });

  test('that falls silent is an outage, and no reason to sign in', async () => {
    await environment.sharedFiles({ config: CONFIG.replaceAll('corp', 'outage') });
    await signedInBySso(environment, { until: inMinutes(-1) }, 'outage');
    expect(await failureOf(unreachable)).toMatchObject({
      kind: 'unavailable',
      detail: expect.stringContaining('profile "team", SSO (no connection could be made).'),
    });
  });

  test('whose renewal falls silent while its sign-in is good: what is refused after that is told', async () => {
    await environment.sharedFiles({
      config: `${CONFIG.replace('profile team', 'profile me').replaceAll('corp', 'silent')}[profile team]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = me\n`,
    });
    await signedInBySso(environment, { until: inMinutes(2) }, 'silent');
    const denied = `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>canary</Message></Error></ErrorResponse>`;
    const replies: Replies = (host) => {
      if (host.startsWith('oidc')) return unreachable();
      return host.startsWith('sts') ? { status: 403, body: denied } : given();
    };
    expect(await failureOf(replies)).toMatchObject({
      kind: 'misconfigured',
      detail: expect.stringContaining('profile "team", role (refused with AccessDenied).'),
    });
  });

  test.each<readonly [string, Reply | Error, DomainError['kind'], string]>([
    [
      'that ended the session',
      refusal(401, 'UnauthorizedException'),
      'misconfigured',
      'its SSO session is missing or has ended; aws sso login renews it',
    ],
    [
      'that does not give the role',
      refusal(403, 'ForbiddenException'),
      'misconfigured',
      'refused with ForbiddenException',
    ],
    [
      'without that role',
      refusal(404, 'ResourceNotFoundException'),
      'misconfigured',
      'refused with ResourceNotFoundException',
    ],
    [
      'that is asked too often',
      refusal(429, 'TooManyRequestsException'),
      'throttled',
      'refused with TooManyRequestsException',
    ],
    ['that has trouble', refusal(503, 'ServiceUnavailable'), 'unavailable', 'refused with ServiceUnavailable'],
    ['that cannot be reached', unreachable(), 'unavailable', 'no connection could be made'],
    ['that gives nothing', { body: { roleCredentials: {} } }, 'misconfigured', 'not usable'],
  ])('%s', async (_what, reply, kind, why) => {
    await signedInBySso(environment, { until: inMinutes(60) });
    expect(await failureOf(() => reply)).toMatchObject({ kind, detail: expect.stringContaining(`SSO (${why}).`) });
  });

  test.each([
    ['nobody has signed in', CONFIG, 'its SSO session is missing or has ended; aws sso login renews it'],
    [
      'the sso-session is not there',
      CONFIG.replace('[sso-session corp]', '[sso-session other]'),
      'its SSO settings are not complete',
    ],
    ['the role is not named', CONFIG.replace(/^sso_role_name.*$/m, ''), 'its SSO settings are not complete'],
    ['the session has no region', CONFIG.replace(/^sso_region.*$/m, ''), 'its SSO settings are not complete'],
  ])('is not asked when %s', async (_what, config, why) => {
    environment.set({ HOME: environment.folder });
    await environment.sharedFiles({ config });
    expect(await failureOf(nobody)).toMatchObject({
      kind: 'misconfigured',
      setting: 'accounts.demo.profile',
      detail: expect.stringContaining(`SSO (${why}).`),
    });
  });
});

describe('a sign-in by aws login', () => {
  const CONFIG = `[profile team]\nlogin_session = ${LOGIN_SESSION}\nregion = eu-central-1\n`;
  const renewed: Reply = {
    body: {
      accessToken: { accessKeyId: 'ASIALOGIN2', secretAccessKey: 'canary', sessionToken: 'canary' },
      tokenType: 'urn:aws:params:oauth:token-type:access_token_sigv4',
      expiresIn: 900,
      refreshToken: 'canary-next',
    },
  };

  beforeEach(() => environment.sharedFiles({ config: CONFIG }));

  test('gives what it keeps, and asks nobody', async () => {
    const until = inMinutes(15);
    await signedInByLogin(environment, { until });
    expect(await sourceOf(signInHosts(nobody).requestHandler).lease()).toMatchObject({
      identity: { accessKeyId: 'ASIALOGIN1', sessionToken: 'canary-session' },
      validUntil: until.getTime(),
      foundBy: 'shared files, profile "team", login',
    });
  });

  test.each([
    ['the region of the profile', CONFIG, {}, 'eu-central-1'],
    ['the region of the account, where the profile has none', CONFIG.replace(/^region.*$/m, ''), {}, 'ap-south-1'],
    ['the region that its file names', CONFIG, { signInRegion: 'us-west-2' }, 'us-west-2'],
  ])('is renewed in %s, with proof of its key, and written down', async (_where, config, changes, region) => {
    await environment.sharedFiles({ config });
    const path = await signedInByLogin(environment, { until: inMinutes(1), changes });
    const { requestHandler, asked, proofs } = signInHosts(() => renewed);
    expect(await sourceOf(requestHandler).get()).toMatchObject({ accessKeyId: 'ASIALOGIN2' });
    expect(asked).toEqual([`POST ${region}.signin.aws.amazon.com /v1/token`]);
    expect(proofs).toEqual([expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]{86}$/)]);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({
      accessToken: { accessKeyId: 'ASIALOGIN2' },
      refreshToken: 'canary-next',
    });
  });

  test('is the beginning of a role, in the region of its own profile', async () => {
    await environment.sharedFiles({
      config: `${CONFIG.replace('team', 'me')}[profile team]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = me\nregion = sa-east-1\n`,
    });
    await signedInByLogin(environment, { until: inMinutes(1) });
    const session = `<Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>canary</SecretAccessKey><SessionToken>canary</SessionToken><Expiration>${inMinutes(60).toISOString()}</Expiration></Credentials>`;
    const assumed = `<AssumeRoleResponse><AssumeRoleResult>${session}</AssumeRoleResult></AssumeRoleResponse>`;
    const { requestHandler, asked } = signInHosts((host) => (host.startsWith('sts') ? { body: assumed } : renewed));
    expect(await sourceOf(requestHandler).get()).toMatchObject({ accessKeyId: 'ASIAROLE' });
    expect(asked).toEqual(['POST eu-central-1.signin.aws.amazon.com /v1/token', 'POST sts.ap-south-1.amazonaws.com /']);
  });

  test('is used to its end when it cannot be renewed', async () => {
    await signedInByLogin(environment, { until: inMinutes(2) });
    const { requestHandler } = signInHosts(unreachable);
    expect(await sourceOf(requestHandler).get()).toMatchObject({ accessKeyId: 'ASIALOGIN1' });
  });

  const ENDED = 'its login session is missing or has ended; aws login renews it';

  test.each<readonly [string, Reply | Error, DomainError['kind'], string]>([
    ['that is over', refusal(400, 'AccessDeniedException', { error: 'TOKEN_EXPIRED' }), 'misconfigured', ENDED],
    [
      'whose password was changed',
      refusal(400, 'AccessDeniedException', { error: 'USER_CREDENTIALS_CHANGED' }),
      'misconfigured',
      ENDED,
    ],
    [
      'that may not be renewed',
      refusal(400, 'AccessDeniedException', { error: 'INSUFFICIENT_PERMISSIONS' }),
      'misconfigured',
      'its identity may not renew its login session; it needs signin:CreateOAuth2Token',
    ],
    [
      'that is refused otherwise',
      refusal(400, 'ValidationException', { error: 'invalid_grant' }),
      'misconfigured',
      ENDED,
    ],
    [
      'that is asked for too often',
      refusal(429, 'TooManyRequestsError'),
      'throttled',
      'refused with TooManyRequestsError',
    ],
    [
      'whose service has trouble',
      refusal(500, 'InternalServerException'),
      'unavailable',
      'refused with InternalServerException',
    ],
    ['whose service cannot be reached', unreachable(), 'unavailable', 'no connection could be made'],
  ])('%s', async (_what, reply, kind, why) => {
    await signedInByLogin(environment, { until: inMinutes(-1) });
    expect(await failureOf(() => reply)).toMatchObject({ kind, detail: expect.stringContaining(`login (${why}).`) });
  });

  test('that cannot be renewed ends the search, of the default chain too', async () => {
    await signedInByLogin(environment, { until: inMinutes(-1) });
    environment.set({ AWS_PROFILE: 'team' });
    const { requestHandler } = signInHosts(() => refusal(400, 'ValidationException', { error: 'invalid_grant' }));
    const error = await errorOf(sourceOf(requestHandler, { kind: 'default' }).get());
    expect(error.detail).toMatch(/shared files, profile "team", login \([^()]+\)\.$/);
  });

  test('that nobody has made', async () => {
    environment.set({ AWS_LOGIN_CACHE_DIRECTORY: environment.folder });
    expect(await failureOf(nobody)).toMatchObject({
      kind: 'misconfigured',
      setting: 'accounts.demo.profile',
      detail: expect.stringContaining(`login (${ENDED}).`),
    });
  });

  test.each([
    ['an incomplete file', { dpopKey: undefined }, inMinutes(15)],
    ['a key that is none', { dpopKey: 'canary' }, inMinutes(-1)],
  ])('with %s', async (_what, changes, until) => {
    await signedInByLogin(environment, { until, changes });
    expect((await failureOf(nobody)).detail).toContain(`login (${ENDED}).`);
  });

  /** Root reads and writes whatever it likes: `work` is done as somebody else then. */
  async function unprivileged<T>(work: () => Promise<T>): Promise<T> {
    if (process.geteuid?.() !== 0) return work();
    process.seteuid?.(65_534);
    try {
      return await work();
    } finally {
      process.seteuid?.(0);
    }
  }

  test('whose file may not be written, or not be read', async () => {
    const path = await signedInByLogin(environment, { until: inMinutes(-1) });
    await chmod(environment.folder, 0o755);
    await chmod(path, 0o444);
    expect((await unprivileged(() => failureOf(() => renewed))).detail).toContain(
      'login (its renewed login session cannot be written to its file).',
    );
    await chmod(path, 0o000);
    expect((await unprivileged(() => failureOf(nobody))).detail).toContain('login (its file cannot be read).');
  });
});
