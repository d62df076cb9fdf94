import { onSite, type SiteWorld, startSiteWorld } from '../support/e2e/site';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { type Reply, TOKEN } from '../support/e2e/world';

/**
 * AWS's answers that nobody foresaw: whatever their status, they are no mistake of the caller's, and whoever runs the service
 * finds in its log what AWS said.
 */

const CODE = 'FluxCapacitorMisaligned';

let world: SiteWorld;
let bucket: string;
beforeAll(async () => {
  world = await startSiteWorld({ logLevel: 'info' });
  bucket = world.name('unforeseen');
  await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } });
});
afterAll(() => world.stop());

const onSandbox = { more: SANDBOX_ONLY.faults };

/** Asks while AWS refuses one call in a way of its own. */
async function refused(
  operation: string,
  code: string,
  ask: () => Promise<Reply>,
): Promise<{ readonly reply: Reply; readonly hits: number }> {
  const handle = world.faults.add({ kind: 'error', operation, status: 400, code });
  try {
    return { reply: await ask(), hits: handle.hits };
  } finally {
    handle.remove();
  }
}

const requests: readonly (readonly [string, string, () => Promise<Reply>])[] = [
  ['a read', 'GetBucketTagging', () => world.api('GET', `/demo/buckets/${bucket}`)],
  ['a look before a write', 'GetBucketTagging', () => world.api('PUT', `/demo/buckets/${bucket}`, { Tags: [] })],
  [
    'a change',
    'PutBucketVersioning',
    () => world.api('PUT', `/demo/buckets/${bucket}`, { Versioning: { Status: 'Enabled' } }),
  ],
  [
    'a creation, which is taken back',
    'PutBucketEncryption',
    () => world.api('POST', '/demo/buckets', { BucketInput: { Bucket: world.name('never') } }),
  ],
  [
    'a new key',
    'CreateAccessKey',
    () => world.api('POST', `/demo/buckets/${bucket}/users`, { User: { UserName: world.name('nobody') } }),
  ],
  ['a distribution', 'CreateDistributionWithTags', () => world.create(world.site('never'))],
];
for (const [what, operation, ask] of requests) {
  skippable(
    `a 400 that nobody foresaw, to ${what}, is 500 with a log id, under which the log has AWS’s words`,
    async () => {
      const { reply, hits } = await refused(operation, CODE, ask);
      expect(hits).toBeGreaterThan(0);
      const { status, body, text } = reply;
      expect({ status, body }).toMatchObject({
        status: 500,
        body: { type: 'urn:mallard:problem:unforeseen', retryable: false, code: CODE, logId: expect.any(String) },
      });
      const logId = String(body['logId']);
      expect(body['detail']).toContain(`the log has it as ${logId}`);
      // What the sandbox says beside its code.
      expect(text).not.toMatch(/We encountered|request processing/);
      const line = JSON.parse(await world.logged(logId)) as Readonly<Record<string, unknown>>;
      expect(line).toMatchObject({ level: 'error', msg: 'unforeseen error', requestId: body['requestId'] });
      expect(JSON.stringify(line)).toMatch(/We encountered|request processing/);
    },
    onSandbox,
  );
}

skippable(
  'a 400 that names bad input is the caller’s all the same',
  async () => {
    const { reply } = await refused('PutBucketVersioning', 'InvalidFluxCapacitor', () =>
      world.api('PUT', `/demo/buckets/${bucket}`, { Versioning: { Status: 'Enabled' } }),
    );
    expect(reply).toMatchObject({ status: 400, body: { code: 'InvalidFluxCapacitor' } });
    expect(reply.body['logId']).toBeUndefined();
  },
  onSandbox,
);

describe('a path of more than 4,000 characters', () => {
  const LONG = 'x'.repeat(4_001);
  const ENCODED = '%C3%BC'.repeat(700);
  const cases: readonly (readonly [string, number, () => Promise<Reply>, RegExp])[] = [
    ['of an object to download', 400, () => world.api('GET', `/demo/buckets/${bucket}/objects/${LONG}`), /1,?024/],
    [
      'of one whose characters are encoded',
      400,
      () => world.api('GET', `/demo/buckets/${bucket}/objects/${ENCODED}`),
      /1,?024/,
    ],
    ['of folders', 400, () => world.api('GET', `/demo/buckets/${bucket}/objects/${'ab/'.repeat(1_400)}c`), /1,?024/],
    ['of an object to delete', 400, () => world.api('DELETE', `/demo/buckets/${bucket}/objects/${LONG}`), /1,?024/],
    [
      'of an object to upload',
      400,
      () => world.api('POST', `/demo/buckets/${bucket}/objects`, { filename: LONG }),
      /1,?024/,
    ],
    ['in the older family of paths', 400, () => world.api('GET', `/aws/storage/demo/${bucket}/${LONG}`), /1,?024/],
    ['of a bucket', 400, () => world.api('GET', `/demo/buckets/${LONG}`), /./],
    ['of a user', 400, () => world.api('GET', `/demo/buckets/${bucket}/users/${LONG}`), /./],
    [
      'to invalidate',
      400,
      () => world.api('PATCH', onSite('any.example.org'), { CacheInvalidation: [`/${LONG}`] }),
      /at most 4000 characters/,
    ],
    [
      'to invalidate, once it is encoded',
      400,
      () => world.api('PATCH', onSite('any.example.org'), { CacheInvalidation: [`/${'ü'.repeat(700)}`] }),
      /4201 characters when it is percent-encoded: at most 4000/,
    ],
  ];
  for (const [what, expected, ask, detail] of cases) {
    skippable(
      `${what} is ${String(expected)}, and AWS is not asked`,
      async () => {
        // Opens the sessions.
        await world.api('GET', `/demo/buckets/${bucket}`);
        world.target.sandbox?.calls.clear();
        const { status, body } = await ask();
        expect({ status, detail: body['detail'] }).toEqual({
          status: expected,
          detail: expect.stringMatching(detail) as unknown,
        });
        expect(world.target.sandbox?.calls.all()).toEqual([]);
      },
      { more: SANDBOX_ONLY.calls },
    );
  }

  skippable('is 431 when it is longer than any head of a request may be', async () => {
    const headers = { 'X-Auth-Token': TOKEN };
    const { status } = await fetch(`${world.url}/v1/s3/demo/buckets/${bucket}/objects/${'x'.repeat(20_000)}`, {
      headers,
    });
    expect(status).toBe(431);
  });
});
