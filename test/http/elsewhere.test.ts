import { setImmediate as nextTurn } from 'node:timers/promises';
import { createMemoryRegister } from '../../src/operations/memory-register';
import { type HttpHarness, startHttp } from '../support/http';
import { createReplica } from '../operations/replicas';

/** What is asked of one replica about an operation that another one runs. */

let http: HttpHarness;
let other: ReturnType<typeof createReplica>;

beforeEach(async () => {
  const register = createMemoryRegister();
  http = await startHttp({ register });
  other = createReplica(register, http.clock);
});
afterEach(() => http.close());

const path = (id: string, more = ''): string => `/v1/s3/demo/operations/${id}${more}`;

/** Lets a second pass, and whatever is looked at in it be seen. */
const second = async (): Promise<void> => {
  http.clock.advance(1_000);
  http.everySecond();
  for (let turn = 0; turn < 10; turn += 1) await nextTurn();
};
/** Resolves when so much waits for time to pass. */
const waits = async (count: number): Promise<void> => {
  while (http.deadlines.size() < count) await nextTurn();
};

const typesIn = (text: string): readonly string[] => [...text.matchAll(/^event: (.*)$/gm)].map(([, type = '']) => type);

test('it is listed and shown while it runs, and after its end', async () => {
  const id = await other.run();
  expect((await http.ask('showOperation', path(id))).body).toMatchObject({ id, state: 'running', attempt: 1 });
  expect((await http.ask('listOperations', '/v1/s3/demo/operations')).body).toMatchObject({
    operations: [{ id, state: 'running' }],
    marker: null,
  });
  await other.finish(id);
  expect((await http.ask('showOperation', path(id))).body).toMatchObject({ state: 'succeeded', address: '192.0.2.7' });
  expect((await http.ask('listOperations', '/v1/s3/demo/operations?resource=photos')).body).toMatchObject({
    operations: [{ id, state: 'succeeded', actor: 'ada' }],
  });
  expect((await http.send('/v1/s3/other/operations')).body).toEqual({ operations: [], marker: null });
  expect((await http.send(`/v1/s3/other/operations/${id}`)).status).toBe(404);
});

test('its events come from the beginning and then within a second, and end with it', async () => {
  const id = await other.run();
  const stream = http.ask('watchOperation', path(id, '/events'));
  await waits(2);
  other.tell(id, { type: 'planned', steps: [{ title: 'Make it', dependsOn: [] }] });
  await other.journal(id);
  await second();
  await other.finish(id);
  await second();
  const { status, text } = await stream;
  expect(status).toBe(200);
  expect(typesIn(text)).toEqual(['started', 'planned', 'ended']);
  expect(http.deadlines.size()).toBe(0);
  const rest = await http.send(path(id, '/events'), { headers: { 'Last-Event-ID': '1' } });
  expect(typesIn(rest.text)).toEqual(['planned', 'ended']);
  expect((await http.send(path(id, '/events'), { headers: { 'Last-Event-ID': '3' } })).status).toBe(204);
});

test('a wait for it is over with its next change', async () => {
  const id = await other.run();
  const waiting = http.ask('showOperation', path(id, '?wait=60'));
  await waits(2);
  await second();
  await other.finish(id);
  await second();
  expect((await waiting).body).toMatchObject({ id, state: 'succeeded' });
  expect(http.deadlines.size()).toBe(0);
});
