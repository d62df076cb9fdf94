import { AttachUserPolicyCommand, TagPolicyCommand } from '@aws-sdk/client-iam';
import {
  addVersions,
  adminPolicy,
  makeLegacyBucket,
  makeLegacySite,
  makeOldest,
  makeUser,
  readerPolicy,
} from '../support/e2e/legacy';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { onSite, type SiteWorld, startSiteWorld } from '../support/e2e/site';

/** The policy `<bucket>` of the user `<bucket>`, as the predecessor made both for a bucket of oldest times. */

let world: SiteWorld;
beforeAll(async () => {
  world = await startSiteWorld();
});
afterAll(() => world.stop());

const on = (bucket: string): string => `/demo/buckets/${bucket}`;
const NOTHING = { buckets: {}, users: {}, groups: {}, policies: {} };

interface Oldest {
  readonly bucket: string;
  readonly arn: string;
}

async function oldest(document?: (bucket: string) => string): Promise<Oldest> {
  const bucket = world.name('oldest');
  await makeLegacyBucket(world, bucket);
  return { bucket, arn: await makeOldest(world, bucket, document?.(bucket)) };
}

/** Names of policies that are there; what is the bucket's role is of no account here. */
const policiesOf = async (bucket: string): Promise<readonly string[]> =>
  Object.keys((await world.snapshot(bucket)).policies).filter((name) => !name.endsWith('-BktAdmPlc'));

const DELETIONS = {
  'its bucket': (bucket: string) => on(bucket),
  'its user by name': (bucket: string) => `${on(bucket)}/users/${bucket}`,
} as const;

for (const [what, pathOf] of Object.entries(DELETIONS)) {
  describe(`the deletion of ${what}`, () => {
    skippable(`takes it away with all its versions [${what}]`, async () => {
      const { bucket, arn } = await oldest();
      await addVersions(world.auditor, arn, 4, readerPolicy(bucket));
      const { status, text } = await world.api('DELETE', pathOf(bucket));
      expect({ status, text }).toEqual({ status: 200, text: '{}' });
      const after = await world.snapshot(bucket);
      expect(after.users).toEqual({});
      expect(await policiesOf(bucket)).toEqual([]);
      if (pathOf === DELETIONS['its bucket']) expect(after).toEqual(NOTHING);
    });

    skippable(`foretells it [${what}]`, async () => {
      const { bucket } = await oldest();
      const { body } = await world.api('DELETE', `${pathOf(bucket)}?dryRun=true`);
      const steps = body['steps'] as readonly { readonly touches: readonly object[] }[];
      expect(steps.flatMap(({ touches }) => touches)).toContainEqual({
        action: 'delete',
        resource: `policy ${bucket}`,
      });
    });

    const others: readonly (readonly [string, (made: Oldest) => Promise<unknown>, RegExp])[] = [
      [
        'somebody else has it, too',
        async ({ bucket, arn }) => {
          await makeUser(world.auditor, `other-${bucket}`, []);
          await world.auditor.iam.send(new AttachUserPolicyCommand({ UserName: `other-${bucket}`, PolicyArn: arn }));
        },
        /^It carries no mark of this service, and is attached to the user other-oldest-\w+\.$/,
      ],
      [
        'somebody has tagged it',
        ({ arn }) =>
          world.auditor.iam.send(new TagPolicyCommand({ PolicyArn: arn, Tags: [{ Key: 'team', Value: 'web' }] })),
        /^It has tags \(team\)/,
      ],
    ];
    for (const [why, arrange, because] of others) {
      skippable(`leaves it where ${why}, and says so [${what}]`, async () => {
        const made = await oldest();
        await arrange(made);
        const { status, body } = await world.api('DELETE', pathOf(made.bucket));
        expect({ status, body }).toEqual({
          status: 200,
          body: { left: [{ Resource: `policy ${made.bucket}`, because: expect.stringMatching(because) }] },
        });
        expect((await world.snapshot(made.bucket)).users[made.bucket]).toBeUndefined();
        expect(await policiesOf(made.bucket)).toEqual([made.bucket]);
      });
    }

    skippable(
      `leaves it, and says so, where this service may not delete it [${what}]`,
      async () => {
        const { bucket, arn } = await oldest();
        const rule = world.faults.add({
          kind: 'refuse',
          operation: 'DeletePolicy',
          matching: ({ request }) => new URLSearchParams(request.body.toString()).get('PolicyArn') === arn,
        });
        const { status, body } = await world.api('DELETE', pathOf(bucket));
        rule.remove();
        expect({ status, body }).toEqual({
          status: 200,
          body: {
            left: [{ Resource: `policy ${bucket}`, because: expect.stringContaining('may not do iam:DeletePolicy') }],
          },
        });
        expect(await policiesOf(bucket)).toEqual([bucket]);
      },
      { more: SANDBOX_ONLY.faults },
    );

    skippable(`leaves it to a user that stays [${what}]`, async () => {
      const { bucket } = await oldest();
      const PolicyArn = await makeOldest(world, `${bucket}-more`);
      await world.auditor.iam.send(new AttachUserPolicyCommand({ UserName: bucket, PolicyArn }));
      const { body } = await world.api('DELETE', pathOf(bucket));
      expect(body).toMatchObject({ kept: [{ UserName: bucket }] });
      expect(body['left'] ?? []).toEqual([]);
      expect((await world.snapshot(bucket)).policies).toHaveProperty([bucket]);
    });
  });
}

skippable('a policy of that name for another bucket makes its user a stranger, who stays with it', async () => {
  const { bucket } = await oldest((name) => adminPolicy(`${name}-other`));
  const { status } = await world.api('DELETE', on(bucket));
  expect(status).toBe(200);
  const after = await world.snapshot(bucket);
  expect(Object.keys(after.users)).toEqual([bucket]);
  expect(Object.keys(after.policies)).toEqual([bucket]);
});

skippable('the deletion of a website names it among the policies', async () => {
  const site = world.site('oldest');
  await makeLegacySite(world, site);
  await makeOldest(world, site);
  const { status, body } = await world.api('DELETE', onSite(site));
  expect(status).toBe(200);
  expect(body['Policies']).toEqual(expect.arrayContaining([site, `${site}-BktAdmPlc`, `${site}-WebAdmPlc`]));
  expect(body['Users']).toEqual([site]);
  expect((await world.snapshot(site)).policies).toEqual({});
});
