import {
  DeleteDistributionCommand,
  type DistributionConfig,
  GetDistributionCommand,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import { ChangeResourceRecordSetsCommand, type ResourceRecordSet } from '@aws-sdk/client-route-53';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { DOMAIN, NOTHING_OF_A_SITE, type SiteWorld, type SiteWorldOptions, startSiteWorld } from '../support/e2e/site';
import { accounts } from '../support/e2e/target';

/** Websites that cannot be, each told why, and nothing left of the attempt. */

async function inWorld(options: SiteWorldOptions, run: (world: SiteWorld) => Promise<void>): Promise<void> {
  const world = await startSiteWorld(options);
  try {
    await run(world);
  } finally {
    await world.stop();
  }
}

type Seeds = NonNullable<NonNullable<SiteWorldOptions['sandbox']>['certificates']>;

const accountId = accounts.demo.id;
const arnOf = (digit: string): string =>
  `arn:aws:acm:us-east-1:${accountId}:certificate/${digit.repeat(8)}-2222-3333-4444-555555555555`;
const DAY_MS = 86_400_000;

describe('the certificate, found through ACM', () => {
  const refused: readonly (readonly [string, Seeds, RegExp])[] = [
    ['none', [], /no certificate in us-east-1 covers/],
    ['one of another domain', [{ accountId, domainName: '*.example.com' }], /no certificate in us-east-1 covers/],
    ['the domain’s own without a wildcard', [{ accountId, domainName: DOMAIN }], /no certificate in us-east-1 covers/],
    [
      'a wildcard one label further down',
      [{ accountId, domainName: `*.sub.${DOMAIN}` }],
      /no certificate in us-east-1 covers/,
    ],
    ['a wildcard one label further up', [{ accountId, domainName: '*.org' }], /no certificate in us-east-1 covers/],
    [
      'one in another region',
      [{ accountId, domainName: `*.${DOMAIN}`, arn: arnOf('1').replace('us-east-1', 'eu-west-1') }],
      /no certificate in us-east-1 covers/,
    ],
    [
      'an expired one',
      [{ accountId, domainName: `*.${DOMAIN}`, createdAt: Date.now() - 400 * DAY_MS, notAfter: Date.now() - DAY_MS }],
      /is expired/,
    ],
    [
      'one that is not issued',
      [{ accountId, domainName: `*.${DOMAIN}`, status: 'PENDING_VALIDATION' }],
      /is not issued \(its status is PENDING_VALIDATION\)/,
    ],
    [
      'one that ends within the day',
      [{ accountId, domainName: `*.${DOMAIN}`, notAfter: Date.now() + DAY_MS / 2 }],
      /in us-east-1 expires within a day/,
    ],
    [
      'one with a key that CloudFront does not take',
      [{ accountId, domainName: `*.${DOMAIN}`, keyAlgorithm: 'EC_secp384r1' }],
      /has a key that CloudFront does not take \(EC_secp384r1/,
    ],
    [
      'one of a private authority',
      [{ accountId, domainName: `*.${DOMAIN}`, type: 'PRIVATE' }],
      /is of a private authority/,
    ],
    [
      'one below an N2 root, which ACM does not list unless it is asked to',
      [{ accountId, domainName: `*.${DOMAIN}`, rootHierarchyType: 'N2_AMAZON_MANAGED' }],
      /no certificate in us-east-1 covers/,
    ],
  ];
  for (const [what, certificates, reason] of refused) {
    skippable(
      `${what}: 400 that says why, before any effect`,
      () =>
        inWorld({ sandbox: { certificates } }, async (world) => {
          const site = world.site('docs');
          const { status, body } = await world.create(site);
          expect({ status, type: body['type'] }).toEqual({ status: 400, type: 'urn:mallard:problem:invalid' });
          expect(body['detail']).toMatch(reason);
          expect(await world.siteSnapshot(site)).toEqual(NOTHING_OF_A_SITE);
        }),
      { more: SANDBOX_ONLY.certificates },
    );
  }

  const madeWith = async (certificates: Seeds): Promise<unknown> => {
    let arn: unknown;
    await inWorld({ sandbox: { certificates } }, async (world) => {
      const site = world.site('docs');
      expect((await world.create(site)).status).toBe(202);
      const [made] = await world.distributionsOf(site);
      arn = made?.DistributionConfig?.ViewerCertificate?.ACMCertificateArn;
    });
    return arn;
  };
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
  const beside: readonly (readonly [string, Seeds[number]])[] = [
    ['with a P-384 key', { accountId, arn: arnOf('5'), domainName: `*.${DOMAIN}`, keyAlgorithm: 'EC_secp384r1' }],
    ['of a private authority', { accountId, arn: arnOf('5'), domainName: `*.${DOMAIN}`, type: 'PRIVATE' }],
    [
      'that was imported and signed by itself, which only CloudFront can tell,',
      { accountId, arn: arnOf('5'), domainName: `*.${DOMAIN}`, type: 'IMPORTED', isTrusted: false },
    ],
  ];
  for (const [what, bad] of beside) {
    skippable(
      `one ${what} beside a good one, newer and longer alive: the good one is taken`,
      async () => {
        const good = { accountId, arn: arnOf('4'), domainName: `*.${DOMAIN}`, createdAt: Date.now() - 20 * DAY_MS };
        expect(await madeWith([good, { ...bad, notAfter: Date.now() + 999 * DAY_MS }])).toBe(arnOf('4'));
      },
      { more: SANDBOX_ONLY.certificates },
    );
  }

  skippable(
    'one whose hundred first names do not cover the site, but a later one does: it is taken',
    async () => {
      const subjectAlternativeNames = [...Array.from({ length: 120 }, (_, n) => `n${n}.example.com`), `*.${DOMAIN}`];
      expect(await madeWith([{ accountId, arn: arnOf('6'), domainName: 'example.com', subjectAlternativeNames }])).toBe(
        arnOf('6'),
      );
    },
    { more: SANDBOX_ONLY.certificates },
  );

  skippable(
    'none that CloudFront trusts: 500 that names the domain and the region, and no setting that is not there',
    () => {
      const certificates: Seeds = [
        { accountId, arn: arnOf('7'), domainName: `*.${DOMAIN}`, type: 'IMPORTED', isTrusted: false },
      ];
      return inWorld({ sandbox: { certificates } }, async (world) => {
        const site = world.site('docs');
        const { status, body } = await world.create(site);
        expect(status).toBe(500);
        expect(body['detail']).toMatch(new RegExp(`ACM in us-east-1 has for ${DOMAIN} \\(${arnOf('7')}\\)`));
        expect(await world.siteSnapshot(site)).toEqual(NOTHING_OF_A_SITE);
      });
    },
    { more: SANDBOX_ONLY.certificates },
  );

  skippable(
    'the longest-lived of several that would do is taken, exact names and wildcards alike',
    () => {
      const certificates: Seeds = [
        { accountId, arn: arnOf('1'), domainName: `*.${DOMAIN}`, createdAt: Date.now() - 20 * DAY_MS },
        {
          accountId,
          arn: arnOf('2'),
          domainName: 'example.com',
          subjectAlternativeNames: [`*.${DOMAIN}`],
          createdAt: Date.now() - 10 * DAY_MS,
          keyAlgorithm: 'EC_prime256v1',
        },
        { accountId, arn: arnOf('3'), domainName: `*.${DOMAIN}`, status: 'PENDING_VALIDATION' },
      ];
      return inWorld({ sandbox: { certificates } }, async (world) => {
        const site = world.site('docs');
        expect((await world.create(site)).status).toBe(202);
        const [made] = await world.distributionsOf(site);
        expect(made?.DistributionConfig?.ViewerCertificate?.ACMCertificateArn).toBe(arnOf('2'));
      });
    },
    { more: SANDBOX_ONLY.certificates },
  );
});

describe('the certificate of the configuration', () => {
  skippable(
    'is taken, though a newer one would do',
    () => {
      const certificates: Seeds = [
        { accountId, arn: arnOf('1'), domainName: `*.${DOMAIN}`, createdAt: Date.now() - 20 * DAY_MS },
        { accountId, arn: arnOf('2'), domainName: `*.${DOMAIN}` },
      ];
      return inWorld({ sandbox: { certificates }, domain: { certArn: arnOf('1') } }, async (world) => {
        const site = world.site('docs');
        expect((await world.create(site)).status).toBe(202);
        const [made] = await world.distributionsOf(site);
        expect(made?.DistributionConfig?.ViewerCertificate?.ACMCertificateArn).toBe(arnOf('1'));
      });
    },
    { more: SANDBOX_ONLY.certificates },
  );

  skippable(
    'that does not exist is the operator’s mistake: 500 naming the setting',
    () =>
      inWorld({ domain: { certArn: arnOf('9') } }, async (world) => {
        const site = world.site('docs');
        const { status, body } = await world.create(site);
        expect(status).toBe(500);
        expect(body['detail']).toContain('certArn');
        expect(await world.siteSnapshot(site)).toEqual(NOTHING_OF_A_SITE);
      }),
    { more: SANDBOX_ONLY.certificates },
  );

  skippable(
    'that is not issued is the operator’s mistake: 500 with its status, naming the setting',
    () =>
      inWorld(
        {
          sandbox: { certificates: [{ accountId, arn: arnOf('1'), domainName: `*.${DOMAIN}`, status: 'FAILED' }] },
          domain: { certArn: arnOf('1') },
        },
        async (world) => {
          const { status, body } = await world.create(world.site('docs'));
          expect(status).toBe(500);
          expect(body['detail']).toMatch(/certArn\) is not issued \(its status is FAILED\)/);
        },
      ),
    { more: SANDBOX_ONLY.certificates },
  );
});

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
