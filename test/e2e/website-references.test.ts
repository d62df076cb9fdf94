import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { type SiteWorld, startSiteWorld } from '../support/e2e/site';

/** What AWS keeps by itself of whose operation a change was. */

let world: SiteWorld;
beforeAll(async () => {
  world = await startSiteWorld();
});
afterAll(() => world.stop());

skippable(
  'DNS changes, distributions and invalidations name the operation that made them',
  async () => {
    const site = world.site('named');
    const path = `/demo/websites/${site}`;
    const idOf = async (sent: Promise<{ readonly headers: Headers }>): Promise<string> =>
      (await sent).headers.get('x-operation-id') ?? '';
    const kept = (): string => world.target.sandbox?.state.take() ?? '';

    const created = await idOf(world.create(site));
    const invalidated = await idOf(world.api('PATCH', path, { CacheInvalidation: ['/*'] }));
    expect([created, invalidated]).toEqual([
      expect.stringMatching(/^[\w-]{36}$/),
      expect.stringMatching(/^[\w-]{36}$/),
    ]);
    expect(kept()).toContain(`"CallerReference":"${created}"`);
    expect(kept()).toContain(`"callerReference":"${invalidated}"`);
    expect(kept()).toContain(`"mallard op/${created} created for ${site}"`);

    const deleted = await idOf(world.api('DELETE', path));
    expect(kept()).toContain(`"mallard op/${deleted} deleted for ${site}"`);
  },
  { more: SANDBOX_ONLY.calls },
);
