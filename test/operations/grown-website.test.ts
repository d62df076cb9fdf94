import type { JournalRecord } from '../../src/engine/journal';
import { type SiteWorld, startSiteWorld } from '../support/e2e/site';
import { targetName } from '../support/e2e/target';
import { leave, recover } from './golden-world';

/** A website whose origin access control is full, so that its plan grows: left at each of its steps, and gone on with. */

const SITE = 'golden.example.org';
const KIND = 'create-website';

/** It is left and gone on with a dozen times. */
const PATIENCE_MS = 300_000;

// Emulators have no state that can be put back.
(targetName === 'sandbox' ? describe : describe.skip)('a website that needs a further origin access control', () => {
  let world: SiteWorld;
  let full: string;
  beforeAll(async () => {
    world = await startSiteWorld({
      domain: { origin: 'private' },
      sandbox: { cloudfront: { deploySeconds: 0, distributionsPerAccessControl: 1, distributionsPerFunction: 1 } },
    });
    if (world.target.sandbox === undefined) return;
    await world.newSite('first');
    full = world.target.sandbox.state.take();
  });
  afterAll(() => world.stop());
  beforeEach(() => world.target.sandbox?.state.restore(full));

  const behind = async () => {
    const { DistributionConfig: config } = await world.onlyDistribution(SITE);
    return config?.DefaultCacheBehavior?.FunctionAssociations?.Items?.[0]?.FunctionARN?.split('/').pop();
  };

  test(
    'is whole, whichever step its process has ended after',
    async () => {
      const added = new Set<string>();
      for (let done = 0; ; done += 1) {
        world.target.sandbox?.state.restore(full);
        const left = await leave(world, KIND, done);
        const steps = left.record.progress?.done ?? [];
        for (const { title } of steps) added.add(title);
        // It ended before so many were done.
        if (steps.length < done) break;
        const { outcome, held } = await recover(world, left);
        expect({ done, state: outcome.state, held }).toEqual({ done, state: 'succeeded', held: [] });
        expect(await behind()).toBe('mallard-index-document-2-2');
      }
      expect(added).toContain(`See the CloudFront distribution of ${SITE}`);
    },
    PATIENCE_MS,
  );

  test('of the days when there was one for all is gone on with as it was begun', async () => {
    const { record, aws } = await leave(world, KIND, 5);
    const { accessControl, ...preImage } = record.preImage as Readonly<Record<string, never>>;
    expect(accessControl).toMatchObject({ number: 1 });
    const older: JournalRecord = { ...record, preImage };
    // It knows of no other one, so the quota ends it.
    expect((await recover(world, { record: older, aws })).outcome).toMatchObject({
      state: 'rolled-back',
      error: { kind: 'quota', origin: { code: 'TooManyDistributionsAssociatedToOriginAccessControl' } },
    });
  });
});
