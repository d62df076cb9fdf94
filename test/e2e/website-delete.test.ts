import { ChangeResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import { CreateBucketCommand, PutObjectTaggingCommand } from '@aws-sdk/client-s3';
import { skippable } from '../support/e2e/skips';
import { DOMAIN, onSite, SEED_TAGS, type SiteWorld, startSiteWorld } from '../support/e2e/site';

let world: SiteWorld;
beforeAll(async () => {
  world = await startSiteWorld();
});
afterAll(() => world.stop());

describe('DELETE', () => {
  skippable('takes everything away and answers with what there was', async () => {
    const site = await world.newSite('docs', { Tags: SEED_TAGS });
    const { Id, DomainName } = await world.onlyDistribution(site);
    const user = world.name('editor');
    expect((await world.api('POST', `${onSite(site)}/users`, { User: { UserName: user } })).status).toBe(200);
    expect(
      (await world.api('POST', `${onSite(site)}/users`, { User: { UserName: `${user}-docs`, Path: '/docs/' } })).status,
    ).toBe(200);
    const { status, body } = await world.api('DELETE', onSite(site));
    expect({ status, text: status === 200 ? {} : body }).toEqual({ status: 200, text: {} });
    const names = (suffix: string) =>
      [`${site}-BktAdm${suffix}`, `${site}-WebAdm${suffix}`, `${site}-docs-BktRW${suffix}`].sort();
    const lists = body as Readonly<Record<'Users' | 'Policies' | 'Groups', readonly string[]>>;
    expect([...lists.Users].sort()).toEqual([user, `${user}-docs`]);
    expect([...lists.Policies].sort()).toEqual(names('Plc'));
    expect([...lists.Groups].sort()).toEqual(names('Grp'));
    expect(body).toMatchObject({
      Website: site,
      DNSRecord: { Name: `${site}.`, Type: 'A', AliasTarget: { DNSName: `${String(DomainName)}.` } },
      Distribution: { Id, DistributionConfig: { Aliases: { Items: [site] } } },
      DnsChange: { Id: expect.stringContaining('/change/') },
    });
    expect(await world.siteSnapshot(site)).toMatchObject({
      buckets: {},
      users: {},
      groups: {},
      policies: {},
      records: [],
      distributions: { [String(Id)]: { enabled: false, aliases: [] } },
    });
    expect((await world.snapshot(user)).users).toEqual({});
    expect((await world.api('DELETE', onSite(site))).status).toBe(404);
    expect((await world.api('GET', onSite(site))).status).toBe(404);
  });

  skippable('frees the name at once', async () => {
    const site = await world.newSite();
    expect((await world.api('DELETE', onSite(site))).status).toBe(200);
    expect((await world.create(site)).status).toBe(202);
    expect((await world.api('GET', onSite(site))).body).toMatchObject({
      Distribution: { DistributionConfig: { Enabled: true, Aliases: { Items: [site] } } },
    });
    expect((await world.api('DELETE', onSite(site))).status).toBe(200);
  });

  skippable('a plain bucket made under the name afterwards is no website', async () => {
    const site = await world.newSite();
    expect((await world.api('DELETE', onSite(site))).status).toBe(200);
    expect((await world.api('PATCH', onSite(site), { CacheInvalidation: ['/*'] })).status).toBe(404);
    expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: site } })).status).toBe(202);
    expect(await world.distributionsOf(site)).toHaveLength(1);
    expect((await world.api('GET', onSite(site))).status).toBe(404);
    expect((await world.api('PATCH', onSite(site), { CacheInvalidation: ['/*'] })).status).toBe(404);
    expect((await world.api('DELETE', onSite(site))).status).toBe(404);
    expect((await world.api<readonly string[]>('GET', '/demo/websites')).body).not.toContain(site);
    expect((await world.api('DELETE', `/demo/buckets/${site}`)).status).toBe(200);
  });

  skippable('of a site that holds something is 409, and nothing is touched', async () => {
    const site = await world.newSite();
    await world.upload(site, 'a.html', 'x');
    const before = await world.siteSnapshot(site);
    const { status, body } = await world.api('DELETE', onSite(site));
    expect({ status, type: body['type'] }).toEqual({ status: 409, type: 'urn:mallard:problem:not-empty' });
    expect(await world.siteSnapshot(site)).toEqual(before);
  });

  skippable('a page of the caller’s at the index key counts, whatever its tags were', async () => {
    const site = await world.newSite();
    await world.upload(site, 'index.html', 'ours now');
    expect((await world.api('DELETE', onSite(site))).status).toBe(409);
    const Tagging = { TagSet: [{ Key: 'yale:spinup', Value: 'false' }] };
    await world.auditor.s3.send(new PutObjectTaggingCommand({ Bucket: site, Key: 'index.html', Tagging }));
    expect((await world.api('DELETE', onSite(site))).status).toBe(409);
  });

  skippable('names that contain one another survive, with their users', async () => {
    const stem = world.name('site');
    const site = `${stem}.${DOMAIN}`;
    const others = [`my${stem}.${DOMAIN}`, `${stem}-extra.${DOMAIN}`, `a${stem}.${DOMAIN}`];
    for (const name of [site, ...others]) {
      expect((await world.create(name)).status).toBe(202);
      expect((await world.api('POST', `${onSite(name)}/users`, { User: { UserName: `${name}-user` } })).status).toBe(
        200,
      );
      expect(
        (await world.api('POST', `${onSite(name)}/users`, { User: { UserName: `${name}-docs`, Path: '/docs/' } }))
          .status,
      ).toBe(200);
    }
    // Buckets, as their domains are not configured; the service itself makes none that begins as the site does.
    for (const name of [`${site}.uk`, `${site}-extra`]) {
      await world.auditor.s3.send(new CreateBucketCommand({ Bucket: name }));
      expect(
        (await world.api('POST', `/demo/buckets/${name}/users`, { User: { UserName: `${name}-user` } })).status,
      ).toBe(200);
    }
    const states = () =>
      Promise.all([...others, `${site}.uk`, `${site}-extra`].map((name) => world.siteSnapshot(name)));
    const before = await states();
    expect((await world.api('DELETE', onSite(site))).status).toBe(200);
    expect(await states()).toEqual(before);
    expect(
      Object.keys((await world.snapshot(stem)).users)
        .filter((name) => name.startsWith(`${site}-`))
        .sort(),
    ).toEqual([`${site}-extra-user`]);
  });

  skippable('through the bucket route is 409 that names the website route', async () => {
    const site = await world.newSite();
    const before = await world.siteSnapshot(site);
    const { status, body } = await world.api('DELETE', `/demo/buckets/${site}`);
    expect({ status, waits: body['retryable'] }).toEqual({ status: 409, waits: false });
    expect(body['detail']).toContain(`/v1/s3/demo/websites/${site}`);
    expect(await world.siteSnapshot(site)).toEqual(before);
  });

  skippable('a site of the predecessor, with an A record alone and no tag, goes as well', async () => {
    const site = await world.newSite();
    const [, aaaa] = await world.recordsOf(site);
    const Changes = [{ Action: 'DELETE' as const, ResourceRecordSet: aaaa }];
    await world.route53.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: world.zone, ChangeBatch: { Changes } }),
    );
    expect((await world.api('DELETE', onSite(site))).status).toBe(200);
    expect(await world.recordsOf(site)).toEqual([]);
  });
});
