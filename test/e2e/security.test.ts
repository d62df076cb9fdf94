import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { OTHER_TOKEN, READ_TOKEN, startWorld, TOKEN, type World } from '../support/e2e/world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

async function newBucket(): Promise<string> {
  const bucket = world.name('guarded');
  expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(202);
  return bucket;
}

/** Calls to AWS that a request led to; on emulators nobody counts them. */
const callsOf = async (run: () => Promise<unknown>): Promise<number> => {
  world.target.sandbox?.calls.clear();
  await run();
  return world.target.sandbox?.calls.all().length ?? 0;
};

describe('tokens', () => {
  for (const [title, headers] of [
    ['none', { 'X-Auth-Token': '' }],
    ['a wrong one', { 'X-Auth-Token': 'wrong' }],
    ['the right one with a letter more', { 'X-Auth-Token': `${TOKEN}x` }],
    ['its hash, as the configuration has it', { 'X-Auth-Token': 'a'.repeat(64) }],
  ] as const) {
    skippable(`${title}: 403 with one and the same text, and no call to AWS`, async () => {
      let body: unknown;
      const calls = await callsOf(async () => {
        const reply = await world.api('GET', '/demo/buckets', undefined, headers);
        expect(reply.status).toBe(403);
        body = { type: reply.body['type'], detail: reply.body['detail'] };
      });
      expect(calls).toBe(0);
      expect(body).toEqual({
        type: 'urn:mallard:problem:unauthenticated',
        detail: 'a valid token in the header X-Auth-Token is needed',
      });
    });
  }

  skippable('one that may only read: reads, and changes nothing', async () => {
    const bucket = await newBucket();
    const before = await world.snapshot(bucket);
    const reader = { 'X-Auth-Token': READ_TOKEN };
    expect((await world.api('GET', `/demo/buckets/${bucket}`, undefined, reader)).status).toBe(200);
    for (const [method, path, body] of [
      ['POST', '/demo/buckets', { BucketInput: { Bucket: `${bucket}-x` } }],
      ['PUT', `/demo/buckets/${bucket}`, { Tags: [] }],
      ['DELETE', `/demo/buckets/${bucket}`, undefined],
      ['POST', `/demo/buckets/${bucket}/users`, { User: { UserName: `${bucket}-u` } }],
    ] as const) {
      expect((await world.api(method, path, body, reader)).status).toBe(403);
    }
    expect(await world.snapshot(bucket)).toEqual(before);
  });

  skippable('one of another account: 404, as for an account that is not there', async () => {
    const bucket = await newBucket();
    const other = { 'X-Auth-Token': OTHER_TOKEN };
    for (const path of ['/demo/buckets', `/demo/buckets/${bucket}`]) {
      expect((await world.api('GET', path, undefined, other)).status).toBe(404);
    }
    expect((await world.api('GET', '/other/buckets', undefined, other)).status).toBe(200);
  });
});

describe('accounts', () => {
  skippable('an id that no configured name maps to is 404 before any call to AWS', async () => {
    for (const account of ['999999999999', 'nobody', 'DEMO', '__proto__', 'constructor']) {
      const calls = await callsOf(async () => expect((await world.api('GET', `/${account}/buckets`)).status).toBe(404));
      expect(calls).toBe(0);
    }
  });

  skippable('the configured id is another name of the account', async () => {
    const bucket = await newBucket();
    expect((await world.api<readonly string[]>('GET', `/${world.accountId}/buckets`)).body).toContain(bucket);
  });

  skippable('a bucket of one account cannot be reached through another', async () => {
    const bucket = await newBucket();
    const before = await world.snapshot(bucket);
    for (const [method, body] of [
      ['HEAD', undefined],
      ['GET', undefined],
      ['PUT', { Tags: [] }],
      ['DELETE', undefined],
    ] as const) {
      expect([403, 404]).toContain((await world.api(method, `/other/buckets/${bucket}`, body)).status);
    }
    expect(
      (await world.api('POST', `/other/buckets/${bucket}/users`, { User: { UserName: world.name('intruder') } }))
        .status,
    ).toBe(403);
    expect(await world.snapshot(bucket)).toEqual(before);
  });
});

describe('requests that hide something', () => {
  for (const [title, path, body, status] of [
    ['an unknown member', '/demo/buckets', { BucketInput: { Bucket: 'abc', ACL: 'public-read' } }, 400],
    ['__proto__', '/demo/buckets', '{"BucketInput":{"Bucket":"abc"},"__proto__":{"a":1}}', 400],
    ['constructor', '/demo/buckets', '{"BucketInput":{"Bucket":"abc"},"constructor":{}}', 400],
    ['an unknown query parameter', '/demo/buckets?force=true', { BucketInput: { Bucket: 'abc' } }, 400],
    ['broken JSON', '/demo/buckets', '{"BucketInput":', 400],
    ['a body over the limit', '/demo/buckets', JSON.stringify({ BucketInput: { Bucket: 'a'.repeat(70_000) } }), 413],
  ] as const) {
    skippable(`${title} is refused without a call to AWS`, async () => {
      const calls = await callsOf(async () => expect((await world.api('POST', path, body)).status).toBe(status));
      expect(calls).toBe(0);
    });
  }

  skippable('XML is 415', async () => {
    expect((await world.api('POST', '/demo/buckets', '<a/>', { 'Content-Type': 'application/xml' })).status).toBe(415);
  });

  skippable('curl’s default content type is taken as JSON', async () => {
    const bucket = world.name('curled');
    const reply = await world.api(
      'POST',
      '/demo/buckets',
      { BucketInput: { Bucket: bucket } },
      { 'Content-Type': 'application/x-www-form-urlencoded' },
    );
    expect(reply.status).toBe(202);
  });
});

describe('names that break out of where they stand', () => {
  skippable('a user name cannot leave its path', async () => {
    const bucket = await newBucket();
    for (const name of ['..%2F..%2Fother', 'a%2Fb', 'a%00b', 'a%0d%0ab', '%E2%80%AE']) {
      expect([400, 404]).toContain((await world.api('GET', `/demo/buckets/${bucket}/users/${name}`)).status);
    }
  });

  skippable('a bookmark’s path cannot break its property list', async () => {
    const bucket = await newBucket();
    const path = encodeURIComponent('</string><key>Password</key><string>x & "y"');
    const { status, text, headers } = await world.api('GET', `/demo/buckets/${bucket}/duck?path=${path}`);
    expect(status).toBe(200);
    expect(text).not.toContain('<key>Password</key>');
    expect(text).toContain('&lt;/string&gt;');
    expect(headers.get('content-disposition')).toBe(`attachment; filename="${bucket}.duck"`);
  });
});

skippable(
  'an AWS that refuses our own identity is told as such, not as the caller’s fault',
  async () => {
    const bucket = world.name('refused');
    world.faults.add({ kind: 'refuse', operation: 'CreateBucket' });
    const { status, body } = await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } });
    world.faults.clear();
    expect(status).toBe(403);
    expect(body).toMatchObject({ code: 'AccessDenied', failedStep: `Create bucket ${bucket}` });
    expect(await world.snapshot(bucket)).toEqual({ buckets: {}, users: {}, groups: {}, policies: {} });
  },
  { more: SANDBOX_ONLY.faults },
);

skippable('an access log bucket that is missing is the operator’s mistake, and nothing is left behind', async () => {
  const broken = await startWorld({ demo: { accessLog: { bucket: 'no-such-log-bucket-anywhere', prefix: 's3' } } });
  try {
    const bucket = broken.name('logged');
    const { status, body } = await broken.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } });
    expect(status).toBe(500);
    expect(body['setting']).toContain('accessLog');
    expect(body).toMatchObject({ type: 'urn:mallard:problem:misconfigured', state: 'rolled-back', retryable: false });
    expect(await broken.snapshot(bucket)).toEqual({ buckets: {}, users: {}, groups: {}, policies: {} });
  } finally {
    await broken.stop();
  }
});
