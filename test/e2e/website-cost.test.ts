import { CreateDistributionCommand } from '@aws-sdk/client-cloudfront';
import { type Change, ChangeResourceRecordSetsCommand, type ResourceRecordSet } from '@aws-sdk/client-route-53';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { type SiteWorld, startSiteWorld } from '../support/e2e/site';
import { isAuditor } from '../support/e2e/target';
import type { Service } from '../support/e2e/world';

/** What the writes and reads of websites cost in AWS calls. Every call is held, so those that can run at once do. */

const HELD_MS = 100;
const OTHERS = 500;
const ROUNDS = 4;

const DEPTH = { create: 5, show: 2, invalidate: 2, delete: 6 } as const;

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
async function costOf(method: string, path: string, body?: unknown, service: Service = world): Promise<Cost> {
  const calls = world.target.sandbox?.calls;
  if (calls === undefined) throw new Error('only the sandbox counts calls');
  const handle = world.faults.add({
    kind: 'latency',
    ms: HELD_MS,
    matching: ({ request }) => !isAuditor(request.headers['user-agent']),
  });
  calls.clear();
  const reply = await service.api(method, path, body);
  handle.remove();
  expect({ status: reply.status < 300, text: reply.status < 300 ? '' : reply.text }).toEqual({
    status: true,
    text: '',
  });
  return { calls: calls.all().length, depth: calls.depth() };
}

/** A busy processor can only make calls drift apart: the first round that is as flat as `most` shows what is possible. */
async function depthWithin(most: number, run: () => Promise<Cost>): Promise<number> {
  let least = Infinity;
  for (let round = 0; round < ROUNDS && least > most; round += 1) least = Math.min(least, (await run()).depth);
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
        const Origins = {
          Quantity: 1,
          Items: (config.Origins?.Items ?? []).map((origin) => ({
            ...origin,
            DomainName: `${alias}.s3-website-us-east-1.amazonaws.com`,
          })),
        };
        const DistributionConfig = {
          ...config,
          CallerReference: alias,
          Comment: alias,
          Aliases: { Quantity: 1, Items: [alias] },
          Origins,
        };
        return world.cloudfront.send(new CreateDistributionCommand({ DistributionConfig }));
      }),
    );
  }
  const Changes = Array.from({ length: OTHERS }, (_, n): Change => {
    const ResourceRecordSet: ResourceRecordSet = {
      Name: `crowd-${String(n)}-${site}`,
      Type: 'A',
      TTL: 60,
      ResourceRecords: [{ Value: '192.0.2.1' }],
    };
    return { Action: 'CREATE', ResourceRecordSet };
  });
  await world.route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: world.zone, ChangeBatch: { Changes } }));
}

/** Depth of the deletion of a site with what `furnish` gives it. */
function deletionDepth(most: number, furnish: (site: string) => Promise<void>, service?: Service): Promise<number> {
  return depthWithin(most, async () => {
    const site = await warm();
    await furnish(site);
    return costOf('DELETE', `/demo/websites/${site}`, undefined, service);
  });
}

async function addUser(
  site: string,
  more: Readonly<Record<string, unknown>>,
  Groups?: readonly string[],
): Promise<void> {
  const reply = await world.api('POST', `/demo/websites/${site}/users`, {
    User: { UserName: world.name('user'), ...more },
    ...(Groups && { Groups }),
  });
  expect(reply.status).toBe(200);
}

skippable(
  'create is at most 5 calls deep',
  async () => {
    await warm();
    expect(
      await depthWithin(DEPTH.create, () =>
        costOf('POST', '/demo/websites', { BucketInput: { Bucket: world.site('deep') } }),
      ),
    ).toBeLessThanOrEqual(DEPTH.create);
  },
  { more: SANDBOX_ONLY.calls, timeoutMs: 60_000 },
);

describe('delete is at most 6 calls deep', () => {
  const cases: Readonly<Record<string, (site: string) => Promise<void>>> = {
    'without users': () => Promise.resolve(),
    'with users of the whole site, who are looked at and released beside one another': async (site) => {
      await addUser(site, {});
      await addUser(site, {}, ['BktRWGrp']);
    },
    'with users of folders, whose groups are known by their path alone': async (site) => {
      await addUser(site, { Path: '/docs/' });
      await addUser(site, { Path: '/docs/api/' }, ['BktROGrp']);
    },
    'with both': async (site) => {
      for (const Path of ['/', '/docs/', '/docs/api/']) await addUser(site, { Path });
    },
  };
  for (const [name, furnish] of Object.entries(cases)) {
    skippable(
      name,
      async () => {
        expect(await deletionDepth(DEPTH.delete, furnish)).toBeLessThanOrEqual(DEPTH.delete);
      },
      { more: SANDBOX_ONLY.calls, timeoutMs: 60_000 },
    );
  }
});

skippable(
  'a process that knows nothing of the site yet reads its tag first: show is 2 calls deep all the same, invalidate 3 the first time and then 2, delete 7',
  async () => {
    const other = await world.another();
    // Opens the session.
    expect((await other.api('GET', '/demo/websites')).status).toBe(200);
    const [shown, invalidated] = [await warm(), await warm()].map((site) => `/demo/websites/${site}`);
    const invalidation = () => costOf('PATCH', String(invalidated), { CacheInvalidation: ['/*'] }, other);
    expect((await invalidation()).depth).toBeGreaterThan(DEPTH.invalidate);
    expect(await depthWithin(DEPTH.invalidate, invalidation)).toBeLessThanOrEqual(DEPTH.invalidate);
    expect(await depthWithin(DEPTH.show, () => costOf('GET', String(shown), undefined, other))).toBeLessThanOrEqual(
      DEPTH.show,
    );
    expect(
      await deletionDepth(DEPTH.delete + 1, (site) => addUser(site, { Path: '/docs/' }), other),
    ).toBeLessThanOrEqual(DEPTH.delete + 1);
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
