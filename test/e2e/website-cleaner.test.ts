import { CreateGroupCommand } from '@aws-sdk/client-iam';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { DOMAIN, type SiteWorld, startSiteWorld } from '../support/e2e/site';

const DEPLOY_SECONDS = 200;
/** A site whose distribution is on a flat-rate plan, and those that are. */
const PLANNED = `planned.${DOMAIN}`;
const onFlatRatePlan = [PLANNED];

let world: SiteWorld;
beforeAll(async () => {
  world = await startSiteWorld({
    sandbox: { cloudfront: { deploySeconds: DEPLOY_SECONDS, onFlatRatePlan } },
  });
});
afterAll(() => world.stop());

interface Report {
  readonly distributions: readonly {
    readonly id: string;
    readonly site: string;
    readonly state: string;
    readonly reason: string;
    readonly because?: string;
  }[];
  readonly orphans: readonly { readonly type: string; readonly name: string; readonly bucket: string }[];
  readonly nextRun: string | null;
  readonly left?: readonly { readonly Resource: string; readonly because: string }[];
}

const preview = () => world.api<Report>('GET', '/demo/cleaner');
const run = (body?: unknown, query = '') => world.api<Report>('POST', `/demo/cleaner/run${query}`, body);
const of = (report: Report, site: string) => report.distributions.filter((one) => one.site === site);

/** A site that was made and deleted again; gives its distribution's id. */
async function deletedSite(): Promise<readonly [string, string]> {
  const site = world.site('gone');
  expect((await world.create(site)).status).toBe(202);
  const [made] = await world.distributionsOf(site);
  expect((await world.api('DELETE', `/demo/websites/${site}`)).status).toBe(200);
  return [site, made?.Id ?? ''];
}

skippable(
  'a deleted site’s distribution is listed while it deploys, deleted afterwards',
  async () => {
    const [site, id] = await deletedSite();
    expect(of((await preview()).body, site)).toEqual([{ id, site, state: 'deploying', reason: 'bucket-gone' }]);
    expect(of((await run()).body, site)).toEqual([]);
    expect(await world.distributionsOf(site)).toHaveLength(1);
    world.advance(DEPLOY_SECONDS + 1);
    expect(of((await preview()).body, site)).toEqual([{ id, site, state: 'deletable', reason: 'bucket-gone' }]);
    expect(of((await run(undefined, '?dryRun=true')).body, site)).toHaveLength(1);
    expect(await world.distributionsOf(site)).toHaveLength(1);
    const { status, body } = await run();
    expect(status).toBe(200);
    expect(of(body, site)).toEqual([{ id, site, state: 'deletable', reason: 'bucket-gone' }]);
    expect(await world.distributionsOf(site)).toEqual([]);
    expect(of((await preview()).body, site)).toEqual([]);
  },
  { more: SANDBOX_ONLY.clock },
);

// https://github.com/ekristen/aws-nuke/issues/1024: 412 until the plan has ended.
skippable(
  'a distribution on a flat-rate plan waits, with the reason, and holds up no other',
  async () => {
    expect((await world.create(PLANNED)).status).toBe(202);
    const [made] = await world.distributionsOf(PLANNED);
    expect((await world.api('DELETE', `/demo/websites/${PLANNED}`)).status).toBe(200);
    const [other] = await deletedSite();
    world.advance(DEPLOY_SECONDS + 1);
    const { status, body } = await run();
    expect({ status, planned: of(body, PLANNED), others: of(body, other).length }).toEqual({
      status: 200,
      planned: [],
      others: 1,
    });
    expect(body.left).toEqual([
      { Resource: `distribution ${String(made?.Id)}`, because: expect.stringContaining('flat-rate plan') },
    ]);
    const waits = {
      id: made?.Id,
      site: PLANNED,
      state: 'waiting',
      reason: 'bucket-gone',
      because: expect.stringContaining('flat-rate plan'),
    };
    expect(of((await preview()).body, PLANNED)).toEqual([waits]);
    expect(of((await run(undefined, '?dryRun=true')).body, PLANNED)).toEqual([waits]);
    // Every run tries again, and says so.
    expect((await run()).body.left).toEqual(body.left);
    onFlatRatePlan.splice(0);
    expect(of((await run()).body, PLANNED)).toEqual([
      { id: made?.Id, site: PLANNED, state: 'deletable', reason: 'bucket-gone' },
    ]);
    expect(of((await preview()).body, PLANNED)).toEqual([]);
    expect(await world.distributionsOf(PLANNED)).toEqual([]);
  },
  { more: SANDBOX_ONLY.clock },
);

skippable(
  'a living site, a turned-off one with its bucket, and distributions of others are never listed',
  async () => {
    const site = world.site('living');
    expect((await world.create(site)).status).toBe(202);
    expect(of((await preview()).body, site)).toEqual([]);
    expect((await run()).status).toBe(200);
    expect(await world.distributionsOf(site)).toHaveLength(1);
    expect((await world.api('GET', `/demo/websites/${site}`)).status).toBe(200);
  },
  { more: SANDBOX_ONLY.clock },
);

skippable(
  'a creation that was taken back leaves a retired distribution, which goes though a new site has its name',
  async () => {
    const site = world.site('retried');
    const handle = world.faults.add({
      kind: 'refuse',
      service: 'route53',
      operation: 'ChangeResourceRecordSets',
      count: 1,
    });
    expect(await world.create(site)).toMatchObject({ status: 403, body: { state: 'rolled-back' } });
    handle.remove();
    expect((await world.create(site)).status).toBe(202);
    world.advance(DEPLOY_SECONDS + 1);
    expect(of((await preview()).body, site)).toMatchObject([{ state: 'deletable', reason: 'retired' }]);
    expect((await run()).status).toBe(200);
    const left = await world.distributionsOf(site);
    expect(left).toMatchObject([{ DistributionConfig: { Enabled: true, Aliases: { Items: [site] } } }]);
  },
  { more: SANDBOX_ONLY.faults },
);

skippable('orphans are listed, and deleted only by name', async () => {
  const bucket = world.site('orphaned');
  const group = `${bucket}-BktROGrp`;
  const { iam } = world.auditor;
  await iam.send(new CreateGroupCommand({ GroupName: group }));
  await iam.send(new CreateGroupCommand({ GroupName: `${bucket}-developers` }));
  const listed = (await preview()).body.orphans.filter((orphan) => orphan.bucket.startsWith(bucket));
  expect(listed).toMatchObject([{ type: 'group', name: group, bucket }]);
  expect((await run()).body.orphans).toEqual([]);
  expect(Object.keys((await world.snapshot(bucket)).groups)).toHaveLength(2);
  expect((await run({ orphans: [`group/${bucket}-developers`] })).status).toBe(404);
  expect((await run({ orphans: ['group/nobody-knows-BktROGrp'] })).status).toBe(404);
  const { status, body } = await run({ orphans: [`group/${group}`] });
  expect(status).toBe(200);
  expect(body.orphans).toMatchObject([{ type: 'group', name: group }]);
  expect(Object.keys((await world.snapshot(bucket)).groups)).toEqual([`${bucket}-developers`]);
});

skippable('an account without a cleaner has no next run', async () => {
  expect((await preview()).body.nextRun).toBeNull();
});
