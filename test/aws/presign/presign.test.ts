import * as fc from 'fast-check';
import { createSessions } from '../../../src/aws/session';
import { lifeOf } from '../../../src/aws/presign/presign';
import type { ObjectUse, PresignRequest } from '../../../src/aws/presign/types';
import type { Sessions } from '../../../src/aws/types';
import type { AccountConfig } from '../../../src/config/types';
import { withOperation } from '../../../src/base/running-operation';
import { secret } from '../../../src/base/secret';
import { createTestClock, type TestClock } from '../../support/clock';
import { accountOf, errorOf } from '../fixtures';

const START = Date.UTC(2030, 0, 1);
let clock: TestClock;
let sessions: Sessions;

beforeEach(() => {
  clock = createTestClock({ start: START });
  sessions = createSessions({ clock, org: 'acme' });
});
afterEach(() => sessions.destroy());

const scope = { policy: '{"narrow":1}', fallbackPolicy: '{"wide":1}' };
const DOWNLOAD: ObjectUse = { kind: 'download', disposition: undefined };
const wanted = (more: Partial<PresignRequest> = {}): PresignRequest => ({
  bucket: 'photos',
  key: 'a/b.txt',
  region: 'us-east-1',
  seconds: 60,
  use: DOWNLOAD,
  scope,
  ...more,
});

async function urlOf(account: AccountConfig, more: Partial<PresignRequest> = {}): Promise<URL> {
  return new URL((await sessions.presign(account, wanted(more))).url.reveal());
}

describe('the URL', () => {
  test('is signed at the clock’s time, for the seconds asked, and says when it ends', async () => {
    clock.advance(1_999);
    const { url, fields, expiresAt, limitedBy } = await sessions.presign(accountOf(), wanted({ seconds: 604_800 }));
    const query = new URL(url.reveal()).searchParams;
    expect(Object.fromEntries(query)).toMatchObject({
      'X-Amz-Date': '20300101T000001Z',
      'X-Amz-Expires': '604800',
      'X-Amz-SignedHeaders': 'host',
    });
    expect({ fields, expiresAt: expiresAt.toISOString(), limitedBy }).toEqual({
      fields: undefined,
      expiresAt: '2030-01-08T00:00:01.000Z',
      limitedBy: undefined,
    });
  });

  const uses: readonly (readonly [string, ObjectUse])[] = [
    ['upload', { kind: 'upload', contentType: undefined, metadata: {} }],
    ['typed upload', { kind: 'upload', contentType: 'image/png', metadata: {} }],
    ['download', { kind: 'download', disposition: 'attachment; filename="x"' }],
    ['deletion', { kind: 'delete' }],
  ];
  test.each(uses)('of a %s wants no checksum and no header that its bearer does not know', async (_what, use) => {
    const { searchParams } = await urlOf(accountOf(), { use });
    expect([...searchParams.keys()].filter((name) => /checksum|amz-sdk|user-agent/i.test(name))).toEqual([]);
    expect(searchParams.get('X-Amz-SignedHeaders')).toBe(
      use.kind === 'upload' && use.contentType !== undefined ? 'content-type;host' : 'host',
    );
    expect(searchParams.get('response-content-disposition')).toBe(
      use.kind === 'download' ? 'attachment; filename="x"' : null,
    );
  });

  test('of an upload with metadata has it among the signed headers and nowhere else: stores may not look into the URL', async () => {
    const metadata = { 'x-amz-meta-cache-tag': 'news,a:b' };
    for (const contentType of [undefined, 'text/html']) {
      const { searchParams } = await urlOf(accountOf(), { use: { kind: 'upload', contentType, metadata } });
      expect(searchParams.get('X-Amz-SignedHeaders')).toBe(
        `${contentType === undefined ? '' : 'content-type;'}host;x-amz-meta-cache-tag`,
      );
      expect([...searchParams.keys()].filter((name) => /meta/i.test(name))).toEqual([]);
    }
  });

  test.each(uses)('of a %s is the same whether or not an operation is under way', async (_what, use) => {
    const outside = await sessions.presign(accountOf(), wanted({ use }));
    const inside = await withOperation({ operationId: 'op-1', mayCall: () => undefined }, () =>
      sessions.presign(accountOf(), wanted({ use })),
    );
    expect(inside.url.reveal()).toBe(outside.url.reveal());
  });

  test('is that of the bucket’s region', async () => {
    const url = await urlOf(accountOf({ region: 'us-east-1' }), { region: 'eu-central-1' });
    expect(url.host).toBe('photos.s3.eu-central-1.amazonaws.com');
    expect(url.searchParams.get('X-Amz-Credential')).toBe('AKIDEXAMPLE/20300101/eu-central-1/s3/aws4_request');
  });

  test.each<readonly [string, Partial<AccountConfig>, string, string]>([
    ['AWS', {}, 'photos', 'https://photos.s3.us-east-1.amazonaws.com/a/b.txt'],
    [
      'a dotted name, which no wildcard certificate covers',
      {},
      'www.example.org',
      'https://s3.us-east-1.amazonaws.com/www.example.org/a/b.txt',
    ],
    ['AWS in China', { region: 'cn-north-1' }, 'photos', 'https://photos.s3.cn-north-1.amazonaws.com.cn/a/b.txt'],
    ['path style on AWS', { pathStyle: true }, 'photos', 'https://s3.us-east-1.amazonaws.com/photos/a/b.txt'],
    [
      'a store at an address',
      { endpoint: 'http://127.0.0.1:9000', iam: false },
      'photos',
      'http://127.0.0.1:9000/photos/a/b.txt',
    ],
    [
      'a store with a name',
      { endpoint: 'https://s3.example.net', iam: false },
      'photos',
      'https://photos.s3.example.net/a/b.txt',
    ],
    [
      'the same, path style',
      { endpoint: 'https://s3.example.net:8443', iam: false, pathStyle: true },
      'photos',
      'https://s3.example.net:8443/photos/a/b.txt',
    ],
    [
      'the same, dotted',
      { endpoint: 'https://s3.example.net', iam: false },
      'www.example.org',
      'https://s3.example.net/www.example.org/a/b.txt',
    ],
  ])('on %s', async (_where, changes, bucket, expected) => {
    const account = accountOf(changes);
    const { origin, pathname } = await urlOf(account, { bucket, region: account.region });
    expect(`${origin}${pathname}`).toBe(expected);
  });

  test('goes where the SDK’s own conventions say', async () => {
    process.env['AWS_ENDPOINT_URL_S3'] = 'http://127.0.0.1:4566';
    try {
      const { origin, pathname } = await urlOf(accountOf({ name: 'by-environment' }));
      expect(`${origin}${pathname}`).toBe('http://127.0.0.1:4566/photos/a/b.txt');
    } finally {
      delete process.env['AWS_ENDPOINT_URL_S3'];
    }
  });

  test('names exactly its key in its bucket, whatever the key is made of', async () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.constantFrom('..a', '%2e%2e', '%2F', '+', ' ', '?', '#', '\\', '//', '~', "'()*!", '😀', '...'),
    );
    const keys = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join('/'));
    const paths = accountOf({ endpoint: 'http://127.0.0.1:9000' });
    const hosts = accountOf();
    await fc.assert(
      fc.asyncProperty(keys, fc.constantFrom('upload', 'download', 'delete'), async (key, kind) => {
        // Of the rules for keys, those that matter to a URL.
        fc.pre(key !== '' && !key.split('/').some((segment) => segment === '.' || segment === '..'));
        const use: ObjectUse =
          kind === 'upload' ? { kind, contentType: undefined, metadata: {} } : kind === 'delete' ? { kind } : DOWNLOAD;
        const byPath = await urlOf(paths, { key, use });
        expect([byPath.host, decodeURIComponent(byPath.pathname)]).toEqual(['127.0.0.1:9000', `/photos/${key}`]);
        const byHost = await urlOf(hosts, { key, use });
        expect([byHost.host, decodeURIComponent(byHost.pathname)]).toEqual([
          'photos.s3.us-east-1.amazonaws.com',
          `/${key}`,
        ]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the form', () => {
  const form = (more: Partial<Extract<ObjectUse, { kind: 'form' }>>) =>
    sessions.presign(
      accountOf({ endpoint: 'http://127.0.0.1:9000' }),
      wanted({ use: { kind: 'form', contentType: undefined, metadata: {}, maxBytes: undefined, ...more } }),
    );

  test('has a policy for one key, one type, one range, until the time told', async () => {
    clock.advance(500);
    const { url, fields = {}, expiresAt } = await form({ contentType: 'image/png', maxBytes: 1_000 });
    const plain = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value.reveal()]));
    const policy = JSON.parse(Buffer.from(plain['Policy'] ?? '', 'base64').toString()) as {
      expiration: string;
      conditions: readonly unknown[];
    };
    expect(url.reveal()).toBe('http://127.0.0.1:9000/photos');
    expect(plain).toMatchObject({
      key: 'a/b.txt',
      bucket: 'photos',
      'Content-Type': 'image/png',
      'X-Amz-Date': '20300101T000000Z',
    });
    expect(policy.conditions).toEqual(
      expect.arrayContaining([
        ['content-length-range', 0, 1_000],
        { key: 'a/b.txt' },
        { bucket: 'photos' },
        { 'Content-Type': 'image/png' },
      ]),
    );
    expect(policy.expiration).toBe('2030-01-01T00:01:00Z');
    expect(expiresAt).toEqual(new Date(policy.expiration));
  });

  test('has metadata as fields that its policy asks for', async () => {
    const { fields = {} } = await form({ metadata: { 'x-amz-meta-cache-tag': 'news,a:b' } });
    expect(fields['x-amz-meta-cache-tag']?.reveal()).toBe('news,a:b');
    const policy = Buffer.from(fields['Policy']?.reveal() ?? '', 'base64').toString();
    expect(JSON.parse(policy)).toMatchObject({
      conditions: expect.arrayContaining([{ 'x-amz-meta-cache-tag': 'news,a:b' }]) as unknown,
    });
  });

  test('without a limit or a type asks for neither', async () => {
    const { fields = {} } = await form({});
    expect(Object.keys(fields).sort()).toEqual([
      'Policy',
      'X-Amz-Algorithm',
      'X-Amz-Credential',
      'X-Amz-Date',
      'X-Amz-Signature',
      'bucket',
      'key',
    ]);
  });
});

describe('how long a URL lives', () => {
  const identity = { accessKeyId: 'ASIA', secretAccessKey: 's', sessionToken: 't' };
  const keys = { accessKeyId: 'AKIA', secretAccessKey: 's' };
  test.each([
    ['keys that last', { identity: keys, validUntil: undefined }, 86_400, undefined],
    ['a session that lives longer', { identity, validUntil: START + 86_401_000 }, 86_400, undefined],
    ['a session that lives exactly as long', { identity, validUntil: START + 86_400_000 }, 86_400, undefined],
    ['a session with 900 s left', { identity, validUntil: START + 900_000 }, 900, 'credentials'],
    ['a session with a fraction of a second beyond', { identity, validUntil: START + 900_999 }, 900, 'credentials'],
    ['a session whose end nobody told', { identity, validUntil: undefined }, 86_400, 'unknown'],
  ] as const)('signed with %s', (_what, lease, seconds, limitedBy) => {
    expect(lifeOf(lease, 86_400, START)).toEqual({ signedAt: new Date(START), seconds, limitedBy });
  });

  test('it never ends later than its credentials, and is never longer than asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 604_800 }),
        fc.integer({ min: 1_000, max: 700_000_000 }),
        fc.nat(999),
        (asked, leftMs, fraction) => {
          const now = START + fraction;
          const life = lifeOf({ identity, validUntil: now + leftMs }, asked, now);
          const end = life.signedAt.getTime() + life.seconds * 1_000;
          expect(end).toBeLessThanOrEqual(now + leftMs);
          expect(life.seconds).toBeLessThanOrEqual(asked);
          expect(life.seconds === asked).toBe(life.limitedBy === undefined);
        },
      ),
    );
  });

  test('with nothing left it is 503, to be tried again', async () => {
    const error = await errorOf(Promise.resolve().then(() => lifeOf({ identity, validUntil: START + 999 }, 60, START)));
    expect(error).toMatchObject({ kind: 'unavailable', retryAfterSeconds: 1 });
  });

  test('static session keys of the configuration: nobody can tell', async () => {
    const account = accountOf({
      credentials: { kind: 'static', akid: 'ASIATEST', secret: secret('s'), sessionToken: secret('token') },
    });
    const { url, limitedBy } = await sessions.presign(account, wanted());
    expect(limitedBy).toBe('unknown');
    expect(new URL(url.reveal()).searchParams.get('X-Amz-Security-Token')).toBe('token');
  });
});

test('neither URL nor fields show in a log line or an inspection', async () => {
  const signed = await sessions.presign(
    accountOf(),
    wanted({ use: { kind: 'form', contentType: undefined, metadata: {}, maxBytes: undefined } }),
  );
  expect(JSON.stringify(signed)).not.toMatch(/amazonaws|[0-9a-f]{64}/);
});
