import { gzipSync } from 'node:zlib';
import { responseValidator } from '../../../src/http/contract/checks';
import { httpConfig, startHttp, type HttpHarness } from '../../support/http';
import { rawExchange } from '../../support/raw-http';

const BUCKETS = '/v1/s3/demo/buckets';
const BUCKET = `${BUCKETS}/foobarbucketname`;
const USERS = `${BUCKET}/users`;
const GOOD = '{"BucketInput":{"Bucket":"foobarbucketname"}}';

let http: HttpHarness;
beforeEach(async () => {
  http = await startHttp();
});
afterEach(() => http.close());

async function post(body: unknown, headers = {}, path = BUCKETS) {
  const seen = await http.send(path, { method: 'POST', body, headers });
  expect(responseValidator(path === BUCKETS ? 'createBucket' : 'createUser', seen.status)?.(seen)).toEqual([]);
  return {
    ...seen,
    detail: (seen.body as { detail?: string }).detail,
    pointer: (seen.body as { pointer?: string }).pointer,
  };
}

describe('how a body may be declared', () => {
  test.each([
    ['no type', {}],
    ["curl's default", { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['JSON', { 'Content-Type': 'application/json; charset=utf-8' }],
    ['a kind of JSON', { 'Content-Type': 'application/vnd.x+json' }],
    ['chunks', { 'Transfer-Encoding': 'chunked' }],
    ['an identity encoding', { 'Content-Encoding': 'identity' }],
  ])('%s is taken as JSON', async (_title, headers) => {
    expect((await post(GOOD, headers)).status).toBe(202);
  });

  test.each([
    [{ 'Content-Type': 'multipart/form-data; boundary=x' }],
    [{ 'Content-Type': 'application/xml' }],
    [{ 'Content-Type': 'text/plain' }],
    [{ 'Content-Type': 'application/json; charset=utf-16' }],
    [{ 'Content-Encoding': 'gzip' }],
  ])('%j is 415', async (headers) => {
    const seen = await post('Content-Encoding' in headers ? gzipSync(GOOD) : GOOD, headers);
    expect(seen.status).toBe(415);
  });

  test('a byte order mark does no harm', async () => {
    expect((await post(`\ufeff${GOOD}`)).status).toBe(202);
  });
});

describe('what is no JSON object', () => {
  test.each([
    [
      '{ "User": { "UserName": "somebucketuser" }, }',
      'the body is not valid JSON: line 1, column 45 should be a key in double quotes',
    ],
    [
      '{\n  "User": {}\n  "Groups": []\n}',
      'the body is not valid JSON: line 3, column 3 should be a comma or a closing brace',
    ],
    ['User=x', 'the body is not valid JSON: line 1, column 1 should be a JSON value'],
    ['['.repeat(90), 'the body is not valid JSON: line 1, column 91 should be a JSON value or a closing bracket'],
    ['', 'the body is empty; this request needs a JSON object'],
    [' \n', 'the body is empty; this request needs a JSON object'],
    ['[]', 'the body must be a JSON object, not an array'],
    ['null', 'the body must be a JSON object, not null'],
    ['"x"', 'the body must be a JSON object, not a string'],
    [Buffer.from([0x7b, 0xff, 0x7d]), 'the body is not valid UTF-8'],
    ['{"User":{"UserName":"\\ud800"}}', 'a string in the body holds half a surrogate pair, which is no character'],
    ...['\\u0000', '\\u0008', '\\u001f', '\\ufffe', '\uffff'].map((text): [string, string] => [
      `{"User":{"UserName":"${text}"}}`,
      'a string in the body holds a control character, U+FFFE or U+FFFF, which are not taken',
    ]),
    [
      '{"User":{"UserName":"u","\\u000b":1}}',
      'a string in the body holds a control character, U+FFFE or U+FFFF, which are not taken',
    ],
    ['{"User":{"__proto__":{"x":1},"UserName":"u"}}', 'the key "__proto__" is not allowed in a body'],
    ['{"constructor":{"prototype":{}},"User":{"UserName":"u"}}', 'the key "constructor" is not allowed in a body'],
    [
      '{"User":{"UserName":"u","Tags":[{"Key":"k","Value":"v","\\u0070rototype":1}]}}',
      'the key "prototype" is not allowed in a body',
    ],
  ])('%j is 400', async (body, detail) => {
    expect(await post(body, {}, USERS)).toMatchObject({ status: 400, detail });
  });
});

describe('what the schema does not allow', () => {
  const tag = (Key: string, Value: string) => ({ Key, Value });
  test.each([
    [{}, '', 'the body lacks "BucketInput"'],
    [{ BucketInput: {} }, '/BucketInput', '/BucketInput lacks "Bucket"'],
    [{ BucketInput: { Bucket: 7 } }, '/BucketInput/Bucket', '/BucketInput/Bucket must be a string'],
    [{ BucketInput: null }, '/BucketInput', '/BucketInput must be an object'],
    [
      { BucketInput: { Bucket: 'Not_Good' } },
      '/BucketInput/Bucket',
      '/BucketInput/Bucket must be 3 to 63 lower-case letters, digits, dots and hyphens, with a letter or digit first and last',
    ],
    [
      { BucketInput: { Bucket: 'good' }, Tag: [] },
      '',
      'the body has an unknown member "Tag"; known: Tags, CORS, Versioning, Lifecycle, ObjectLock, PublicAccessBlock, BucketPolicy, BucketInput; did you mean "Tags"?',
    ],
    [
      { BucketInput: { Bucket: 'good', ACL: 'public-read' } },
      '/BucketInput',
      '/BucketInput has an unknown member "ACL"; known: Bucket, CreateBucketConfiguration, ObjectLockEnabledForBucket',
    ],
    [
      { BucketInput: { Bucket: 'good' }, Lifecycle: 'deep-archiv' },
      '/Lifecycle',
      '/Lifecycle must be one of deep-archive, glacier, intelligent-tiering, expire-30, abort-multipart; did you mean "deep-archive"?',
    ],
    [
      { BucketInput: { Bucket: 'good' }, Tags: [tag('', 'v')] },
      '/Tags/0/Key',
      '/Tags/0/Key must have at least 1 character(s)',
    ],
    [
      { BucketInput: { Bucket: 'good' }, Tags: [tag('k', 'v'), tag('k'.repeat(129), 'v'.repeat(257))] },
      '/Tags/1/Key',
      '/Tags/1/Key must have at most 128 characters; /Tags/1/Value must have at most 256 characters',
    ],
    [
      { BucketInput: { Bucket: 'good' }, Tags: Array.from({ length: 47 }, (_, i) => tag(`k${i}`, 'v')) },
      '/Tags',
      '/Tags must have at most 46 items',
    ],
    [
      { BucketInput: { Bucket: 'good' }, Tags: [tag('a\tb', 'v'), tag('k', 'a\nb')] },
      '/Tags/0/Key',
      '/Tags/0/Key must be text without control characters; /Tags/1/Value must be text without control characters',
    ],
    [{ BucketInput: { Bucket: 'good' }, Tags: { Key: 'k', Value: 'v' } }, '/Tags', '/Tags must be an array'],
    [
      { BucketInput: { Bucket: 'good', ObjectLockEnabledForBucket: 'true' } },
      '/BucketInput/ObjectLockEnabledForBucket',
      '/BucketInput/ObjectLockEnabledForBucket must be a boolean',
    ],
  ])('%j: %s', async (body, pointer, detail) => {
    expect(await post(body)).toMatchObject({ status: 400, pointer, detail });
  });

  test.each([
    [{ User: {} }, '/User lacks "UserName"'],
    [
      { User: { UserName: 'a b' } },
      '/User/UserName must be 1 to 64 letters, digits and _ + = , . @ -, but not `.` or `..`, which clients resolve in a path',
    ],
    [
      { User: { UserName: '..' } },
      '/User/UserName must be 1 to 64 letters, digits and _ + = , . @ -, but not `.` or `..`, which clients resolve in a path',
    ],
    [
      { User: { UserName: 'u', Path: '/docs/' } },
      "/User/Path is not allowed here: a bucket's users have no Path; leave it out",
    ],
    [
      { User: { UserName: 'u' }, Groups: ['BkrAdmGrp'] },
      '/Groups/0 must be one of BktAdmGrp, BktRWGrp, BktROGrp; did you mean "BktAdmGrp"?',
    ],
    [{ User: { UserName: 'u' }, Groups: [] }, '/Groups must have at least 1 item(s)'],
    [{ User: { UserName: 'u' }, Groups: ['BktROGrp', 'BktROGrp'] }, '/Groups must not hold anything twice'],
  ])('of a user: %j', async (body, detail) => {
    expect(await post(body, {}, USERS)).toMatchObject({ status: 400, detail });
  });

  test('many mistakes: twenty are told, the others counted', async () => {
    const Tags = Array.from({ length: 40 }, () => ({ Key: 'k'.repeat(129), Value: 'v' }));
    const { detail } = await post({ BucketInput: { Bucket: 'good' }, Tags });
    expect(detail).toMatch(/^\/Tags\/0\/Key .*\/Tags\/19\/Key [^;]*; and 20 more$/);
  });

  test('an update needs something to update', async () => {
    const seen = await http.send(BUCKET, { method: 'PUT', body: {} });
    expect(seen.body).toMatchObject({
      status: 400,
      detail:
        'the body must have at least one of Tags, CORS, Versioning, Lifecycle, ObjectLock, PublicAccessBlock, BucketPolicy, Remove',
    });
  });

  test('limits count characters, not code units; 45 tags of full length are taken', async () => {
    const Tags = Array.from({ length: 45 }, (_, i) => ({ Key: `${i}${'k'.repeat(100)}`, Value: '🦆'.repeat(256) }));
    expect((await post({ BucketInput: { Bucket: 'good' }, Tags })).status).toBe(202);
    expect(
      (
        await post({
          BucketInput: { Bucket: 'better' },
          Tags: [
            { Key: 'COA', Value: 'Take.My.Money.$$$$' },
            { Key: 'constructor', Value: '' },
          ],
        })
      ).status,
    ).toBe(202);
  });
});

describe('bodies beyond the limit', () => {
  const padded = (bytes: number) => GOOD + ' '.repeat(bytes - GOOD.length);

  test('exactly the limit is taken, one byte more is 413, declared or in chunks', async () => {
    http.config = httpConfig({
      limits: {
        bodyBytes: 1_000,
        requestsPerMinute: undefined,
        concurrentWrites: 64,
        connectionsPerAddress: undefined,
      },
    });
    expect((await post(padded(1_000))).status).toBe(202);
    for (const headers of [{}, { 'Transfer-Encoding': 'chunked' }]) {
      const seen = await post(padded(1_001), headers);
      expect([seen.status, seen.detail, seen.header('connection')]).toEqual([
        413,
        'a body may have at most 1000 bytes',
        'close',
      ]);
    }
  });

  test('3,000 usual paths fit into an invalidation, and a larger body than that is 413; other routes keep their limit', async () => {
    const site = '/v1/s3/demo/websites/foobar.bulldogs.cloud';
    const paths = Array.from({ length: 3_000 }, (_, n) => `/assets/js/chunk-vendors.${String(n).padStart(8, '0')}.js`);
    const usual = JSON.stringify({ CacheInvalidation: paths });
    expect(usual.length).toBeGreaterThan(100_000);
    const send = async (path: string, method: string, body: string) => (await http.send(path, { method, body })).status;
    // 404: the body is taken, and there is no such website.
    expect([
      await send(site, 'PATCH', usual),
      await send(`${site}/?dryRun=false`, 'PATCH', usual),
      await send(site, 'PATCH', usual.padEnd(393_216)),
      await send(site, 'PATCH', usual.padEnd(393_217)),
      await send(site, 'PUT', usual),
      await send(`${site}/users/ada`, 'PATCH', usual),
    ]).toEqual([404, 404, 404, 413, 413, 413]);
  });

  test('a caller that is still writing gets to read the 413', async () => {
    for (const headers of [{}, { 'Transfer-Encoding': 'chunked' }]) {
      expect((await post(padded(900_000), headers)).status).toBe(413);
    }
  });

  test('is said before the token is looked at, and whatever the route', async () => {
    expect((await http.send('/ping', { method: 'POST', body: padded(70_000), token: null })).status).toBe(413);
  });

  test('an endless body is refused, not read to its end', async () => {
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
    const answer = await rawExchange(http.port, function* () {
      yield `POST ${BUCKETS} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: psk-of-the-tests\r\nTransfer-Encoding: chunked\r\n\r\n`;
      for (;;) yield chunk;
    });
    // What arrives of the answer depends on the network; that the server ends the connection does not.
    expect(answer === '' || answer.startsWith('HTTP/1.1 413 ')).toBe(true);
  });

  test('one declared as endless is refused at once', async () => {
    const answer = await rawExchange(http.port, function* () {
      yield `POST ${BUCKETS} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: psk-of-the-tests\r\nContent-Length: 99999999999\r\n\r\n`;
    });
    expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*urn:mallard:problem:too-large/);
  });
});
