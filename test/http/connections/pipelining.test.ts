import { startHttp, TOKEN, type HttpHarness } from '../../support/http';
import { rawSocket, until } from '../../support/raw-socket';

const BUCKETS = '/v1/s3/demo/buckets';
const BODY = '{"BucketInput":{"Bucket":"foobarbucketname"}}';

let http: HttpHarness;
afterEach(() => http.close());

const request = (line: string, ...headers: readonly string[]) =>
  `${[`${line} HTTP/1.1`, 'Host: x', ...headers].join('\r\n')}\r\n\r\n`;
const list = request(`GET ${BUCKETS}`, `X-Auth-Token: ${TOKEN}`);
const create = `${request(`POST ${BUCKETS}`, `X-Auth-Token: ${TOKEN}`, `Content-Length: ${BODY.length}`)}${BODY}`;
const statuses = (answers: string) => [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));

/** A listing that is under way until it is told to end. */
function held() {
  const ends: ((names: readonly string[]) => void)[] = [];
  return { ends, listBuckets: () => new Promise<readonly string[]>((resolve) => ends.push(resolve)) };
}

describe('requests sent without waiting for answers', () => {
  test('are done one after another, and answered in their order', async () => {
    const { ends, listBuckets } = held();
    http = await startHttp({ provisioning: { listBuckets } });
    const caller = await rawSocket(http.port);
    caller.write(`${list}${list}${list}${request('GET /ping')}`);
    for (const name of ['first', 'second', 'third']) {
      await until(() => ends.length > 0);
      // One that was begun beside it would have been told apart by now.
      expect((await http.send('/ping')).status).toBe(200);
      expect(ends).toHaveLength(1);
      ends.pop()?.([name]);
      await caller.seen(name);
    }
    await caller.seen('pong');
    expect(caller.received()).toMatch(/first[\s\S]*second[\s\S]*third[\s\S]*pong$/);
    caller.socket.destroy();
  });

  test('on one connection hold up no other', async () => {
    const { ends, listBuckets } = held();
    http = await startHttp({ provisioning: { listBuckets } });
    const caller = await rawSocket(http.port);
    caller.write(`${list}${list}`);
    await until(() => ends.length > 0);
    expect((await http.send('/ping')).status).toBe(200);
    caller.socket.destroy();
  });

  test('by the thousand are all answered, and no more of them are made objects of than one slice holds', async () => {
    let renders = 0;
    http = await startHttp({ renderMetrics: async () => ({ contentType: 'text/plain', body: `page ${++renders}` }) });
    let underWay = 0;
    let most = 0;
    http.server.on('request', (_req, res) => {
      most = Math.max(most, ++underWay);
      res.once('close', () => underWay--);
    });
    const caller = await rawSocket(http.port);
    caller.write(request('GET /metrics').repeat(3_000));
    await until(() => http.observed.length === 3_000);
    caller.socket.destroy();
    expect(most).toBeLessThanOrEqual(1_024 / 'GET / HTTP/1.1\r\n\r\n'.length);
    expect(renders).toBe(1);
  });

  test.each(['/metrics', '/nothing', BUCKETS])('to %s let another caller have its turn between them', async (path) => {
    http = await startHttp();
    const caller = await rawSocket(http.port);
    caller.write(request(`GET ${path}`).repeat(2_000));
    await until(() => http.observed.length > 0);
    const other = await rawSocket(http.port);
    other.write(request('GET /version'));
    await other.seen('githash');
    expect(http.observed.length).toBeLessThan(1_000);
    for (const { socket } of [caller, other]) socket.destroy();
  });

  test('are read no further while one is at work', async () => {
    const { ends, listBuckets } = held();
    http = await startHttp({ provisioning: { listBuckets } });
    let seen = 0;
    http.server.on('request', () => seen++);
    const caller = await rawSocket(http.port);
    caller.write(list.repeat(5_000));
    await until(() => ends.length > 0);
    for (let n = 0; n < 3; n++) expect((await http.send('/ping')).status).toBe(200);
    expect(seen - 3).toBeLessThanOrEqual(1_024 / list.length + 1);
    caller.socket.destroy();
  });

  test('behind an answer that ends the connection are not done', async () => {
    const begun: unknown[] = [];
    const { ends, listBuckets } = held();
    http = await startHttp({
      provisioning: {
        listBuckets,
        createBucket: async () => {
          begun.push(1);
          throw new Error('never');
        },
      },
    });
    const caller = await rawSocket(http.port);
    caller.write(`${list}${create}`);
    await until(() => ends.length > 0);
    http.drain();
    ends.pop()?.(['a']);
    expect(statuses(await caller.ended)).toEqual([200]);
    caller.socket.destroy();
    expect(begun).toEqual([]);
  });

  test('and left by their caller are not done', async () => {
    const { ends, listBuckets } = held();
    http = await startHttp({ provisioning: { listBuckets } });
    const caller = await rawSocket(http.port);
    caller.write(`${list}${list}`);
    await until(() => ends.length > 0);
    const left = http.nextEnd();
    caller.socket.destroy();
    await left;
    expect((await http.send('/ping')).status).toBe(200);
    expect(ends).toHaveLength(1);
  });

  test('followed by what is no HTTP are answered; the refusal of the rest is not taken for their answer', async () => {
    const { ends, listBuckets } = held();
    http = await startHttp({ provisioning: { listBuckets } });
    const caller = await rawSocket(http.port);
    caller.write(`${list}GIBBERISH\r\n\r\n`);
    await until(() => ends.length > 0);
    expect((await http.send('/ping')).status).toBe(200);
    ends.pop()?.(['a']);
    const answer = await caller.ended;
    expect(statuses(answer)).toEqual([200]);
    expect(answer).toContain('Connection: close');
    caller.socket.destroy();
  });
});

describe('the page of metrics', () => {
  const page = async () => (await http.send('/metrics', { token: null })).text;

  test('is made once a second for all who ask', async () => {
    let renders = 0;
    http = await startHttp({ renderMetrics: async () => ({ contentType: 'text/plain', body: `page ${++renders}` }) });
    expect(await page()).toBe('page 1');
    http.clock.advance(999);
    expect(await page()).toBe('page 1');
    http.clock.advance(1);
    expect(await page()).toBe('page 2');
  });

  test('is shared by those who ask while it is made', async () => {
    const ends: ((page: { contentType: string; body: string }) => void)[] = [];
    http = await startHttp({ renderMetrics: () => new Promise((resolve) => ends.push(resolve)) });
    const callers = await Promise.all(Array.from({ length: 5 }, () => rawSocket(http.port)));
    for (const { write } of callers) write(request('GET /metrics'));
    await until(() => ends.length > 0);
    expect((await http.send('/ping')).status).toBe(200);
    expect(ends).toHaveLength(1);
    ends[0]?.({ contentType: 'text/plain', body: 'shared' });
    await Promise.all(callers.map(({ seen }) => seen('shared')));
    for (const { socket } of callers) socket.destroy();
  });

  test('that failed is made anew for the next who asks', async () => {
    let renders = 0;
    http = await startHttp({
      renderMetrics: async () => {
        if (++renders === 1) throw new Error('no');
        return { contentType: 'text/plain', body: 'good' };
      },
    });
    expect((await http.send('/metrics')).status).toBe(500);
    expect(await page()).toBe('good');
  });
});
