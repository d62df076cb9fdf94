import { checkedLive } from '../support/e2e/check-live';
import { blockAccount } from '../support/account-block';
import { publicPolicy, readPolicy } from '../support/e2e/settings';
import { DOMAIN, NOTHING_OF_A_SITE, onSite, type SiteWorld, startSiteWorld } from '../support/e2e/site';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { accounts } from '../support/e2e/target';

/**
 * Accounts that block public access to all of their buckets, by themselves or by their organization: S3 tells what is in
 * effect (https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetPublicAccessBlock.html).
 */

const ID = accounts.demo.id;
const onSandbox = { more: SANDBOX_ONLY.accountBlock };

/** A world of its own for each test: what an account blocks is remembered for some minutes. */
async function inWorld(
  options: Parameters<typeof startSiteWorld>[0],
  run: (world: SiteWorld) => Promise<void>,
): Promise<void> {
  const world = await startSiteWorld(options);
  try {
    await run(world);
  } finally {
    await world.stop();
  }
}

const block = (world: SiteWorld, more = {}): Promise<void> => blockAccount(world.auditor.s3, ID, more);
const asked = (world: SiteWorld): number =>
  (world.target.sandbox?.calls.all() ?? []).filter(
    ({ service, operation }) => service === 's3control' && operation === 'GetPublicAccessBlock',
  ).length;

describe('a website with a public origin', () => {
  const inOrganization = {
    sandbox: { accounts: [{ ...accounts.demo, organizationBlocksPublicAccess: true }, accounts.other] },
  };
  const cases: readonly (readonly [string, object, (world: SiteWorld) => Promise<void>, string])[] = [
    ['the account blocks everything', {}, block, 'BlockPublicPolicy, RestrictPublicBuckets'],
    ['it refuses public policies', {}, (world) => block(world, { RestrictPublicBuckets: false }), 'BlockPublicPolicy'],
    ['it restricts public buckets', {}, (world) => block(world, { BlockPublicPolicy: false }), 'RestrictPublicBuckets'],
    ['its organization blocks it', inOrganization, () => Promise.resolve(), 'BlockPublicPolicy, RestrictPublicBuckets'],
  ];
  for (const [why, options, arrange, switches] of cases) {
    skippable(
      `is 409 before anything is made when ${why}`,
      () =>
        inWorld(options, async (world) => {
          await arrange(world);
          const site = world.site('blocked');
          for (const path of ['/demo/websites', '/demo/websites?dryRun=true']) {
            const { status, body } = await world.api('POST', path, { BucketInput: { Bucket: site } });
            expect({ status, body }).toMatchObject({
              status: 409,
              body: { type: 'urn:mallard:problem:conflict', retryable: false },
            });
            expect(body['detail']).toContain(`is on (${switches})`);
            expect(body['detail']).toContain(`accounts.demo.domains.${DOMAIN}.origin as "private"`);
          }
          expect(await world.siteSnapshot(site)).toEqual(NOTHING_OF_A_SITE);
          expect(asked(world)).toBe(1);
        }),
      onSandbox,
    );
  }

  skippable(
    'is made while only ACLs are blocked, and the account is asked once for all sites',
    () =>
      inWorld({}, async (world) => {
        await block(world, { BlockPublicPolicy: false, RestrictPublicBuckets: false });
        world.target.sandbox?.calls.clear();
        await world.newSite();
        await world.newSite();
        expect(asked(world)).toBe(1);
      }),
    onSandbox,
  );

  for (const kind of ['refuse', 'error', 'reset'] as const) {
    skippable(
      `is made as ever where the account's block cannot be read (${kind})`,
      () =>
        inWorld({}, async (world) => {
          world.faults.add({ kind, service: 's3control' });
          await world.newSite();
          await world.newSite();
          expect(asked(world)).toBe(1);
        }),
      onSandbox,
    );
  }

  skippable(
    'that is blocked where that cannot be read is refused by the call that fails, and taken back',
    () =>
      inWorld({}, async (world) => {
        await block(world);
        world.faults.add({ kind: 'refuse', service: 's3control' });
        const site = world.site('blocked');
        const { status, body } = await world.create(site);
        expect({ status, body }).toMatchObject({ status: 403, body: { state: 'rolled-back' } });
        expect(body['detail']).toContain('A public access block of the whole AWS account');
        expect((await world.siteSnapshot(site)).buckets).toEqual({});
      }),
    onSandbox,
  );
});

skippable(
  'a website with a private origin is made in an account that blocks everything, and nobody asks',
  () =>
    inWorld({ domain: { origin: 'private' } }, async (world) => {
      await block(world);
      world.target.sandbox?.calls.clear();
      const site = await world.newSite();
      expect(asked(world)).toBe(0);
      expect((await world.page(site, '/')).status).toBe(200);
      expect((await world.api('DELETE', onSite(site))).status).toBe(200);
    }),
  onSandbox,
);

describe('a bucket policy for everyone', () => {
  const loose = {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: false,
    RestrictPublicBuckets: false,
  };
  const open = { demo: { allowPublicPolicies: true } };

  skippable(
    'is 409 in an account that blocks such policies, for new buckets and old ones; others are taken, and nobody asks',
    () =>
      inWorld(open, async (world) => {
        const [made, bucket] = [world.name('made'), world.name('new')];
        await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: made } });
        await block(world);
        world.target.sandbox?.calls.clear();
        expect((await world.api('PUT', `/demo/buckets/${made}`, { BucketPolicy: readPolicy(made) })).status).toBe(200);
        expect(asked(world)).toBe(0);
        const settings = { PublicAccessBlock: loose };
        const replies = [
          await world.api('POST', '/demo/buckets', {
            BucketInput: { Bucket: bucket },
            BucketPolicy: publicPolicy(bucket),
            ...settings,
          }),
          await world.api('PUT', `/demo/buckets/${made}`, { BucketPolicy: publicPolicy(made), ...settings }),
        ];
        for (const { status, body } of replies) {
          expect(status).toBe(409);
          expect(body['detail']).toContain('is on (BlockPublicPolicy)');
        }
        expect((await world.snapshot(bucket)).buckets).toEqual({});
        expect(asked(world)).toBe(1);
      }),
    onSandbox,
  );

  skippable(
    'stays where it is already, and is taken where the account only restricts what it gives',
    () =>
      inWorld(open, async (world) => {
        const bucket = world.name('open');
        await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } });
        await block(world, { BlockPublicPolicy: false });
        const put = { BucketPolicy: publicPolicy(bucket), PublicAccessBlock: loose };
        expect((await world.api('PUT', `/demo/buckets/${bucket}`, put)).status).toBe(200);
        await block(world);
        const other = await world.another();
        expect((await other.api('PUT', `/demo/buckets/${bucket}`, put)).status).toBe(200);
        expect(asked(world)).toBe(2);
      }),
    onSandbox,
  );
});

describe('--check=live', () => {
  type Case = readonly [string, Parameters<typeof startSiteWorld>[0], (world: SiteWorld) => unknown, boolean, RegExp];
  const cases: readonly Case[] = [
    [
      'a block and a public origin',
      {},
      (world) => block(world),
      false,
      /^demo: arn.*; the public access block of the whole AWS account demo, .* is on \(BlockPublicPolicy, RestrictPublicBuckets\): no website with a public origin can be made \(setting domains\.example\.org\.origin; "private" needs no public access\); zone/,
    ],
    [
      'a block and a private origin',
      { domain: { origin: 'private' } },
      (world) => block(world),
      true,
      /by [^;]*; zone/,
    ],
    [
      'a block and allowPublicPolicies alone',
      { domain: { origin: 'private' }, demo: { allowPublicPolicies: true } },
      (world) => block(world),
      true,
      /allowPublicPolicies has no effect/,
    ],
    ['no block', {}, () => undefined, true, /by [^;]*; zone/],
    [
      'a block that is not to be seen',
      {},
      (world) => world.faults.add({ kind: 'refuse', service: 's3control' }),
      true,
      /not looked at, for want of s3:GetAccountPublicAccessBlock/,
    ],
    [
      'a block that does not show',
      {},
      (world) => world.faults.add({ kind: 'error', service: 's3control' }),
      true,
      /not looked at, because S3 Control answered GetPublicAccessBlock with InternalError/,
    ],
  ];
  for (const [what, options, arrange, ok, line] of cases) {
    skippable(
      `of ${what}: ${ok ? 'ok' : 'not ok'}`,
      () =>
        inWorld(options, async (world) => {
          await arrange(world);
          expect(await checkedLive(world)).toEqual({ ok, line: expect.stringMatching(line) });
        }),
      onSandbox,
    );
  }
});
