import { operations } from '../../src/http/contract/document';
import { httpConfig, startHttp, type HttpHarness } from '../support/http';

const BUCKETS = '/v1/s3/demo/buckets';
const BUCKET = `${BUCKETS}/foobarbucketname`;
const USERS = `${BUCKET}/users`;
const USER = `${USERS}/somebucketuser`;
const SITE = '/v1/s3/demo/websites/foobar.bulldogs.cloud';
const CLEANER = '/v1/s3/demo/cleaner';

let http: HttpHarness;
beforeEach(async () => {
  http = await startHttp();
  await http.send(BUCKETS, { method: 'POST', body: { BucketInput: { Bucket: 'foobarbucketname' } } });
});
afterEach(() => http.close());

const ask: HttpHarness['ask'] = (...asked) => http.ask(...asked);

describe('methods and paths', () => {
  test.each([
    ['PATCH', BUCKET, 'DELETE, GET, HEAD, OPTIONS, PUT'],
    ['PUT', BUCKETS, 'GET, HEAD, OPTIONS, POST'],
    ['POST', USER, 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT'],
    ['DELETE', '/ping', 'GET, HEAD, OPTIONS'],
    ['TRACE', `${BUCKET}/duck`, 'GET, HEAD, OPTIONS'],
    ['PROPFIND', BUCKET, 'DELETE, GET, HEAD, OPTIONS, PUT'],
    ['POST', SITE, 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT'],
    ['POST', `${SITE}/users/u`, 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT'],
    ['POST', CLEANER, 'GET, HEAD, OPTIONS'],
    ['GET', `${CLEANER}/run`, 'OPTIONS, POST'],
  ])('%s %s is 405 with Allow', async (method, path, allow) => {
    const seen = await ask('showBucket', path, { method });
    expect([seen.status, seen.header('allow')]).toEqual([405, allow]);
  });

  test.each([
    '/',
    '/v1',
    '/v1/s3',
    '/v1/s3/',
    '/v1/s3/demo',
    `${BUCKETS}/`,
    `${BUCKET}/`,
    '/v1/s3//demo/buckets',
    '//v1/s3/demo/buckets',
    '/V1/s3/demo/buckets',
    '/v1/s3/demo/Buckets',
    '/ping/',
    '/Ping',
    `${BUCKET}/duck/x`,
    '/v1/s3/demo/sites',
    `${SITE}/users/u/x`,
    `${CLEANER}/`,
    '/v1/s3/demo/buckets/a/users//x',
    '/.%2e/ping',
    '*',
  ])('%s is 404 with a token and 403 without', async (path) => {
    const seen = await ask('showBucket', path);
    expect(seen.status).toBe(404);
    expect((await ask('showBucket', path, { token: null })).status).toBe(403);
  });

  test.each([
    `${BUCKETS}/a%2Fb`,
    `${BUCKETS}/..%2f..`,
    `${BUCKETS}/a%00b`,
    `${BUCKETS}/%E0%A4%A`,
    `${BUCKETS}/%`,
    `${BUCKETS}/a%20b`,
    `${BUCKETS}/ab`,
    `${BUCKETS}/${'a'.repeat(256)}`,
    `${USERS}/a%2Fb`,
    `${USERS}/${'u'.repeat(65)}`,
    `${BUCKETS}?dryRun=true`,
    `${BUCKET}/duck?Path=x`,
    `${BUCKET}/duck?path=a&path=b`,
    `${BUCKET}/duck?path=%00`,
    `${BUCKET}/duck?path=%zz`,
    `${BUCKET}/duck?user=a%20b`,
    `${BUCKET}/duck?__proto__=a`,
    '/v1/s3/demo/websites/a%2Fb',
    '/v1/s3/demo/websites/ab',
    `${SITE}/duck?Path=x`,
    `${SITE}?dryRun=true`,
    `${CLEANER}?dryRun=true`,
    '/ping?x=1',
  ])('GET %s is 400', async (path) => {
    const seen = await ask('showBucket', path);
    expect(seen.status).toBe(400);
  });

  /** What clients that keep to the URL standard never send as it is: they resolve it. */
  const DOTS = ['.', '..', '%2e', '%2E%2e', '.%2e'];
  const GIVEN: Readonly<Record<string, string>> = {
    account: 'demo',
    bucket: 'foobarbucketname',
    website: 'foobar.bulldogs.cloud',
    user: 'somebucketuser',
    key: 'AKIAJTGA5ITTTJ7WOR7A',
    tool: 'env',
    path: 'a',
  };
  const placeholders = operations.flatMap(({ operationId, method, path, parameters }) =>
    // An unknown account is 404 whatever it is called; keys of objects are provisioning's to judge (e2e/objects.test.ts).
    parameters
      .filter((parameter) => parameter.in === 'path' && parameter.name !== 'account' && !parameter.isWildcard)
      .map(({ name }) => [operationId, method, path, name] as const),
  );
  test.each(placeholders)('%s: %s %s with a dot or two for {%s} is 400', async (_operationId, method, path, name) => {
    for (const dots of DOTS) {
      const asked = path.replace(/\{(\w+)\}/g, (_, placeholder: string) =>
        placeholder === name ? dots : (GIVEN[placeholder] ?? 'unknown'),
      );
      const { status, body } = await http.send(asked, {
        method,
        ...(['POST', 'PUT', 'PATCH'].includes(method) && { body: {} }),
      });
      expect([asked, status]).toEqual([asked, 400]);
      if (method !== 'HEAD') expect(body).toMatchObject({ detail: expect.stringMatching(`^/${name} must be `) });
    }
  });

  test('an unknown query parameter is told the known ones', async () => {
    const { body } = await http.send(`${BUCKET}/duck?paht=x`);
    expect(body).toMatchObject({ detail: 'the query has an unknown parameter "paht"; known: path, user' });
  });
});

describe('OPTIONS and CORS', () => {
  test('204 with Allow and no token; CORS headers for nobody by default', async () => {
    const seen = await http.send(BUCKET, { method: 'OPTIONS', token: null, headers: { Origin: 'https://a.example' } });
    expect([seen.status, seen.text, seen.header('allow')]).toEqual([204, '', 'DELETE, GET, HEAD, OPTIONS, PUT']);
    expect(Object.keys(seen.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect((await http.send('/nothing', { method: 'OPTIONS', token: null })).status).toBe(404);
  });

  test('configured origins get theirs, on refusals too; others get none; never *', async () => {
    http.config = httpConfig({ corsOrigins: ['https://a.example'] });
    const from = (Origin: string, method: string) => http.send(BUCKETS, { method, token: null, headers: { Origin } });
    const preflight = await from('https://a.example', 'OPTIONS');
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': 'https://a.example',
      'access-control-allow-methods': 'GET, HEAD, OPTIONS, POST',
      'access-control-allow-headers': expect.stringContaining('X-Auth-Token'),
      vary: 'Origin',
    });
    expect((await from('https://a.example', 'GET')).headers).toMatchObject({
      'access-control-allow-origin': 'https://a.example',
      'access-control-expose-headers': expect.stringContaining('X-Operation-Id'),
    });
    const large = await http.send(BUCKETS, {
      method: 'POST',
      body: 'x'.repeat(65_537),
      headers: { Origin: 'https://a.example' },
    });
    expect([large.status, large.header('access-control-allow-origin')]).toEqual([413, 'https://a.example']);
    for (const origin of ['https://b.example', 'null', 'https://a.example.evil', '']) {
      expect((await from(origin, 'OPTIONS')).headers).not.toHaveProperty('access-control-allow-origin');
    }
  });
});
