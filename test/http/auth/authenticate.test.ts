import { hashSync } from 'bcryptjs';
import type { Config } from '../../../src/config/types';
import { responseValidator } from '../../../src/http/contract/checks';
import {
  accountConfig,
  httpConfig,
  startHttp,
  tokenConfig,
  TOKEN,
  type HttpHarness,
  type Sent,
} from '../../support/http';

const BUCKETS = '/v1/s3/demo/buckets';
const HOUR = 3_600_000;

let http: HttpHarness;
beforeEach(async () => {
  http = await startHttp();
});
afterEach(() => http.close());

const using = (config: Partial<Config>): void => {
  http.config = httpConfig(config);
};
const ask = async (sent: Sent = {}, path = BUCKETS) => {
  const seen = await http.send(path, sent);
  expect(responseValidator('listBuckets', seen.status)?.(seen)).toEqual([]);
  return seen;
};
const statusWith = async (token: string | null, path = BUCKETS, method = 'GET') =>
  (await http.send(path, { token, method })).status;

describe('tokens', () => {
  test('missing and wrong tokens are 403, in the same words', async () => {
    const answers = await Promise.all(
      [null, '', 'wrong', TOKEN.slice(0, -1), `${TOKEN}x`, TOKEN.toUpperCase()].map(async (token) =>
        ask({ token, headers: { 'X-Request-Id': 'r' } }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(new Set(answers.map(({ headers: { date: _date, ...rest } }) => JSON.stringify(rest))).size).toBe(1);
    expect([...http.authFailures].sort()).toEqual(['missing', 'missing', 'wrong', 'wrong', 'wrong', 'wrong']);
  });

  test.each([false, true])(
    'no token is none, even where one of nothing is configured (bcrypt: %s)',
    async (bcryptTokens) => {
      using({ tokens: [tokenConfig('')], auth: { bcryptTokens, failuresPerMinute: 1_000 } });
      for (const token of [null, '', ' ', '\t ']) expect(await statusWith(token)).toBe(403);
      expect((await ask({ token: null, headers: ['X-Auth-Token', '', 'X-Auth-Token', ''] })).status).toBe(400);
      expect(new Set(http.authFailures)).toEqual(new Set(['missing']));
    },
  );

  test('the hash of a token is no token', async () => {
    expect(await statusWith(tokenConfig(TOKEN).sha256)).toBe(403);
  });

  test('no other header and no query parameter carries one', async () => {
    expect((await ask({ token: null, headers: { Authorization: `Bearer ${TOKEN}` } })).status).toBe(403);
    expect((await ask({ token: null }, `${BUCKETS}?X-Auth-Token=${TOKEN}`)).status).toBe(403);
  });

  test('several are good at once; a token may hold any characters', async () => {
    using({
      tokens: [tokenConfig('first', { id: 'a' }), tokenConfig('zweité', { id: 'b' }), tokenConfig('last', { id: 'c' })],
    });
    expect(await statusWith('first')).toBe(200);
    expect(await statusWith('last')).toBe(200);
    expect(await statusWith(Buffer.from('zweité').toString('latin1'))).toBe(200);
    expect(http.lines.map((line) => line['tokenId'])).toEqual(['a', 'c', 'b']);
  });

  test('expire', async () => {
    using({ tokens: [tokenConfig(TOKEN, { expires: http.clock.now() + HOUR })] });
    expect(await statusWith(TOKEN)).toBe(200);
    http.clock.advance(HOUR - 1);
    expect(await statusWith(TOKEN)).toBe(200);
    http.clock.advance(1);
    expect(await statusWith(TOKEN)).toBe(403);
    expect(http.authFailures).toEqual(['expired']);
  });

  test('a new configuration counts from the next request on', async () => {
    expect(await statusWith(TOKEN)).toBe(200);
    using({ tokens: [tokenConfig('new')] });
    expect([await statusWith(TOKEN), await statusWith('new')]).toEqual([403, 200]);
  });
});

describe('scopes', () => {
  test.each([
    [{ accounts: ['demo'] }, 'GET', BUCKETS, 200],
    [{ accounts: ['demo'] }, 'GET', '/v1/s3/123456789012/buckets', 200],
    [{ accounts: ['demo'] }, 'GET', '/v1/s3/other/buckets', 404],
    [{ accounts: ['other'] }, 'GET', '/v1/s3/123456789012/buckets', 404],
    [{ accounts: [] }, 'GET', BUCKETS, 404],
    [{ accounts: ['demo'] }, 'GET', '/v1/s3/nowhere/buckets', 404],
    [{ methods: ['GET'] }, 'GET', BUCKETS, 200],
    [{ methods: ['GET'] }, 'POST', BUCKETS, 403],
    [{ methods: ['GET'] }, 'DELETE', `${BUCKETS}/foobarbucketname`, 403],
    [{ methods: ['GET'] }, 'HEAD', `${BUCKETS}/foobarbucketname`, 403],
    [{ methods: ['GET', 'HEAD'] }, 'HEAD', `${BUCKETS}/foobarbucketname`, 404],
    [{ methods: ['GET'] }, 'GET', '/ping', 200],
  ])('%j: %s %s is %i', async (scope, method, path, status) => {
    using({ tokens: [tokenConfig(TOKEN, scope)] });
    expect(await statusWith(TOKEN, path, method)).toBe(status);
  });

  test.each([
    ['GET', '/v1/s3/{account}/buckets'],
    ['POST', '/v1/s3/{account}/buckets'],
    ['HEAD', '/v1/s3/{account}/buckets/photos'],
    ['PROPFIND', '/v1/s3/{account}/buckets'],
    ['GET', '/v1/s3/{account}/websites/a.example.org/users/ada/keys'],
    ['GET', '/v1/s3/{account}/cleaner?unknown=1'],
    ['OPTIONS', '/v1/s3/{account}/buckets'],
    ['GET', '/aws/storage/{account}/photos/a.txt'],
    ['POST', '/aws/storage/{account}/photos'],
    ['PUT', '/aws/storage/{account}/photos'],
    ['OPTIONS', '/aws/storage/{account}/photos'],
  ])(
    '%s %s: an account that the token is not for answers as one that is not there, by name and by id',
    async (method, path) => {
      using({
        accounts: new Map([
          ['demo', accountConfig('demo')],
          ['hidden', accountConfig('hidden', { id: '222222222222' })],
        ]),
        tokens: [tokenConfig(TOKEN, { accounts: ['demo'], methods: ['GET', 'HEAD', 'PROPFIND'] })],
      });
      const answerOf = async (account: string) => {
        const asked = path.replace('{account}', account);
        const { status, headers, text } = await http.send(asked, {
          method,
          headers: { 'X-Request-Id': 'r' },
          ...(method === 'POST' && { body: { filename: 'a' } }),
        });
        const { date: _date, 'content-length': _length, ...rest } = headers;
        return { status, headers: rest, text: text.replace(account, '{account}') };
      };
      const absent = await answerOf('absent');
      expect(absent.status).toBe(method === 'OPTIONS' ? 204 : 404);
      expect(await answerOf('hidden')).toEqual(absent);
      expect(await answerOf('222222222222')).toEqual(absent);
      expect(http.authFailures).toEqual(method === 'OPTIONS' ? [] : ['scope', 'scope']);
    },
  );
});

describe('the limit on failures', () => {
  const limited: Partial<Config> = { auth: { bcryptTokens: false, failuresPerMinute: 3 } };

  test('answers failures with 429 and Retry-After, a valid token always, and ends with the minute', async () => {
    using(limited);
    for (let i = 0; i < 3; i++) expect(await statusWith('wrong')).toBe(403);
    http.clock.advance(20_000);
    const refused = await ask({ token: 'wrong' });
    expect([refused.status, refused.header('retry-after')]).toEqual([429, '40']);
    expect(await statusWith(null)).toBe(429);
    expect(await statusWith(TOKEN)).toBe(200);
    expect(http.authFailures).toEqual(['wrong', 'wrong', 'wrong', 'rate-limited', 'rate-limited']);
    http.clock.advance(40_000);
    expect(await statusWith('wrong')).toBe(403);
  });

  test('public routes neither count nor are refused', async () => {
    using(limited);
    for (let i = 0; i < 9; i++) expect(await statusWith(null, '/ping')).toBe(200);
    expect(await statusWith(null)).toBe(403);
  });

  test.each([
    [true, ['203.0.113.1'], '203.0.113.1', 429],
    [true, ['203.0.113.1'], '203.0.113.2', 403],
    // Only the entry our own proxy wrote counts: what stands before it is the caller's word.
    [true, ['1.1.1.1, 203.0.113.1'], '2.2.2.2, 203.0.113.1', 429],
    [true, ['203.0.113.1, 1.1.1.1'], '203.0.113.1, 2.2.2.2', 403],
    [false, ['203.0.113.1'], '203.0.113.2', 429],
    [true, ['2001:db8:0:1::a'], '2001:db8:0:1:ffff::b', 429],
    [true, ['2001:db8:0:1::a'], '2001:db8:0:2::a', 403],
    [true, ['not an address'], 'nor this', 429],
  ])('trustProxy %s: after failures from %j, one from %s is %i', async (trustProxy, before, after, status) => {
    using({ ...limited, trustProxy });
    const fails = (address: string) => http.send(BUCKETS, { token: 'wrong', headers: { 'X-Forwarded-For': address } });
    for (let i = 0; i < 3; i++) for (const address of before) await fails(address);
    expect((await fails(after)).status).toBe(status);
  });
});

test('a token may be used so often a minute as configured, whatever others do', async () => {
  using({
    tokens: [tokenConfig(TOKEN, { id: 'a' }), tokenConfig('second', { id: 'b' })],
    limits: { bodyBytes: 65_536, requestsPerMinute: 2, concurrentWrites: 64, connectionsPerAddress: undefined },
  });
  expect([await statusWith(TOKEN), await statusWith(TOKEN), await statusWith('second')]).toEqual([200, 200, 200]);
  const refused = await ask();
  expect([refused.status, refused.header('retry-after')]).toEqual([429, '60']);
  expect(await statusWith('second')).toBe(200);
  http.clock.advance(60_000);
  expect(await statusWith(TOKEN)).toBe(200);
});

describe('bcrypt', () => {
  const hash = hashSync(TOKEN, 4);
  const on: Partial<Config> = { auth: { bcryptTokens: true, failuresPerMinute: 1_000 } };

  test('is refused unless switched on', async () => {
    expect(await statusWith(hash)).toBe(403);
    using(on);
    expect(await statusWith(hash)).toBe(200);
    expect(await statusWith(hash)).toBe(200);
    expect(await statusWith(hash.replace('$2b$', '$2a$'))).toBe(200);
    expect(await statusWith(TOKEN)).toBe(200);
  });

  test.each([
    ['of another token', hashSync('another', 4)],
    ['with a cost above 10', hash.replace('$04$', '$11$')],
    ['with an absurd cost', hash.replace('$04$', '$31$')],
    ['a character short', hash.slice(0, -1)],
    ['a character long', `${hash}x`],
    ['with a foreign prefix', hash.replace('$2b$', '$2x$')],
    ['with a foreign character', `${hash.slice(0, -1)}!`],
  ])('a hash %s is 403', async (_title, token) => {
    using(on);
    expect(await statusWith(token)).toBe(403);
  });

  test('tokens that the configuration does not hold in the plain cannot be met', async () => {
    using({ ...on, tokens: [tokenConfig(TOKEN, { plain: undefined })] });
    expect(await statusWith(hash)).toBe(403);
  });

  test('expiry and scope hold for it, too', async () => {
    using({ ...on, tokens: [tokenConfig(TOKEN, { expires: http.clock.now() + HOUR, methods: ['GET'] })] });
    expect(await statusWith(hash)).toBe(200);
    expect(await statusWith(hash, BUCKETS, 'POST')).toBe(403);
    http.clock.advance(HOUR);
    expect(await statusWith(hash)).toBe(403);
  });
});

test('a misnamed account is no prototype member', async () => {
  using({ accounts: new Map([['demo', accountConfig('demo')]]) });
  for (const name of ['__proto__', 'toString', 'constructor'])
    expect(await statusWith(TOKEN, `/v1/s3/${name}/buckets`)).toBe(404);
});
