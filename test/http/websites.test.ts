import { DomainFailure } from '../../src/base/errors';
import { CANARY, LEFT } from '../support/mocks/fake-provisioning';
import { accountConfig, startHttp, type HttpHarness, type Sent } from '../support/http';

const WEBSITES = '/v1/s3/demo/websites';
const SITE = `${WEBSITES}/foobar.bulldogs.cloud`;
const USERS = `${SITE}/users`;
const USER = `${USERS}/somebucketuser`;
const CLEANER = '/v1/s3/demo/cleaner';
const TAGS = [{ Key: 'COA', Value: 'Take.My.Money.$$$$' }];
const INPUT = {
  Tags: TAGS,
  BucketInput: { Bucket: 'foobar.bulldogs.cloud' },
  WebsiteConfiguration: { IndexDocument: { Suffix: 'index.html' } },
};

let http: HttpHarness;
beforeEach(async () => {
  http = await startHttp();
});
afterEach(() => http.close());

const ask: HttpHarness['ask'] = (...asked) => http.ask(...asked);

const create = (body: unknown = INPUT) => ask('createWebsite', WEBSITES, { method: 'POST', body });
const patch = (body: unknown) => ask('invalidateCache', SITE, { method: 'PATCH', body });
const createUser = (body: unknown) => ask('createWebsiteUser', USERS, { method: 'POST', body });

describe('websites', () => {
  test('from creation to deletion, in the words of the contract', async () => {
    const created = await create();
    expect([created.status, created.header('x-operation-id')]).toEqual([202, 'op-1']);
    expect(created.body).toMatchObject({
      Bucket: '/foobar.bulldogs.cloud',
      Policy: { PolicyName: 'foobar.bulldogs.cloud-BktAdmPlc', Description: null },
      Group: { GroupName: 'foobar.bulldogs.cloud-BktAdmGrp' },
      Policies: [{ PolicyName: 'foobar.bulldogs.cloud-BktAdmPlc' }, { PolicyName: 'foobar.bulldogs.cloud-WebAdmPlc' }],
      Groups: [{ GroupName: 'foobar.bulldogs.cloud-BktAdmGrp' }, { GroupName: 'foobar.bulldogs.cloud-WebAdmGrp' }],
      Distribution: {
        ARN: 'arn:aws:cloudfront::12345678910:distribution/ABCDEFGHIJKL',
        DistributionConfig: { ViewerCertificate: { CloudFrontDefaultCertificate: null } },
        LastModifiedTime: '2019-05-09T10:50:35.790Z',
      },
      DnsChange: { Id: '/change/C176E51B123456', SubmittedAt: '2019-05-09T10:50:37.194Z' },
    });
    expect((await create()).status).toBe(409);
    expect((await ask('listWebsites', WEBSITES)).body).toEqual(['foobar.bulldogs.cloud']);
    expect((await ask('headWebsite', SITE, { method: 'HEAD' })).status).toBe(200);
    expect((await ask('showWebsite', SITE)).body).toMatchObject({
      Tags: TAGS,
      Logging: { TargetPrefix: 's3/foobar.bulldogs.cloud/', TargetGrants: null },
      Empty: true,
      DNSRecord: { Name: 'foobar.bulldogs.cloud.', Type: 'A', TTL: null },
      Distribution: { Id: 'ABCDEFGHIJKLMNOP' },
    });
    expect((await ask('updateWebsite', SITE, { method: 'PUT', body: { Tags: [] } })).text).toBe('{}');
    expect((await ask('showWebsite', SITE)).body).toMatchObject({ Tags: [] });
    const deleted = await ask('deleteWebsite', SITE, { method: 'DELETE' });
    expect(deleted.status).toBe(200);
    expect(deleted.body).toMatchObject({
      Website: 'foobar.bulldogs.cloud',
      Users: [],
      Policies: ['foobar.bulldogs.cloud-BktAdmPlc', 'foobar.bulldogs.cloud-WebAdmPlc'],
      Groups: ['foobar.bulldogs.cloud-BktAdmGrp', 'foobar.bulldogs.cloud-WebAdmGrp'],
      DNSRecord: { Type: 'A', Weight: null },
      Distribution: { Status: 'InProgress' },
      DnsChange: { Status: 'PENDING' },
    });
    expect((await ask('headWebsite', SITE, { method: 'HEAD' })).status).toBe(404);
  });

  test('is asked for as a website, never as a bucket', async () => {
    await create();
    expect((await ask('listBuckets', '/v1/s3/demo/buckets')).body).toEqual([]);
    for (const rest of ['', '/duck', '/users', '/users/u']) {
      expect((await http.send(`/v1/s3/demo/buckets/foobar.bulldogs.cloud${rest}`)).status).toBe(404);
    }
  });

  test('where DNS record and distribution are gone, they are null', async () => {
    await http.close();
    const none = { DNSRecord: undefined, Distribution: undefined, DnsChange: undefined };
    http = await startHttp({
      provisioning: {
        showWebsite: async () => ({ Tags: [], Logging: undefined, Empty: false, ...none }),
        deleteWebsite: async (_account, Website) => ({
          operationId: 'op-1',
          outcome: { state: 'succeeded', value: { Website, Users: ['u'], Policies: [], Groups: [], ...none } },
        }),
      },
    });
    expect((await ask('showWebsite', SITE)).body).toEqual({
      Tags: [],
      Logging: null,
      Empty: false,
      DNSRecord: null,
      Distribution: null,
    });
    expect((await ask('deleteWebsite', SITE, { method: 'DELETE' })).body).toEqual({
      Website: 'foobar.bulldogs.cloud',
      Users: ['u'],
      Policies: [],
      Groups: [],
      DNSRecord: null,
      Distribution: null,
      DnsChange: null,
    });
  });

  test('an account that cannot have any says 501, HEAD included', async () => {
    await http.close();
    const refuse = async () => {
      throw new DomainFailure({ kind: 'unsupported', detail: 'a store without IAM' });
    };
    http = await startHttp({
      config: { accounts: new Map([['demo', accountConfig('demo', { iam: false })]]) },
      provisioning: {
        listWebsites: refuse,
        requireWebsite: refuse,
        showWebsite: refuse,
        createWebsite: refuse,
        previewCleaner: refuse,
      },
    });
    expect((await ask('listWebsites', WEBSITES)).status).toBe(501);
    expect((await ask('headWebsite', SITE, { method: 'HEAD' })).status).toBe(501);
    expect((await ask('showWebsite', SITE)).status).toBe(501);
    expect((await create()).status).toBe(501);
    expect((await ask('previewCleaner', CLEANER)).status).toBe(501);
  });

  const rules = (Redirect: object, Condition: object = { KeyPrefixEquals: 'docs/' }) => ({
    IndexDocument: { Suffix: 'i.html' },
    RoutingRules: [{ Condition, Redirect }],
  });
  test.each([
    [{ IndexDocument: { Suffix: 'index.html' }, ErrorDocument: { Key: 'errors/404.html' } }],
    [{ RedirectAllRequestsTo: { HostName: 'example.org', Protocol: 'https' } }],
    [rules({ ReplaceKeyPrefixWith: '' })],
    [
      rules(
        { HostName: 'example.org', HttpRedirectCode: '301', Protocol: 'https', ReplaceKeyWith: 'x' },
        { HttpErrorCodeReturnedEquals: '404' },
      ),
    ],
    [{ RoutingRules: Array.from({ length: 50 }, () => ({ Redirect: { HostName: 'example.org' } })) }],
    [{}],
  ])('the configuration %j is taken', async (WebsiteConfiguration) => {
    expect((await create({ ...INPUT, WebsiteConfiguration })).status).toBe(202);
  });

  test.each([
    [{ IndexDocument: { Suffix: '' } }, '/IndexDocument/Suffix must be the name of a file, without a slash'],
    [
      { IndexDocument: { Suffix: 'a/index.html' } },
      '/IndexDocument/Suffix must be the name of a file, without a slash',
    ],
    [{ IndexDocument: {} }, '/IndexDocument lacks "Suffix"'],
    [{ ErrorDocument: { Key: '' } }, '/ErrorDocument/Key must have at least 1 character(s)'],
    [
      { RedirectAllRequestsTo: { HostName: 'x' }, IndexDocument: { Suffix: 'i' } },
      '/IndexDocument is not allowed here: RedirectAllRequestsTo stands alone',
    ],
    [
      { RedirectAllRequestsTo: { HostName: 'x' }, RoutingRules: [{ Redirect: { HostName: 'y' } }] },
      '/RoutingRules is not allowed here: RedirectAllRequestsTo stands alone',
    ],
    [
      { RedirectAllRequestsTo: { HostName: 'x', Protocol: 'ftp' } },
      '/RedirectAllRequestsTo/Protocol must be one of http, https',
    ],
    [
      rules({}),
      '/RoutingRules/0/Redirect must have at least one of HostName, HttpRedirectCode, Protocol, ReplaceKeyPrefixWith, ReplaceKeyWith',
    ],
    [
      rules({ HostName: 'x' }, {}),
      '/RoutingRules/0/Condition must have at least one of HttpErrorCodeReturnedEquals, KeyPrefixEquals',
    ],
    [
      rules({ ReplaceKeyPrefixWith: 'a', ReplaceKeyWith: 'b' }),
      '/RoutingRules/0/Redirect/ReplaceKeyWith is not allowed here: a Redirect has either ReplaceKeyPrefixWith or ReplaceKeyWith',
    ],
    [
      rules({ HttpRedirectCode: '300' }),
      '/RoutingRules/0/Redirect/HttpRedirectCode must be a status from 301 to 399, as text',
    ],
    [
      rules({ HostName: 'x' }, { HttpErrorCodeReturnedEquals: '302' }),
      '/RoutingRules/0/Condition/HttpErrorCodeReturnedEquals must be a status from 400 to 599, as text',
    ],
    [
      { RoutingRules: Array.from({ length: 51 }, () => ({ Redirect: { HostName: 'x' } })) },
      '/RoutingRules must have at most 50 items',
    ],
    [
      { Index: {} },
      ' has an unknown member "Index"; known: IndexDocument, ErrorDocument, RedirectAllRequestsTo, RoutingRules',
    ],
  ])('the configuration %j is 400', async (WebsiteConfiguration, detail) => {
    const seen = await create({ ...INPUT, WebsiteConfiguration });
    expect(seen.body).toMatchObject({ status: 400, detail: `/WebsiteConfiguration${detail}` });
  });
});

describe('cache invalidations', () => {
  test('give the invalidation and its place', async () => {
    await create();
    const seen = await patch({ CacheInvalidation: ['/*'] });
    expect(seen.status).toBe(200);
    expect(seen.body).toEqual({
      Invalidation: {
        CreateTime: '2019-03-01T15:33:52Z',
        Id: 'GGHHIIJJKKLLOO',
        InvalidationBatch: { CallerReference: 'op-1', Paths: { Items: ['/*'], Quantity: 1 } },
        Status: 'InProgress',
      },
      Location: expect.stringMatching(/^https:\/\/cloudfront\.amazonaws\.com\//),
    });
  });

  test.each([
    [{}, 'the body lacks "CacheInvalidation"'],
    [{ CacheInvalidation: '/*' }, '/CacheInvalidation must be an array'],
    [{ CacheInvalidation: [] }, '/CacheInvalidation must have at least 1 item(s)'],
    [
      { CacheInvalidation: ['x'] },
      '/CacheInvalidation/0 must be a path, which begins with a slash, or # and a cache tag',
    ],
    [{ CacheInvalidation: [7] }, '/CacheInvalidation/0 must be a string'],
    [
      { CacheInvalidation: Array.from({ length: 3_001 }, () => '/a') },
      '/CacheInvalidation must have at most 3000 items',
    ],
    [
      { Tags: [] },
      'the body lacks "CacheInvalidation"; the body has an unknown member "Tags"; known: CacheInvalidation',
    ],
  ])('%j is 400', async (body, detail) => {
    expect((await patch(body)).body).toMatchObject({ status: 400, detail });
  });

  test('3,000 paths are taken', async () => {
    await create();
    expect((await patch({ CacheInvalidation: Array.from({ length: 3_000 }, (_, i) => `/page-${i}`) })).status).toBe(
      200,
    );
  });
});

describe('website users', () => {
  test('from creation to deletion; a bucket of the same name knows nothing of them', async () => {
    await create();
    const made = await createUser({ User: { UserName: 'somebucketuser', Path: '/docs/' }, Groups: ['BktRWGrp'] });
    expect(made.status).toBe(200);
    expect(made.body).toMatchObject({ User: { Path: '/docs/' }, AccessKey: { SecretAccessKey: CANARY } });
    expect((await ask('listWebsiteUsers', USERS)).body).toMatchObject([{ UserName: 'somebucketuser' }]);
    const shown = await ask('showWebsiteUser', USER);
    expect(shown.body).toMatchObject({ AccessKeys: [{ AccessKeyId: 'AKIA0000000000000001' }] });
    expect(shown.text).not.toContain(CANARY);
    const duck = await ask('bookmarkWebsite', `${SITE}/duck?path=docs&user=somebucketuser`);
    expect(duck.header('content-disposition')).toBe('attachment; filename="foobar.bulldogs.cloud.duck"');
    expect(duck.text).toContain('/foobar.bulldogs.cloud/docs');
    const reset = await ask('resetWebsiteKeys', USER, { method: 'PUT' });
    expect(reset.body).toMatchObject({
      DeletedKeyIds: ['AKIA0000000000000001'],
      AccessKey: { SecretAccessKey: CANARY },
    });
    expect((await ask('deleteWebsiteUser', USER, { method: 'DELETE' })).text).toBe('{}');
    expect((await ask('showWebsiteUser', USER)).status).toBe(404);
    expect(JSON.stringify(http.lines)).not.toContain(CANARY);
  });

  test.each([
    [
      { User: { UserName: 'u' }, Groups: ['BkrAdmGrp', 'WebAdmGrp'] },
      '/Groups/0 must be one of BktAdmGrp, BktRWGrp, BktROGrp, WebAdmGrp; did you mean "BktAdmGrp"?',
    ],
    [{ User: { UserName: 'u', Path: 'docs' } }, expect.stringMatching(/^\/User\/Path must be `\/`, or the folder/)],
    [{ User: { UserName: 'u', Path: '/docs//' } }, expect.stringMatching(/^\/User\/Path must be/)],
    [{ User: { UserName: 'u', Path: '/a b/' } }, expect.stringMatching(/^\/User\/Path must be/)],
    [{ User: { UserName: 'u', Path: `/${'a'.repeat(511)}/` } }, '/User/Path must have at most 512 characters'],
    [{ User: {} }, '/User lacks "UserName"'],
  ])('%j is 400', async (body, detail) => {
    expect((await createUser(body)).body).toMatchObject({ status: 400, detail });
  });

  test.each(['/', '/docs/', '/docs/api-v1.2/'])('the path %s is taken', async (Path) => {
    await create();
    expect(
      (await createUser({ User: { UserName: 'u', Path }, Groups: ['BktAdmGrp', 'BktRWGrp', 'BktROGrp', 'WebAdmGrp'] }))
        .status,
    ).toBe(200);
  });
});

describe('the cleaner', () => {
  const shown = {
    ...LEFT,
    orphans: LEFT.orphans.map((orphan) => ({ ...orphan, ageSeconds: orphan.ageSeconds ?? null })),
  };
  const run = (sent: Sent = {}, query = '') => ask('runCleaner', `${CLEANER}/run${query}`, { method: 'POST', ...sent });

  test('shows what it would do, and removes orphans only when they are named', async () => {
    expect((await ask('previewCleaner', CLEANER)).body).toEqual(shown);
    const first = await run();
    expect([first.status, first.header('x-operation-id')]).toEqual([200, 'op-1']);
    expect(first.body).toEqual({ ...shown, orphans: [] });
    expect((await ask('previewCleaner', CLEANER)).body).toEqual({ distributions: [], orphans: [], nextRun: null });
    expect((await run({ body: { orphans: ['record/foobar.bulldogs.cloud'] } })).body).toMatchObject({
      orphans: [{ type: 'record', ageSeconds: null }],
    });
    expect(http.provisioning.cleaned).toEqual([[], ['record/foobar.bulldogs.cloud']]);
  });

  test.each([
    {},
    { body: '' },
    { body: ' \n' },
    { body: '{}' },
    { body: { orphans: [] } },
    { body: '', headers: { 'Content-Type': 'application/json' } },
  ])('with %j only distributions are deleted', async (sent) => {
    expect((await run(sent)).status).toBe(200);
    expect(http.provisioning.cleaned).toEqual([[]]);
  });

  test('a dry run changes nothing; its body is checked all the same', async () => {
    const dry = await run({ body: { orphans: ['record/foobar.bulldogs.cloud'] } }, '?dryRun=true');
    expect([dry.status, dry.header('x-operation-id'), dry.body]).toEqual([200, undefined, shown]);
    expect((await run({ body: { orphans: 'all' } }, '?dryRun=true')).status).toBe(400);
    expect(http.provisioning.cleaned).toEqual([]);
    expect((await run({}, '?dryRun=false')).status).toBe(200);
    expect(http.provisioning.cleaned).toEqual([[]]);
  });

  test.each([
    ['?dryRun=yes', undefined],
    ['?dryRun=', undefined],
    ['?dryRun=true&dryRun=false', undefined],
    ['?dryrun=true', undefined],
    ['?format=mermaid', undefined],
    ['?format=json', undefined],
    ['?dryRun=false&format=mermaid', undefined],
    ['?dryRun=true&format=dot', undefined],
    ['?dryRun=true&format=', undefined],
    ['', { orphans: ['bucket/x'] }],
    ['', { orphans: ['user/'] }],
    ['', { orphans: ['user/a b'] }],
    ['', { orphans: ['user/u', 'user/u'] }],
    ['', { orphan: ['user/u'] }],
    ['', '[]'],
    ['', 'null'],
  ])('%s with %j is 400', async (query, body) => {
    expect((await run({ body }, query)).status).toBe(400);
    expect(http.provisioning.cleaned).toEqual([]);
  });

  test('runs no more than other writes while the service drains', async () => {
    http.isReady = false;
    expect((await run()).status).toBe(503);
    expect((await run({}, '?dryRun=true')).status).toBe(200);
  });
});
