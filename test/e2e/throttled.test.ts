import { setImmediate as nextTurn } from 'node:timers/promises';
import { createPatientClock, type PatientClock } from '../support/e2e/clock';
import { NOTHING_OF_A_SITE, type SiteWorld, startSiteWorld } from '../support/e2e/site';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import type { Reply } from '../support/e2e/world';
import { limitRates } from '../support/sandbox/limiter';

/** Many at once on an AWS that gives IAM 15 and Route 53 5 requests a second. */

const MANY = 40;
const PATIENCE_MS = 300_000;

let world: SiteWorld;
let clock: PatientClock;
const now = () => clock.monotonic();
beforeEach(async () => {
  clock = createPatientClock();
  world = await startSiteWorld({
    clock,
    sandbox: { recordedCalls: 1_000_000, cloudfront: { deploySeconds: 0, distributionsPerAccount: 10_000 } },
  });
  if (world.target.sandbox) clock.watch(world.target.sandbox.calls);
});
afterEach(() => world.stop());

const onSandbox = { more: SANDBOX_ONLY.faults, timeoutMs: PATIENCE_MS };

/** Resolves when no operation is under way any more, those included whose caller was answered before. */
async function ended(): Promise<void> {
  while (world.app.leftBehind().length > 0) await nextTurn();
}

/** What is there of a site in the end; a distribution that is off and without aliases is the cleaner's. */
async function remainsOf(site: string) {
  const { distributions, ...rest } = await world.siteSnapshot(site);
  const live = Object.values(distributions).filter(({ enabled, aliases }) => enabled === true || aliases.length > 0);
  return { ...rest, distributions: live };
}

const NOTHING = { ...NOTHING_OF_A_SITE, distributions: [] };

async function expectWhole(site: string): Promise<void> {
  const { buckets, groups, policies, records, distributions } = await remainsOf(site);
  expect(buckets[site]).toMatchObject({
    encryption: 'AES256',
    tags: { 'mallard:distribution': expect.stringMatching(/^E/) as unknown },
  });
  expect(
    Object.entries(groups)
      .map(([name, { attached }]) => [name, attached])
      .sort(),
  ).toEqual([
    [`${site}-BktAdmGrp`, [`${site}-BktAdmPlc`]],
    [`${site}-WebAdmGrp`, [`${site}-WebAdmPlc`]],
  ]);
  expect(Object.keys(policies).sort()).toEqual([`${site}-BktAdmPlc`, `${site}-WebAdmPlc`]);
  expect(records).toHaveLength(2);
  expect(distributions).toMatchObject([{ enabled: true, aliases: [site] }]);
}

const sites = () => Array.from({ length: MANY }, (_, n) => world.site(`busy${String(n)}`));

const kindOf = ({ body }: Reply): unknown => String(body['type']).replace('urn:mallard:problem:', '');

skippable(
  `of ${String(MANY)} websites that are being made when AWS lets nothing through for five minutes each is whole or gone in the end, and until then a repetition is told that it is busy`,
  async () => {
    const limiter = limitRates(world.faults, { now, standstillMs: 300_000, from: 'CreateDistributionWithTags' });
    const all = sites();
    const made = new Set<string>();
    const goingOn: string[] = [];
    await Promise.all(
      all.map(async (site) => {
        const answer = await world.create(site);
        if (answer.status === 202) return void made.add(site);
        expect(kindOf(answer)).toMatch(/^(throttled|unavailable)$/);
        if (answer.body['state'] !== 'running') return;
        goingOn.push(site);
        expect(answer.body['undoing']).not.toHaveLength(0);
        const again = await world.create(site);
        // What was undone meanwhile can be made again, or meets the same AWS.
        if (again.status === 202) return void made.add(site);
        if (again.status === 409)
          expect({ kind: kindOf(again), retries: again.headers.has('retry-after') }).toEqual({
            kind: 'busy',
            retries: true,
          });
      }),
    );
    await ended();
    world.faults.clear();
    for (const site of all) {
      if (made.has(site)) await expectWhole(site);
      else expect({ site, ...(await remainsOf(site)) }).toEqual({ site, ...NOTHING });
    }
    expect(limiter.throttled()).toBeGreaterThan(MANY);
    expect(goingOn).not.toHaveLength(0);
  },
  onSandbox,
);

skippable(
  `${String(MANY)} websites created at once by callers who repeat are all made, and nobody is told that a name is taken`,
  async () => {
    limitRates(world.faults, { now });
    const all = sites();
    const kinds = new Set<unknown>();
    const create = async (site: string): Promise<void> => {
      for (let answer = await world.create(site); answer.status !== 202; answer = await world.create(site)) {
        kinds.add(kindOf(answer));
        await clock.sleep(Number(answer.headers.get('retry-after') ?? 1) * 1_000 * (1 + 30 * clock.random()));
      }
    };
    await Promise.all(all.map(create));
    expect([...kinds].filter((kind) => !['busy', 'throttled', 'unavailable'].includes(String(kind)))).toEqual([]);
    await ended();
    world.faults.clear();
    for (const site of all) await expectWhole(site);
  },
  onSandbox,
);

skippable(
  `${String(MANY)} buckets with a user each, deleted at once, are gone in the end with all that was theirs`,
  async () => {
    const buckets = Array.from({ length: MANY }, () => world.name('busy'));
    for (const bucket of buckets) {
      expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(202);
      expect(
        (await world.api('POST', `/demo/buckets/${bucket}/users`, { User: { UserName: `${bucket}-user` } })).status,
      ).toBe(200);
    }
    limitRates(world.faults, { now, from: 'DeleteBucket' });
    const states = await Promise.all(
      buckets.map(async (bucket) => (await world.api('DELETE', `/demo/buckets/${bucket}`)).body['state'] ?? 'gone'),
    );
    await ended();
    world.faults.clear();
    for (const [index, bucket] of buckets.entries()) {
      const { users, groups, policies, buckets: left } = await world.snapshot(bucket);
      // One that met the throttling before its point of no return is as it was.
      const isWhole = Object.keys(left).length > 0;
      if (isWhole) expect(states[index]).toBe('failed');
      expect([users, groups, policies].map((things) => Object.keys(things).length)).toEqual(
        isWhole ? [1, 1, 1] : [0, 0, 0],
      );
    }
    expect(states).toContain('running');
  },
  onSandbox,
);
