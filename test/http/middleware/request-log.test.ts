import { createRequestLog } from '../../../src/http/middleware/request-log';
import { createTestClock } from '../../support/clock';
import { httpConfig, startHttp, TOKEN, type HttpHarness } from '../../support/http';
import { rawExchange } from '../../support/raw-http';

type Line = Readonly<Record<string, unknown>>;

function create(maxKeys?: number) {
  const clock = createTestClock();
  const lines: Line[] = [];
  const info = (first: object | string, msg?: string): void => {
    lines.push({ ...(first as Line), msg });
  };
  return {
    clock,
    lines,
    requestLog: createRequestLog({ log: { info }, clock, ...(maxKeys !== undefined && { maxKeys }) }),
  };
}
const refused = (client: string, more: Line = {}) => ({
  requestId: 'r',
  status: 403,
  client,
  problem: 'unauthenticated',
  ...more,
});
const sums = (lines: readonly Line[]) => lines.filter(({ msg }) => msg === 'requests summed up');

test('a flood of refusals is one line, then one a second with their number', () => {
  const { clock, lines, requestLog } = create();
  for (let tenth = 0; tenth < 50; tenth++) {
    for (let n = 0; n < 2_000; n++) requestLog.write(refused('192.0.2.1', { requestId: `${tenth}-${n}` }));
    clock.advance(100);
    requestLog.sumUp();
  }
  requestLog.flush();
  expect(lines.length).toBeLessThanOrEqual(6);
  expect(lines[0]).toEqual({ ...refused('192.0.2.1', { requestId: '0-0' }), msg: 'request' });
  expect(lines[1]).toMatchObject({
    client: '192.0.2.1',
    status: 403,
    problem: 'unauthenticated',
    count: 19_999,
    requestId: '9-1999',
    msg: 'requests summed up',
  });
  expect(sums(lines).reduce((all, { count }) => all + Number(count), 1)).toBe(100_000);
});

test('without anybody who calls every second, the sum is written with the next request', () => {
  const { clock, lines, requestLog } = create();
  for (let n = 0; n < 3; n++) requestLog.write(refused('192.0.2.1'));
  clock.advance(1_000);
  requestLog.write(refused('192.0.2.1'));
  expect(lines.map(({ msg, count }) => [msg, count])).toEqual([
    ['request', undefined],
    ['requests summed up', 2],
  ]);
});

test('once a second is no flood: each has its line', () => {
  const { clock, lines, requestLog } = create();
  for (let n = 0; n < 5; n++) {
    requestLog.write({ requestId: `probe-${n}`, status: 200, client: '192.0.2.1', route: '/ping' });
    clock.advance(600);
    requestLog.sumUp();
    clock.advance(400);
  }
  expect(lines.map(({ requestId }) => requestId)).toEqual(['probe-0', 'probe-1', 'probe-2', 'probe-3', 'probe-4']);
});

test('clients, statuses and public routes are told apart', () => {
  const { lines, requestLog } = create();
  const all = [
    refused('192.0.2.1'),
    refused('192.0.2.2'),
    refused('192.0.2.1', { status: 404 }),
    refused('192.0.2.1', { status: 200, route: '/ping' }),
    refused('192.0.2.1', { status: 200, route: '/metrics' }),
  ];
  for (let n = 0; n < 2; n++) for (const line of all) requestLog.write(line);
  expect(lines).toHaveLength(5);
  requestLog.flush();
  expect(sums(lines).map(({ client, status, route, count }) => [client, status, route, count])).toEqual([
    ['192.0.2.1', 403, undefined, 1],
    ['192.0.2.2', 403, undefined, 1],
    ['192.0.2.1', 404, undefined, 1],
    ['192.0.2.1', 200, '/ping', 1],
    ['192.0.2.1', 200, '/metrics', 1],
  ]);
});

test('more clients than can be told apart are one sum', () => {
  const { clock, lines, requestLog } = create(10);
  for (let n = 0; n < 100; n++) requestLog.write(refused(`192.0.2.${n}`));
  expect(lines).toHaveLength(10);
  clock.advance(1_000);
  requestLog.sumUp();
  expect(lines.slice(10)).toEqual([{ client: 'others', count: 90, msg: 'requests summed up' }]);
  requestLog.write(refused('198.51.100.1'));
  expect(lines.at(-1)).toMatchObject({ client: '198.51.100.1', msg: 'request' });
});

test('what was let in is never summed up; what is too much of one token is', () => {
  const { lines, requestLog } = create();
  for (let n = 0; n < 100; n++) requestLog.write({ requestId: 'r', status: n % 2 ? 200 : 404, tokenId: 'main' });
  expect(lines).toHaveLength(100);
  for (let n = 0; n < 100; n++) requestLog.write({ requestId: 'r', status: 429, tokenId: 'main', client: '192.0.2.1' });
  // AWS's throttling of a write.
  requestLog.write({ requestId: 'r', status: 429, tokenId: 'main', client: '192.0.2.1', operationId: 'op-1' });
  requestLog.flush();
  expect(lines.slice(100).map(({ msg, count, operationId }) => [msg, count, operationId])).toEqual([
    ['request', undefined, undefined],
    ['request', undefined, 'op-1'],
    ['requests summed up', 99, undefined],
  ]);
});

describe('at the service', () => {
  let http: HttpHarness;
  beforeEach(async () => {
    http = await startHttp();
  });
  afterEach(() => http.close());
  const nextSecond = (): void => {
    http.clock.advance(1_000);
    http.everySecond();
  };
  const many = (send: () => Promise<unknown>) => Promise.all(Array.from({ length: 40 }, send));

  test.each([
    ['a bad token', 403, () => http.send('/v1/s3/demo/buckets', { token: 'bad' })],
    ['no token', 403, () => http.send('/v1/s3/nothing', { token: null })],
    [
      'a body that is too large',
      413,
      () =>
        http.send('/v1/s3/demo/buckets', {
          method: 'POST',
          token: null,
          headers: { 'Content-Length': '90000' },
          body: ' '.repeat(90_000),
        }),
    ],
    [
      'an expectation nobody knows',
      417,
      () => http.send('/ping', { token: null, headers: { Expect: 'tea' }, agent: false }),
    ],
    ['a header twice', 400, () => http.send('/ping', { headers: ['X-Auth-Token', 'x'] })],
    ['what is no HTTP', 400, () => rawExchange(http.port, () => ['GIBBERISH\r\n\r\n'][Symbol.iterator]())],
    ['a public page', 200, () => http.send('/ping', { token: null })],
  ] as const)('forty times %s: two lines, with the address of their sender', async (_title, status, send) => {
    await many(send);
    nextSecond();
    expect(http.lines.map((line) => [line['msg'], line['status'], line['client'], line['count']])).toEqual([
      ['request', status, '127.0.0.1', undefined],
      ['requests summed up', status, '127.0.0.1', 39],
    ]);
  });

  test('honest requests have their lines, whatever else comes', async () => {
    await Promise.all([
      many(() => http.send('/v1/s3/demo/buckets', { token: 'bad' })),
      many(() => http.send('/v1/s3/demo/buckets')),
    ]);
    nextSecond();
    const honest = http.lines.filter(({ tokenId }) => tokenId === 'main');
    expect(honest).toHaveLength(40);
    expect(honest.every(({ msg, client }) => msg === 'request' && client === undefined)).toBe(true);
  });

  test('whoever is turned away with a token is logged with both', async () => {
    expect((await http.send('/v1/s3/nowhere/buckets')).status).toBe(404);
    expect(http.lines[0]).toMatchObject({ status: 404, tokenId: 'main', client: '127.0.0.1' });
  });

  test('behind a proxy the address is the one that the proxy tells', async () => {
    http.config = httpConfig({ trustProxy: true });
    for (const address of ['192.0.2.1', '192.0.2.2'])
      await http.send('/ping', { token: null, headers: { 'X-Forwarded-For': `203.0.113.9, ${address}` } });
    expect(http.lines.map(({ client }) => client)).toEqual(['192.0.2.1', '192.0.2.2']);
  });

  test('a request about a bucket or a website names it, and about a URL the digest of its key', async () => {
    await http.send('/v1/s3/demo/buckets', { method: 'POST', body: { BucketInput: { Bucket: 'foobarbucketname' } } });
    const objects = '/v1/s3/demo/buckets/foobarbucketname/objects';
    await http.send('/v1/s3/demo/buckets/foobarbucketname');
    await http.send('/v1/s3/demo/websites/foobar.bulldogs.cloud');
    await http.send(`${objects}/a%20b.txt`);
    await http.send(`${objects}/a%20b.txt`, { method: 'DELETE' });
    await http.send(objects, { method: 'POST', body: { filename: 'a b.txt' } });
    await http.send('/aws/storage/demo/foobarbucketname/a%20b.txt');
    // printf %s 'a b.txt' | sha256sum
    const objectSha256 = 'cd6c4a051a480e945b3d907e87ba10ce76ee2e02a29e4dac7ea0751b3d9af24d';
    const [, bucket, site, ...urls] = http.lines;
    expect([bucket, site].map((line) => line?.['bucket'])).toEqual(['foobarbucketname', 'foobar.bulldogs.cloud']);
    expect(new Set(urls.map((line) => line['bucket']))).toEqual(new Set(['foobarbucketname']));
    expect(urls.map((line) => [line['method'], line['objectSha256']])).toEqual(
      ['GET', 'DELETE', 'POST', 'GET'].map((method) => [method, objectSha256]),
    );
    expect(JSON.stringify(http.lines)).not.toContain('b.txt');
    expect(JSON.stringify(http.lines)).not.toContain(TOKEN);
  });
});
