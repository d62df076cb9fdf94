import {
  DeleteDistributionCommand,
  type DistributionConfig,
  GetDistributionCommand,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import { ChangeResourceRecordSetsCommand, type ResourceRecordSet } from '@aws-sdk/client-route-53';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { DOMAIN, NOTHING_OF_A_SITE, type SiteWorld, startSiteWorld } from '../support/e2e/site';

/** Websites that cannot be, each told why, and nothing left of the attempt. */

describe('what is in the way', () => {
  let world: SiteWorld;
  beforeAll(async () => {
    world = await startSiteWorld();
  });
  afterAll(() => world.stop());

  skippable('a domain that is not configured: 400 naming those that are', async () => {
    for (const Bucket of ['docs.example.com', `a.b.${DOMAIN}`, DOMAIN, 'docs']) {
      const { status, body } = await world.api('POST', '/demo/websites', { BucketInput: { Bucket } });
      expect({ Bucket, status }).toEqual({ Bucket, status: 400 });
      expect(body['detail']).toContain(DOMAIN);
    }
  });

  skippable('an account without domains: 400 that says so', async () => {
    const { status, body } = await world.api('POST', '/other/websites', { BucketInput: { Bucket: `docs.${DOMAIN}` } });
    expect(status).toBe(400);
    expect(body['detail']).toContain('no domains');
  });

  const inTheWay = (site: string): Readonly<Record<string, ResourceRecordSet>> => ({
    'an A record': { Name: site, Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.1' }] },
    'a CNAME': { Name: site, Type: 'CNAME', TTL: 60, ResourceRecords: [{ Value: 'elsewhere.example.com' }] },
  });
  for (const what of Object.keys(inTheWay(''))) {
    skippable(`${what} of that name is 409 and stays as it is`, async () => {
      const site = world.site('docs');
      const Changes = [{ Action: 'CREATE' as const, ResourceRecordSet: inTheWay(site)[what] }];
      await world.route53.send(
        new ChangeResourceRecordSetsCommand({ HostedZoneId: world.zone, ChangeBatch: { Changes } }),
      );
      const before = await world.recordsOf(site);
      const { status, body } = await world.create(site);
      expect({ status, retryable: body['retryable'] }).toEqual({ status: 409, retryable: false });
      expect(body['detail']).toContain('DNS record');
      expect(await world.recordsOf(site)).toEqual(before);
      expect(await world.siteSnapshot(site)).toMatchObject({
        buckets: {},
        groups: {},
        policies: {},
        distributions: {},
      });
    });
  }

  skippable(
    'a record that comes in between is 409, left alone, and the distribution is the cleaner’s',
    async () => {
      const site = world.site('docs');
      const theirs: ResourceRecordSet = { Name: site, Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.1' }] };
      let coming: Promise<unknown> | undefined;
      const handle = world.faults.add({
        kind: 'latency',
        ms: 200,
        operation: 'CreateDistributionWithTags',
        matching: () => {
          const Changes = [{ Action: 'CREATE' as const, ResourceRecordSet: theirs }];
          coming ??= world.route53.send(
            new ChangeResourceRecordSetsCommand({ HostedZoneId: world.zone, ChangeBatch: { Changes } }),
          );
          return true;
        },
      });
      const { status, body } = await world.create(site);
      handle.remove();
      await coming;
      expect({ status, state: body['state'] }).toEqual({ status: 409, state: 'rolled-back' });
      expect(body['undone']).toEqual(
        expect.arrayContaining([expect.stringContaining('Disable the CloudFront distribution')]),
      );
      expect(await world.recordsOf(site)).toMatchObject([{ Type: 'A', ResourceRecords: [{ Value: '192.0.2.1' }] }]);
      expect(await world.siteSnapshot(site)).toMatchObject({ buckets: {}, groups: {}, policies: {} });
      const [left] = Object.values((await world.siteSnapshot(site)).distributions);
      expect(left).toMatchObject({
        enabled: false,
        aliases: [],
        tags: { 'mallard:retired': expect.stringMatching(/^\d{4}-/) },
      });
    },
    { more: SANDBOX_ONLY.faults },
  );

  skippable(
    'an alias that another distribution holds is 409 naming it, and everything else is taken back',
    async () => {
      const [holder, site] = [world.site('holder'), world.site('docs')];
      expect((await world.create(holder)).status).toBe(202);
      const [held] = await world.distributionsOf(holder);
      const { ETag, Distribution } = await world.cloudfront.send(new GetDistributionCommand({ Id: held?.Id }));
      const config = Distribution?.DistributionConfig;
      if (config === undefined) throw new Error('the holder has no distribution');
      await world.cloudfront.send(
        new UpdateDistributionCommand({
          Id: held?.Id,
          IfMatch: ETag,
          DistributionConfig: { ...config, Aliases: { Quantity: 2, Items: [holder, site] } },
        }),
      );
      const { status, body } = await world.create(site);
      expect({ status, code: body['code'], state: body['state'], retryable: body['retryable'] }).toEqual({
        status: 409,
        code: 'CNAMEAlreadyExists',
        state: 'rolled-back',
        retryable: false,
      });
      expect(body['detail']).toContain(site);
      expect(body['detail']).toContain(held?.Id);
      expect(await world.siteSnapshot(site)).toEqual(NOTHING_OF_A_SITE);
    },
  );

  skippable('a bucket, a group or a policy of that name is 409', async () => {
    const site = world.site('docs');
    expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: site } })).status).toBe(202);
    const before = await world.siteSnapshot(site);
    expect((await world.create(site)).status).toBe(409);
    expect(await world.siteSnapshot(site)).toEqual(before);
  });

  skippable('ten creations of one site at once: one 202, and a whole site', async () => {
    const site = world.site('wanted');
    const replies = await Promise.all(Array.from({ length: 10 }, () => world.create(site)));
    expect(replies.map(({ status }) => status).sort()).toEqual([202, ...Array<number>(9).fill(409)]);
    const { distributions, records, groups, buckets } = await world.siteSnapshot(site);
    expect(Object.values(distributions)).toMatchObject([{ enabled: true, aliases: [site] }]);
    expect(records).toHaveLength(2);
    expect(Object.keys(groups).sort()).toEqual([`${site}-BktAdmGrp`, `${site}-WebAdmGrp`]);
    expect(Object.keys(buckets)).toEqual([site]);
  });

  skippable('two services that share nothing but AWS: at most one 202, and the loser destroys nothing', async () => {
    const second = await world.another();
    let won = 0;
    for (let round = 0; round < 4; round += 1) {
      const site = world.site('contested');
      const replies = await Promise.all([world.create(site), world.create(site, {}, second)]);
      const winners = replies.filter(({ status }) => status === 202);
      expect(winners.length).toBeLessThanOrEqual(1);
      won += winners.length;
      const { distributions, records, buckets } = await world.siteSnapshot(site);
      const live = Object.values(distributions).filter(
        ({ enabled, aliases }) => enabled === true || aliases.length > 0,
      );
      expect({ live: live.length, records: records.length, buckets: Object.keys(buckets) }).toEqual(
        winners.length === 1 ? { live: 1, records: 2, buckets: [site] } : { live: 0, records: 0, buckets: [] },
      );
    }
    expect(won).toBeGreaterThan(0);
  });
});

describe('a domain with a private origin', () => {
  let world: SiteWorld;
  beforeAll(async () => {
    world = await startSiteWorld({
      domain: {
        origin: 'private',
        geoRestriction: ['US', 'CA'],
        priceClass: 'PriceClass_200',
        minimumTls: 'TLSv1.3_2025',
      },
    });
  });
  afterAll(() => world.stop());

  skippable(
    'serves pages, folders’ index documents and the start page for unknown paths; the bucket stays closed',
    async () => {
      const site = world.site('docs');
      expect((await world.create(site)).status).toBe(202);
      const [made] = await world.distributionsOf(site);
      expect(made?.DistributionConfig).toMatchObject({
        PriceClass: 'PriceClass_200',
        ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.3_2025' },
        Restrictions: { GeoRestriction: { RestrictionType: 'whitelist', Quantity: 2, Items: ['US', 'CA'] } },
        Origins: {
          Items: [
            { DomainName: `${site}.s3.us-east-1.amazonaws.com`, OriginAccessControlId: expect.stringMatching(/^E/) },
          ],
        },
      });
      expect((await world.snapshot(site)).buckets[site]?.publicAccessBlock).toEqual({
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      });
      await world.upload(site, 'guide/index.html', 'the guide');
      expect((await world.page(site, '/')).body).toContain(`<h1>${site}</h1>`);
      for (const path of ['/guide/', '/guide/index.html'])
        expect(await world.page(site, path)).toMatchObject({ status: 200, body: 'the guide' });
      expect(await world.page(site, '/an/app/route/')).toMatchObject({
        status: 200,
        body: expect.stringContaining(`<h1>${site}</h1>`),
      });
      const direct = await fetch(`${world.target.endpoint}/${site}/index.html`);
      expect(direct.status).toBe(403);
    },
    { more: SANDBOX_ONLY.pages },
  );

  skippable('shares the access control and the function among sites, also when they are made at once', async () => {
    const sites = [world.site('one'), world.site('two'), world.site('three')];
    expect((await Promise.all(sites.map((site) => world.create(site)))).map(({ status }) => status)).toEqual([
      202, 202, 202,
    ]);
    const shared = await Promise.all(
      sites.map(async (site) => {
        const [made] = await world.distributionsOf(site);
        const config = made?.DistributionConfig;
        return [
          config?.Origins?.Items?.[0]?.OriginAccessControlId,
          config?.DefaultCacheBehavior?.FunctionAssociations?.Items?.[0]?.FunctionARN,
        ];
      }),
    );
    expect(new Set(shared.map((one) => JSON.stringify(one))).size).toBe(1);
  });

  skippable('goes like any other', async () => {
    const site = world.site('docs');
    expect((await world.create(site)).status).toBe(202);
    expect((await world.api('GET', `/demo/websites/${site}`)).body).toMatchObject({ Empty: true });
    expect((await world.api('DELETE', `/demo/buckets/${site}`)).status).toBe(409);
    expect((await world.api('DELETE', `/demo/websites/${site}`)).status).toBe(200);
    expect(await world.siteSnapshot(site)).toMatchObject({ buckets: {}, groups: {}, policies: {}, records: [] });
  });

  skippable('goes as well when its distribution has been deleted by hand', async () => {
    const site = world.site('docs');
    expect((await world.create(site)).status).toBe(202);
    const { Id, DistributionConfig: config } = await world.onlyDistribution(site);
    const read = await world.cloudfront.send(new GetDistributionCommand({ Id }));
    const off = { ...config, Enabled: false, Aliases: { Quantity: 0 } } as DistributionConfig;
    const { ETag: IfMatch } = await world.cloudfront.send(
      new UpdateDistributionCommand({ Id, IfMatch: read.ETag, DistributionConfig: off }),
    );
    await world.cloudfront.send(new DeleteDistributionCommand({ Id, IfMatch }));
    expect((await world.api('GET', `/demo/websites/${site}`)).body).toMatchObject({ Empty: true, Distribution: null });
    expect((await world.api('DELETE', `/demo/buckets/${site}`)).status).toBe(409);
    expect((await world.api('DELETE', `/demo/websites/${site}`)).status).toBe(200);
    expect(await world.siteSnapshot(site)).toMatchObject({ buckets: {}, groups: {}, policies: {} });
  });

  for (const configuration of [
    { IndexDocument: { Suffix: 'start.html' } },
    { IndexDocument: { Suffix: 'index.html' }, ErrorDocument: { Key: 'e.html' } },
    { RedirectAllRequestsTo: { HostName: 'a.example.com' } },
  ]) {
    skippable(`cannot have ${Object.keys(configuration).at(-1) ?? ''} of its own: 400 that says so`, async () => {
      const { status, body } = await world.create(world.site('docs'), { WebsiteConfiguration: configuration });
      expect(status).toBe(400);
      expect(body['detail']).toContain('private origin');
    });
  }
});
