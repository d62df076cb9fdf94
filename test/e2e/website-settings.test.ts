import { AUTHENTIK, BLOCKED, UPLOADS, readPolicy, settingsOf } from '../support/e2e/settings';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { type SiteWorld, startSiteWorld } from '../support/e2e/site';

let world: SiteWorld;
beforeAll(async () => {
  world = await startSiteWorld();
});
afterAll(() => world.stop());

const DONE = { status: 200, body: {} };

skippable('a website’s bucket takes tags, CORS, versioning and lifecycle, and shows them', async () => {
  const site = await world.newSite('settings');
  const path = `/demo/websites/${site}`;
  const before = await settingsOf(world.auditor, site);
  const body = {
    Tags: [{ Key: 'a', Value: 'b' }],
    CORS: AUTHENTIK,
    Versioning: { Status: 'Enabled' },
    Lifecycle: 'abort-multipart',
  };
  expect(await world.api('PUT', path, body)).toMatchObject(DONE);
  const after = await settingsOf(world.auditor, site);
  expect(after).toMatchObject({
    cors: AUTHENTIK.CORSRules,
    versioning: 'Enabled',
    lifecycle: [{ ID: 'abort-multipart' }],
    tags: { a: 'b' },
  });
  expect({ policy: after.policy, block: after.publicAccess }).toEqual({
    policy: before.policy,
    block: before.publicAccess,
  });

  const shown = (await world.api('GET', `${path}?include=cors,versioning,policy,publicAccess,encryption`)).body;
  expect(shown).toMatchObject({
    Empty: true,
    CORS: AUTHENTIK,
    Versioning: { Status: 'Enabled' },
    BucketPolicy: before.policy,
    PublicAccessBlock: before.publicAccess,
  });
  expect(shown).toHaveProperty('Encryption');
  expect(shown).not.toHaveProperty('Lifecycle');
  expect(
    await world.api('PUT', path, {
      Tags: null,
      CORS: null,
      Lifecycle: null,
      PublicAccessBlock: null,
      BucketPolicy: null,
      Remove: ['CORS'],
    }),
  ).toMatchObject(DONE);
  expect(await settingsOf(world.auditor, site)).toEqual({ ...after, cors: null });
  expect(await world.api('PUT', path, { Remove: ['CORS', 'Lifecycle'] })).toMatchObject(DONE);
  expect(await settingsOf(world.auditor, site)).toMatchObject({ cors: null, lifecycle: null });
});

for (const statuses of [['Enabled'], ['Enabled', 'Suspended']]) {
  skippable(
    `a website that keeps versions is deleted like others, the page it was made with included: ${statuses.join(', ')}`,
    async () => {
      const path = `/demo/websites/${await world.newSite('versions')}`;
      for (const Status of statuses)
        expect(await world.api('PUT', path, { Versioning: { Status } })).toMatchObject(DONE);
      expect((await world.api('DELETE', path)).status).toBe(200);
      expect((await world.api('GET', path)).status).toBe(404);
    },
  );
}

skippable('its block and its policy are the website’s own: 400 there, 409 by way of the bucket', async () => {
  const site = await world.newSite('settings');
  const before = await settingsOf(world.auditor, site);
  for (const own of [
    { PublicAccessBlock: BLOCKED },
    { BucketPolicy: readPolicy(site) },
    { Remove: ['BucketPolicy'] },
  ]) {
    const there = await world.api('PUT', `/demo/websites/${site}`, { CORS: UPLOADS, ...own });
    expect(there).toMatchObject({
      status: 400,
      body: {
        detail: expect.stringMatching(
          'Remove' in own ? /Remove\/0 must be one of CORS, Lifecycle/ : /the website's own/,
        ),
      },
    });
    const bucket = await world.api('PUT', `/demo/buckets/${site}`, { CORS: UPLOADS, ...own });
    expect(bucket).toMatchObject({ status: 409, body: { detail: expect.stringContaining('is a website') } });
  }
  expect(await settingsOf(world.auditor, site)).toEqual(before);
});

skippable('404 for what is no website', async () => {
  expect((await world.api('PUT', `/demo/websites/${world.site('none')}`, { CORS: AUTHENTIK })).status).toBe(404);
  expect((await world.api('GET', `/demo/websites/${world.site('none')}?include=cors`)).status).toBe(404);
});

for (const operation of [
  'PutBucketTagging',
  'PutBucketCors',
  'PutBucketLifecycleConfiguration',
  'PutBucketVersioning',
  'TagResource',
]) {
  skippable(
    `when ${operation} is refused, everything is as it was`,
    async () => {
      const site = await world.newSite('settings');
      const before = [await world.siteSnapshot(site), await settingsOf(world.auditor, site)];
      const handle = world.faults.add({ kind: 'refuse', operation, count: 1 });
      const body = {
        Tags: [{ Key: 'a', Value: 'b' }],
        CORS: AUTHENTIK,
        Versioning: { Status: 'Enabled' },
        Lifecycle: 'glacier',
      };
      const reply = await world.api('PUT', `/demo/websites/${site}`, body);
      handle.remove();
      expect(reply).toMatchObject({ status: 403, body: { code: 'AccessDenied' } });
      expect([await world.siteSnapshot(site), await settingsOf(world.auditor, site)]).toEqual(before);
    },
    { more: SANDBOX_ONLY.faults },
  );
}
