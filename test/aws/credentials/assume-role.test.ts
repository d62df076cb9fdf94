import { ListUsersCommand } from '@aws-sdk/client-iam';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { withOperation } from '../../../src/base/running-operation';
import { createSessions } from '../../../src/aws/session';
import type { AwsCall } from '../../../src/aws/wire/instrument';
import type { Sessions } from '../../../src/aws/types';
import { createTestClock, type TestClock } from '../../support/clock';
import {
  accountOf,
  type Answer,
  assumed,
  emptyBucketList,
  errorOf,
  queryError,
  s3Error,
  type Seen,
  signedWith,
  startServer,
  type TestServer,
  xml,
} from '../fixtures';

let server: TestServer;
let clock: TestClock;
let sessions: Sessions;
const calls: AwsCall[] = [];

/** STS's answers, one for each AssumeRole in turn; then sessions numbered by count. S3 always lists no buckets. */
let sts: Answer[] = [];
let s3: Answer = emptyBucketList;

const isAssume = (seen: Seen): boolean => seen.form.get('Action') === 'AssumeRole';
const assumptions = (): Seen[] => server.seen.filter(isAssume);

beforeEach(async () => {
  sts = [];
  s3 = emptyBucketList;
  calls.length = 0;
  server = await startServer((seen, response, request) => {
    const answer = isAssume(seen) ? (sts.shift() ?? assumed(assumptions().length)) : s3;
    answer(seen, response, request);
  });
  clock = createTestClock();
  sessions = createSessions({ clock, org: 'acme', onCall: (call) => calls.push(call) });
});

afterEach(async () => {
  sessions.destroy();
  await server.close();
});

const roleAccount = (changes: Parameters<typeof accountOf>[0] = {}): ReturnType<typeof accountOf> =>
  accountOf({ endpoint: server.url, role: 'Provisioner', ...changes });
const scope = { policy: '{"narrow":1}', fallbackPolicy: '{"wide":1}' };

describe('the request', () => {
  test('role by name: ARN of the account, session tag, external id, duration, policy', async () => {
    const account = roleAccount({
      name: 'big account/1',
      externalId: 'ext-1',
      sessionSeconds: 1800,
      region: 'cn-north-1',
    });
    await sessions.open(account, scope);
    const { form } = assumptions()[0] ?? {};
    expect(Object.fromEntries(form ?? [])).toMatchObject({
      RoleArn: 'arn:aws-cn:iam::123456789012:role/Provisioner',
      RoleSessionName: 'mallard-big-account-1',
      ExternalId: 'ext-1',
      DurationSeconds: '1800',
      Policy: '{"narrow":1}',
      'Tags.member.1.Key': 'spinup:org',
      'Tags.member.1.Value': 'acme',
    });
    expect(signedWith(assumptions()[0])).toEqual({ key: 'AKIDEXAMPLE', region: 'cn-north-1' });
  });

  test('role by ARN: the id comes from it, nothing asks STS who we are', async () => {
    const session = await sessions.open(
      roleAccount({ id: undefined, role: 'arn:aws:iam::999900001111:role/path/Provisioner' }),
    );
    expect(session.accountId).toBe('999900001111');
    expect(server.seen).toHaveLength(1);
    expect(assumptions()[0]?.form.get('RoleArn')).toBe('arn:aws:iam::999900001111:role/path/Provisioner');
  });

  test('without scope and external id neither is sent', async () => {
    await sessions.open(roleAccount());
    expect([...(assumptions()[0]?.form.keys() ?? [])]).not.toEqual(expect.arrayContaining(['Policy']));
    expect(assumptions()[0]?.form.has('ExternalId')).toBe(false);
  });

  test('session names keep to what STS takes', async () => {
    await sessions.open(roleAccount({ name: `ä${'x'.repeat(100)}` }));
    expect(assumptions()[0]?.form.get('RoleSessionName')).toMatch(/^[\w+=,.@-]{2,64}$/);
  });

  const longId = 'i'.repeat(60);
  test.each([
    ['ci.main', 'mallard-by-ci.main'],
    ['ada@example.org', 'mallard-by-ada@example.org'],
    ['ä / b', 'mallard-by-----b'],
    [`${longId}1`, expect.stringMatching(/^mallard-by-i{44}-[0-9a-f]{8}$/)],
  ])('for the token %j the session is named after it', async (tokenId, name) => {
    await sessions.open(roleAccount(), scope, tokenId);
    expect(assumptions()[0]?.form.get('RoleSessionName')).toEqual(name);
    expect(assumptions()[0]?.form.get('RoleSessionName')).toMatch(/^[\w+=,.@-]{2,64}$/);
  });

  test('two long token ids that begin alike have names of their own', async () => {
    for (const end of ['1', '2']) await sessions.open(roleAccount(), scope, longId + end);
    expect(new Set(assumptions().map(({ form }) => form.get('RoleSessionName'))).size).toBe(2);
  });

  test.each([
    [true, 'ci', 'mallard-by-ci'],
    [true, undefined, 'mallard-demo'],
    [false, 'ci', null],
  ])('with sourceIdentity %p and the token %p the source identity is %p', async (sourceIdentity, tokenId, expected) => {
    await sessions.open(roleAccount({ sourceIdentity }), scope, tokenId);
    expect(assumptions()[0]?.form.get('SourceIdentity')).toBe(expected);
  });

  test('within an operation the session is named after its token, unless another is told', async () => {
    const account = roleAccount();
    await withOperation({ operationId: 'op-1', tokenId: 'ci', mayCall: () => undefined }, async () => {
      await sessions.open(account, scope);
      await sessions.open(account, scope, 'other');
    });
    expect(assumptions().map(({ form }) => form.get('RoleSessionName'))).toEqual(['mallard-by-ci', 'mallard-by-other']);
    expect(assumptions()[0]?.headers['user-agent']).toContain(' op/op-1 ');
  });

  test('calls are signed with the session, and listeners hear of AssumeRole', async () => {
    const session = await sessions.open(roleAccount());
    await session.s3(new ListBucketsCommand({}));
    expect(signedWith(server.seen[1]).key).toBe('ASIASESSION1');
    expect(server.seen[1]?.headers['x-amz-security-token']).toBe('token-1');
    expect(calls.map(({ service, operation }) => `${service}:${operation}`)).toEqual([
      'sts:AssumeRole',
      's3:ListBuckets',
    ]);
  });
});

describe('sessions are shared', () => {
  test('concurrent opens and calls cost one AssumeRole', async () => {
    const account = roleAccount();
    const opened = await Promise.all(Array.from({ length: 20 }, () => sessions.open(account, { ...scope })));
    await Promise.all(opened.map(({ s3: send }) => send(new ListBucketsCommand({}))));
    expect(new Set(opened).size).toBe(1);
    expect(assumptions()).toHaveLength(1);
  });

  test.each([
    ['another policy', { ...scope, policy: '{"narrow":2}' }],
    ['another fallback', { ...scope, fallbackPolicy: '{"wide":2}' }],
    ['the texts divided differently', { policy: scope.policy + scope.fallbackPolicy, fallbackPolicy: '' }],
    ['no scope', undefined],
  ])('%s is another session', async (_title, other) => {
    const account = roleAccount();
    expect(await sessions.open(account, other)).not.toBe(await sessions.open(account, scope));
    expect(assumptions()).toHaveLength(2);
  });

  test('each token has one session per scope, however often it is opened', async () => {
    const account = roleAccount();
    const opened = await Promise.all(
      ['ci', 'ada', 'ci', undefined].map((tokenId) => sessions.open(account, scope, tokenId)),
    );
    expect(new Set(opened).size).toBe(3);
    expect(opened[2]).toBe(opened[0]);
    expect(assumptions()).toHaveLength(3);
  });

  test('an account without a role has one session for all tokens', async () => {
    const account = accountOf({ endpoint: server.url });
    expect(await sessions.open(account, scope, 'ci')).toBe(await sessions.open(account, undefined, 'ada'));
  });

  test('tokens that are many are forgotten, and their sessions assumed anew', async () => {
    const account = roleAccount();
    for (let n = 0; n < 101; n += 1) await sessions.open(account, scope, `token-${n}`);
    await sessions.open(account, scope, 'token-100');
    expect(assumptions()).toHaveLength(101);
    await sessions.open(account, scope, 'token-0');
    expect(assumptions()).toHaveLength(102);
  });

  test('scopes that are many are forgotten, the one used last is kept', async () => {
    const account = roleAccount();
    const first = await sessions.open(account, scope);
    for (let n = 0; n < 150; n += 1) {
      await sessions.open(account, { policy: `{"n":${n}}`, fallbackPolicy: '{}' });
      if (n === 80) expect(await sessions.open(account, scope)).toBe(first);
    }
    const kept = await sessions.open(account, scope);
    expect(kept).toBe(first);
    const before = assumptions().length;
    await sessions.open(account, { policy: '{"n":0}', fallbackPolicy: '{}' });
    expect(assumptions()).toHaveLength(before + 1);
  });

  test('a failure is not kept', async () => {
    const account = roleAccount();
    sts = [queryError(503, 'ServiceUnavailable')];
    expect(await errorOf(sessions.open(account))).toMatchObject({
      kind: 'unavailable',
      origin: { call: 'AssumeRole', effect: 'none' },
    });
    await expect(sessions.open(account)).resolves.toBeDefined();
  });
});

describe('policies that are too large', () => {
  test('PackedPolicyTooLarge is answered with the wider policy, and renewals begin with it', async () => {
    sts = [queryError(400, 'PackedPolicyTooLarge')];
    const session = await sessions.open(roleAccount(), scope);
    clock.advance(899_000);
    await session.s3(new ListBucketsCommand({}));
    expect(assumptions().map(({ form }) => form.get('Policy'))).toEqual([
      scope.policy,
      scope.fallbackPolicy,
      scope.fallbackPolicy,
    ]);
  });

  test('more characters than STS takes are not even tried', async () => {
    await sessions.open(roleAccount(), { ...scope, policy: 'x'.repeat(2_049) });
    expect(assumptions().map(({ form }) => form.get('Policy'))).toEqual([scope.fallbackPolicy]);
  });

  test('two refusals are a fault of ours, with its cause', async () => {
    sts = [queryError(400, 'PackedPolicyTooLarge'), queryError(400, 'PackedPolicyTooLarge')];
    expect(await errorOf(sessions.open(roleAccount(), scope))).toMatchObject({
      kind: 'unforeseen',
      origin: { code: 'PackedPolicyTooLarge' },
    });
    expect(assumptions()).toHaveLength(2);
  });
});

describe('what cannot be assumed', () => {
  test.each([
    [
      'AccessDenied',
      queryError(403, 'AccessDenied', 'User: arn:aws:iam::1:user/x is not authorized'),
      'misconfigured',
      'accounts.demo.role',
    ],
    ['no such role', queryError(404, 'NoSuchEntity'), 'misconfigured', 'accounts.demo.role'],
    [
      'a name STS does not take',
      queryError(400, 'ValidationError', '1 validation error at roleArn'),
      'misconfigured',
      'accounts.demo.role',
    ],
    [
      'sessions too long for the role',
      queryError(
        400,
        'ValidationError',
        'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      ),
      'misconfigured',
      'accounts.demo.sessionSeconds',
    ],
    ['own keys unknown', queryError(403, 'InvalidClientTokenId'), 'misconfigured', 'accounts.demo'],
    ['a region that is off', queryError(403, 'RegionDisabledException'), 'misconfigured', 'accounts.demo.region'],
    ['a policy with a fault', queryError(400, 'MalformedPolicyDocument'), 'unforeseen', undefined],
    ['throttling', queryError(400, 'Throttling'), 'throttled', undefined],
    [
      'an answer without credentials',
      xml(200, '<AssumeRoleResponse><AssumeRoleResult></AssumeRoleResult></AssumeRoleResponse>'),
      'misconfigured',
      'accounts.demo.role',
    ],
  ])('%s', async (_title, answer, kind, setting) => {
    sts = [answer];
    const error = await errorOf(sessions.open(roleAccount(), scope));
    expect(error).toMatchObject({ kind, ...(setting !== undefined && { setting }), origin: { effect: 'none' } });
    expect(error.detail).not.toContain('arn:');
  });

  test('a bare role name without an id', async () => {
    expect(await errorOf(sessions.open(roleAccount({ id: undefined })))).toMatchObject({
      kind: 'misconfigured',
      setting: 'accounts.demo.id',
    });
    expect(server.seen).toHaveLength(0);
  });

  test('an ARN of another account than the id', async () => {
    const account = roleAccount({ role: 'arn:aws:iam::999900001111:role/Provisioner' });
    expect(await errorOf(sessions.open(account))).toMatchObject({
      kind: 'misconfigured',
      setting: 'accounts.demo.role',
    });
    expect(server.seen).toHaveLength(0);
  });
});

describe('renewal', () => {
  const list = async (session: Awaited<ReturnType<Sessions['open']>>): Promise<string> => {
    await session.s3(new ListBucketsCommand({}));
    return signedWith(server.seen.filter((seen) => !isAssume(seen)).at(-1)).key;
  };

  test('a session near its end is replaced before the next call', async () => {
    const session = await sessions.open(roleAccount());
    clock.advance(599_000);
    expect(await list(session)).toBe('ASIASESSION1');
    expect(assumptions()).toHaveLength(1);
    clock.advance(250_000);
    const keys = await Promise.all([list(session), list(session), list(session)]);
    expect(new Set(keys)).toEqual(new Set(['ASIASESSION2']));
    expect(assumptions()).toHaveLength(2);
  });

  test('while STS is down a session is used to its last second, then the call fails as unavailable and has no effect', async () => {
    const session = await sessions.open(roleAccount());
    clock.advance(899_000);
    sts = [queryError(503, 'ServiceUnavailable'), queryError(503, 'ServiceUnavailable')];
    expect(await list(session)).toBe('ASIASESSION1');
    expect(assumptions()).toHaveLength(2);
    clock.advance(1_000);
    expect(await errorOf(session.s3(new ListBucketsCommand({})))).toMatchObject({
      kind: 'unavailable',
      origin: { call: 'AssumeRole', effect: 'none' },
    });
    expect(await list(session)).toBe('ASIASESSION4');
  });

  test.each(['ExpiredToken', 'InvalidToken', 'InvalidAccessKeyId'])(
    '%s in the middle: retryable, no effect, and the next attempt has a new session',
    async (code) => {
      const session = await sessions.open(roleAccount());
      s3 = s3Error(400, code);
      expect(await errorOf(session.s3(new ListBucketsCommand({})))).toMatchObject({
        kind: 'unavailable',
        origin: { code, effect: 'none' },
      });
      s3 = emptyBucketList;
      expect(await list(session)).toBe('ASIASESSION2');
    },
  );

  test('calls that were refused together renew once', async () => {
    const session = await sessions.open(roleAccount());
    s3 = s3Error(400, 'ExpiredToken');
    const errors = await Promise.all(Array.from({ length: 8 }, () => errorOf(session.s3(new ListBucketsCommand({})))));
    expect(new Set(errors.map(({ kind }) => kind))).toEqual(new Set(['unavailable']));
    s3 = emptyBucketList;
    await Promise.all([list(session), list(session)]);
    expect(assumptions()).toHaveLength(2);
  });

  test('sessions that are refused one after the other are the operator’s affair', async () => {
    const session = await sessions.open(roleAccount());
    s3 = queryError(403, 'InvalidClientTokenId');
    const kinds: string[] = [];
    for (let n = 0; n < 5; n += 1) kinds.push((await errorOf(session.iam(new ListUsersCommand({})))).kind);
    expect(kinds).toEqual(['unavailable', 'unavailable', 'unavailable', 'misconfigured', 'misconfigured']);
  });
});
