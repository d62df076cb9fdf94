import { startHttp, type HttpHarness } from '../../support/http';
import { accountConfig } from '../../support/config';

/** Bodies that fit `limits.bodyBytes` and would be dear to read: each is refused in words that name the limit. */

const BUCKETS = '/v1/s3/demo/buckets';
const BUCKET = `${BUCKETS}/foobarbucketname`;
const STORAGE = '/aws/storage/demo/foobarbucketname';
const SITE = '/v1/s3/demo/websites/foobar.bulldogs.cloud';

let http: HttpHarness;
beforeAll(async () => {
  http = await startHttp();
});
afterAll(() => http.close());

async function detailOf(
  method: string,
  path: string,
  body: string | Buffer,
  type = 'application/json',
): Promise<string> {
  const seen = await http.send(path, { method, body, headers: { 'Content-Type': type } });
  expect(seen.status).toBe(400);
  return (seen.body as { readonly detail: string }).detail;
}
const many = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const object = (count: number) => `{${many(count, (n) => `"k${n}":1`).join(',')}}`;

describe('whatever the request', () => {
  const writes = [
    ['POST', BUCKETS],
    ['PUT', BUCKET],
    ['POST', `${BUCKET}/users`],
    ['PATCH', `${BUCKET}/users/somebucketuser`],
    ['PATCH', `${BUCKET}/users/somebucketuser/keys/AKIAIOSFODNN7EXAMPLE`],
    ['POST', `${BUCKET}/objects`],
    ['POST', '/v1/s3/demo/websites'],
    ['PUT', SITE],
    ['PATCH', SITE],
    ['POST', `${SITE}/users`],
    ['PATCH', `${SITE}/users/somebucketuser`],
    ['POST', '/v1/s3/demo/cleaner/run'],
    ['POST', STORAGE],
  ] as const;

  test.each(writes)('%s %s: nested, long and wide bodies are 400, naming the limit', async (method, path) => {
    expect(await detailOf(method, path, '['.repeat(60_000))).toBe('the body is nested more than 100 deep');
    expect(await detailOf(method, path, `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`)).toBe(
      'the body is nested more than 100 deep',
    );
    expect(await detailOf(method, path, '{"a":'.repeat(10_000))).toBe('the body is nested more than 100 deep');
    expect(await detailOf(method, path, `{"a":[${many(20_000, () => '1').join(',')}]}`)).toBe(
      'the body holds more than 10,000 values',
    );
    expect(await detailOf(method, path, object(5_000))).toBe('the body names more than 2,000 members');
  });

  test.each(writes)('%s %s: of thousands of mistakes twenty are told', async (method, path) => {
    const detail = await detailOf(method, path, object(2_000));
    const mistakes = detail.split('; ').filter((part) => part.includes('has an unknown member'));
    expect(mistakes.length).toBeGreaterThanOrEqual(18);
    expect(mistakes.length).toBeLessThanOrEqual(20);
    expect(detail).toMatch(/; and more$/);
    expect(detail.length).toBeLessThan(10_000);
  });
});

describe('mistakes in long lists', () => {
  test.each([
    [
      'tags',
      'PUT',
      BUCKET,
      { Tags: many(9_000, () => 1) },
      '/Tags must have at most 46 items; /Tags/0 must be an object; /Tags/1 must be an object',
    ],
    [
      'CORS rules',
      'PUT',
      BUCKET,
      { CORS: { CORSRules: many(4_000, () => ({})) } },
      '/CORS/CORSRules must have at most 100 items; /CORS/CORSRules/0 lacks "AllowedOrigins"',
    ],
    [
      'routing rules',
      'POST',
      '/v1/s3/demo/websites',
      { BucketInput: { Bucket: 'a.example.org' }, WebsiteConfiguration: { RoutingRules: many(4_000, () => ({})) } },
      '/WebsiteConfiguration/RoutingRules must have at most 50 items; /WebsiteConfiguration/RoutingRules/0 lacks "Redirect"',
    ],
    [
      'paths',
      'PATCH',
      SITE,
      { CacheInvalidation: many(9_000, () => 1) },
      '/CacheInvalidation must have at most 3000 items; /CacheInvalidation/0 must be a string',
    ],
    [
      'orphans',
      'POST',
      '/v1/s3/demo/cleaner/run',
      { orphans: many(9_000, () => 'x') },
      '/orphans must have at most 1000 items',
    ],
  ])('%s: the first twenty', async (_title, method, path, body, beginning) => {
    const detail = await detailOf(method, path, JSON.stringify(body));
    expect(detail.slice(0, beginning.length)).toBe(beginning);
    expect(detail).toMatch(/; and more$/);
    expect(detail.split('; ')).toHaveLength(21);
  });

  test('a mistake far behind in a long list is found', async () => {
    expect(
      await detailOf('PATCH', SITE, JSON.stringify({ CacheInvalidation: [...many(2_500, (n) => `/${n}`), 'x'] })),
    ).toBe('/CacheInvalidation/2500 must be a path, which begins with a slash, or # and a cache tag');
  });

  test('a path that CloudFront takes no more is named with its length', async () => {
    expect(await detailOf('PATCH', SITE, JSON.stringify({ CacheInvalidation: [`/${'x'.repeat(4_000)}`] }))).toBe(
      '/CacheInvalidation/0 must have at most 4000 characters',
    );
  });
});

describe('YAML', () => {
  const yaml = (body: string) => detailOf('POST', STORAGE, body, 'application/yaml');
  const LARGE = 'a body in YAML may have at most 8,192 bytes; larger ones can be sent as JSON';
  const SIGNS =
    'a body in YAML may have at most 600 lines, brackets, commas, colons, quotes and other signs of YAML together; larger ones can be sent as JSON';

  test.each([
    ['more than 8 KiB', `filename: ${'x'.repeat(8_200)}`, LARGE],
    ['keys', `{${many(16_000, (n) => n.toString(36).padStart(3, 'a')).join(',')}}`, LARGE],
    ['keys in one line', `{${many(1_000, (n) => `k${n}`).join(',')}}`, SIGNS],
    ['keys in lines', many(1_000, (n) => `k${n}:`).join('\n'), SIGNS],
    ['brackets', '['.repeat(8_000), SIGNS],
    ['list in list', '- '.repeat(4_000), SIGNS],
    ['mistakes', '}'.repeat(8_000), SIGNS],
    ['empty lines', '\n'.repeat(8_000) + 'a', SIGNS],
    ['wrong escapes', `a: "${'\\q'.repeat(4_000)}"`, SIGNS],
    ['nesting', `a: ${'['.repeat(150)}${']'.repeat(150)}`, 'the body is nested more than 100 deep'],
  ])('of %s is 400', async (_title, body, detail) => {
    expect(await yaml(body)).toBe(detail);
  });

  test('of the longest name there can be, written in escapes, is taken', async () => {
    const body = `filename: "${'\\xFC'.repeat(512)}"\ncontentType: image/png\nform: true\ncontentLength: 5\n`;
    expect(
      (await http.send(BUCKETS, { method: 'POST', body: '{"BucketInput":{"Bucket":"foobarbucketname"}}' })).status,
    ).toBe(202);
    expect(
      (await http.send(STORAGE, { method: 'POST', body, headers: { 'Content-Type': 'application/yaml' } })).status,
    ).toBe(200);
  });
});

test.each([
  ['nested', `"${'['.repeat(20_000)}"`, 'BucketPolicy is nested more than 100 deep'],
  ['of values', JSON.stringify(`[${'1,'.repeat(12_000)}1]`), 'BucketPolicy holds more than 10,000 values'],
  ['of members', JSON.stringify(object(4_000)), 'BucketPolicy names more than 2,000 members'],
])('a policy as text, %s, is 400', async (_title, text, detail) => {
  const { policyScope, wantedPolicy } = await import('../../../src/domain/bucket/settings/rules/policy');
  expect(() => wantedPolicy(JSON.parse(text) as string, policyScope(accountConfig({}), 'b', 'aws'))).toThrow(detail);
});

describe('a body of 1 MiB', () => {
  beforeAll(() => {
    http.config = { ...http.config, limits: { ...http.config.limits, bodyBytes: 1_048_576 } };
  });

  test.each([
    [
      'lines',
      `{${'\n'.repeat(1_000_000)}x`,
      'the body is not valid JSON: line 1000001, column 1 should be a key in double quotes or a closing brace',
    ],
    [
      'a text that does not end',
      `{"a":"${'x'.repeat(1_000_000)}`,
      'the body is not valid JSON: line 1, column 6 should be a JSON value',
    ],
    ['white space', `${' '.repeat(1_000_000)}[]`, 'the body must be a JSON object, not an array'],
    ['values', `{"Tags":[${'1,'.repeat(500_000)}1]}`, 'the body holds more than 10,000 values'],
  ])('of %s is 400', async (_title, body, detail) => {
    expect(await detailOf('POST', BUCKETS, body)).toBe(detail);
  });

  test('of 3,000 paths of 300 characters is taken', async () => {
    const CacheInvalidation = many(3_000, (n) => `/${String(n).padStart(300, 'x')}`);
    await http.send('/v1/s3/demo/websites', {
      method: 'POST',
      body: { BucketInput: { Bucket: 'foobar.bulldogs.cloud' } },
    });
    expect((await http.send(SITE, { method: 'PATCH', body: { CacheInvalidation } })).status).toBe(200);
  });
});
