import type { Clock } from '../../src/base/clock';
import { eagerClock } from '../support/e2e/clock';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { OTHER_TOKEN, READ_TOKEN, type Service, startWorld, TOKEN, type World } from '../support/e2e/world';

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly title: string;
  readonly steps: readonly { readonly title: string; readonly state: string; readonly attempts: number }[];
  readonly [name: string]: unknown;
}
interface Page {
  readonly operations: readonly Shown[];
  readonly marker: string | null;
}

/** Real time until it is told to skip some; whoever sleeps while the door is shut sleeps until it opens. */
function createDoorClock() {
  let skipped = 0;
  let door = Promise.resolve();
  let open: () => void = () => undefined;
  const clock: Clock = {
    ...eagerClock,
    monotonic: () => eagerClock.monotonic() + skipped,
    sleep: async (ms) => {
      await door;
      await eagerClock.sleep(ms);
    },
  };
  return {
    clock,
    skip: (ms: number) => void (skipped += ms),
    shut: () => void (door = new Promise((resolve) => (open = resolve))),
    open: () => open(),
  };
}

const time = createDoorClock();
let world: World;
beforeAll(async () => {
  world = await startWorld({ clock: time.clock });
});
afterEach(() => {
  time.open();
  world.target.sandbox?.faults.clear();
});
afterAll(() => world.stop());

const onSandbox = { more: SANDBOX_ONLY.faults };

/** AWS throttles the next call of that operation, and the pause before the next try lasts until the door opens. */
function hold(operation: string): void {
  time.shut();
  world.faults.add({ kind: 'throttle', operation, count: 1 });
}

const create = (bucket: string, headers: Readonly<Record<string, string>> = {}, service: Service = world) =>
  service.api<Shown>('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } }, headers);

/** Path below /v1/s3 of the operation that an answer names. */
const placeOf = ({ headers }: { readonly headers: Headers }): string =>
  (headers.get('location') ?? '').replace('/v1/s3', '');

const show = async (place: string, query = ''): Promise<Shown> =>
  (await world.api<Shown>('GET', `${place}${query}`)).body;

/** Reads a stream to its end, and calls `onText` with all that has come so far. */
async function read(
  service: Service,
  place: string,
  onText: (text: string) => void = () => undefined,
): Promise<string> {
  const response = await fetch(`${service.url}/v1/s3${place}/events`, { headers: { 'X-Auth-Token': TOKEN } });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    onText(text);
  }
  return text;
}

/** Resolves when the operation has a step that is tried again. */
const paused = (place: string): Promise<void> =>
  new Promise((resolve, reject) => {
    read(world, place, (soFar) => {
      if (soFar.includes('"attempts":2')) resolve();
    }).catch(reject);
  });

/** Place of the first operation on something, once there is one. */
async function placeOn(resource: string): Promise<string> {
  for (;;) {
    const [first] = (await world.api<Page>('GET', `/demo/operations?resource=${resource}`)).body.operations;
    if (first) return `/demo/operations/${first.id}`;
  }
}

const typesIn = (text: string): readonly string[] => [...text.matchAll(/^event: (.*)$/gm)].map(([, type = '']) => type);

skippable('a creation can be watched step by step, from its beginning to its end', async () => {
  const bucket = world.name('watched');
  const isHeld = world.target.sandbox !== undefined;
  if (isHeld) hold('PutBucketEncryption');
  const accepted = await create(bucket, { Prefer: 'respond-async', 'X-Actor': 'ada@example.org' });
  expect(accepted.status).toBe(202);
  expect(accepted.headers.get('preference-applied')).toBe('respond-async');
  const place = placeOf(accepted);
  expect(accepted.headers.get('x-operation-id')).toBe(accepted.body.id);
  // The pause shows in the stream before it is over.
  const text = await read(world, place, (soFar) => {
    if (soFar.includes('"attempts":2')) time.open();
  });
  expect(text.includes('"attempts":2')).toBe(isHeld);
  const types = typesIn(text);
  expect(types.slice(0, 2)).toEqual(['started', 'planned']);
  expect(types.at(-1)).toBe('ended');
  const ids = [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  expect(ids).toEqual(ids.map((_, index) => index + 1));
  const shown = await show(place, '?wait=60');
  expect(shown).toMatchObject({
    state: 'succeeded',
    kind: 'create-bucket',
    account: 'demo',
    tokenId: 'all',
    actor: 'ada@example.org',
    method: 'POST',
    path: '/v1/s3/demo/buckets',
    resources: [{ type: 'bucket', name: bucket }],
    error: null,
    attempt: 1,
    address: '127.0.0.1',
    calls: expect.arrayContaining([
      { service: 's3', call: 'CreateBucket', requestId: expect.stringMatching(/./), outcome: 'ok' },
    ]),
  });
  expect(shown.steps.length).toBeGreaterThan(3);
  expect(new Set(shown.steps.map(({ state }) => state))).toEqual(new Set(['succeeded']));
  expect((await world.api('GET', `/demo/buckets/${bucket}`)).status).toBe(200);
});

skippable('the list finds what was done by whom, to what, and how it ended', async () => {
  const bucket = world.name('listed');
  expect((await create(bucket)).status).toBe(202);
  const again = await create(bucket);
  expect(again.status).toBe(409);
  const page = async (query: string, headers: Readonly<Record<string, string>> = {}): Promise<Page> =>
    (await world.api<Page>('GET', `/demo/operations?${query}`, undefined, headers)).body;
  const { operations } = await page(`resource=bucket/${bucket}`);
  expect(operations.map(({ state }) => state)).toEqual(['failed', 'succeeded']);
  expect(operations[0]).toMatchObject({ id: again.headers.get('x-operation-id'), error: { kind: 'exists' } });
  expect((await page(`resource=${bucket}&state=failed`, { 'X-Auth-Token': READ_TOKEN })).operations).toHaveLength(1);
  expect((await page(`resource=${bucket}&token=reader`)).operations).toEqual([]);
  const first = await page(`resource=${bucket}&limit=1`);
  const rest = await page(`resource=${bucket}&limit=1&marker=${first.marker ?? ''}`);
  expect([...first.operations, ...rest.operations]).toEqual(operations);
  expect(rest.marker).toBeNull();
  const foreign = await world.api('GET', `/other/operations/${operations[0]?.id ?? ''}`, undefined, {
    'X-Auth-Token': OTHER_TOKEN,
  });
  expect(foreign.status).toBe(404);
});

skippable(
  'a creation that takes longer than 25 seconds is answered with its place, and goes on',
  async () => {
    const bucket = world.name('slow');
    hold('PutBucketEncryption');
    const answered = create(bucket);
    const place = await placeOn(bucket);
    await paused(place);
    time.skip(25_000);
    const accepted = await answered;
    expect(accepted.status).toBe(202);
    expect(accepted.body).toMatchObject({ state: 'running' });
    expect(placeOf(accepted)).toBe(place);
    expect(accepted.headers.has('preference-applied')).toBe(false);
    time.open();
    expect(typesIn(await read(world, place)).at(-1)).toBe('ended');
    expect(await show(place)).toMatchObject({ state: 'succeeded' });
  },
  onSandbox,
);

skippable(
  'an answer with a secret is waited for, whatever the request prefers; no secret is in the history, its events or the log',
  async () => {
    const bucket = world.name('secret');
    await create(bucket);
    hold('CreateAccessKey');
    const asked = world.api<{ readonly AccessKey: { readonly SecretAccessKey: string } }>(
      'POST',
      `/demo/buckets/${bucket}/users`,
      { User: { UserName: bucket } },
      { Prefer: 'respond-async' },
    );
    const place = await placeOn(`user/${bucket}`);
    await paused(place);
    time.skip(30_000);
    time.open();
    const { status, headers, body } = await asked;
    expect([status, headers.has('location'), headers.has('preference-applied')]).toEqual([200, false, false]);
    const { SecretAccessKey } = body.AccessKey;
    const told = [JSON.stringify(await show(place)), await read(world, place), ...world.lines];
    expect(told.filter((text) => text.includes(SecretAccessKey))).toEqual([]);
  },
  onSandbox,
);

skippable(
  'a service that drains lets whoever watches see the end, and does not wait for them afterwards',
  async () => {
    const service = await world.another();
    hold('PutBucketEncryption');
    const accepted = await create(world.name('drained'), { Prefer: 'respond-async' }, service);
    const place = placeOf(accepted);
    let stopped: Promise<void> | undefined;
    const text = await read(service, place, (soFar) => {
      if (!soFar.includes('"attempts":2') || stopped) return;
      stopped = service.stop();
      time.open();
    });
    expect(text).toMatch(/event: ended\ndata: .*"state":"succeeded"/);
    await stopped;
  },
  onSandbox,
);
