import {
  CreateDistributionCommand,
  type Distribution,
  ListFunctionsCommand,
  ListOriginAccessControlsCommand,
} from '@aws-sdk/client-cloudfront';
import { onSite, type SiteWorld, startSiteWorld } from '../support/e2e/site';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import type { SandboxOptions } from '../../src/sandbox/start';

/**
 * Private sites beyond what one origin access control and one function may serve: 100 distributions each, here fewer.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
 */

const onQuotas = { more: SANDBOX_ONLY.sharing };

const startWith = (cloudfront: NonNullable<Partial<SandboxOptions>['cloudfront']>): Promise<SiteWorld> =>
  startSiteWorld({ domain: { origin: 'private' }, sandbox: { cloudfront: { deploySeconds: 0, ...cloudfront } } });

const accessControls = async (world: SiteWorld): Promise<ReadonlyMap<string, string>> => {
  const { OriginAccessControlList: list } = await world.cloudfront.send(new ListOriginAccessControlsCommand({}));
  return new Map((list?.Items ?? []).map(({ Id = '', Name = '' }) => [Id, Name]));
};

/** Names of what a site's distribution is reached through. */
async function behind(world: SiteWorld, site: string): Promise<readonly (string | undefined)[]> {
  const { DistributionConfig: config }: Distribution = await world.onlyDistribution(site);
  const control = config?.Origins?.Items?.[0]?.OriginAccessControlId ?? '';
  const arn = config?.DefaultCacheBehavior?.FunctionAssociations?.Items?.[0]?.FunctionARN;
  return [(await accessControls(world)).get(control), arn?.split('/').pop()];
}

const of = (number: number): readonly string[] =>
  number === 1
    ? ['mallard-private-origin', 'mallard-index-document-2']
    : [`mallard-private-origin-${number}`, `mallard-index-document-2-${number}`];

describe('sites with a private origin', () => {
  let world: SiteWorld;
  afterEach(() => world.stop());

  skippable(
    'get a further origin access control and function when one is full, and serve their pages',
    async () => {
      world = await startWith({ distributionsPerAccessControl: 2, distributionsPerFunction: 2 });
      const sites: string[] = [];
      for (let n = 0; n < 5; n += 1) sites.push(await world.newSite(`quota${n}`));
      const names = await Promise.all(sites.map((site) => behind(world, site)));
      expect(names).toEqual([of(1), of(1), of(2), of(2), of(3)]);
      for (const site of sites) expect((await world.page(site, '/')).body).toContain(site);
    },
    onQuotas,
  );

  skippable(
    'fill the places of those that are gone before there is another one',
    async () => {
      world = await startWith({ distributionsPerAccessControl: 1, distributionsPerFunction: 1 });
      const first = await world.newSite('first');
      await world.newSite('second');
      expect((await world.api('DELETE', onSite(first))).status).toBe(200);
      // Until the cleaner has been, its distribution counts.
      expect(await behind(world, await world.newSite('third'))).toEqual(of(3));
      expect((await world.api('POST', '/demo/cleaner/run')).status).toBe(200);
      expect(await behind(world, await world.newSite('fourth'))).toEqual(of(1));
      expect([...(await accessControls(world)).values()].sort()).toEqual([1, 2, 3].map((n) => of(n)[0]));
    },
    onQuotas,
  );

  skippable(
    'get what they need when many are made at once: none is refused, and nothing is made twice',
    async () => {
      world = await startWith({ distributionsPerAccessControl: 2, distributionsPerFunction: 2 });
      const sites = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => world.newSite(`race${n}`)));
      const names = await Promise.all(sites.map((site) => behind(world, site)));
      expect(names.map(([control]) => control).sort()).toEqual([1, 1, 2, 2, 3, 3].map((n) => of(n)[0]));
      expect([...(await accessControls(world)).values()].sort()).toEqual([1, 2, 3].map((n) => of(n)[0]));
      const { FunctionList } = await world.cloudfront.send(new ListFunctionsCommand({}));
      expect((FunctionList?.Items ?? []).map(({ Name }) => Name).sort()).toEqual([1, 2, 3].map((n) => of(n)[1]));
    },
    onQuotas,
  );

  skippable(
    'go on where the function is full and its origin access control is not',
    async () => {
      world = await startWith({ distributionsPerFunction: 1 });
      await world.newSite('one');
      expect(await behind(world, await world.newSite('two'))).toEqual(of(2));
    },
    onQuotas,
  );

  skippable(
    'are 429 when the account can have no more of them, and leave nothing',
    async () => {
      world = await startWith({ distributionsPerAccessControl: 1, accessControlsPerAccount: 1 });
      await world.newSite('one');
      const site = world.site('two');
      const { status, body } = await world.create(site);
      expect({ status, body }).toMatchObject({
        status: 429,
        body: { type: 'urn:mallard:problem:quota', code: 'TooManyOriginAccessControls', state: 'rolled-back' },
      });
      expect(await world.distributionsOf(site)).toEqual([]);
    },
    onQuotas,
  );

  skippable(
    'that fail later take their distribution back, whichever origin access control it has',
    async () => {
      world = await startWith({ distributionsPerAccessControl: 1, distributionsPerFunction: 1 });
      await world.newSite('one');
      const site = world.site('two');
      world.faults.add({ kind: 'refuse', operation: 'ChangeResourceRecordSets' });
      expect((await world.create(site)).status).toBe(403);
      expect(await world.onlyDistribution(site)).toMatchObject({
        DistributionConfig: { Enabled: false, Aliases: { Quantity: 0 } },
      });
    },
    onQuotas,
  );
});

/** More distributions like that of a site. */
async function crowd(world: SiteWorld, site: string, count: number): Promise<void> {
  const { DistributionConfig: config } = await world.onlyDistribution(site);
  if (config === undefined) throw new Error(`the distribution of ${site} has no configuration`);
  for (let n = 0; n < count; n += 1) {
    const own = { CallerReference: `crowd-${n}`, Comment: `crowd-${n}`, Aliases: { Quantity: 0 } };
    await world.cloudfront.send(new CreateDistributionCommand({ DistributionConfig: { ...config, ...own } }));
  }
}

describe('101 sites with a private origin', () => {
  let world: SiteWorld;
  afterAll(() => world.stop());

  skippable(
    'are one more than the first origin access control serves by default',
    async () => {
      world = await startSiteWorld({ domain: { origin: 'private' }, sandbox: { cloudfront: { deploySeconds: 0 } } });
      await crowd(world, await world.newSite('first'), 98);
      expect(await behind(world, await world.newSite('hundredth'))).toEqual(of(1));
      expect(await behind(world, await world.newSite('next'))).toEqual(of(2));
    },
    onQuotas,
  );
});
