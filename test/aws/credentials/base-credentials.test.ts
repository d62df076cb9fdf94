import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListBucketsCommand, PutBucketTaggingCommand } from '@aws-sdk/client-s3';
import { createSessions } from '../../../src/aws/session';
import type { Sessions } from '../../../src/aws/types';
import { secret } from '../../../src/base/secret';
import { createTestClock, type TestClock } from '../../support/clock';
import {
  accountOf,
  assumed,
  emptyBucketList,
  errorOf,
  queryError,
  signedWith,
  startServer,
  type TestServer,
  xml,
} from '../fixtures';

let server: TestServer;
let sessions: Sessions;
let clock: TestClock;
let folder: string;
let before: NodeJS.ProcessEnv;

// The SDK's providers read the process's environment; nothing of the developer's own may leak in.
beforeEach(async () => {
  before = process.env;
  folder = await mkdtemp(join(tmpdir(), 'mallard-aws-'));
  process.env = Object.fromEntries(Object.entries(before).filter(([name]) => !name.startsWith('AWS_')));
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = join(folder, 'credentials');
  process.env['AWS_CONFIG_FILE'] = join(folder, 'config');
  process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
  server = await startServer(emptyBucketList);
  clock = createTestClock();
  sessions = createSessions({ clock, org: 'acme', env: process.env });
});

afterEach(async () => {
  process.env = before;
  sessions.destroy();
  await server.close();
  await rm(folder, { recursive: true });
});

const keyOfCall = async (account: ReturnType<typeof accountOf>): Promise<string> => {
  const { s3 } = await sessions.open(account);
  await s3(new ListBucketsCommand({}));
  return signedWith(server.seen.at(-1)).key;
};

test('static keys with a session token', async () => {
  const credentials = {
    kind: 'static',
    akid: 'ASIASTATIC',
    secret: secret('s'),
    sessionToken: secret('the-token'),
  } as const;
  expect(await keyOfCall(accountOf({ endpoint: server.url, credentials }))).toBe('ASIASTATIC');
  expect(server.seen[0]?.headers['x-amz-security-token']).toBe('the-token');
});

test('a profile of the shared files, with its endpoint', async () => {
  await writeFile(join(folder, 'credentials'), '[team]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = s\n');
  await writeFile(join(folder, 'config'), `[profile team]\nendpoint_url = http://localhost:${server.port}\n`);
  const account = accountOf({ credentials: { kind: 'profile', profile: 'team' } });
  process.env['AWS_PROFILE'] = 'team';
  expect(await keyOfCall(account)).toBe('AKIDPROFILE');
  const { s3 } = await sessions.open(account);
  server.answer = xml(200, '');
  await s3(new PutBucketTaggingCommand({ Bucket: 'photos', Tagging: { TagSet: [] } }));
  expect(server.seen.at(-1)).toMatchObject({
    host: `localhost:${server.port}`,
    url: expect.stringMatching(/^\/photos\b/),
  });
});

test('a profile that does not exist', async () => {
  await writeFile(join(folder, 'credentials'), '[other]\naws_access_key_id = A\naws_secret_access_key = s\n');
  const account = accountOf({ endpoint: server.url, credentials: { kind: 'profile', profile: 'absent' } });
  expect(await errorOf(sessions.open(account))).toMatchObject({
    kind: 'misconfigured',
    setting: 'accounts.demo.profile',
    origin: { effect: 'none' },
  });
});

describe('the default chain', () => {
  const account = (): ReturnType<typeof accountOf> =>
    accountOf({ endpoint: server.url, credentials: { kind: 'default' } });

  test('takes the environment', async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 's' });
    expect(await keyOfCall(account())).toBe('AKIDENV');
  });

  test('with nothing to find: misconfigured, and found as soon as it is there', async () => {
    const one = account();
    expect(await errorOf(sessions.open(one))).toMatchObject({ kind: 'misconfigured', setting: 'accounts.demo' });
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 's' });
    expect(await keyOfCall(one)).toBe('AKIDENV');
  });

  test('a metadata service that is not there ends the search', async () => {
    delete process.env['AWS_EC2_METADATA_DISABLED'];
    const gone = await startServer(emptyBucketList);
    await gone.close();
    process.env['AWS_EC2_METADATA_SERVICE_ENDPOINT'] = gone.url;
    expect(await errorOf(sessions.open(account()))).toMatchObject({ kind: 'misconfigured', setting: 'accounts.demo' });
  });

  test('the metadata service is asked, and renewed credentials are used', async () => {
    delete process.env['AWS_EC2_METADATA_DISABLED'];
    process.env['AWS_EC2_METADATA_SERVICE_ENDPOINT'] = server.url;
    let issued = 0;
    server.answer = (seen, response, request) => {
      const path = seen.url.replace('/latest/meta-data/iam/security-credentials/', 'credentials:');
      if (seen.url === '/latest/api/token') return response.end('imds-token');
      if (path === 'credentials:') return response.end('instance-role');
      if (!path.startsWith('credentials:')) return emptyBucketList(seen, response, request);
      issued += 1;
      return response.end(
        JSON.stringify({
          AccessKeyId: `ASIAIMDS${issued}`,
          SecretAccessKey: 's',
          Token: 't',
          Expiration: '2031-01-01T00:00:00Z',
          Code: 'Success',
        }),
      );
    };
    const one = account();
    expect(await keyOfCall(one)).toBe('ASIAIMDS1');
    clock.advance(Date.UTC(2030, 11, 31, 23, 59, 30) - clock.now());
    expect(await keyOfCall(one)).toBe('ASIAIMDS2');
  });

  test('web identity is exchanged once for all services, and through the same way out', async () => {
    await writeFile(join(folder, 'token'), 'jwt');
    Object.assign(process.env, {
      AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'token'),
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/pod',
      AWS_ENDPOINT_URL_STS: server.url,
    });
    const exchange = 'AssumeRoleWithWebIdentity';
    server.answer = (seen, response, request) =>
      (seen.form.get('Action') === exchange ? assumed('POD', exchange) : emptyBucketList)(seen, response, request);
    const one = account();
    expect(await keyOfCall(one)).toBe('ASIASESSIONPOD');
    expect(await keyOfCall(one)).toBe('ASIASESSIONPOD');
    expect(server.seen.map((seen) => seen.form.get('Action'))).toEqual([exchange, null, null]);
  });

  test.each([
    [queryError(403, 'AccessDenied'), 'misconfigured'],
    [queryError(503, 'ServiceUnavailable'), 'unavailable'],
    [queryError(400, 'Throttling'), 'throttled'],
  ])('web identity that STS refuses (%#) is %s', async (answer, kind) => {
    await writeFile(join(folder, 'token'), 'jwt');
    Object.assign(process.env, {
      AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'token'),
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/pod',
      AWS_ENDPOINT_URL_STS: server.url,
    });
    server.answer = answer;
    expect(await errorOf(sessions.open(account()))).toMatchObject({ kind, origin: { effect: 'none' } });
    expect(server.seen).toHaveLength(1);
  });
});
