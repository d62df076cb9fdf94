import { connect } from 'node:net';
import fc from 'fast-check';
import type { Performed } from '../../src/engine/recipe';
import type { KeysReset } from '../../src/domain/shared/shapes';
import { secret } from '../../src/base/secret';
import { errors } from '../support/errors';
import { CANARY } from '../support/mocks/fake-provisioning';
import { startHttp, TOKEN, type HttpHarness } from '../support/http';
import { rawExchange } from '../support/raw-http';

const BUCKETS = '/v1/s3/demo/buckets';
const BUCKET = `${BUCKETS}/foobarbucketname`;
const USER = `${BUCKET}/users/somebucketuser`;
const WEBSITES = '/v1/s3/demo/websites';
const SITE = `${WEBSITES}/foobar.bulldogs.cloud`;

let http: HttpHarness;
afterEach(() => http.close());

const raw = (...parts: readonly string[]) => rawExchange(http.port, () => parts[Symbol.iterator]());
const head = (...lines: readonly string[]) => `${lines.join('\r\n')}\r\n\r\n`;

describe('two readers of one request', () => {
  beforeEach(async () => {
    http = await startHttp();
  });

  test.each([
    ['X-Auth-Token', [`X-Auth-Token: ${TOKEN}`, `X-Auth-Token: ${TOKEN}`]],
    ['x-auth-token', ['X-Auth-Token: wrong', `x-AUTH-token: ${TOKEN}`]],
    ['host', ['Host: y', `X-Auth-Token: ${TOKEN}`]],
    ['content-type', ['Content-Type: text/plain', 'Content-Type: application/json', `X-Auth-Token: ${TOKEN}`]],
    ['x-request-id', ['X-Request-Id: a', 'X-Request-Id: b', `X-Auth-Token: ${TOKEN}`]],
  ])('a second %s header is 400', async (_name, lines) => {
    const answer = await raw(head(`GET ${BUCKETS} HTTP/1.1`, 'Host: x', 'Connection: close', ...lines));
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*stands in the request more than once/);
  });

  test.each([
    ['two lengths', ['Content-Length: 1', 'Content-Length: 2']],
    ['a length and chunks', ['Content-Length: 1', 'Transfer-Encoding: chunked']],
    ['an odd coding', ['Transfer-Encoding: chunked, identity']],
    ['no length at all', ['Content-Length: x']],
    ['a header over two lines', ['X-Odd: a', ' b']],
    ['a space before the colon', ['X-Odd : a']],
    ['a bare line feed', ['X-Odd: a\nX-Auth-Token: y']],
  ])('%s: 400, a problem document, and the connection ends', async (_title, lines) => {
    const answer = await raw(head(`POST ${BUCKETS} HTTP/1.1`, 'Host: x', ...lines), 'x');
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*urn:mallard:problem:invalid/);
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  test.each([
    ['no HTTP', 'GIBBERISH\r\n\r\n', 400, 'invalid'],
    ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000', 400, 'invalid'],
    [
      'headers beyond 16 KiB',
      head('GET /ping HTTP/1.1', 'Host: x', `X-Long: ${'x'.repeat(20_000)}`),
      431,
      'headers-too-large',
    ],
    ['no Host', head('GET /ping HTTP/1.1', 'Connection: close'), 400, 'invalid'],
    [
      'an expectation nobody knows',
      head('GET /ping HTTP/1.1', 'Host: x', 'Expect: tea', 'Connection: close'),
      417,
      'expectation-failed',
    ],
  ])('%s is %s, with an id that the log has', async (_title, bytes, status, kind) => {
    const answer = await raw(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain(`urn:mallard:problem:${kind}`);
    const requestId = /^X-Request-Id: (\S+)\r$/m.exec(answer)?.[1];
    expect(answer).toContain(`"requestId":"${requestId}"`);
    expect(http.lines).toContainEqual(expect.objectContaining({ requestId, status, problem: kind, msg: 'request' }));
  });

  test('a second token behind a thousand other headers is seen', async () => {
    const fillers = Array.from({ length: 1_100 }, (_, i) => `a${i}:`);
    const answer = await raw(
      head(
        `GET ${BUCKETS} HTTP/1.1`,
        'Host: x',
        `X-Auth-Token: ${TOKEN}`,
        ...fillers,
        'X-Auth-Token: other',
        'Connection: close',
      ),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*x-auth-token stands in the request more than once/);
  });

  test.each(['http://[/ping', 'http://', '*', '/%ff/', 'http://x/v1/s3/demo/buckets/%'])(
    'the target %s is answered in 4xx, never in HTML',
    async (target) => {
      const answer = await raw(
        head(`GET ${target} HTTP/1.1`, 'Host: x', `X-Auth-Token: ${TOKEN}`, 'Connection: close'),
      );
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
      expect(answer).not.toMatch(/<html|<!doctype/i);
    },
  );
});

describe('callers that are slow', () => {
  test.each([
    ['headers', { headersTimeout: 50 }, 'GET /ping HTTP/1.1\r\nHost: x\r\n'],
    // Of the two times Node takes the longer one for the whole request.
    [
      'a body',
      { headersTimeout: 50, requestTimeout: 50 },
      `POST ${BUCKETS} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${TOKEN}\r\nContent-Length: 45\r\n\r\n{`,
    ],
  ])('with %s get 408, and the connection ends', async (_title, bounds, bytes) => {
    http = await startHttp({ bounds: { ...bounds, connectionsCheckingInterval: 10 } });
    const answer = await raw(bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*urn:mallard:problem:request-timeout/);
    expect((await http.send('/ping')).status).toBe(200);
  });

  test('are looked for every second', async () => {
    http = await startHttp();
    expect(http.server).toMatchObject({
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      connectionsCheckingInterval: 1_000,
    });
  });
});

describe('a caller that waits to be told to go on', () => {
  beforeEach(async () => {
    http = await startHttp();
  });
  const BODY = '{"BucketInput":{"Bucket":"foobarbucketname"}}';
  const post = (length: number, ...lines: readonly string[]) =>
    head(`POST ${BUCKETS} HTTP/1.1`, 'Host: x', 'Expect: 100-continue', `Content-Length: ${length}`, ...lines);

  test('is told so where its body is read', async () => {
    const answer = await raw(post(BODY.length, `X-Auth-Token: ${TOKEN}`, 'Connection: close'), BODY);
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 100', 'HTTP/1.1 202']);
  });

  // Where the next request would begin depends on what the caller makes of it, so the connection ends.
  test.each([
    ['without a token', post(45), 403],
    ['with a type that is not taken', post(45, `X-Auth-Token: ${TOKEN}`, 'Content-Type: text/xml'), 415],
    ['with too large a body', post(70_000, `X-Auth-Token: ${TOKEN}`), 413],
  ])('%s it gets its answer at once, and the connection ends', async (_title, bytes, status) => {
    const answer = await raw(bytes);
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual([`HTTP/1.1 ${status}`]);
    expect(answer).toContain('Connection: close');
  });
});

describe('callers that leave', () => {
  interface Held<T> {
    readonly begun: Promise<void>;
    readonly begin: () => Promise<T>;
    readonly end: (value: T) => void;
  }
  function hold<T>(): Held<T> {
    let end: (value: T) => void = () => undefined;
    let announce: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (announce = resolve));
    const result = new Promise<T>((resolve) => (end = resolve));
    return { begun, begin: () => (announce(), result), end: (value) => end(value) };
  }
  const request = (line: string) => {
    const socket = connect(http.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(head(line, 'Host: x', `X-Auth-Token: ${TOKEN}`));
    return socket;
  };
  const key = {
    AccessKeyId: 'AKIAUNSEEN',
    CreateDate: undefined,
    SecretAccessKey: secret(CANARY),
    Status: 'Active',
    UserName: 'somebucketuser',
  };
  const reset: KeysReset = { DeletedKeyIds: [], AccessKey: key };
  const succeeded: Performed<KeysReset> = { operationId: 'op-1', outcome: { state: 'succeeded', value: reset } };

  test.each([
    [USER, { kind: 'bucket', bucket: 'foobarbucketname' }],
    [`${SITE}/users/somebucketuser`, { kind: 'website', bucket: 'foobar.bulldogs.cloud' }],
  ])('before the secret of %s is out: the operation is told that it was not delivered', async (path, owner) => {
    const held = hold<undefined>();
    const told = hold<undefined>();
    const asked: unknown[] = [];
    http = await startHttp({
      provisioning: {
        resetKeys: async (account, subject, user, deliver) => {
          await held.begin();
          asked.push([account.name, subject, user, await deliver?.(reset, 'op-1')]);
          void told.begin();
          return succeeded;
        },
      },
    });
    const socket = request(`PUT ${path} HTTP/1.1`);
    await held.begun;
    const left = http.nextEnd();
    socket.destroy();
    await left;
    held.end(undefined);
    await told.begun;
    expect(asked).toEqual([['demo', owner, 'somebucketuser', false]]);
    expect((await http.send('/ping')).status).toBe(200);
    expect(http.observed[0]).toMatchObject({ status: 499, method: 'PUT' });
    expect(JSON.stringify(http.lines)).not.toContain(CANARY);
  });

  test('after the secret is out, the operation is told so, and what becomes of it then changes no answer', async () => {
    const delivered: unknown[] = [];
    http = await startHttp({
      provisioning: {
        resetKeys: async (_account, _holder, _user, deliver) => {
          delivered.push(await deliver?.(reset, 'op-1'));
          return {
            operationId: 'op-1',
            outcome: { state: 'failed', error: errors.denied, left: [{ step: 'Delete the old key' }] },
          };
        },
      },
    });
    const answer = await http.send(USER, { method: 'PUT' });
    expect([answer.status, answer.header('x-operation-id'), answer.text.includes(CANARY)]).toEqual([200, 'op-1', true]);
    expect(delivered).toEqual([true]);
  });

  test('before a read is done: nothing happens', async () => {
    const held = hold<readonly string[]>();
    http = await startHttp({ provisioning: { listBuckets: held.begin } });
    const socket = request(`GET ${BUCKETS} HTTP/1.1`);
    await held.begun;
    const left = http.nextEnd();
    socket.destroy();
    await left;
    held.end(['a']);
    expect((await http.send('/ping')).status).toBe(200);
    expect(http.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('in the middle of a body: the write never begins', async () => {
    const begun: unknown[] = [];
    http = await startHttp({
      provisioning: {
        createBucket: async () => {
          begun.push(1);
          throw new Error('never');
        },
      },
    });
    const left = http.nextEnd();
    const socket = connect(http.port, '127.0.0.1');
    socket.end(
      `${head(`POST ${BUCKETS} HTTP/1.1`, 'Host: x', `X-Auth-Token: ${TOKEN}`, 'Content-Length: 45')}{"BucketInput":`,
    );
    socket.on('error', () => undefined).resume();
    await left;
    expect(begun).toEqual([]);
    expect((await http.send('/ping')).status).toBe(200);
  });
});

describe('a server that closes', () => {
  test('lets running requests end and then their connections, kept alive or not', async () => {
    let end: (names: readonly string[]) => void = () => undefined;
    const names = new Promise<readonly string[]>((resolve) => (end = resolve));
    let announce: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (announce = resolve));
    http = await startHttp({
      provisioning: {
        listBuckets: () => {
          announce();
          return names;
        },
      },
    });
    const answer = raw(head(`GET ${BUCKETS} HTTP/1.1`, 'Host: x', `X-Auth-Token: ${TOKEN}`));
    await begun;
    const closed = new Promise((resolve) => http.server.close(resolve));
    end(['a']);
    expect(await answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*\["a"\]$/);
    await closed;
  });
});

describe('anything at all', () => {
  beforeEach(async () => {
    http = await startHttp();
    await http.send(BUCKETS, { method: 'POST', body: { BucketInput: { Bucket: 'foobarbucketname' } } });
    await http.send(WEBSITES, { method: 'POST', body: { BucketInput: { Bucket: 'foobar.bulldogs.cloud' } } });
  });

  const word = fc.constantFrom(
    'v1',
    's3',
    'demo',
    'buckets',
    'foobarbucketname',
    'websites',
    'foobar.bulldogs.cloud',
    'cleaner',
    'run',
    'users',
    'duck',
    'clients',
    'rclone',
    'ping',
    'metrics',
    '..',
    '.',
    '',
    '%',
    '%2F',
    '%00',
    '%zz',
    'ä',
    '__proto__',
    '{account}',
    ':account',
    '*',
  );
  const segment = fc.oneof(word, fc.string({ maxLength: 12 }).map(encodeURIComponent));
  const latin1 = fc.string({
    unit: fc
      .integer({ min: 0x20, max: 0xff })
      .filter((code) => code !== 0x7f)
      .map((code) => String.fromCharCode(code)),
    maxLength: 40,
  });
  const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'SEARCH');
  const wellBehaved = async (path: string, sent: Parameters<HttpHarness['send']>[1]) => {
    const seen = await http.send(path, sent);
    expect(seen.status).toBeGreaterThanOrEqual(200);
    expect(seen.status).toBeLessThan(500);
    if (seen.status >= 400 && seen.text !== '')
      expect(seen.body).toMatchObject({ status: seen.status, type: expect.stringMatching(/^urn:mallard:problem:/) });
    expect(seen.header('x-request-id')).toBeDefined();
  };

  test('any path with any method is answered, and never by a 5xx', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(segment, { maxLength: 8 }),
        fc.array(segment, { maxLength: 2 }),
        method,
        async (segments, query, how) => {
          const search = query.length > 0 ? `?${query.join('=')}` : '';
          await wellBehaved(`/${segments.join('/')}${search}`.replace(/[^\x21-\x7e]/g, encodeURIComponent), {
            method: how,
          });
        },
      ),
      { numRuns: 400 },
    );
  });

  const tag = fc.record({ Key: fc.anything(), Value: fc.anything() }, { requiredKeys: [] });
  const nearlyRight = fc.record(
    {
      Tags: fc.oneof(fc.array(tag), fc.anything()),
      Lifecycle: fc.oneof(fc.constant('glacier'), fc.anything()),
      BucketInput: fc.oneof(fc.record({ Bucket: fc.oneof(fc.constant('a-new-bucket'), fc.anything()) }), fc.anything()),
      User: fc.oneof(
        fc.record({ UserName: fc.oneof(fc.string(), fc.anything()), Path: fc.anything() }, { requiredKeys: [] }),
        fc.anything(),
      ),
      Groups: fc.oneof(fc.array(fc.oneof(fc.constant('BktROGrp'), fc.anything())), fc.anything()),
      WebsiteConfiguration: fc.oneof(
        fc.dictionary(
          fc.constantFrom('IndexDocument', 'ErrorDocument', 'RedirectAllRequestsTo', 'RoutingRules'),
          fc.oneof(fc.constant({ Suffix: 'x' }), fc.anything()),
        ),
        fc.anything(),
      ),
      CacheInvalidation: fc.oneof(fc.array(fc.oneof(fc.webPath(), fc.anything())), fc.anything()),
      orphans: fc.oneof(fc.array(fc.oneof(fc.constant('user/u'), fc.anything())), fc.anything()),
    },
    { requiredKeys: [] },
  );
  const asText = (value: unknown): string =>
    JSON.stringify(value, (_key, member: unknown) => (typeof member === 'bigint' ? String(member) : member));

  test('any body is answered, and never by a 5xx', async () => {
    const body = fc.oneof(
      nearlyRight.map(asText),
      fc.anything().map(asText),
      fc.string(),
      fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
    );
    const target = fc.constantFrom(
      ['POST', BUCKETS],
      ['PUT', BUCKET],
      ['POST', `${BUCKET}/users`],
      ['PUT', USER],
      ['DELETE', USER],
      ['POST', WEBSITES],
      ['PUT', SITE],
      ['PATCH', SITE],
      ['POST', `${SITE}/users`],
      ['POST', '/v1/s3/demo/cleaner/run'],
    );
    await fc.assert(
      fc.asyncProperty(target, body, async ([how = '', path = ''], text) => {
        await wellBehaved(path, { method: how, body: text });
      }),
      { numRuns: 500 },
    );
  });

  test('any header value is answered, and never by a 5xx', async () => {
    const name = fc.constantFrom(
      'X-Auth-Token',
      'X-Request-Id',
      'Content-Type',
      'Content-Encoding',
      'Accept',
      'Origin',
      'X-Forwarded-For',
      'If-Match',
      'Range',
      'Cookie',
      'Accept-Encoding',
      'Prefer',
      'X-HTTP-Method-Override',
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, latin1, { maxKeys: 4 }), method, async (headers, how) => {
        await wellBehaved(BUCKET, { method: how, headers, ...(how === 'PUT' && { body: { Tags: [] } }) });
      }),
      { numRuns: 400 },
    );
  });
});
