import { httpConfig, startHttp, TOKEN, type HarnessOptions, type HttpHarness } from '../../support/http';
import { rawSocket, until, type RawSocket } from '../../support/raw-socket';

const BUCKETS = '/v1/s3/demo/buckets';
const BODY = '{"BucketInput":{"Bucket":"foobarbucketname"}}';
const WITH_TOKEN = `X-Auth-Token: ${TOKEN}`;

let http: HttpHarness;
let opened: RawSocket[] = [];
afterEach(async () => {
  for (const { socket } of opened) socket.destroy();
  opened = [];
  await http.close();
});

const head = (line: string, ...headers: readonly string[]) =>
  `${[`${line} HTTP/1.1`, 'Host: x', ...headers].join('\r\n')}\r\n\r\n`;
const list = head(`GET ${BUCKETS}`, WITH_TOKEN);
const limits = (perAddress: number | undefined) => ({ ...httpConfig().limits, connectionsPerAddress: perAddress });

/** A connection that the server has taken in. */
async function open(from?: string): Promise<RawSocket> {
  const socket = await rawSocket(http.port, from);
  opened.push(socket);
  const { port = 0 } = socket.socket.address() as { port?: number };
  await until(() => seenPorts.has(port) || socket.socket.destroyed);
  return socket;
}
let seenPorts = new Set<number>();
async function start(options: HarnessOptions): Promise<void> {
  http = await startHttp(options);
  seenPorts = new Set();
  http.server.on('connection', ({ remotePort }) => {
    if (remotePort !== undefined) seenPorts.add(remotePort);
  });
}
/** One after another, so that it is known which is the oldest. */
async function openMany(count: number, from?: string): Promise<RawSocket[]> {
  const all: RawSocket[] = [];
  for (let n = 0; n < count; n++) all.push(await open(from));
  return all;
}
const answered = async (caller: RawSocket, bytes: string, text: string): Promise<RawSocket> => {
  caller.write(bytes);
  await caller.seen(text);
  return caller;
};
function held() {
  const ends: ((names: readonly string[]) => void)[] = [];
  return { ends, listBuckets: () => new Promise<readonly string[]>((resolve) => ends.push(resolve)) };
}

describe('more connections than one address may have', () => {
  beforeEach(() => start({ config: { limits: limits(4) } }));

  test('close the silent ones, the oldest first, and the newcomer is served', async () => {
    const silent = await openMany(6);
    await Promise.all([silent[0]?.ended, silent[1]?.ended]);
    expect(http.connectionEnds).toEqual(['made-room-address', 'made-room-address']);
    expect(http.connectionsOpen).toBe(4);
    await answered(await open(), head('GET /ping'), 'pong');
    await silent[2]?.ended;
    expect(http.connectionsOpen).toBe(4);
  });

  test.each([
    ['half a head', 'GET /ping HTTP/1.1\r\nHost: x\r\n'],
    ['a request without a token that is answered', head('GET /ping')],
    ['half a body without a token', `${head(`POST ${BUCKETS}`, 'Content-Length: 100000')}{`],
  ])('with %s close each other, and none that has a token', async (_title, bytes) => {
    const known = await answered(await open(), list, '200 OK');
    for (const caller of await openMany(20)) caller.write(bytes);
    await answered(await open(), head('GET /version'), 'githash');
    expect(http.connectionsOpen).toBe(4);
    expect(new Set(http.connectionEnds)).toEqual(new Set(['made-room-address']));
    const before = known.received().length;
    known.write(list);
    await until(() => known.received().length > before);
    expect(known.received().match(/200 OK/g)).toHaveLength(2);
  });

  test('with a token each close the one that has been idle for the longest time', async () => {
    const known: RawSocket[] = [];
    for (let n = 0; n < 4; n++) known.push(await answered(await open(), list, '200 OK'));
    // The oldest has just been of use.
    await answered(known[0] as RawSocket, head('GET /version', WITH_TOKEN), 'githash');
    await answered(await open(), list, '200 OK');
    await known[1]?.ended;
    expect(known.map(({ socket }) => socket.readableEnded || socket.destroyed)).toEqual([false, true, false, false]);
    expect(http.connectionEnds).toEqual(['made-room-address']);
  });
});

test('a newcomer is refused where all others are at work for callers with a token, and not before', async () => {
  const { ends, listBuckets } = held();
  await start({ config: { limits: limits(4) }, provisioning: { listBuckets } });
  const busy = await openMany(4);
  for (const { write } of busy) write(list);
  await until(() => ends.length === 4);
  await (
    await open()
  ).ended;
  expect(http.connectionEnds).toEqual(['refused-address']);
  for (const end of ends) end(['still-there']);
  await Promise.all(busy.map(({ seen }) => seen('still-there')));
  await answered(await open(), head('GET /ping'), 'pong');
});

// Other systems have one loopback address only.
(process.platform === 'linux' ? test : test.skip)('connections of one address cost another one nothing', async () => {
  await start({ config: { limits: limits(4) } });
  const honest = await openMany(4);
  await openMany(20, '127.0.0.2');
  for (const caller of honest) await answered(caller, head('GET /ping'), 'pong');
  expect(http.connectionsOpen).toBe(8);
});

test('more connections than all may have close the oldest of those without a token', async () => {
  await start({ config: { limits: limits(undefined) }, bounds: { connections: 4 } });
  const known = await answered(await open(), list, '200 OK');
  const silent = await openMany(4);
  await silent[0]?.ended;
  await answered(known, head('GET /version', WITH_TOKEN), 'githash');
  expect(http.connectionEnds).toEqual(['made-room']);
  expect(http.connectionsOpen).toBe(4);
});

test('a limit that was changed counts from the next connection on', async () => {
  await start({ config: { limits: limits(4) } });
  await openMany(4);
  http.config = httpConfig({ limits: limits(5) });
  await open();
  expect(http.connectionEnds).toEqual([]);
});

describe('a connection that got its 408', () => {
  test.each([
    ['silent', ''],
    ['half a head', 'GET /ping HTTP/1.1\r\nHost: x\r\n'],
    ['half a body', `${head(`POST ${BUCKETS}`, WITH_TOKEN, 'Content-Length: 45')}{`],
  ])('is gone, also where its caller never ends it: %s', async (_title, bytes) => {
    await start({ bounds: { headersTimeout: 50, requestTimeout: 50, connectionsCheckingInterval: 10 } });
    const caller = await open();
    caller.write(bytes);
    expect(await caller.ended).toMatch(/^HTTP\/1\.1 408 /);
    await until(() => http.connectionsOpen === 0);
    expect(await new Promise((resolve) => http.server.getConnections((_error, count) => resolve(count)))).toBe(0);
    expect(http.connectionEnds).toEqual(['timeout']);
  });
});

test('what is no HTTP ends its connection, also where its caller never does', async () => {
  await start({});
  const caller = await open();
  caller.write('GIBBERISH\r\n\r\n');
  expect(await caller.ended).toMatch(/^HTTP\/1\.1 400 /);
  await until(() => http.connectionsOpen === 0);
  expect(http.connectionEnds).toEqual(['malformed']);
});

test('an answer that nobody takes ends its connection after a minute', async () => {
  // More than a socket's buffers hold.
  const names = Array.from({ length: 300_000 }, (_, n) => `a-bucket-with-a-long-name-to-fill-buffers-${n}`);
  await start({ provisioning: { listBuckets: async () => names } });
  const caller = await open();
  caller.socket.pause();
  caller.write(list);
  await until(() => caller.socket.bytesWritten > 0);
  expect((await http.send('/ping', { agent: false })).status).toBe(200);
  http.everySecond();
  http.clock.advance(59_999);
  http.everySecond();
  expect(http.connectionEnds).toEqual([]);
  http.clock.advance(1);
  const left = http.nextEnd();
  http.everySecond();
  await left;
  expect(http.connectionEnds).toEqual(['unread']);
  expect(http.observed.at(-1)).toMatchObject({ status: 499 });
});

describe('a service that drains', () => {
  test('ends connections that are idle at once', async () => {
    await start({});
    const idle = await answered(await open(), list, '200 OK');
    http.drain();
    await idle.ended;
    await until(() => http.connectionsOpen === 0);
  });

  test('says `Connection: close` on connections that were open before, and ends them', async () => {
    const { ends, listBuckets } = held();
    await start({ provisioning: { listBuckets } });
    const caller = await open();
    caller.write(list);
    await until(() => ends.length === 1);
    http.drain();
    ends[0]?.(['a']);
    expect(await caller.ended).toMatch(/^HTTP\/1\.1 200 [\s\S]*Connection: close[\s\S]*\["a"\]$/);
  });

  test('says so to a body under way, too, whatever its answer', async () => {
    await start({});
    const caller = await open();
    caller.write(head(`POST ${BUCKETS}`, WITH_TOKEN, `Content-Length: ${BODY.length}`, 'Expect: 100-continue'));
    await caller.seen('100 Continue');
    http.isReady = false;
    http.drain();
    caller.write(BODY);
    expect(await caller.ended).toMatch(/HTTP\/1\.1 503 [\s\S]*Connection: close/);
  });

  test('says so on connections that are opened later', async () => {
    await start({});
    http.drain();
    const seen = await http.send('/ping', { agent: false, headers: { Connection: 'keep-alive' } });
    expect(seen.header('connection')).toBe('close');
  });
});

describe('a server that closes', () => {
  const closing = () => {
    const closed = new Promise((resolve) => http.server.close(resolve));
    return { closed };
  };

  test('waits a second for a connection on which nothing has come', async () => {
    await start({});
    const caller = await open();
    const { closed } = closing();
    http.everySecond();
    expect(http.connectionEnds).toEqual([]);
    http.clock.advance(1_000);
    http.everySecond();
    await caller.ended;
    await closed;
    expect(http.connectionEnds).toEqual(['timeout']);
  });

  test.each([
    ['half a head', 'headersTimeout', 'GET /ping HTTP/1.1\r\nHost: x\r\n'],
    ['half a body', 'requestTimeout', `${head(`POST ${BUCKETS}`, WITH_TOKEN, 'Content-Length: 45')}{`],
  ] as const)('waits for the rest of %s no longer than before', async (_title, timeout, bytes) => {
    await start({});
    const read = new Promise<void>((resolve) =>
      http.server.once('connection', (socket) => void until(() => socket.bytesRead === bytes.length).then(resolve)),
    );
    const caller = await open();
    caller.write(bytes);
    await read;
    const { closed } = closing();
    http.clock.advance(http.server[timeout] - 1);
    http.everySecond();
    expect(http.connectionEnds).toEqual([]);
    http.clock.advance(1);
    http.everySecond();
    await closed;
    expect(http.connectionEnds).toEqual(['timeout']);
  });

  test('waits for what is at work as long as it takes', async () => {
    const { ends, listBuckets } = held();
    await start({ provisioning: { listBuckets } });
    const caller = await open();
    caller.write(list);
    await until(() => ends.length === 1);
    http.drain();
    const { closed } = closing();
    http.clock.advance(3_600_000);
    http.everySecond();
    ends[0]?.(['a']);
    expect(await caller.ended).toMatch(/^HTTP\/1\.1 200 /);
    await closed;
    expect(http.connectionEnds).toEqual([]);
  });
});
