import { bareContext } from '../support/bare-context';
import { createSessions } from '../../src/aws/session';
import type { Sessions } from '../../src/aws/types';
import type { AccountConfig } from '../../src/config/types';
import type { Context } from '../../src/domain/shared/context';
import { bucketTags, listBuckets } from '../../src/domain/shared/aws/bucket';
import { bucketMaker } from '../../src/domain/access/aws/ownership';
import { createBucket, deleteBucket } from '../../src/domain/bucket/aws/make-bucket';
import { createTestClock, type TestClock } from '../support/clock';
import { scopeOn } from '../support/steps';
import { accountOf, type Answer, errorOf, s3Error, startServer, type TestServer, xml } from '../aws/fixtures';

/** What a store of another make says, answer by answer, and what is made of it. */

let server: TestServer;
let sessions: Sessions;
let clock: TestClock;

beforeEach(async () => {
  server = await startServer(xml(200, ''));
  clock = createTestClock();
  sessions = createSessions({ clock, org: 'acme' });
});
afterEach(async () => {
  sessions.destroy();
  await server.close();
});

async function contextOf(changes: Partial<AccountConfig> = {}): Promise<Context> {
  const session = await sessions.open(accountOf({ iam: false, endpoint: server.url, ...changes }));
  return bareContext({ session, clock });
}

/** Answers by method and path with query; what is not named is 404 without a body. */
function answering(answers: Readonly<Record<string, Answer | readonly Answer[]>>): void {
  const asked = new Map<string, number>();
  server.answer = (seen, response, request) => {
    const { pathname, searchParams } = new URL(seen.url, server.url);
    const query = [...searchParams]
      .filter(([name]) => name !== 'x-id')
      .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
      .sort()
      .join('&');
    const key = `${seen.method} ${pathname.length > 1 ? pathname.replace(/\/$/, '') : pathname}${query === '' ? '' : `?${query}`}`;
    const nth = asked.get(key) ?? 0;
    asked.set(key, nth + 1);
    const known = answers[key];
    const answer = Array.isArray(known)
      ? (known as readonly Answer[])[Math.min(nth, known.length - 1)]
      : (known as Answer | undefined);
    (answer ?? xml(404, ''))(seen, response, request);
  };
}

const NO_TAGS = s3Error(501, 'NotImplemented');
const listing = (...dates: readonly string[]): Answer =>
  xml(
    200,
    `<ListAllMyBucketsResult><Buckets>${dates.map((date) => `<Bucket><Name>photos</Name><CreationDate>${date}</CreationDate></Bucket>`).join('')}</Buckets></ListAllMyBucketsResult>`,
  );
const LIST = 'GET /?max-buckets=10000&prefix=photos';
const at = (ms: number): string => new Date(clock.now() + ms).toISOString();

describe('whose an untagged bucket is', () => {
  const answered = { answered: true } as const;
  const unanswered = { answered: false } as const;

  test('it is ours when its creation was answered, whatever date the store tells', async () => {
    answering({ 'GET /photos?tagging': NO_TAGS, 'HEAD /photos': xml(200, ''), [LIST]: listing(at(-86_400_000)) });
    expect(await bucketMaker(await contextOf(), 'photos', 'op', { lookedAt: clock.now(), ...answered })).toBe(
      'this-operation',
    );
  });

  test.each([
    ['five minutes before the look, by the store’s clock', -300_000, 'this-operation'],
    ['five minutes after it', 300_000, 'this-operation'],
    ['the day before', -86_400_000, 'somebody-else'],
  ])('without an answer, made %s', async (_title, ms, maker) => {
    answering({ 'GET /photos?tagging': NO_TAGS, 'HEAD /photos': xml(200, ''), [LIST]: listing(at(ms)) });
    expect(await bucketMaker(await contextOf(), 'photos', 'op', { lookedAt: clock.now(), ...unanswered })).toBe(maker);
  });

  test('it is not ours when the account’s list does not have it', async () => {
    answering({ 'GET /photos?tagging': NO_TAGS, 'HEAD /photos': xml(200, ''), [LIST]: listing() });
    expect(await bucketMaker(await contextOf(), 'photos', 'op', { lookedAt: clock.now(), ...unanswered })).toBe(
      'somebody-else',
    );
  });

  test('it is absent when it is not there', async () => {
    answering({ 'GET /photos?tagging': NO_TAGS });
    expect(await bucketMaker(await contextOf(), 'photos', 'op', { lookedAt: clock.now(), ...answered })).toBe('absent');
  });

  test('its tags decide where there are some', async () => {
    const tags = xml(
      200,
      '<Tagging><TagSet><Tag><Key>mallard:operation</Key><Value>another</Value></Tag></TagSet></Tagging>',
    );
    answering({ 'GET /photos?tagging': tags });
    expect(await bucketMaker(await contextOf(), 'photos', 'op', { lookedAt: clock.now(), ...answered })).toBe(
      'somebody-else',
    );
  });

  test('on AWS its date must be no older than the look', async () => {
    answering({ 'GET /photos?tagging': s3Error(404, 'NoSuchTagSet'), [LIST]: listing(at(-300_000)) });
    expect(
      await bucketMaker(await contextOf({ iam: true }), 'photos', 'op', { lookedAt: clock.now(), ...answered }),
    ).toBe('somebody-else');
  });
});

describe('CreateBucket', () => {
  const step = async () =>
    createBucket(await contextOf(), { bucket: 'photos', tags: [], objectLock: false, lookedAt: clock.now() });
  const scope = () => scopeOn(clock, 'op');

  test('BucketAlreadyOwnedByYou after a lost reply is that attempt, landed late', async () => {
    answering({ 'PUT /photos': [s3Error(500, 'InternalError'), s3Error(409, 'BucketAlreadyOwnedByYou')] });
    const [create, memory] = [await step(), scope()];
    expect(await errorOf(create.run({}, memory))).toMatchObject({ kind: 'unavailable' });
    await expect(create.run({}, memory)).resolves.toBeUndefined();
  });

  test('BucketAlreadyOwnedByYou to the first attempt is a bucket that is there', async () => {
    answering({ 'PUT /photos': s3Error(409, 'BucketAlreadyOwnedByYou') });
    expect(await errorOf((await step()).run({}, scope()))).toMatchObject({ kind: 'exists' });
  });

  test('BucketAlreadyOwnedByYou after an attempt that was refused is a bucket that is there, too', async () => {
    answering({ 'PUT /photos': [s3Error(503, 'SlowDown'), s3Error(409, 'BucketAlreadyOwnedByYou')] });
    const [create, memory] = [await step(), scope()];
    expect(await errorOf(create.run({}, memory))).toMatchObject({ kind: 'throttled' });
    expect(await errorOf(create.run({}, memory))).toMatchObject({ kind: 'exists' });
  });

  test('carries no tags and no account id', async () => {
    answering({ 'PUT /photos': xml(200, '') });
    await (await step()).run({}, scope());
    expect(server.seen[0]?.body).toBe('');
    expect(server.seen[0]?.headers).not.toHaveProperty('x-amz-expected-bucket-owner');
  });
});

describe('a bucket that something has come into', () => {
  const listed = (keys: number): Answer =>
    xml(200, `<ListBucketResult>${'<Contents><Key>a</Key></Contents>'.repeat(keys)}</ListBucketResult>`);
  const filled = {
    'GET /photos?tagging': NO_TAGS,
    'HEAD /photos': xml(200, ''),
    [LIST]: listing('2030-01-01T00:00:00Z'),
    'GET /photos?max-keys=1&versions': s3Error(501, 'NotImplemented'),
    'GET /photos?list-type=2&max-keys=1': listed(1),
    'DELETE /photos': xml(204, ''),
  };
  const scope = () => scopeOn(clock, 'op');
  const deletions = () => server.seen.filter(({ method }) => method === 'DELETE').length;

  test('is not taken back', async () => {
    answering(filled);
    const create = createBucket(await contextOf(), {
      bucket: 'photos',
      tags: [],
      objectLock: false,
      lookedAt: clock.now(),
    });
    expect(await errorOf(create.undo?.({ needs: {}, result: undefined }, scope()) ?? Promise.resolve())).toMatchObject({
      kind: 'not-empty',
    });
    expect(deletions()).toBe(0);
  });

  test('is not deleted', async () => {
    answering(filled);
    expect(await errorOf(deleteBucket(await contextOf(), 'photos', undefined).run({}, scope()))).toMatchObject({
      kind: 'not-empty',
    });
    expect(deletions()).toBe(0);
    answering({ ...filled, 'GET /photos?list-type=2&max-keys=1': listed(0) });
    await deleteBucket(await contextOf(), 'photos', undefined).run({}, scope());
    expect(deletions()).toBe(1);
  });
});

test('a store that refuses to list buckets by pages is asked for all of them', async () => {
  answering({ 'GET /?max-buckets=10000': s3Error(400, 'InvalidArgument'), 'GET /': listing('2026-01-01T00:00:00Z') });
  expect(await listBuckets(await contextOf())).toEqual(['photos']);
  expect(await errorOf(listBuckets(await contextOf({ iam: true })))).toMatchObject({ kind: 'invalid' });
});

test('tags that a store has not say nothing of whether the bucket is there', async () => {
  answering({ 'GET /photos?tagging': NO_TAGS, 'HEAD /photos': xml(200, '') });
  expect(await bucketTags(await contextOf(), 'photos')).toEqual([]);
  answering({ 'GET /photos?tagging': NO_TAGS });
  expect(await errorOf(bucketTags(await contextOf(), 'photos'))).toMatchObject({ kind: 'not-found' });
});

test('the account id of a store, where one is configured, is never sent', async () => {
  answering({ 'GET /photos?tagging': s3Error(404, 'NoSuchTagSetError') });
  expect(await bucketTags(await contextOf({ id: '123456789012' }), 'photos')).toEqual([]);
  expect(server.seen[0]?.headers).not.toHaveProperty('x-amz-expected-bucket-owner');
});
