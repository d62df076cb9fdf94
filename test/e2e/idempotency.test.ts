import { startWorld, type World } from '../support/e2e/world';

/** Repeats of a write under one `Idempotency-Key`. */

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const key = (name: string): Readonly<Record<string, string>> => ({ 'Idempotency-Key': name });
const creation = (bucket: string) => ({ BucketInput: { Bucket: bucket } });

test('a repeated creation is answered with the first answer, and made once', async () => {
  const bucket = world.name('twice');
  const first = await world.api('POST', '/demo/buckets', creation(bucket), key('make-it'));
  const second = await world.api('POST', '/demo/buckets', creation(bucket), key('make-it'));
  expect(first.status).toBe(202);
  expect({ status: second.status, body: second.body }).toEqual({ status: 202, body: first.body });
  expect(second.headers.get('Idempotency-Replayed')).toBe('true');
  expect(first.headers.get('Idempotency-Replayed')).toBeNull();
  expect(second.headers.get('X-Operation-Id')).toBe(first.headers.get('X-Operation-Id'));
});

test('the same key under another path, or of another method, is another key', async () => {
  const [one, other] = [world.name('one'), world.name('other')];
  await world.api('POST', '/demo/buckets', creation(one), key('k'));
  await world.api('POST', '/demo/buckets', creation(other), key('k2'));
  const gone = await Promise.all(
    [one, other].map((bucket) => world.api('DELETE', `/demo/buckets/${bucket}`, undefined, key('k'))),
  );
  expect(gone.map(({ status }) => status)).toEqual([200, 200]);
});

test('a key that is used for another request is refused, and nothing is done', async () => {
  const bucket = world.name('reused');
  await world.api('POST', '/demo/buckets', creation(bucket), key('reused'));
  const other = await world.api('POST', '/demo/buckets', creation(`${bucket}-2`), key('reused'));
  expect(other).toMatchObject({ status: 422, body: { type: 'urn:mallard:problem:key-reused' } });
  expect((await world.api('HEAD', `/demo/buckets/${bucket}-2`)).status).toBe(404);
});

test('what did not succeed is not kept: its repeat runs', async () => {
  const bucket = world.name('later');
  const user = { User: { UserName: world.name('ada') } };
  const early = await world.api('POST', `/demo/buckets/${bucket}/users`, user, key('early'));
  expect(early.status).toBe(404);
  await world.api('POST', '/demo/buckets', creation(bucket));
  expect((await world.api('POST', `/demo/buckets/${bucket}/users`, user, key('early'))).status).toBe(200);
});

test('an answer with a secret is told once; the repeat says how to reset', async () => {
  const bucket = world.name('secret');
  const user = world.name('ada');
  await world.api('POST', '/demo/buckets', creation(bucket));
  const path = `/demo/buckets/${bucket}/users`;
  await world.api('POST', path, { User: { UserName: user } }, key('ada'));
  const again = await world.api('POST', path, { User: { UserName: user } }, key('ada'));
  expect(again).toMatchObject({ status: 409, body: { reset: { method: 'PUT', href: `/v1/s3${path}/${user}` } } });
  expect(JSON.stringify(again.body)).not.toContain('SecretAccessKey');
  const keys = await world.api<readonly unknown[]>('GET', `${path}/${user}/keys`);
  expect(keys.body).toHaveLength(1);
});

test.each([
  ['empty', ''],
  ['longer than 255 characters', 'x'.repeat(256)],
])('a key that is %s is refused with the rule', async (_, text) => {
  const bucket = world.name('bad');
  const refused = await world.api('POST', '/demo/buckets', creation(bucket), key(text));
  expect(refused).toMatchObject({ status: 400, body: { detail: expect.stringContaining('1 to 255') } });
});
