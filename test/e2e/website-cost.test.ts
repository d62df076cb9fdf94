import { CreateDistributionCommand } from '@aws-sdk/client-cloudfront';
import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53';
import { ChangeResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import { SANDBOX_ONLY, skippable } from '../support/e2e-skips';
import { startSiteWorld } from '../support/e2e-site';
import type { SiteWorld } from '../support/e2e-site';
import { isAuditor } from '../support/e2e-target';

/** What the writes and reads of websites cost in AWS calls. Every call is held, so those that can run at once do. */

const HELD_MS = 100;
const OTHERS = 500;

let world: SiteWorld;
beforeAll(async () => {
  world = await startSiteWorld();
});
afterAll(() => world.stop());

interface Cost {
  readonly calls: number;
  readonly depth: number;
}

/** Calls and depth of one request. */
async function costOf(method: string, path: string, body?: unknown): Promise<Cost> {
  const calls = world.target.sandbox?.calls;
  if (calls === undefined) throw new Error('only the sandbox counts calls');
  const handle = world.faults.add({ kind: 'latency', ms: HELD_MS, matching: ({ request }) => !isAuditor(request.headers['user-agent']) });
  calls.clear();
  const reply = await world.api(method, path, body);
  handle.remove();
  expect({ status: reply.status < 300, text: reply.status < 300 ? '' : reply.text }).toEqual({ status: true, text: '' });
  return { calls: calls.all().length, depth: calls.depth() };
}

/** The least of some rounds: a busy processor can only make calls drift apart. */
async function leastDepth(rounds: number, run: () => Promise<Cost>): Promise<number> {
  let least = Infinity;
  for (let round = 0; round < rounds; round += 1) least = Math.min(least, (await run()).depth);
  return least;
}

async function warm(): Promise<string> {
  const site = world.site('warm');
  expect((await world.create(site)).status).toBe(202);
  return site;
}

async function crowd(site: string): Promise<void> {
  const [made] = await world.distributionsOf(site);
  const config = made?.DistributionConfig;
  if (config === undefined) throw new Error('the site has no distribution');
  for (let n = 0; n < OTHERS; n += 50) {
    await Promise.all(
      Array.from({ length: 50 }, (_, m) => {
        const alias = `crowd-${String(n + m)}-${site}`;
        const Origins = { Quantity: 1, Items: (config.Origins?.Items ?? []).map((origin) => ({ ...origin, DomainName: `${alias}.s3-website-us-east-1.amazonaws.com` })) };
        const DistributionConfig = { ...config, CallerReference: alias, Comment: alias, Aliases: { Quantity: 1, Items: [alias] }, Origins };
        return world.cloudfront.send(new CreateDistributionCommand({ DistributionConfig }));
      }),
    );
  }
  const Changes = Array.from({ length: OTHERS }, (_, n): Change => {
    const ResourceRecordSet: ResourceRecordSet = { Name: `crowd-${String(n)}-${site}`, Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.1' }] };
    return { Action: 'CREATE', ResourceRecordSet };
  });
  await world.route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: world.zone, ChangeBatch: { Changes } }));
}

skippable(
  'create is at most 5 calls deep, delete 6',
  async () => {
    await warm();
    const sites = Array.from({ length: 2 }, () => world.site('deep'));
    const create = sites.values();
    expect(await leastDepth(2, () => costOf('POST', '/demo/websites', { BucketInput: { Bucket: create.next().value } }))).toBeLessThanOrEqual(5);
    const remove = sites.values();
    expect(await leastDepth(2, () => costOf('DELETE', `/demo/websites/${remove.next().value ?? ''}`))).toBeLessThanOrEqual(6);
  },
  { more: SANDBOX_ONLY.calls, timeoutMs: 60_000 },
);

skippable(
  'users are looked at and emptied beside one another: with users of the whole site and of a folder, delete is at most 8 deep',
  async () => {
    const sites = [await warm(), await warm()];
    for (const site of sites) {
      for (const Path of ['/', '/docs/', '/docs/api/']) {
        expect((await world.api('POST', `/demo/websites/${site}/users`, { User: { UserName: world.name('user'), Path } })).status).toBe(200);
      }
    }
    const remove = sites.values();
    expect(await leastDepth(2, () => costOf('DELETE', `/demo/websites/${remove.next().value ?? ''}`))).toBeLessThanOrEqual(8);
  },
  { more: SANDBOX_ONLY.calls, timeoutMs: 60_000 },
);

skippable(
  'show and invalidate are at most 2 calls deep',
  async () => {
    const site = await warm();
    const on = `/demo/websites/${site}`;
    expect(await leastDepth(2, () => costOf('GET', on))).toBeLessThanOrEqual(2);
    expect(await leastDepth(2, () => costOf('PATCH', on, { CacheInvalidation: ['/*'] }))).toBeLessThanOrEqual(2);
  },
  { more: SANDBOX_ONLY.calls, timeoutMs: 60_000 },
);

skippable(
  'show, invalidate, update and delete make the same number of calls beside 500 other distributions and records as beside none',
  async () => {
    const [alone, beside] = [await warm(), await warm()];
    const costs = async (site: string) => {
      const on = `/demo/websites/${site}`;
      return {
        show: (await costOf('GET', on)).calls,
        invalidate: (await costOf('PATCH', on, { CacheInvalidation: ['/*'] })).calls,
        update: (await costOf('PUT', on, { Tags: [{ Key: 'a', Value: 'b' }] })).calls,
        delete: (await costOf('DELETE', on)).calls,
      };
    };
    const without = await costs(alone);
    await crowd(beside);
    expect(await costs(beside)).toEqual(without);
  },
  { more: SANDBOX_ONLY.calls, timeoutMs: 120_000 },
);
