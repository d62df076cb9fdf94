import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { createSessions } from '../../../src/aws/session';
import type { Sessions } from '../../../src/aws/types';
import type { CredentialsConfig } from '../../../src/config/types';
import type { DomainError } from '../../../src/base/errors';
import { type AwsEnvironment, isolateAwsEnvironment } from '../../support/aws-environment';
import { createTestClock, type TestClock } from '../../support/clock';
import {
  type Handed,
  type MetadataService,
  startContainerEndpoint,
  startInstanceMetadata,
} from '../../support/metadata-services';
import {
  accountOf,
  assumed,
  emptyBucketList,
  errorOf,
  queryError,
  signedWith,
  startServer,
  type TestServer,
} from '../fixtures';

/** Milliseconds; far from what an answer on loopback takes, so that only silence ever meets it. */
const METADATA_MS = 1_000;

let environment: AwsEnvironment;
let aws: TestServer;
let clock: TestClock;
let sessions: Sessions;
let services: MetadataService[];

beforeEach(async () => {
  environment = await isolateAwsEnvironment();
  aws = await startServer(emptyBucketList);
  clock = createTestClock();
  services = [];
  sessions = createSessions({ clock, org: 'acme', env: process.env, timeouts: { metadataMs: METADATA_MS } });
});

afterEach(async () => {
  sessions.destroy();
  await Promise.all([aws.close(), ...services.map((service) => service.close())]);
  await environment.restore();
});

const accountWith = (credentials: CredentialsConfig = { kind: 'default' }): ReturnType<typeof accountOf> =>
  accountOf({ endpoint: aws.url, credentials });
const profileOf = (profile: string): ReturnType<typeof accountOf> => accountWith({ kind: 'profile', profile });

async function keyOfCall(account: ReturnType<typeof accountOf>): Promise<string> {
  const { s3 } = await sessions.open(account);
  await s3(new ListBucketsCommand({}));
  return signedWith(aws.seen.at(-1)).key;
}

/** `ASIA<stem>1`, then 2 and so on, each for an hour of the test's clock. */
function issuer(stem: string): () => Handed {
  let n = 0;
  return () => {
    n += 1;
    return {
      accessKeyId: `ASIA${stem}${n}`,
      secretAccessKey: `canary-secret-${n}`,
      sessionToken: `canary-session-${n}`,
      expires: new Date(clock.now() + 3_600_000),
    };
  };
}

async function instance(): Promise<MetadataService> {
  const service = await startInstanceMetadata(issuer('IMDS'));
  services.push(service);
  environment.set({ AWS_EC2_METADATA_DISABLED: 'false', AWS_EC2_METADATA_SERVICE_ENDPOINT: service.url });
  return service;
}

async function container(authorization: () => string | undefined = () => undefined): Promise<MetadataService> {
  const service = await startContainerEndpoint(issuer('TASK'), authorization);
  services.push(service);
  environment.set({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `${service.url}/v1/credentials` });
  return service;
}

const failureOf = async (account = accountWith()): Promise<DomainError> => {
  const error = await errorOf(sessions.open(account));
  expect(JSON.stringify(error)).not.toMatch(/canary/);
  return error;
};

describe('what was tried is said, in the order of trying', () => {
  test('nothing is set', async () => {
    expect(await failureOf()).toEqual({
      kind: 'misconfigured',
      setting: 'accounts.demo',
      origin: { service: 'sts', effect: 'none' },
      detail:
        'No usable AWS credentials were found for the account demo. Tried in this order: ' +
        'environment variables (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set); ' +
        'shared files, profile "default" (no such profile, or no credentials in it); ' +
        'web identity (AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN are not set); ' +
        'container endpoint (neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set); ' +
        'EC2 metadata service (AWS_EC2_METADATA_DISABLED is set).',
    });
  });

  test('half of a pair, and a profile that is named', async () => {
    environment.set({ AWS_ACCESS_KEY_ID: 'AKIDHALF', AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/pod' });
    expect((await failureOf()).detail).toMatch(
      /environment variables \(AWS_SECRET_ACCESS_KEY is not set\).*web identity \(AWS_WEB_IDENTITY_TOKEN_FILE is not set\)/,
    );
    environment.set({ AWS_PROFILE: 'absent' });
    expect((await failureOf()).detail).toMatch(
      /environment variables \(passed over, AWS_PROFILE is set\); shared files, profile "absent" \(no such profile/,
    );
  });
});

describe('the EC2 metadata service', () => {
  test('of version 2 gives credentials, and newer ones before they end', async () => {
    const { asked } = await instance();
    const account = accountWith();
    expect(await keyOfCall(account)).toBe('ASIAIMDS1');
    expect(asked).toEqual([
      'PUT /latest/api/token',
      'GET /latest/meta-data/iam/security-credentials/',
      'GET /latest/meta-data/iam/security-credentials/instance-role',
    ]);
    clock.advance(3_600_000 - 30_000);
    expect(await keyOfCall(account)).toBe('ASIAIMDS2');
  });

  test.each(['token', 'role', 'credentials'] as const)('that falls silent at the %s', async (at) => {
    const service = await instance();
    service.fail({ at, status: 'silent' });
    const { kind, detail } = await failureOf();
    expect({ kind, detail }).toMatchObject({
      kind: 'misconfigured',
      detail: expect.stringContaining(`EC2 metadata service ${service.url} (`),
    });
    // Without a token version 1 is tried, which this service refuses.
    expect(detail).toMatch(at === 'token' ? /\(refused with status 401\)\.$/ : /\(did not answer\)\.$/);
  });

  test.each(['token', 'role', 'credentials'] as const)('that never comes to the end of the %s', async (at) => {
    (await instance()).fail({ at, status: 'dribble' });
    expect(await failureOf()).toMatchObject({
      kind: 'misconfigured',
      detail: expect.stringMatching(/\(did not answer\)\.$/),
    });
  });

  test('that is silent altogether is given up in the time of one search', async () => {
    const silent = await startServer(() => undefined);
    environment.set({ AWS_EC2_METADATA_DISABLED: 'false', AWS_EC2_METADATA_SERVICE_ENDPOINT: silent.url });
    expect(await failureOf()).toMatchObject({
      kind: 'misconfigured',
      detail: expect.stringMatching(/\(did not answer\)\.$/),
    });
    // A PUT for the token and a GET without one, each for half of the time.
    expect(silent.seen.map(({ method }) => method)).toEqual(['PUT', 'GET']);
    await silent.close();
  });

  test('whose token is refused, where version 1 is switched off', async () => {
    (await instance()).fail({ at: 'token', status: 403 });
    environment.set({ AWS_EC2_METADATA_V1_DISABLED: 'true' });
    expect((await failureOf()).detail).toContain('(gave no token, and going without one is switched off)');
  });

  test('without a role', async () => {
    (await instance()).fail({ at: 'role', status: 404 });
    expect((await failureOf()).detail).toContain('(refused with status 404)');
  });

  test.each([429, 500, 503])('that answers %d is there and has trouble', async (status) => {
    (await instance()).fail({ at: 'credentials', status });
    expect(await failureOf()).toMatchObject({
      kind: 'unavailable',
      retryAfterSeconds: 10,
      detail: expect.stringContaining(`refused with status ${status}`),
    });
  });

  test('many who ask at once are one search, and the next after a failure is a new one', async () => {
    const service = await instance();
    service.fail({ at: 'role', status: 'silent' });
    const account = accountWith();
    const kinds = (await Promise.allSettled(Array.from({ length: 50 }, () => sessions.open(account)))).map(
      ({ status }) => status,
    );
    expect(new Set(kinds)).toEqual(new Set(['rejected']));
    expect(service.asked.filter((one) => one.startsWith('PUT'))).toHaveLength(1);
    service.fail(undefined);
    expect(await keyOfCall(account)).toBe('ASIAIMDS1');
    expect(service.asked.filter((one) => one.startsWith('PUT'))).toHaveLength(2);
  });

  test('that falls silent after it has given credentials: they are used to their end, then it is an outage', async () => {
    const service = await instance();
    const account = accountWith();
    await keyOfCall(account);
    service.fail({ at: 'credentials', status: 'silent' });
    clock.advance(3_600_000 - 30_000);
    expect(await keyOfCall(account)).toBe('ASIAIMDS1');
    clock.advance(30_000);
    const { s3 } = await sessions.open(account);
    expect(await errorOf(s3(new ListBucketsCommand({})))).toMatchObject({
      kind: 'unavailable',
      detail: expect.stringContaining('did not answer'),
    });
  });
});

describe('a container endpoint', () => {
  test('that asks for nothing gives credentials', async () => {
    await container();
    expect(await keyOfCall(accountWith())).toBe('ASIATASK1');
  });

  test('gets the token of the environment', async () => {
    environment.set({ AWS_CONTAINER_AUTHORIZATION_TOKEN: 'canary-token' });
    await container(() => 'canary-token');
    expect(await keyOfCall(accountWith())).toBe('ASIATASK1');
  });

  test('gets the token of the file as it stands at each renewal', async () => {
    let wanted = 'canary-first';
    environment.set({ AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: await environment.file('pod-token', `${wanted}\n`) });
    const { asked } = await container(() => wanted);
    const account = accountWith();
    expect(await keyOfCall(account)).toBe('ASIATASK1');
    wanted = 'canary-second';
    await environment.file('pod-token', wanted);
    clock.advance(3_600_000 - 30_000);
    expect(await keyOfCall(account)).toBe('ASIATASK2');
    expect(asked).toHaveLength(2);
  });

  test.each<readonly [string, number | 'silent' | 'dribble', string]>([
    ['is silent', 'silent', 'did not answer'],
    ['never comes to an end', 'dribble', 'did not answer'],
    ['refuses', 403, 'refused with status 403'],
  ])('that %s ends the search: EC2 is not asked', async (_what, status, why) => {
    const ec2 = await instance();
    (await container()).fail({ at: 'credentials', status });
    expect(await failureOf()).toMatchObject({
      kind: 'misconfigured',
      setting: 'accounts.demo',
      detail: expect.stringMatching(new RegExp(`/v1/credentials \\(${why}\\)\\.$`)),
    });
    expect(ec2.asked).toEqual([]);
  });

  test('that is not there', async () => {
    const service = await container();
    await service.close();
    services = [];
    expect(await failureOf()).toMatchObject({
      kind: 'misconfigured',
      detail: expect.stringContaining('(no connection could be made)'),
    });
  });

  test('that has trouble', async () => {
    (await container()).fail({ at: 'credentials', status: 503 });
    expect(await failureOf()).toMatchObject({ kind: 'unavailable' });
  });

  test('whose token file is not there', async () => {
    await container();
    environment.set({ AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: `${environment.folder}/absent` });
    expect(await failureOf()).toMatchObject({
      kind: 'misconfigured',
      detail: expect.stringContaining('(its file cannot be read)'),
    });
  });

  test.each([
    ['no JSON', 'canary', 'the container endpoint did not answer with JSON'],
    ['other JSON', '{"canary":1}', 'the container endpoint answered without credentials'],
    [
      'no date',
      '{"AccessKeyId":"a","SecretAccessKey":"canary","Token":"t","Expiration":"soon"}',
      'the container endpoint answered without credentials',
    ],
    ['a flood', 'canary'.repeat(20_000), 'the container endpoint answered at too great a length'],
  ])('that answers with %s', async (_what, body, why) => {
    const odd = await startServer((_seen, response) => response.end(body));
    environment.set({ AWS_CONTAINER_CREDENTIALS_FULL_URI: odd.url });
    expect(await failureOf()).toMatchObject({ kind: 'misconfigured', detail: expect.stringContaining(`(${why})`) });
    await odd.close();
  });

  test('is named without what may be secret in its URI', async () => {
    const service = await container(() => 'another');
    environment.set({
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${service.url.replace('//', '//user:canary@')}/v2/0123456789abcdef-canary?token=canary`,
    });
    expect((await failureOf()).detail).toContain(`container endpoint ${service.url}/v2/… (refused with status 401)`);
  });
});

describe('a profile of the shared files', () => {
  test('whose keys are replaced in the file, once AWS takes the old ones no more', async () => {
    const keys = (n: number): string =>
      `[team]\naws_access_key_id = ASIAFILE${n}\naws_secret_access_key = s\naws_session_token = t\n`;
    await environment.sharedFiles({ credentials: keys(1) });
    const account = profileOf('team');
    expect(await keyOfCall(account)).toBe('ASIAFILE1');
    await environment.sharedFiles({ credentials: keys(2) });
    aws.answer = queryError(403, 'ExpiredToken');
    const { s3 } = await sessions.open(account);
    expect(await errorOf(s3(new ListBucketsCommand({})))).toMatchObject({ kind: 'unavailable', retryAfterSeconds: 1 });
    aws.answer = emptyBucketList;
    expect(await keyOfCall(account)).toBe('ASIAFILE2');
  });

  test('with lasting keys that AWS does not take: the file is read again by the next request', async () => {
    const keys = (n: number): string => `[team]\naws_access_key_id = AKIDFILE${n}\naws_secret_access_key = s\n`;
    await environment.sharedFiles({ credentials: keys(1) });
    const account = profileOf('team');
    const { s3 } = await sessions.open(account);
    aws.answer = queryError(403, 'InvalidAccessKeyId');
    expect(await errorOf(s3(new ListBucketsCommand({})))).toMatchObject({ kind: 'misconfigured' });
    await environment.sharedFiles({ credentials: keys(2) });
    aws.answer = emptyBucketList;
    expect(await keyOfCall(account)).toBe('AKIDFILE2');
  });

  const script = (body: string): Promise<string> => environment.file('give.js', body);

  test('with a program: it is run again before its credentials end', async () => {
    const path = await script(
      `const fs = require('fs'); const log = ${JSON.stringify(`${environment.folder}/runs`)}; fs.appendFileSync(log, '.');
       const n = fs.readFileSync(log).length;
       console.log(JSON.stringify({ Version: 1, AccessKeyId: 'ASIAPROC' + n, SecretAccessKey: 's', SessionToken: 't', Expiration: new Date(${clock.now()} + n * 3600000).toISOString() }));`,
    );
    await environment.sharedFiles({ config: `[profile team]\ncredential_process = "${process.execPath}" "${path}"\n` });
    const account = profileOf('team');
    expect(await keyOfCall(account)).toBe('ASIAPROC1');
    expect(await sessions.credentialsFrom(account)).toBe('shared files, profile "team", credential_process');
    clock.advance(3_600_000 - 30_000);
    expect(await keyOfCall(account)).toBe('ASIAPROC2');
  });

  test('with a program that fails: it is run once, nothing of it is told, and the chain goes on', async () => {
    const path = await script(
      `require('fs').appendFileSync(${JSON.stringify(`${environment.folder}/runs`)}, '.'); console.error('canary'); process.exit(3);`,
    );
    await environment.sharedFiles({
      config: `[default]\ncredential_process = "${process.execPath}" "${path}" --password canary\n`,
    });
    expect((await failureOf()).detail).toContain(
      'shared files, profile "default", credential_process (its credential_process failed); web identity',
    );
    expect((await failureOf(profileOf('default'))).detail).toContain('(its credential_process failed).');
    const { readFile } = await import('node:fs/promises');
    expect(await readFile(`${environment.folder}/runs`, 'utf8')).toBe('..');
  });

  test.each([
    ['that is not there', '[profile other]\nregion = us-east-1\n', 'no such profile, or no credentials in it'],
    [
      'that wants an MFA code',
      '[profile team]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = keys\nmfa_serial = arn:aws:iam::123456789012:mfa/canary\n[profile keys]\naws_access_key_id = a\naws_secret_access_key = canary\n',
      'it asks for the code of an MFA device',
    ],
    [
      'that leads back to itself',
      '[profile team]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = two\n[profile two]\nrole_arn = arn:aws:iam::123456789012:role/s\nsource_profile = team\n',
      'its source_profile leads back to itself',
    ],
    [
      'with an unknown source',
      '[profile team]\nrole_arn = arn:aws:iam::123456789012:role/r\ncredential_source = Canary\n',
      'its credential_source is not one that exists',
    ],
    [
      'whose SSO session has ended',
      '[profile team]\nsso_start_url = https://canary.invalid\nsso_region = us-east-1\nsso_account_id = 123456789012\nsso_role_name = r\n',
      'its SSO session is missing or has ended; aws sso login renews it',
    ],
    [
      'whose token file is not there',
      '[profile team]\nrole_arn = arn:aws:iam::123456789012:role/r\nweb_identity_token_file = /nowhere/canary\n',
      'its file cannot be read',
    ],
  ])('%s', async (_what, config, why) => {
    await environment.sharedFiles({ config });
    const error = await failureOf(profileOf('team'));
    expect(error).toMatchObject({ kind: 'misconfigured', setting: 'accounts.demo.profile' });
    expect(error.detail).toMatch(
      /^No usable AWS credentials were found for the account demo\. Tried in this order: shared files, profile "team"/,
    );
    expect(error.detail).toContain(`(${why}).`);
  });

  test('whose role begins at a container endpoint that is silent', async () => {
    (await container()).fail({ at: 'credentials', status: 'silent' });
    await environment.sharedFiles({
      config:
        '[profile team]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base\n[profile base]\nrole_arn = arn:aws:iam::123456789012:role/s\ncredential_source = EcsContainer\n',
    });
    expect(await failureOf(profileOf('team'))).toMatchObject({
      kind: 'misconfigured',
      detail: expect.stringContaining('profile "team", role (did not answer).'),
    });
  });
});

describe('web identity', () => {
  const setUp = async (file: string): Promise<void> =>
    environment.set({ AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/pod' });

  test('takes the token of the file as it stands at each renewal', async () => {
    const exchange = 'AssumeRoleWithWebIdentity';
    await setUp(await environment.file('jwt', 'canary-first'));
    const tokens: (string | null)[] = [];
    aws.answer = (seen, response, request) => {
      if (seen.form.get('Action') !== exchange) return emptyBucketList(seen, response, request);
      tokens.push(seen.form.get('WebIdentityToken'));
      return assumed(tokens.length, exchange)(seen, response, request);
    };
    const account = accountWith();
    expect(await keyOfCall(account)).toBe('ASIASESSION1');
    await environment.file('jwt', 'canary-second');
    clock.advance(Date.UTC(2030, 11, 31, 23, 59, 30) - clock.now());
    expect(await keyOfCall(account)).toBe('ASIASESSION2');
    expect(tokens).toEqual(['canary-first', 'canary-second']);
  });

  test('without its file ends the search', async () => {
    await setUp(`${environment.folder}/absent`);
    expect((await failureOf()).detail).toMatch(/web identity \(its file cannot be read\)\.$/);
  });

  test.each([
    [queryError(403, 'AccessDenied', 'canary'), 'misconfigured', 'refused with AccessDenied'],
    [queryError(400, 'InvalidIdentityToken', 'canary'), 'misconfigured', 'refused with InvalidIdentityToken'],
    [queryError(400, 'ExpiredTokenException', 'canary'), 'misconfigured', 'refused with ExpiredTokenException'],
    [queryError(400, 'IDPCommunicationError', 'canary'), 'unavailable', 'refused with IDPCommunicationError'],
    [queryError(503, 'ServiceUnavailable', 'canary'), 'unavailable', 'refused with ServiceUnavailable'],
  ])('that STS refuses (%#)', async (answer, kind, why) => {
    await setUp(await environment.file('jwt', 'canary.canary.canary'));
    aws.answer = answer;
    expect(await failureOf()).toMatchObject({
      kind,
      detail: expect.stringContaining(`(${why})`),
      origin: { effect: 'none' },
    });
    expect(aws.seen).toHaveLength(1);
  });
});

describe('keys in the configuration ask nobody', () => {
  test.each([true, false])('neither STS nor a metadata service (iam: %s)', async (iam) => {
    const ec2 = await instance();
    const task = await container();
    const sts = await startServer(queryError(500, 'InternalFailure'));
    environment.set({
      AWS_ENDPOINT_URL_STS: sts.url,
      // Asks the EC2 metadata service for a region, where a client is not told better.
      AWS_DEFAULTS_MODE: 'auto',
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/pod',
      AWS_WEB_IDENTITY_TOKEN_FILE: await environment.file('jwt', 'canary'),
    });
    const account = accountOf({ endpoint: aws.url, iam, ...(!iam && { id: undefined }) });
    expect(await keyOfCall(account)).toBe('AKIDEXAMPLE');
    expect({
      ec2: ec2.asked,
      task: task.asked,
      sts: sts.seen.length,
      calls: aws.seen.map(({ method, url }) => `${method} ${url}`),
    }).toEqual({
      ec2: [],
      task: [],
      sts: 0,
      calls: [expect.stringMatching(/^GET \/\?/)],
    });
    await sts.close();
  });
});
