import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DomainFailure } from '../../src/base/errors';
import { createEngine, type Engine } from '../../src/engine/perform';
import { answer, definePlan } from '../../src/engine/plan';
import type { Recipe } from '../../src/engine/recipe';
import { oncePolicy } from '../../src/engine/retry';
import { operations } from '../../src/http/contract/document';
import { mayTellSecret } from '../../src/http/operations/early';
import { prefersAsync } from '../../src/http/operations/prefer';
import { currentRequest, withRequest } from '../../src/observability/request-context';
import { createMemoryRegister } from '../../src/operations/memory-register';
import { operationTable } from '../../src/operations/table';
import { accountConfig, type HttpHarness, startHttp, TOKEN, tokenConfig } from '../support/http';

/** Of one deletion of a bucket: what its only step waits for. */
interface Held {
  readonly go: () => void;
  readonly fail: (thrown: Error) => void;
}

let http: HttpHarness;
let engine: Engine;
let held: Held[];
let whenHeld: () => void;

beforeEach(async () => {
  held = [];
  whenHeld = () => undefined;
  http = await startHttp({
    config: {
      tokens: [
        tokenConfig(TOKEN),
        tokenConfig('poor', { id: 'poor', methods: ['DELETE'] }),
        tokenConfig('elsewhere', { id: 'elsewhere', accounts: ['other'] }),
      ],
      corsOrigins: ['https://portal.example'],
      accounts: new Map([
        ['demo', accountConfig('demo')],
        ['other', accountConfig('other')],
      ]),
    },
    withRequest: ({ id, ...more }, handle) => withRequest({ requestId: id, ...more }, async () => handle()),
    provisioning: { deleteBucket: (account, bucket) => engine.perform(deletion(account.name, bucket)) },
  });
  let ids = 0;
  engine = createEngine({
    register: createMemoryRegister(),
    clock: http.clock,
    newId: () => `op-${String((ids += 1))}`,
    listeners: [
      http.history.listener,
      (event) => {
        if (event.type === 'operation-started') currentRequest()?.began?.(event.operationId);
        if (event.type === 'step-started') currentRequest()?.acts?.(event.operationId);
      },
    ],
  });
});
afterEach(() => http.close());

const deletion = (account: string, bucket: string): Recipe<null, object> => ({
  kind: 'delete-bucket',
  version: 1,
  title: `Delete bucket ${bucket}`,
  input: null,
  claims: [`${account}/bucket/${bucket}`],
  recovery: 'forward',
  look: () => Promise.resolve(null),
  plan: () =>
    definePlan('delete-bucket', `Delete bucket ${bucket}`, (step) => {
      const deleted = step({
        title: 'Delete the bucket',
        retry: oncePolicy,
        run: () =>
          new Promise<object>((resolve, reject) => {
            held.push({ go: () => resolve({}), fail: reject });
            whenHeld();
          }),
      });
      return answer({ deleted }, () => ({}));
    }),
});

/** Resolves when that many steps wait. */
const steps = async (count: number): Promise<void> => {
  while (held.length < count) await new Promise<void>((resolve) => (whenHeld = resolve));
};

const path = '/v1/s3/demo/operations';
const remove = (bucket = 'photos', headers: Readonly<Record<string, string>> = {}) =>
  http.ask('deleteBucket', `/v1/s3/demo/buckets/${bucket}`, { method: 'DELETE', headers });
/** A deletion that was answered before its end; gives the place of its operation. */
const removeAsync = async (bucket = 'photos'): Promise<string> => {
  const seen = await remove(bucket, { Prefer: 'respond-async' });
  expect(seen.status).toBe(202);
  return seen.header('location') ?? '';
};

interface Stream {
  readonly sent: ClientRequest;
  readonly response: IncomingMessage;
  /** What has come so far. */
  readonly text: () => string;
  readonly ended: Promise<void>;
  readonly until: (text: string) => Promise<void>;
}

function watch(place: string, headers: Readonly<Record<string, string>> = {}): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: http.port,
        path: `${place}/events`,
        agent: false,
        headers: { 'X-Auth-Token': TOKEN, ...headers },
      },
      (response) => {
        let text = '';
        let look = (): void => undefined;
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
          look();
        });
        const ended = new Promise<void>((over) => response.once('close', () => over()));
        const until = (wanted: string) =>
          new Promise<void>((found) => {
            look = () => {
              if (text.includes(wanted)) found();
            };
            look();
          });
        resolve({ sent, response, text: () => text, ended, until });
      },
    );
    sent.on('error', reject).end();
  });
}

const eventsIn = (text: string) =>
  [...text.matchAll(/^id: (\d+)\nevent: ([\w-]+)\ndata: (.*)$/gm)].map(([, id, type, data]) => ({
    id: Number(id),
    type,
    data: JSON.parse(data ?? '') as Readonly<Record<string, unknown>>,
  }));

describe('a write that is answered before its end', () => {
  test('with Prefer: respond-async it is 202 at once, with its place, its id and the operation as GET shows it', async () => {
    const seen = await remove('photos', { Prefer: 'respond-async', 'X-Actor': 'ada@example.org' });
    expect(seen.status).toBe(202);
    expect(seen.headers).toMatchObject({
      location: `${path}/op-1`,
      'preference-applied': 'respond-async',
      'x-operation-id': 'op-1',
    });
    await steps(1);
    const shown = await http.ask('showOperation', `${path}/op-1`);
    expect(shown.body).toMatchObject({
      id: 'op-1',
      state: 'running',
      tokenId: 'main',
      actor: 'ada@example.org',
      method: 'DELETE',
      path: '/v1/s3/demo/buckets/photos',
      steps: [{ title: 'Delete the bucket', state: 'running' }],
    });
    const same = ['id', 'title', 'startedAt', 'requestId', 'resources'];
    for (const name of same) expect(seen.body).toHaveProperty(name, (shown.body as Record<string, unknown>)[name]);
    held[0]?.go();
    await engine.idle();
    expect((await http.ask('showOperation', `${path}/op-1`)).body).toMatchObject({ state: 'succeeded' });
  });

  test('one that takes longer than 25 seconds is 202 with its place, and without Preference-Applied', async () => {
    const answered = remove();
    await steps(1);
    http.clock.advance(24_999);
    http.everySecond();
    await nextTurn();
    http.clock.advance(1);
    http.everySecond();
    const seen = await answered;
    expect(seen.status).toBe(202);
    expect(seen.header('location')).toBe(`${path}/op-1`);
    expect(seen.header('preference-applied')).toBeUndefined();
    expect(seen.header('x-operation-id')).toBe('op-1');
    held[0]?.go();
    await engine.idle();
  });

  test('one that ends before is answered as ever, and nothing waits behind it', async () => {
    const answered = remove();
    await steps(1);
    held[0]?.go();
    const seen = await answered;
    expect([seen.status, seen.body, seen.header('location')]).toEqual([200, {}, undefined]);
    expect(http.deadlines.size()).toBe(0);
  });

  test('its failure is in the history, and what nobody foresaw also in the log', async () => {
    const place = await removeAsync();
    await steps(1);
    held[0]?.fail(new Error('a bug'));
    await engine.idle();
    await nextTurn();
    expect((await http.ask('showOperation', place)).body).toMatchObject({
      state: 'failed',
      error: { kind: 'unforeseen', detail: 'an unforeseen error occurred' },
    });
    expect(http.lines).toContainEqual(expect.objectContaining({ msg: 'unforeseen error', operationId: 'op-1' }));
  });

  test('what is refused before an operation begins is refused as ever', async () => {
    http.isReady = false;
    expect((await remove('photos', { Prefer: 'respond-async' })).status).toBe(503);
  });

  test('routes whose answer holds a secret do neither: their answers are for this caller alone', () => {
    const secret = operations.filter(mayTellSecret);
    const writes = secret.map(({ operationId }) => operationId).filter(operationTable.isWrite);
    expect(writes.sort()).toEqual(
      ['createUser', 'createWebsiteUser', 'addKey', 'addWebsiteKey', 'resetKeys', 'resetWebsiteKeys'].sort(),
    );
    for (const { operationId, responses } of operations.filter((each) => operationTable.isWrite(each.operationId)))
      expect([operationId, responses.has(202)]).toEqual([operationId, !writes.includes(operationId)]);
  });

  test('of Prefer, other wishes are ignored', () => {
    expect(prefersAsync(undefined)).toBe(false);
    expect(prefersAsync('return=minimal, Respond-Async; x=1')).toBe(true);
    expect(prefersAsync('respond-asynchronously')).toBe(false);
  });
});

describe('who asks', () => {
  test.each(['', 'a'.repeat(129), 'ad\u00e4'])('an X-Actor of %j is 400, which names the rule', async (actor) => {
    const headers = { 'X-Actor': Buffer.from(actor, 'utf8').toString('latin1') };
    const seen = await http.ask('listOperations', path, { headers });
    expect(seen.status).toBe(400);
    expect(seen.body).toMatchObject({ detail: 'the header X-Actor must have 1 to 128 printable ASCII characters' });
  });

  test('X-Actor is logged as claimed; two of them are 400', async () => {
    await http.ask('listOperations', path, { headers: { 'X-Actor': 'ada' } });
    expect(http.lines.at(-1)).toMatchObject({ actor: 'ada', tokenId: 'main' });
    const seen = await http.ask('listOperations', path, { headers: ['X-Actor', 'a', 'X-Actor', 'b', 'Host', 'h'] });
    expect(seen.status).toBe(400);
  });

  test('tokens see what they may ask for, and nobody sees operations of another account', async () => {
    const place = await removeAsync();
    await steps(1);
    const asked = (where: string, token: string) => http.send(where, { token }).then(({ status }) => status);
    expect(await asked(place, 'poor')).toBe(403);
    expect(await asked(place, 'elsewhere')).toBe(404);
    expect(await asked('/v1/s3/other/operations/op-1', 'elsewhere')).toBe(404);
    expect(await asked('/v1/s3/other/operations/op-1/events', 'elsewhere')).toBe(404);
    expect((await http.ask('listOperations', '/v1/s3/other/operations')).body).toEqual({
      operations: [],
      marker: null,
    });
    held[0]?.go();
    await engine.idle();
  });

  test('pages of configured origins may read where the operation is', async () => {
    const seen = await http.send(path, { headers: { Origin: 'https://portal.example' } });
    for (const name of ['Location', 'Preference-Applied', 'X-Operation-Id'])
      expect(seen.header('access-control-expose-headers')).toContain(name);
  });
});

describe('the list', () => {
  test('filters and pages; what is no filter is 400', async () => {
    for (const bucket of ['one', 'two', 'three']) {
      await removeAsync(bucket);
      http.clock.advance(1);
    }
    await steps(3);
    held[0]?.go();
    await nextTurn();
    const ask = async (query: string) => {
      const { body } = await http.ask('listOperations', `${path}?${query}`);
      const page = body as { readonly operations: readonly { readonly id: string }[]; readonly marker: string | null };
      return { ids: page.operations.map(({ id }) => id), marker: page.marker };
    };
    expect((await ask('')).ids).toEqual(['op-3', 'op-2', 'op-1']);
    expect((await ask('resource=bucket/two')).ids).toEqual(['op-2']);
    expect((await ask('state=succeeded')).ids).toEqual(['op-1']);
    expect((await ask('kind=create-bucket')).ids).toEqual([]);
    expect((await ask('token=main&since=2030-01-01T00:00:00Z&until=2030-01-02T00:00:00Z')).ids).toHaveLength(3);
    const { ids, marker } = await ask('limit=2');
    expect(ids).toEqual(['op-3', 'op-2']);
    expect(await ask(`limit=2&marker=${marker ?? ''}`)).toEqual({ ids: ['op-1'], marker: null });
    for (const query of [
      'limit=0',
      'limit=1001',
      'state=odd',
      'since=yesterday',
      'marker=bm8',
      'what=1',
      'resource=a/b',
    ])
      expect([query, (await http.ask('listOperations', `${path}?${query}`)).status]).toEqual([query, 400]);
    for (const { go } of held) go();
    await engine.idle();
  });
});

describe('waiting', () => {
  test('is over with the next change', async () => {
    const place = await removeAsync();
    await steps(1);
    const waiting = http.ask('showOperation', `${place}?wait=60`);
    while (http.deadlines.size() === 0) await nextTurn();
    held[0]?.go();
    expect((await waiting).body).toMatchObject({ steps: [{ state: 'succeeded' }] });
    await engine.idle();
    expect(http.deadlines.size()).toBe(0);
  });

  test('is over at the end of its time; of one that has ended, at once; out of bounds, 400', async () => {
    const place = await removeAsync();
    await steps(1);
    const waiting = http.ask('showOperation', `${place}?wait=2`);
    while (http.deadlines.size() === 0) await nextTurn();
    http.clock.advance(2_000);
    http.everySecond();
    expect((await waiting).body).toMatchObject({ state: 'running' });
    held[0]?.go();
    await engine.idle();
    expect((await http.ask('showOperation', `${place}?wait=60`)).body).toMatchObject({ state: 'succeeded' });
    for (const wait of ['0', '61', 'x'])
      expect((await http.ask('showOperation', `${place}?wait=${wait}`)).status).toBe(400);
  });

  test('ends when the caller leaves', async () => {
    const place = await removeAsync();
    await steps(1);
    const sent = request({
      host: '127.0.0.1',
      port: http.port,
      path: `${place}?wait=60`,
      headers: { 'X-Auth-Token': TOKEN },
    });
    sent.on('error', () => undefined).end();
    while (http.deadlines.size() === 0) await nextTurn();
    const ended = http.nextEnd();
    sent.destroy();
    await ended;
    await nextTurn();
    expect(http.deadlines.size()).toBe(0);
    held[0]?.go();
    await engine.idle();
  });
});

describe('events', () => {
  test('come from the beginning and then live, with ascending ids, and end with the operation', async () => {
    const place = await removeAsync();
    await steps(1);
    const stream = await watch(place);
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': expect.stringContaining('no-store'),
    });
    await stream.until('"running"');
    held[0]?.go();
    await stream.ended;
    const events = eventsIn(stream.text());
    expect(events.map(({ id, type }) => [id, type])).toEqual([
      [1, 'started'],
      [2, 'planned'],
      [3, 'step'],
      [4, 'step'],
      [5, 'ended'],
    ]);
    expect(events.at(-1)?.data).toMatchObject({ state: 'succeeded', error: null, left: [] });
    // Of an operation that has ended they are told again, and so is what comes after one of them.
    const again = await watch(place, { 'Last-Event-ID': '3' });
    await again.ended;
    expect(eventsIn(again.text()).map(({ id }) => id)).toEqual([4, 5]);
    const after = await watch(place, { 'Last-Event-ID': '5' });
    expect(after.response.statusCode).toBe(204);
    expect((await watch(place, { 'Last-Event-ID': 'x' })).response.statusCode).toBe(400);
    expect((await http.send(`${place}/events`, { method: 'HEAD' })).status).toBe(200);
  });

  test('a comment every 15 seconds keeps the connection open', async () => {
    const stream = await watch(await removeAsync());
    await steps(1);
    http.clock.advance(15_000);
    http.everySecond();
    await stream.until('\n:\n');
    held[0]?.go();
    await stream.ended;
  });

  test('a hang-up leaves nothing behind, and nothing of the operation depends on it', async () => {
    const place = await removeAsync();
    await steps(1);
    const stream = await watch(place);
    expect(http.deadlines.size()).toBe(1);
    const ended = http.nextEnd();
    stream.sent.destroy();
    await ended;
    await nextTurn();
    expect(http.deadlines.size()).toBe(0);
    held[0]?.go();
    await engine.idle();
    expect((await http.ask('showOperation', place)).body).toMatchObject({ state: 'succeeded' });
  });

  test('a token has at most 32 streams open', async () => {
    const place = await removeAsync();
    await steps(1);
    const streams = await Promise.all(Array.from({ length: 32 }, () => watch(place)));
    const refused = await http.ask('watchOperation', `${place}/events`);
    expect(refused.status).toBe(429);
    expect(refused.header('retry-after')).toBeDefined();
    held[0]?.go();
    await Promise.all(streams.map(({ ended }) => ended));
    expect((await watch(place)).response.statusCode).toBe(200);
  });

  test('the end of the service ends them', async () => {
    const stream = await watch(await removeAsync());
    await steps(1);
    http.closeStreams();
    await stream.ended;
    expect(http.deadlines.size()).toBe(0);
    held[0]?.fail(new DomainFailure({ kind: 'denied', detail: 'no' }));
    await engine.idle();
  });
});
