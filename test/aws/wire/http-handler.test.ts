import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListBucketsCommand, PutBucketTaggingCommand } from '@aws-sdk/client-s3';
import { GetUserCommand } from '@aws-sdk/client-iam';
import type { AwsCall } from '../../../src/aws/wire/instrument';
import { createSessions } from '../../../src/aws/session';
import type { Sessions } from '../../../src/aws/types';
import { createTestClock } from '../../support/clock';
import { selfSigned } from '../certificate';
import { accountOf, type Answer, emptyBucketList, errorOf, startServer, type TestServer, xml } from '../fixtures';

const closers: (() => Promise<void> | void)[] = [];
const calls: AwsCall[] = [];

afterEach(async () => {
  calls.length = 0;
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(answer: Answer = emptyBucketList): Promise<TestServer> {
  const server = await startServer(answer);
  closers.push(() => server.close());
  return server;
}

function sessionsWith(env: Readonly<Record<string, string>> = {}, requestMs?: number): Sessions {
  const timeouts = requestMs === undefined ? {} : { timeouts: { requestMs } };
  const sessions = createSessions({
    clock: createTestClock(),
    org: 'acme',
    env,
    onCall: (call) => calls.push(call),
    ...timeouts,
  });
  closers.push(() => sessions.destroy());
  return sessions;
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));

const stop = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

const putTags = new PutBucketTaggingCommand({ Bucket: 'photos', Tagging: { TagSet: [] } });

describe('calls that do not come back', () => {
  const unknown = { kind: 'unavailable', origin: { effect: 'unknown', call: 'PutBucketTagging' } };

  test.each([
    ['a server that stays silent', () => undefined],
    [
      'an answer whose body stalls',
      (_seen: unknown, response: Parameters<Answer>[1]) => {
        response.writeHead(500, { 'content-type': 'text/xml', 'content-length': '500' });
        response.write('<Error><Code>');
      },
    ],
    [
      'a web page whose body stalls',
      (_seen: unknown, response: Parameters<Answer>[1]) => {
        response.writeHead(200, { 'content-type': 'text/html', 'content-length': '500' });
        response.write('<html>');
      },
    ],
  ])('%s: ended by the request timeout', async (_title, answer) => {
    const server = await serve(answer);
    // Long enough for the request to arrive also when this process is busy collecting garbage.
    const { s3 } = await sessionsWith({}, 1_000).open(accountOf({ endpoint: server.url }));
    expect(await errorOf(s3(putTags))).toMatchObject({ ...unknown, detail: expect.stringContaining('in time') });
    expect(server.seen).toHaveLength(1);
    expect(calls).toMatchObject([{ outcome: 'unavailable' }]);
  });

  test.each([
    [
      'a connection that is reset',
      (_seen: unknown, _response: unknown, request: Parameters<Answer>[2]) => request.socket.resetAndDestroy(),
    ],
    [
      'an answer that is cut off',
      (_seen: unknown, response: Parameters<Answer>[1]) => {
        response.writeHead(500, { 'content-length': '500' });
        response.write('<Error>', () => response.destroy());
      },
    ],
    [
      'something that is not HTTP',
      (_seen: unknown, _response: unknown, request: Parameters<Answer>[2]) => request.socket.end('220 smtp ready\r\n'),
    ],
  ])('%s', async (_title, answer) => {
    const server = await serve(answer);
    const { s3 } = await sessionsWith().open(accountOf({ endpoint: server.url }));
    expect(await errorOf(s3(putTags))).toMatchObject(unknown);
    expect(server.seen).toHaveLength(1);
  });

  test('a refused connection has no effect', async () => {
    const server = await startServer(emptyBucketList);
    await server.close();
    const { s3 } = await sessionsWith().open(accountOf({ endpoint: server.url }));
    expect(await errorOf(s3(putTags))).toMatchObject({ kind: 'unavailable', origin: { effect: 'none' } });
  });

  test('after a failure the next call works', async () => {
    const server = await serve((_seen, _response, request) => request.socket.destroy());
    const { s3 } = await sessionsWith().open(accountOf({ endpoint: server.url }));
    await errorOf(s3(putTags));
    server.answer = emptyBucketList;
    await expect(s3(new ListBucketsCommand({}))).resolves.toBeDefined();
  });
});

describe('connections', () => {
  test('all accounts and services share them, and they are kept', async () => {
    const sockets = new Set<Socket>();
    const server = await serve((seen, response, request) => {
      sockets.add(request.socket);
      const user =
        '<GetUserResponse><GetUserResult><User><UserName>b</UserName></User></GetUserResult></GetUserResponse>';
      (seen.method === 'GET' ? emptyBucketList : xml(200, user))(seen, response, request);
    });
    const sessions = sessionsWith();
    for (const name of ['one', 'two', 'three']) {
      const { s3, iam } = await sessions.open(accountOf({ name, endpoint: server.url }));
      await s3(new ListBucketsCommand({}));
      await iam(new GetUserCommand({ UserName: 'b' }));
    }
    expect(server.seen).toHaveLength(6);
    expect(sockets.size).toBe(1);
  });

  test('more than fifty calls run at once', async () => {
    const waiting: (() => void)[] = [];
    const server = await serve((seen, response, request) => {
      waiting.push(() => emptyBucketList(seen, response, request));
      if (waiting.length === 120) for (const go of waiting) go();
    });
    const { s3 } = await sessionsWith().open(accountOf({ endpoint: server.url }));
    await Promise.all(Array.from({ length: 120 }, () => s3(new ListBucketsCommand({}))));
    expect(server.seen).toHaveLength(120);
  });
});

/** A proxy that takes CONNECT and leads every tunnel to one port on loopback, whatever host was asked for. */
async function startProxy(
  targetPort: number,
  refusal?: number,
): Promise<{ url: string; asked: string[]; auth: (string | undefined)[] }> {
  const asked: string[] = [];
  const auth: (string | undefined)[] = [];
  const proxy = createServer((_request, response) => response.writeHead(400).end());
  const open = new Set<{ destroy(): unknown }>();
  proxy.on('connect', (request, client) => {
    asked.push(request.url ?? '');
    auth.push(request.headers['proxy-authorization']);
    open.add(client);
    if (refusal !== undefined) return client.end(`HTTP/1.1 ${refusal} No\r\n\r\n`);
    const upstream = connect(targetPort, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    open.add(upstream);
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
    return undefined;
  });
  const port = await listen(proxy);
  closers.push(async () => {
    for (const socket of open) socket.destroy();
    await stop(proxy);
  });
  return { url: `http://127.0.0.1:${port}`, asked, auth };
}

describe('proxies', () => {
  test('HTTP_PROXY: a store is reached through a tunnel, with the proxy’s user and password', async () => {
    const server = await serve();
    const proxy = await startProxy(server.port);
    const env = { HTTP_PROXY: proxy.url.replace('//', '//bird:s%20ecret@') };
    const { s3 } = await sessionsWith(env).open(accountOf({ endpoint: 'http://store.test:9000' }));
    await s3(new ListBucketsCommand({}));
    expect(proxy.asked).toEqual(['store.test:9000']);
    expect(proxy.auth).toEqual([`Basic ${Buffer.from('bird:s ecret').toString('base64')}`]);
    expect(server.seen).toMatchObject([{ host: 'store.test:9000' }]);
  });

  test('loopback and NO_PROXY go straight', async () => {
    const server = await serve();
    const proxy = await startProxy(server.port);
    const { s3 } = await sessionsWith({ HTTP_PROXY: proxy.url }).open(accountOf({ endpoint: server.url }));
    await s3(new ListBucketsCommand({}));
    const direct = await sessionsWith({ HTTP_PROXY: proxy.url, NO_PROXY: '.invalid' }).open(
      accountOf({ endpoint: 'http://store.invalid:9000' }),
    );
    expect(await errorOf(direct.s3(new ListBucketsCommand({})))).toMatchObject({
      kind: 'unavailable',
      origin: { effect: 'none' },
    });
    expect(proxy.asked).toEqual([]);
    expect(server.seen).toHaveLength(1);
  });

  test.each([403, 407, 502])('a proxy that refuses with %i: unavailable without effect', async (status) => {
    const proxy = await startProxy(1, status);
    const { s3 } = await sessionsWith({ HTTPS_PROXY: proxy.url }).open(accountOf({ endpoint: 'https://store.test' }));
    expect(await errorOf(s3(putTags))).toMatchObject({
      kind: 'unavailable',
      detail: expect.stringContaining('proxy'),
      origin: { effect: 'none' },
    });
    expect(proxy.asked).toEqual(['photos.store.test:443']);
  });

  test('a proxy that is not there: unavailable without effect', async () => {
    const gone = await startServer(emptyBucketList);
    await gone.close();
    const { s3 } = await sessionsWith({ HTTPS_PROXY: gone.url }).open(accountOf({ endpoint: 'https://store.test' }));
    expect(await errorOf(s3(putTags))).toMatchObject({ kind: 'unavailable', origin: { effect: 'none' } });
  });
});

describe('certificates', () => {
  const { key, cert } = selfSigned('store.test');
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mallard-ca-'));
    closers.push(() => rm(folder, { recursive: true }));
  });

  async function serveTls(): Promise<{ port: number; hosts: (string | undefined)[] }> {
    const hosts: (string | undefined)[] = [];
    const server = createTlsServer({ key, cert }, (request, response) => {
      hosts.push(request.headers.host);
      request.resume().on('end', () => response.end('<ListAllMyBucketsResult/>'));
    });
    const port = await listen(server);
    closers.push(() => stop(server));
    return { port, hosts };
  }

  test('AWS_CA_BUNDLE is trusted, through a proxy as well', async () => {
    const { port, hosts } = await serveTls();
    const proxy = await startProxy(port);
    const bundle = join(folder, 'ca.pem');
    await writeFile(bundle, cert);
    const { s3 } = await sessionsWith({ HTTPS_PROXY: proxy.url, AWS_CA_BUNDLE: bundle }).open(
      accountOf({ endpoint: 'https://store.test' }),
    );
    await s3(new ListBucketsCommand({}));
    expect(hosts).toEqual(['store.test']);
    expect(proxy.asked).toEqual(['store.test:443']);
  });

  test('a certificate for another name is refused all the same', async () => {
    const { port, hosts } = await serveTls();
    const bundle = join(folder, 'ca.pem');
    await writeFile(bundle, cert);
    const { s3 } = await sessionsWith({ AWS_CA_BUNDLE: bundle }).open(
      accountOf({ endpoint: `https://localhost:${port}` }),
    );
    expect(await errorOf(s3(putTags))).toMatchObject({ kind: 'unavailable', origin: { effect: 'none' } });
    expect(hosts).toEqual([]);
  });

  test('without it the call ends before anything is sent, and says what helps', async () => {
    const { port, hosts } = await serveTls();
    const proxy = await startProxy(port);
    const { s3 } = await sessionsWith({ HTTPS_PROXY: proxy.url }).open(accountOf({ endpoint: 'https://store.test' }));
    const error = await errorOf(s3(putTags));
    expect(error).toMatchObject({
      kind: 'unavailable',
      detail: expect.stringContaining('AWS_CA_BUNDLE'),
      origin: { effect: 'none' },
    });
    expect(hosts).toEqual([]);
  });

  test.each([
    ['is not there', undefined],
    ['holds no certificate', 'text'],
  ])('a bundle that %s is named at the start', async (_title, content) => {
    const bundle = join(folder, 'ca.pem');
    if (content !== undefined) await writeFile(bundle, content);
    expect(() => sessionsWith({ AWS_CA_BUNDLE: bundle })).toThrow(/AWS_CA_BUNDLE/);
  });
});
