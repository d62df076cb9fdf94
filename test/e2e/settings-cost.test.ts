import { BLOCKED, UPLOADS, publicPolicy, readPolicy } from '../support/e2e/settings';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { isAuditor } from '../support/e2e/target';
import { startWorld, type World } from '../support/e2e/world';

/** What settings cost in AWS calls. Every call is held, so those that can run at once do. */

const HELD_MS = 100;
const onSandbox = { more: SANDBOX_ONLY.calls, timeoutMs: 60_000 };

let world: World;
beforeAll(async () => {
  world = await startWorld({ demo: { allowPublicPolicies: true } });
});
afterAll(() => world.stop());

async function costOf(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ readonly calls: number; readonly depth: number }> {
  const calls = world.target.sandbox?.calls;
  if (calls === undefined) throw new Error('only the sandbox counts calls');
  const handle = world.faults.add({
    kind: 'latency',
    ms: HELD_MS,
    matching: ({ request }) => !isAuditor(request.headers['user-agent']),
  });
  calls.clear();
  const reply = await world.api(method, path, body);
  handle.remove();
  expect({ ok: reply.status < 300, text: reply.status < 300 ? '' : reply.text }).toEqual({ ok: true, text: '' });
  return { calls: calls.all().length, depth: calls.depth() };
}

/** The least of some rounds: a busy processor can only make calls drift apart. */
async function leastDepth(run: () => Promise<{ readonly depth: number }>): Promise<number> {
  let least = Infinity;
  for (let round = 0; round < 3; round += 1) least = Math.min(least, (await run()).depth);
  return least;
}

const create = (bucket: string, more: object) =>
  costOf('POST', '/demo/buckets', { BucketInput: { Bucket: bucket }, ...more });

skippable(
  'a new bucket with all settings is as deep as one without: 3; a public policy makes it 4',
  async () => {
    const settings = {
      CORS: UPLOADS,
      Versioning: { Status: 'Enabled' },
      Lifecycle: 'glacier',
      PublicAccessBlock: BLOCKED,
    };
    expect(
      await leastDepth(() => {
        const bucket = world.name('deep');
        return create(bucket, { ...settings, BucketPolicy: readPolicy(bucket) });
      }),
    ).toBeLessThanOrEqual(3);
    const PublicAccessBlock = { ...BLOCKED, BlockPublicPolicy: false, RestrictPublicBuckets: false };
    expect(
      await leastDepth(() => {
        const bucket = world.name('deep');
        return create(bucket, { ...settings, PublicAccessBlock, BucketPolicy: publicPolicy(bucket) });
      }),
    ).toBeLessThanOrEqual(4);
  },
  onSandbox,
);

skippable(
  'showing all settings is one wave; an update looks at nothing but what it sets, and whose the bucket is',
  async () => {
    const bucket = world.name('deep');
    await create(bucket, {});
    const on = `/demo/buckets/${bucket}`;
    const plainly = await costOf('GET', on);
    const show = () => costOf('GET', `${on}?include=cors,versioning,lifecycle,policy,publicAccess,encryption`);
    expect((await show()).calls).toBe(plainly.calls + 6);
    expect(await leastDepth(show)).toBe(1);
    // The two reads of the look, and the one change.
    expect((await costOf('PUT', on, { CORS: UPLOADS })).calls).toBe(3);
    // What is there already is not set again.
    const unchanged = () => costOf('PUT', on, { CORS: UPLOADS });
    expect((await unchanged()).calls).toBe(2);
    expect(await leastDepth(unchanged)).toBe(1);
    // The tags that tell whose the bucket is are those that are replaced.
    expect((await costOf('PUT', on, { Tags: [{ Key: 'a', Value: 'b' }] })).calls).toBe(2);
  },
  onSandbox,
);
