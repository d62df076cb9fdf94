import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateUserCommand,
} from '@aws-sdk/client-iam';
import { type SiteWorld, startSiteWorld } from '../support/e2e/site';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { readFlowchart } from '../support/mermaid';
import { isRead } from '../support/e2e/sweep-kinds';

/** The cleaner tells of its dry runs itself: by its report, with the digest of the plan. */

const DEPLOY_SECONDS = 300;
const onSandbox = { more: { ...SANDBOX_ONLY.clock, ...SANDBOX_ONLY.calls } };

let world: SiteWorld;
beforeAll(async () => {
  const cloudfront = { deploySeconds: DEPLOY_SECONDS, distributionsPerAccount: 10_000 };
  world = await startSiteWorld({ sandbox: { recordedCalls: 5_000, cloudfront } });
});
afterAll(() => world.stop());

interface Report {
  readonly distributions: readonly { readonly site: string }[];
  readonly orphans: readonly { readonly name: string }[];
  readonly kept?: readonly { readonly UserName: string }[];
  readonly left?: readonly { readonly Resource: string }[];
  readonly planDigest?: string;
  readonly detail?: string;
}

const dryRun = (body?: unknown) => world.api<Report>('POST', '/demo/cleaner/run?dryRun=true', body);
const run = (body?: unknown, digest?: string) =>
  world.api<Report>('POST', '/demo/cleaner/run', body, digest === undefined ? {} : { 'If-Plan-Match': digest });
const changes = () => (world.target.sandbox?.calls.all() ?? []).filter((call) => !isRead(call));
const forget = () => world.target.sandbox?.calls.clear();

/** A group whose bucket never was, with one member. */
async function orphanedGroup(): Promise<readonly [string, string]> {
  const { iam } = world.auditor;
  const bucket = world.site('orphaned');
  const [GroupName, UserName] = [`${bucket}-BktROGrp`, `${bucket}-eve`];
  await iam.send(new CreateGroupCommand({ GroupName }));
  await iam.send(new CreateUserCommand({ UserName }));
  await iam.send(new AddUserToGroupCommand({ GroupName, UserName }));
  return [GroupName, bucket];
}

skippable(
  'a dry run of the cleaner reports, changes nothing, and its digest lets just that run',
  async () => {
    const site = await world.newSite('gone');
    expect((await world.api('DELETE', `/demo/websites/${site}`)).status).toBe(200);
    const early = (await dryRun()).body.planDigest;
    world.advance(DEPLOY_SECONDS + 1);
    forget();
    const { status, body } = await dryRun();
    expect([status, body.distributions.map((one) => one.site)]).toEqual([200, expect.arrayContaining([site])]);
    expect((await dryRun()).body.planDigest).toBe(body.planDigest);
    const drawn = await world.api<string>('POST', '/demo/cleaner/run?dryRun=true&format=mermaid');
    expect(drawn.headers.get('plan-digest')).toBe(body.planDigest);
    expect([...readFlowchart(drawn.text).nodes.values()].join()).toContain(` of ${site}`);
    for (const digest of ['none', early]) {
      const refused = await run(undefined, digest);
      expect([refused.status, refused.body.planDigest]).toEqual([412, body.planDigest]);
    }
    expect(changes()).toEqual([]);
    expect((await run(undefined, body.planDigest)).status).toBe(200);
    expect(await world.distributionsOf(site)).toEqual([]);
  },
  onSandbox,
);

skippable(
  'a plan of the cleaner is another when an orphan takes more with it, and the refusal names that orphan',
  async () => {
    const [group, bucket] = await orphanedGroup();
    const body = { orphans: [`group/${group}`] };
    const { planDigest } = (await dryRun(body)).body;
    const UserName = `${bucket}-late`;
    await world.auditor.iam.send(new CreateUserCommand({ UserName }));
    await world.auditor.iam.send(new AddUserToGroupCommand({ GroupName: group, UserName }));
    forget();
    const refused = await run(body, planDigest);
    expect([refused.status, changes()]).toEqual([412, []]);
    expect(refused.body.detail).toMatch(
      new RegExp(`step \\d+ was changed to "Remove the orphaned group ${group.replaceAll('.', '\\.')}"`),
    );
    const done = await run(body, refused.body.planDigest);
    expect([done.status, done.body.orphans.map(({ name }) => name)]).toEqual([200, [group]]);
  },
  onSandbox,
);

skippable(
  'a plan of the cleaner is another when what it would remove would stay, and a dry run says that it stays',
  async () => {
    const [group] = await orphanedGroup();
    const body = { orphans: [`group/${group}`] };
    const before = (await dryRun(body)).body;
    expect([before.kept ?? [], before.left ?? []]).toEqual([[], []]);
    const Statement = { Effect: 'Allow', Action: 'sqs:*', Resource: '*' };
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    const { iam } = world.auditor;
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: `of-a-team-${group}`, PolicyDocument }));
    await iam.send(new AttachGroupPolicyCommand({ GroupName: group, PolicyArn: Policy?.Arn }));
    forget();
    const refused = await run(body, before.planDigest);
    expect([refused.status, changes()]).toEqual([412, []]);
    expect(refused.body.detail).toContain(`Leave the orphaned group ${group} unless this has changed: `);
    const after = (await dryRun(body)).body;
    expect([after.planDigest, after.left]).toEqual([
      refused.body.planDigest,
      [expect.objectContaining({ Resource: `group ${group}` })],
    ]);
    const done = await run(body, after.planDigest);
    expect([done.status, done.body.left, done.body.orphans]).toEqual([200, after.left, []]);
    expect(changes()).toEqual([]);
  },
  onSandbox,
);

skippable('a dry run for an orphan that is none is refused as the run is', async () => {
  const body = { orphans: ['group/nobody-knows-BktROGrp'] };
  const [told, done] = [await dryRun(body), await run(body)];
  expect([told.status, told.body.detail]).toEqual([404, done.body.detail]);
});
