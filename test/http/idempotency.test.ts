import type { Performed } from '../../src/engine/recipe';
import type { BucketCreated } from '../../src/domain/shared/shapes';
import { type HttpHarness, startHttp } from '../support/http';

/** What the sandbox does not show: the first request is still under way. */

const BUCKETS = '/v1/s3/demo/buckets';
const CREATION = { method: 'POST', body: { BucketInput: { Bucket: 'photos' } }, headers: { 'Idempotency-Key': 'k' } };

let http: HttpHarness;
afterEach(() => http.close());

test('a repeat of what is running is 409 with Retry-After, and one for something else 422', async () => {
  let end: (performed: Performed<BucketCreated>) => void = () => undefined;
  const createBucket = jest.fn(() => new Promise<Performed<BucketCreated>>((resolve) => (end = resolve)));
  http = await startHttp({ provisioning: { createBucket } });
  const first = http.send(BUCKETS, CREATION);
  const begun = new Promise<void>((resolve) => {
    const look = (): void => {
      if (createBucket.mock.calls.length > 0) resolve();
      else setImmediate(look);
    };
    look();
  });
  await begun;
  const repeat = await http.ask('createBucket', BUCKETS, CREATION);
  expect(repeat).toMatchObject({ status: 409, body: { type: 'urn:mallard:problem:busy', retryable: true } });
  expect(repeat.header('Retry-After')).toBe('2');
  expect(repeat.body).toMatchObject({ holder: 'op-1' });
  const other = { ...CREATION, body: { BucketInput: { Bucket: 'films' } } };
  expect((await http.ask('createBucket', BUCKETS, other)).status).toBe(422);
  const value = { Bucket: '/photos', Policy: undefined, Group: undefined };
  end({ operationId: 'op-1', outcome: { state: 'succeeded', value } });
  expect((await first).status).toBe(202);
  expect(createBucket).toHaveBeenCalledTimes(1);
});

test('the same key of another token is another key', async () => {
  http = await startHttp();
  const made = await http.send(BUCKETS, CREATION);
  const removed = await http.send(`${BUCKETS}/photos`, { ...CREATION, method: 'DELETE', body: undefined });
  expect([made.status, removed.status]).toEqual([202, 200]);
  expect((await http.send(BUCKETS, { ...CREATION, token: null })).status).toBe(403);
});

test('two keys in one request are refused', async () => {
  http = await startHttp();
  const { status, text } = await http.send(BUCKETS, {
    ...CREATION,
    body: undefined,
    headers: ['Idempotency-Key', 'a', 'Idempotency-Key', 'b'],
  });
  expect(status).toBe(400);
  expect(text).toContain('idempotency-key');
});
