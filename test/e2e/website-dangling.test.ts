import { DeleteBucketCommand, DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { type SiteWorld, startSiteWorld } from '../support/e2e/site';
import { distributionsIn, takeovers } from '../support/e2e/site-facts';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import type { FaultRule } from '../../src/sandbox/faults';
import { isAuditor } from '../support/e2e/target';

/** A creation whose DNS records can be made and not be taken back: the name must be nobody else's afterwards. */

let world: SiteWorld;
beforeAll(async () => {
  world = await startSiteWorld();
});
afterAll(() => world.stop());
afterEach(() => world.target.sandbox?.faults.clear());

interface Left {
  readonly step: string;
  readonly detail?: string;
}

const refuse = (operation: string, more: Partial<FaultRule> = {}): FaultRule => ({
  kind: 'refuse',
  operation,
  ...more,
  matching: (target) => !isAuditor(target.request.headers['user-agent']) && (more.matching?.(target) ?? true),
});

/** Creates a site whose last step is refused, as is every deletion of DNS records; watches for names that are free. */
async function createInVain(...more: readonly FaultRule[]) {
  const site = world.site('dangling');
  const state = world.target.sandbox?.state;
  if (state === undefined) throw new Error(`${world.target.name} has no state that could be taken`);
  const free = new Set<string>();
  world.faults.add({
    kind: 'latency',
    ms: 0,
    matching: () => {
      for (const what of takeovers(state.take())) free.add(what);
      return false;
    },
  });
  // DNS is there by the time the role of the distribution's admins is attached.
  world.faults.add(refuse('AttachGroupPolicy', { matching: ({ request }) => request.body.includes('-WebAdmGrp') }));
  world.faults.add(
    refuse('ChangeResourceRecordSets', { matching: ({ request }) => request.body.includes('<Action>DELETE</Action>') }),
  );
  for (const rule of more) world.faults.add(rule);
  const reply = await world.create(site);
  for (const what of takeovers(state.take())) free.add(what);
  world.faults.clear();
  const { body } = reply;
  return {
    site,
    reply,
    free: [...free],
    left: (body['left'] ?? []) as readonly Left[],
    undone: (body['undone'] ?? []) as readonly string[],
  };
}

const pointing = (site: string) => `Point ${site} at its CloudFront distribution`;

for (const [title, rules] of [
  ['the records alone', []],
  ['the records, and the distribution cannot be turned off either', [refuse('UpdateDistribution')]],
] as const) {
  describe(`when nothing can take back ${title}`, () => {
    skippable(
      'the answer names the records and what is kept for them, and at no moment is the name free',
      async () => {
        const { site, reply, free, left, undone } = await createInVain(...rules);
        expect({ status: reply.status, state: reply.body['state'], code: reply.body['code'] }).toEqual({
          status: 403,
          state: 'rollback-failed',
          code: 'AccessDenied',
        });
        expect(left.map(({ step }) => step).sort()).toEqual(
          [pointing(site), `Create bucket ${site}`, `Create the CloudFront distribution of ${site}`].sort(),
        );
        for (const { step, detail } of left)
          expect(detail).toContain(
            step === pointing(site) ? 'ChangeResourceRecordSets' : `DNS may still point ${site} here`,
          );
        expect(undone).toEqual(
          expect.arrayContaining([`Create group ${site}-BktAdmGrp`, `Create policy ${site}-WebAdmPlc`]),
        );
        expect(free).toEqual([]);
        const [made] = await world.distributionsOf(site);
        expect(made?.DistributionConfig).toMatchObject({ Enabled: true, Aliases: { Items: [site] } });
        expect(await world.recordsOf(site)).toHaveLength(2);
        expect((await world.snapshot(site)).groups).toEqual({});
      },
      { more: SANDBOX_ONLY.faults },
    );

    skippable(
      'the cleaner leaves it alone, and deleting the website takes all of it away',
      async () => {
        const { site } = await createInVain(...rules);
        expect((await world.api('POST', '/demo/cleaner/run')).body).toMatchObject({ distributions: [], orphans: [] });
        expect((await world.create(site)).status).toBe(409);
        const { status, body } = await world.api('DELETE', `/demo/websites/${site}`);
        expect({ status, body }).toMatchObject({
          status: 200,
          body: { Website: site, DNSRecord: { Name: `${site}.` } },
        });
        expect(await world.recordsOf(site)).toEqual([]);
        expect((await world.siteSnapshot(site)).buckets).toEqual({});
        expect((await world.api('POST', '/demo/cleaner/run')).status).toBe(200);
        expect(
          distributionsIn(world.target.sandbox?.state.take() ?? '').filter((one) => one.endsWith(` ${site}`)),
        ).toEqual([]);
        expect((await world.create(site)).status).toBe(202);
      },
      { more: SANDBOX_ONLY.faults },
    );
  });
}

skippable(
  'a record whose bucket is gone all the same is listed by the cleaner, and removed when it is named',
  async () => {
    const { site } = await createInVain();
    const { s3 } = world.auditor;
    for (const { Key } of (await s3.send(new ListObjectsV2Command({ Bucket: site }))).Contents ?? [])
      await s3.send(new DeleteObjectCommand({ Bucket: site, Key }));
    await s3.send(new DeleteBucketCommand({ Bucket: site }));
    const preview = await world.api('GET', '/demo/cleaner');
    expect(preview.body).toMatchObject({
      orphans: expect.arrayContaining([expect.objectContaining({ type: 'record', name: site })]),
    });
    expect((await world.api('DELETE', `/demo/websites/${site}`)).status).toBe(200);
    expect(await world.recordsOf(site)).toEqual([]);
  },
  { more: SANDBOX_ONLY.faults },
);
