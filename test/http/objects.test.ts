import { CANARY } from '../support/mocks/fake-provisioning';
import { type HttpHarness, type Seen, type Sent, startHttp, tokenConfig } from '../support/http';

/** Object URLs as HTTP has them; the fake shows in the URL what it was asked for. */

let http: HttpHarness;
beforeAll(async () => {
  http = await startHttp();
  await http.send('/v1/s3/demo/buckets', { method: 'POST', body: { BucketInput: { Bucket: 'photos' } } });
  await http.send('/v1/s3/demo/websites', {
    method: 'POST',
    body: { BucketInput: { Bucket: 'foobar.bulldogs.cloud' } },
  });
});
afterAll(() => http.close());

const BUCKET = '/v1/s3/demo/buckets/photos/objects';
const WEBSITE = '/v1/s3/demo/websites/foobar.bulldogs.cloud/objects';
const STORAGE = '/aws/storage/demo/photos';

const bodyOf = ({ body }: Seen) => body as Readonly<Record<string, unknown>>;
const asked = (seen: Seen) => {
  const { searchParams } = new URL(String(bodyOf(seen)['url']));
  return { key: searchParams.get('key'), ...(JSON.parse(searchParams.get('asked') ?? '{}') as object) };
};
const detail = (seen: Seen): string => String(bodyOf(seen)['detail']);

describe.each([
  ['a bucket', BUCKET],
  ['a website', WEBSITE],
  ['the storage path', STORAGE],
])('under %s', (_where, base) => {
  test('POST, GET and DELETE answer with a URL and its end, never cached, no operation', async () => {
    const up = await http.send(base, { method: 'POST', body: { filename: 'a/b.txt', contentType: true } });
    expect(up.status).toBe(200);
    expect(asked(up)).toEqual({ key: 'a/b.txt', seconds: 86_400, filename: 'a/b.txt', contentType: true });
    const down = await http.send(`${base}/a/b.txt?expiration=60`);
    expect(bodyOf(down)).toEqual({
      url: expect.any(String),
      expiresAt: '2019-03-01T15:33:52Z',
      limitedBy: 'credentials',
    });
    expect(asked(down)).toEqual({ key: 'a/b.txt', seconds: 60 });
    const gone = await http.send(`${base}/a/b.txt`, { method: 'DELETE' });
    expect(asked(gone)).toEqual({ key: 'a/b.txt', seconds: 86_400 });
    for (const seen of [up, down, gone]) {
      expect(seen.header('cache-control')).toBe('no-store');
      expect(seen.header('x-operation-id')).toBeUndefined();
    }
  });

  test('HEAD follows GET; other methods are 405; OPTIONS says which', async () => {
    expect(await http.send(`${base}/a`, { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    const put = await http.send(`${base}/a`, { method: 'PUT', body: 'x' });
    expect({ status: put.status, allow: put.header('allow') }).toEqual({
      status: 405,
      allow: 'DELETE, GET, HEAD, OPTIONS',
    });
    const options = await http.send(base, { method: 'OPTIONS', token: null });
    expect({ status: options.status, allow: options.header('allow') }).toEqual({ status: 204, allow: 'OPTIONS, POST' });
    expect((await http.send(base)).status).toBe(405);
  });

  test('a token is needed', async () => {
    expect((await http.send(base, { method: 'POST', body: { filename: 'a' }, token: null })).status).toBe(403);
    expect((await http.send(`${base}/a`, { token: 'wrong' })).status).toBe(403);
  });

  test.each<readonly [string, string]>([
    ['a%20b%2Bc%25.txt', 'a b+c%.txt'],
    ['a+b', 'a+b'],
    ['%C3%BC/%E6%97%A5', 'ü/日'],
    ['a%2Fb', 'a/b'],
    ['a//b', 'a//b'],
    ['a/', 'a/'],
    ['%2Fa', '/a'],
    ['a%3Fb%23c', 'a?b#c'],
    ['%252e%252e/x', '%2e%2e/x'],
    ['.../..a', '.../..a'],
    ['objects/objects', 'objects/objects'],
    ['x'.repeat(1_024), 'x'.repeat(1_024)],
  ])('the path %s is the key %s', async (path, key) => {
    expect(asked(await http.send(`${base}/${path}`))).toMatchObject({ key });
  });

  test.each([
    // Node's own parser refuses them, so that nobody has to guess their encoding.
    ['bytes outside ASCII', `/${Buffer.from('ü', 'utf8').toString('latin1')}`],
    ['encoded bytes that are no UTF-8', '/a%ff'],
    ['half an encoding', '/a%2'],
    ['a percent sign', '/100%'],
    ['a key too long', `/${'x'.repeat(1_025)}`],
  ])('%s: 400', async (_what, path) => {
    expect((await http.send(base + path)).status).toBe(400);
  });

  test.each(['0', '604801', '-1', '1.5', 'soon', '', '0x10', '1e3', '%2B5', '%205', '5.0'])(
    'expiration=%s is 400 saying the bounds',
    async (expiration) => {
      const seen = await http.send(`${base}/a?expiration=${expiration}`);
      expect(seen.status).toBe(400);
      expect(detail(seen)).toMatch(/\/expiration must be (>= 1|<= 604800|an integer)/);
    },
  );

  test.each(['1', '604800'])('expiration=%s is taken', async (expiration) => {
    expect(asked(await http.send(`${base}/a?expiration=${expiration}`))).toMatchObject({ seconds: Number(expiration) });
  });

  test('unknown and repeated parameters are 400', async () => {
    expect(detail(await http.send(`${base}/a?expires=1`))).toMatch(
      /unknown parameter "expires"; known: expiration, downloadAs/,
    );
    expect((await http.send(`${base}/a?expiration=1&expiration=2`)).status).toBe(400);
    expect((await http.send(`${base}/a?downloadAs=x`, { method: 'DELETE' })).status).toBe(400);
  });

  test('downloadAs becomes a safe Content-Disposition', async () => {
    expect(asked(await http.send(`${base}/a?downloadAs=${encodeURIComponent('r"é;.txt')}`))).toMatchObject({
      disposition: `attachment; filename="r___.txt"; filename*=UTF-8''r%22%C3%A9%3B.txt`,
    });
    for (const name of ['a/b', 'a\\b', 'a\r\nX: y', '', 'x'.repeat(256)]) {
      expect((await http.send(`${base}/a?downloadAs=${encodeURIComponent(name)}`)).status).toBe(400);
    }
  });

  const bodies: readonly (readonly [unknown, RegExp])[] = [
    [{}, /lacks "filename"/],
    [{ filename: '' }, /at least 1 character/],
    [{ filename: 'x'.repeat(1_025) }, /at most 1024 characters/],
    [{ filename: 7 }, /\/filename must be a string/],
    [
      { filename: 'a', path: 'b' },
      /unknown member "path"; known: filename, contentType, form, contentLength, cacheTags/,
    ],
    [{ filename: 'a', contentType: 7 }, /\/contentType must be a string or a boolean/],
    [{ filename: 'a', contentType: 'png' }, /\/contentType must be a media type/],
    [{ filename: 'a', contentType: 'a/b\r\nX-Evil: 1' }, /\/contentType must be a media type/],
    [{ filename: 'a', form: 'yes' }, /\/form must be a boolean/],
    [{ filename: 'a', form: true, contentLength: 0 }, /\/contentLength must be >= 1/],
    [{ filename: 'a', form: true, contentLength: 5_368_709_121 }, /\/contentLength must be <= 5368709120/],
    [{ filename: 'a', form: true, contentLength: 1.5 }, /\/contentLength must be an integer/],
    ['{"filename":"a","__proto__":{}}', /__proto__/],
    ['["a"]', /must be a(?: JSON)? object, not an array/],
    ['', /empty/],
  ];
  test.each(bodies)('the body %j is 400', async (body, said) => {
    const seen = await http.send(base, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
    expect(seen.status).toBe(400);
    expect(detail(seen)).toMatch(said);
  });

  test.each(['text/plain', 'text/html; charset=utf-8', 'image/png', 'text/plain; charset="utf-8"'])(
    'the type %s is taken',
    async (contentType) => {
      expect(asked(await http.send(base, { method: 'POST', body: { filename: 'a', contentType } }))).toMatchObject({
        contentType,
      });
    },
  );

  test('a multipart form is 415', async () => {
    expect(
      (
        await http.send(base, {
          method: 'POST',
          body: 'x',
          headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
        })
      ).status,
    ).toBe(415);
  });

  test('an account nobody configured is 404', async () => {
    expect(
      (await http.send(base.replace('/demo/', '/nobody/'), { method: 'POST', body: { filename: 'a' } })).status,
    ).toBe(404);
  });
});

describe('YAML', () => {
  const yaml = (body: string, type?: string): Promise<Seen> => {
    const sent: Sent = { method: 'POST', body, headers: type === undefined ? {} : { 'Content-Type': type } };
    return http.send(STORAGE, sent);
  };

  test.each([
    ['text/yaml'],
    ['application/yaml'],
    ['application/x-yaml; charset=utf-8'],
    ['application/x-www-form-urlencoded'],
    [undefined],
  ])('is taken as %s', async (type) => {
    expect(asked(await yaml('filename: documents/report.pdf', type))).toMatchObject({
      filename: 'documents/report.pdf',
    });
    expect(asked(await yaml('# upload\nfilename: "a: b.txt"\nform: true\ncontentLength: 10\n', type))).toMatchObject({
      filename: 'a: b.txt',
      form: true,
      contentLength: 10,
    });
  });

  test.each([['application/x-www-form-urlencoded'], [undefined], ['text/yaml'], ['application/json']])(
    'JSON is taken as %s, too',
    async (type) => {
      expect(asked(await yaml(' {"filename": "a/b.pdf"}', type))).toMatchObject({ filename: 'a/b.pdf' });
    },
  );

  test('what begins like JSON and is none has JSON’s mistake', async () => {
    expect(detail(await yaml('{"filename": }'))).toMatch(/not valid JSON: line 1, column 14/);
  });

  test.each([
    ['filename: a\n  b: c\n', 'line 1, column 11'],
    ['filename: "a\n', 'line 2'],
    ['filename: a\nfilename: b\n', 'line 2, column 1'],
    ['filename: !!binary aGk=\n', 'line 1, column 11'],
    ['filename: !x a\n', 'line 1, column 11'],
    ['filename: a\n---\nfilename: b\n', 'line 2'],
    ['filename: [a\n', 'line 2'],
    ['%YAML 9.9\n---\nfilename: a', 'line 1'],
    ['? [a]\n: b\n', 'line 1'],
  ])('%j is 400 with its place', async (text, place) => {
    const seen = await yaml(text, 'text/yaml');
    expect(seen.status).toBe(400);
    expect(detail(seen)).toMatch(new RegExp(`not valid YAML: ${place}`));
  });

  test.each([
    ['just text', 'not a string'],
    ['- a\n- b\n', 'not an array'],
    ['null', 'not null'],
    ['# nothing', 'not null'],
    ['filename: 2024', '/filename must be a string'],
    ['filename: null', '/filename must be a string'],
    ['filename: a\nconstructor: b', '"constructor" is not allowed'],
    ['filename: a\n__proto__: {x: 1}', '"__proto__" is not allowed'],
    ['filename: a\n<<: {form: true}', 'unknown member "<<"'],
    ['filename: "\\uD800"', 'half a surrogate'],
    ['   \n', 'empty'],
    ['filename: *nobody', 'an alias has no anchor'],
  ])('%j is 400: %s', async (text, said) => {
    const seen = await yaml(text, 'text/yaml');
    expect(seen.status).toBe(400);
    expect(detail(seen)).toContain(said);
  });

  test('is not taken as another thing than it looks like: no octal, no yes, no date', async () => {
    for (const name of ['yes', '0o17x', '2024-01-02', '1:30'])
      expect(asked(await yaml(`filename: ${name}`))).toMatchObject({ filename: name });
  });

  test('aliases that multiply and nesting without end are refused, and quickly forgotten', async () => {
    const lines = [
      'a0: &a0 [x,x,x,x,x,x,x,x,x]',
      ...Array.from(
        { length: 12 },
        (_, n) => `a${n + 1}: &a${n + 1} [${Array.from({ length: 9 }, () => `*a${n}`).join(',')}]`,
      ),
    ];
    expect((await yaml(lines.join('\n'), 'text/yaml')).status).toBe(400);
    expect((await yaml(`filename: ${'['.repeat(30_000)}`, 'text/yaml')).status).toBe(400);
    expect((await yaml(`filename: ${'{a: '.repeat(15_000)}`, 'text/yaml')).status).toBe(400);
    expect((await yaml('filename: a')).status).toBe(200);
  });

  test('the body limit counts, bytes that are no UTF-8 are 400', async () => {
    expect((await yaml(`filename: ${'x'.repeat(70_000)}`, 'text/yaml')).status).toBe(413);
    const seen = await http.send(STORAGE, {
      method: 'POST',
      body: Buffer.from([0x66, 0xff]),
      headers: { 'Content-Type': 'text/yaml' },
    });
    expect(detail(seen)).toContain('not valid UTF-8');
  });

  test('is for the storage paths alone', async () => {
    const seen = await http.send(BUCKET, {
      method: 'POST',
      body: 'filename: a',
      headers: { 'Content-Type': 'text/yaml' },
    });
    expect({ status: seen.status, detail: detail(seen) }).toEqual({
      status: 415,
      detail: 'the body must be JSON; send it with Content-Type: application/json',
    });
    expect((await http.send(BUCKET, { method: 'POST', body: 'filename: a' })).status).toBe(400);
  });

  test('an unknown type is told which are known', async () => {
    expect(detail(await yaml('<filename>a</filename>', 'text/xml'))).toBe(
      'the body must be JSON or YAML; send it with Content-Type: application/json or application/yaml',
    );
  });
});

test('token scopes hold: a method, an account', async () => {
  const former = http.config;
  http.config = {
    ...former,
    tokens: [
      tokenConfig('reader', { id: 'reader', methods: ['GET'] }),
      tokenConfig('elsewhere', { id: 'elsewhere', accounts: ['other'] }),
    ],
  };
  try {
    expect((await http.send(`${STORAGE}/a`, { token: 'reader' })).status).toBe(200);
    expect((await http.send(`${STORAGE}/a`, { token: 'reader', method: 'DELETE' })).status).toBe(403);
    expect((await http.send(STORAGE, { token: 'reader', method: 'POST', body: { filename: 'a' } })).status).toBe(403);
    expect((await http.send(`${BUCKET}/a`, { token: 'elsewhere' })).status).toBe(404);
    expect((await http.send(`${STORAGE}/a`, { token: 'elsewhere' })).status).toBe(404);
  } finally {
    http.config = former;
  }
});

test('neither URLs nor names reach a log line or a label', () => {
  expect(http.lines.length).toBeGreaterThan(100);
  expect(JSON.stringify(http.lines)).not.toMatch(/X-Amz-|Grüße|b\.txt|amazonaws/);
  expect(JSON.stringify(http.lines)).not.toContain(CANARY);
  const routes = new Set(http.observed.map(({ route }) => route));
  expect([...routes].filter((route) => route?.includes('/objects') || route?.startsWith('/aws'))).toEqual(
    expect.arrayContaining([
      '/v1/s3/{account}/buckets/{bucket}/objects/{path}',
      '/aws/storage/{account}/{bucket}',
      '/aws/storage/{account}/{bucket}/{path}',
    ]),
  );
});
