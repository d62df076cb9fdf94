import { checkedLive } from '../support/e2e/check-live';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { DOMAIN, NOTHING_OF_A_SITE, SANDBOX_ZONE, type SiteWorld, startSiteWorld } from '../support/e2e/site';
import { accounts } from '../support/e2e/target';

/** Zones whose owners forbid changes: Route 53's change guardrails and record set protections of November 2026. */

const accountId = accounts.demo.id;
const onSandbox = { more: SANDBOX_ONLY.certificates };
type Zone = NonNullable<NonNullable<Parameters<typeof startSiteWorld>[0]>['sandbox']>['hostedZones'];

async function inZone(zone: object, run: (world: SiteWorld) => Promise<void>): Promise<void> {
  const hostedZones: Zone = [{ accountId, id: SANDBOX_ZONE, name: DOMAIN, ...zone }];
  const world = await startSiteWorld({ sandbox: { hostedZones } });
  try {
    await run(world);
  } finally {
    await world.stop();
  }
}

describe('a site in a zone that protects its records', () => {
  skippable(
    'whose record set is protected: not made, 403 with the comment of the protection, and nothing is left',
    () => {
      const protections = [{ name: `kept.${DOMAIN}`, type: 'AAAA', comment: 'ask the network team' }];
      return inZone({ protections }, async (world) => {
        const { status, body } = await world.create(`kept.${DOMAIN}`);
        expect({ status, type: body['type'], code: body['code'] }).toEqual({
          status: 403,
          type: 'urn:mallard:problem:protected',
          code: 'InvalidChangeBatch',
        });
        expect(body['detail']).toContain('ask the network team');
        expect(await world.siteSnapshot(`kept.${DOMAIN}`)).toMatchObject({
          buckets: NOTHING_OF_A_SITE.buckets,
          records: [],
        });
      });
    },
    onSandbox,
  );

  skippable(
    'whose names are still asked for, under ACTIVE_RECORD_CHECK: its deletion is 403, and the site is whole',
    () =>
      inZone({ guardrails: ['ACTIVE_RECORD_CHECK'] }, async (world) => {
        const site = await world.newSite();
        const before = await world.siteSnapshot(site);
        const { status, body } = await world.api('DELETE', `/demo/websites/${site}`);
        expect({ status, type: body['type'] }).toEqual({ status: 403, type: 'urn:mallard:problem:protected' });
        expect(body['detail']).toContain('ACTIVE_RECORD_CHECK');
        expect(await world.siteSnapshot(site)).toEqual(before);
      }),
    onSandbox,
  );
});

describe('--check=live', () => {
  const zones: readonly (readonly [string, object, boolean, RegExp])[] = [
    ['of the domain', {}, true, /zone of \S+ ok$/],
    ['above the domain', { name: 'org' }, true, /zone of \S+ ok$/],
    ['with guardrails', { guardrails: ['ACTIVE_RECORD_CHECK'] }, true, /ok, with the guardrails ACTIVE_RECORD_CHECK$/],
    ['that is private', { privateZone: true }, false, /hostedZoneID\) is private/],
    ['of another name', { name: 'example.com' }, false, /hostedZoneID\) is that of example\.com/],
    ['that is not there', { id: 'Z0OTHER' }, false, /hostedZoneID\): .*NoSuchHostedZone/],
  ];
  for (const [what, zone, ok, line] of zones) {
    skippable(
      `of a zone ${what}: ${ok ? 'ok' : 'not ok'}`,
      () =>
        inZone(zone, async (world) => {
          expect(await checkedLive(world)).toEqual({ ok, line: expect.stringMatching(line) });
        }),
      onSandbox,
    );
  }
});
