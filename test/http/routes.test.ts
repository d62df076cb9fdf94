import { CANARY } from '../support/mocks/fake-provisioning';
import { startHttp, type HttpHarness } from '../support/http';

const BUCKETS = '/v1/s3/demo/buckets';
const BUCKET = `${BUCKETS}/foobarbucketname`;
const USERS = `${BUCKET}/users`;
const USER = `${USERS}/somebucketuser`;
const SEED_TAGS = [
  { Key: 'Application', Value: 'HowToGet' },
  { Key: 'COA', Value: 'Take.My.Money.$$$$' },
  { Key: 'CreatedBy', Value: 'Big Bird' },
];

let http: HttpHarness;
beforeEach(async () => {
  http = await startHttp();
});
afterEach(() => http.close());

const ask: HttpHarness['ask'] = (...asked) => http.ask(...asked);

const createBucket = () =>
  ask('createBucket', BUCKETS, {
    method: 'POST',
    body: { Tags: SEED_TAGS, Lifecycle: 'deep-archive', BucketInput: { Bucket: 'foobarbucketname' } },
  });
const createUser = () => ask('createUser', USERS, { method: 'POST', body: { User: { UserName: 'somebucketuser' } } });

describe('public routes', () => {
  test.each(['', '/v1/s3'])('below "%s": ping, version, metrics and readiness need no token', async (base) => {
    const suffix = base === '' ? 'AtRoot' : '';
    expect((await ask(`ping${suffix}`, `${base}/ping`, { token: null })).text).toBe('pong');
    expect((await ask(`version${suffix}`, `${base}/version`, { token: null })).body).toEqual({
      version: '1.0.0',
      githash: '0a1b2c3',
      buildstamp: '2026-11-22T16:00:00Z',
    });
    const metrics = await ask(`metrics${suffix}`, `${base}/metrics`, { token: null });
    expect(metrics.header('content-type')).toContain('version=0.0.4');
    expect(metrics.text).toContain('up 1');
    expect((await ask(`ready${suffix}`, `${base}/health/ready`, { token: null })).body).toEqual({ status: 'ready' });
  });

  test('while starting or draining: not ready, no new writes, reads go on', async () => {
    await createBucket();
    http.isReady = false;
    const ready = await ask('ready', '/v1/s3/health/ready', { token: null });
    expect([ready.status, ready.header('retry-after')]).toEqual([503, '5']);
    expect((await ask('deleteBucket', BUCKET, { method: 'DELETE' })).status).toBe(503);
    expect((await ask('showBucket', BUCKET)).status).toBe(200);
    expect((await ask('ping', '/v1/s3/ping')).status).toBe(200);
  });

  test('HEAD is answered like GET, without a body', async () => {
    const seen = await http.send('/ping', { method: 'HEAD', token: null });
    expect([seen.status, seen.text, seen.header('content-length')]).toEqual([200, '', '4']);
  });
});

describe('buckets', () => {
  test('from creation to deletion, in the words of the contract', async () => {
    const created = await createBucket();
    expect(created.status).toBe(202);
    expect(created.header('x-operation-id')).toBe('op-1');
    expect(created.body).toEqual({
      Bucket: '/foobarbucketname',
      Policy: {
        Arn: 'arn:aws:iam::123456789012:policy/foobarbucketname-BktAdmPlc',
        AttachmentCount: 0,
        CreateDate: '2019-03-01T15:33:52Z',
        DefaultVersionId: 'v1',
        Description: null,
        IsAttachable: true,
        Path: '/',
        PermissionsBoundaryUsageCount: 0,
        PolicyId: 'ABCDEFGHI12345678',
        PolicyName: 'foobarbucketname-BktAdmPlc',
        UpdateDate: '2019-03-01T15:33:52Z',
      },
      Group: {
        Arn: 'arn:aws:iam::123456789012:group/foobarbucketname-BktAdmGrp',
        CreateDate: '2019-03-01T15:33:52Z',
        GroupId: 'GROUPID123',
        GroupName: 'foobarbucketname-BktAdmGrp',
        Path: '/',
      },
    });
    expect((await ask('listBuckets', BUCKETS)).body).toEqual(['foobarbucketname']);
    expect((await ask('headBucket', BUCKET, { method: 'HEAD' })).status).toBe(200);
    expect((await ask('showBucket', BUCKET)).body).toEqual({
      Tags: SEED_TAGS,
      Logging: { TargetBucket: 'foobar-buckets-access-logs', TargetGrants: null, TargetPrefix: 's3/foobarbucketname/' },
      Empty: true,
    });
    const updated = await ask('updateBucket', BUCKET, { method: 'PUT', body: { Tags: [] } });
    expect([updated.status, updated.text, updated.header('x-operation-id')]).toEqual([200, '{}', 'op-2']);
    expect((await ask('showBucket', BUCKET)).body).toMatchObject({ Tags: [] });
    const deleted = await ask('deleteBucket', BUCKET, { method: 'DELETE' });
    expect([deleted.status, deleted.text]).toEqual([200, '{}']);
    expect((await ask('headBucket', BUCKET, { method: 'HEAD' })).status).toBe(404);
  });

  test('HEAD never has a body, whatever the status', async () => {
    for (const [path, token, status] of [
      [BUCKET, undefined, 404],
      ['/v1/s3/nowhere/buckets/foobarbucketname', undefined, 404],
      [BUCKET, null, 403],
      [`${BUCKETS}/a`, undefined, 400],
    ] as const) {
      const seen = await ask('headBucket', path, { method: 'HEAD', ...(token === null && { token }) });
      expect([seen.status, seen.text]).toEqual([status, '']);
    }
  });

  test('an account is found by its id, too', async () => {
    await createBucket();
    expect((await ask('listBuckets', '/v1/s3/123456789012/buckets')).body).toEqual(['foobarbucketname']);
    expect((await ask('listBuckets', '/v1/s3/210987654321/buckets')).status).toBe(404);
    expect((await ask('listBuckets', '/v1/s3/constructor/buckets')).status).toBe(404);
  });

  test('an account without IAM and without access logging shows null', async () => {
    await http.close();
    http = await startHttp({
      provisioning: {
        createBucket: async () => ({
          operationId: 'op-1',
          outcome: { state: 'succeeded', value: { Bucket: '/foobarbucketname', Policy: undefined, Group: undefined } },
        }),
        showBucket: async () => ({ Tags: [], Logging: undefined, Empty: false }),
      },
    });
    expect((await createBucket()).body).toEqual({ Bucket: '/foobarbucketname', Policy: null, Group: null });
    expect((await ask('showBucket', BUCKET)).body).toEqual({ Tags: [], Logging: null, Empty: false });
  });
});

describe('bookmarks', () => {
  test('come as a file to save, with path and user when asked for', async () => {
    await createBucket();
    await createUser();
    const seen = await ask('bookmarkBucket', `${BUCKET}/duck?path=photos%2F2019&user=somebucketuser`);
    expect(seen.status).toBe(200);
    expect(seen.header('content-type')).toBe('application/octet-stream');
    expect(seen.header('content-disposition')).toBe('attachment; filename="foobarbucketname.duck"');
    expect(seen.text).toContain('/foobarbucketname/photos/2019');
    expect(seen.text).toContain('AKIA0000000000000001');
    expect((await ask('bookmarkBucket', `${BUCKETS}/nothing-here/duck`)).status).toBe(404);
  });
});

describe('bucket users', () => {
  test('from creation to deletion; the secret is shown when it is made and never again', async () => {
    await createBucket();
    const created = await createUser();
    expect(created.status).toBe(200);
    expect(created.body).toEqual({
      User: {
        Arn: 'arn:aws:iam::123456789012:user/somebucketuser',
        CreateDate: '2019-03-01T15:33:52Z',
        PasswordLastUsed: null,
        Path: '/',
        PermissionsBoundary: null,
        Tags: null,
        UserId: 'AIDAJJSBBEAVOQLFAAUCG',
        UserName: 'somebucketuser',
      },
      AccessKey: {
        AccessKeyId: 'AKIA0000000000000001',
        CreateDate: '2019-03-01T15:33:52Z',
        SecretAccessKey: CANARY,
        Status: 'Active',
        UserName: 'somebucketuser',
      },
    });
    expect(created.header('cache-control')).toBe('no-store');
    expect((await ask('listUsers', USERS)).body).toMatchObject([{ UserName: 'somebucketuser', Tags: null }]);
    const shown = await ask('showUser', USER);
    expect(shown.body).toMatchObject({
      AccessKeys: [{ AccessKeyId: 'AKIA0000000000000001', Status: 'Active' }],
      Groups: [{ GroupName: 'foobarbucketname-BktAdmGrp' }],
      Policies: [{ PolicyName: 'foobarbucketname-BktAdmPlc' }],
    });
    expect(shown.text).not.toContain(CANARY);
    const reset = await ask('resetKeys', USER, { method: 'PUT' });
    expect(reset.body).toMatchObject({
      DeletedKeyIds: ['AKIA0000000000000001'],
      AccessKey: { SecretAccessKey: CANARY },
    });
    expect((await ask('deleteUser', USER, { method: 'DELETE' })).text).toBe('{}');
    expect((await ask('showUser', USER)).status).toBe(404);
    expect(http.provisioning.withdrawn).toEqual([]);
    expect(JSON.stringify(http.lines)).not.toContain(CANARY);
  });

  test('PUT takes a body that old clients send and does not look at it', async () => {
    await createBucket();
    await createUser();
    expect((await ask('resetKeys', USER, { method: 'PUT', body: 'not even JSON' })).status).toBe(200);
  });

  test('names with + @ = and , arrive as they were sent', async () => {
    await createBucket();
    const name = 'a+b=c,d@e_f.g-h';
    expect((await ask('createUser', USERS, { method: 'POST', body: { User: { UserName: name } } })).status).toBe(200);
    expect((await ask('showUser', `${USERS}/${name}`)).status).toBe(200);
    expect((await ask('showUser', `${USERS}/${encodeURIComponent(name)}`)).body).toMatchObject({
      User: { UserName: name },
    });
  });
});

describe('what every answer says', () => {
  test('the request id comes back when it is a plain token and is made new when it is not', async () => {
    expect((await http.send('/ping', { headers: { 'X-Request-Id': 'abc-1.2:3' } })).header('x-request-id')).toBe(
      'abc-1.2:3',
    );
    for (const odd of ['a b', 'a"b', '', 'x'.repeat(129)]) {
      expect((await http.send('/ping', { headers: { 'X-Request-Id': odd } })).header('x-request-id')).toMatch(
        /^id-\d+$/,
      );
    }
  });

  test('security headers, no caching, no word about what runs it', async () => {
    for (const seen of [
      await http.send(BUCKETS),
      await http.send('/nothing'),
      await http.send('/ping', { token: null }),
    ]) {
      expect(seen.headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      });
      expect(seen.headers).not.toHaveProperty('x-powered-by');
      expect(seen.headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  test('one log line and one observation a request, by template', async () => {
    await createBucket();
    await http.send(BUCKET, { headers: { 'X-Request-Id': 'mine' } });
    await http.send('/v1/s3/demo/nothing');
    expect(http.lines).toHaveLength(3);
    expect(http.lines[1]).toMatchObject({
      level: 'info',
      msg: 'request',
      requestId: 'mine',
      method: 'GET',
      route: '/v1/s3/{account}/buckets/{bucket}',
      status: 200,
      tokenId: 'main',
      account: 'demo',
    });
    expect(http.observed).toEqual([
      { route: '/v1/s3/{account}/buckets', method: 'POST', status: 202, seconds: 0 },
      { route: '/v1/s3/{account}/buckets/{bucket}', method: 'GET', status: 200, seconds: 0 },
      { route: undefined, method: 'GET', status: 404, seconds: 0 },
    ]);
  });

  test('work runs where its log lines get the request id', async () => {
    await http.close();
    const ran: unknown[] = [];
    http = await startHttp({
      withRequest: (request, handle) => {
        ran.push(request);
        return handle();
      },
    });
    await http.send('/v1/s3/demo/buckets', { headers: { 'X-Request-Id': 'mine' } });
    const path = '/v1/s3/demo/buckets';
    expect(ran).toEqual([
      {
        id: 'mine',
        method: 'GET',
        path,
        tokenId: 'main',
        actor: undefined,
        endpoint: 'listBuckets',
        began: expect.any(Function),
        acts: expect.any(Function),
      },
    ]);
  });
});
