import { CreateInvalidationCommand, ListInvalidationsCommand } from '@aws-sdk/client-cloudfront';
import { GetPolicyCommand, GetPolicyVersionCommand } from '@aws-sdk/client-iam';
import {
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketWebsiteCommand,
  HeadObjectCommand,
} from '@aws-sdk/client-s3';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { DOMAIN, onSite, SEED_TAGS, type SiteWorld, startSiteWorld } from '../support/e2e/site';
import { LOG_BUCKET, ORG } from '../support/e2e/world';

let world: SiteWorld;
beforeAll(async () => {
  world = await startSiteWorld();
});
afterAll(() => world.stop());

describe('a new website', () => {
  skippable('is answered as the contract shows it', async () => {
    const site = world.site('docs');
    const { status, body } = await world.create(site, {
      Tags: SEED_TAGS,
      WebsiteConfiguration: { IndexDocument: { Suffix: 'index.html' } },
    });
    expect(status).toBe(202);
    const { accountId } = world;
    expect(body).toMatchObject({
      Bucket: `/${site}`,
      Policy: {
        PolicyName: `${site}-BktAdmPlc`,
        Arn: `arn:aws:iam::${accountId}:policy/${site}-BktAdmPlc`,
        Path: '/',
        DefaultVersionId: 'v1',
      },
      Group: { GroupName: `${site}-BktAdmGrp`, Arn: `arn:aws:iam::${accountId}:group/${site}-BktAdmGrp`, Path: '/' },
      Policies: [{ PolicyName: `${site}-BktAdmPlc` }, { PolicyName: `${site}-WebAdmPlc` }],
      Groups: [{ GroupName: `${site}-BktAdmGrp` }, { GroupName: `${site}-WebAdmGrp` }],
      Distribution: {
        DistributionConfig: {
          Aliases: { Items: [site], Quantity: 1 },
          Comment: site,
          DefaultRootObject: 'index.html',
          Enabled: true,
          IsIPV6Enabled: true,
        },
        Status: expect.stringMatching(/^(InProgress|Deployed)$/),
      },
      DnsChange: { Id: expect.stringMatching(/^\/change\/C/), Status: expect.stringMatching(/^(PENDING|INSYNC)$/) },
    });
    expect(Object.keys(body).sort()).toEqual([
      'Bucket',
      'Distribution',
      'DnsChange',
      'Group',
      'Groups',
      'Policies',
      'Policy',
      'URL',
    ]);
  });

  skippable('has the distribution that API.md describes', async () => {
    const site = await world.newSite('docs', { Tags: SEED_TAGS });
    const { DistributionConfig: config } = await world.onlyDistribution(site);
    expect(config).toMatchObject({
      Aliases: { Quantity: 1, Items: [site] },
      Comment: site,
      Enabled: true,
      DefaultRootObject: 'index.html',
      HttpVersion: 'http2and3',
      IsIPV6Enabled: true,
      PriceClass: 'PriceClass_100',
      Origins: {
        Quantity: 1,
        Items: [
          {
            DomainName: `${site}.s3-website-us-east-1.amazonaws.com`,
            CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'http-only' },
          },
        ],
      },
      DefaultCacheBehavior: {
        TargetOriginId: site,
        ViewerProtocolPolicy: 'redirect-to-https',
        Compress: true,
        DefaultTTL: 3600,
      },
      Restrictions: { GeoRestriction: { RestrictionType: 'none', Quantity: 0 } },
      ViewerCertificate: { SSLSupportMethod: 'sni-only', MinimumProtocolVersion: 'TLSv1.2_2021' },
    });
  });

  skippable('tags the distribution in CloudFront’s alphabet, and the bucket exactly', async () => {
    const site = await world.newSite('docs', { Tags: SEED_TAGS });
    const { ARN, Id } = await world.onlyDistribution(site);
    expect(await world.tagsOf(ARN)).toMatchObject({
      Application: 'HowToGet',
      COA: 'Take.My.Money.____',
      CreatedBy: 'Big Bird',
      'spinup:org': ORG,
    });
    expect((await world.snapshot(site)).buckets[site]?.tags).toMatchObject({
      Application: 'HowToGet',
      COA: 'Take.My.Money.$$$$',
      CreatedBy: 'Big Bird',
      'spinup:org': ORG,
      'mallard:distribution': Id,
    });
  });

  skippable('has a bucket that everyone may read, and only read', async () => {
    const site = await world.newSite();
    const { s3 } = world.auditor;
    expect((await s3.send(new GetBucketWebsiteCommand({ Bucket: site }))).IndexDocument).toEqual({
      Suffix: 'index.html',
    });
    const { Policy = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket: site }));
    const { Statement } = JSON.parse(Policy) as { readonly Statement: readonly Readonly<Record<string, unknown>>[] };
    expect(Statement.map((statement) => ({ ...statement, Sid: undefined }))).toEqual([
      { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${site}/*` },
    ]);
    expect((await world.snapshot(site)).buckets[site]).toMatchObject({
      publicAccessBlock: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: false,
        RestrictPublicBuckets: false,
      },
      encryption: 'AES256',
      logging: `${LOG_BUCKET}/s3/${site}/`,
      objects: ['index.html'],
    });
    expect(await s3.send(new HeadObjectCommand({ Bucket: site, Key: 'index.html' }))).toMatchObject({
      ContentType: 'text/html; charset=utf-8',
    });
  });

  skippable('has A and AAAA alias records of the distribution', async () => {
    const site = await world.newSite();
    const { DomainName } = await world.onlyDistribution(site);
    const records = await world.recordsOf(site);
    expect(records.map(({ Type, AliasTarget }) => [Type, AliasTarget])).toEqual(
      ['A', 'AAAA'].map((type) => [
        type,
        { HostedZoneId: 'Z2FDTNDATAQYW2', DNSName: `${String(DomainName)}.`, EvaluateTargetHealth: false },
      ]),
    );
  });

  skippable('has groups whose policies are attached; WebAdm is about its distribution alone', async () => {
    const site = await world.newSite();
    const { ARN } = await world.onlyDistribution(site);
    const { groups } = await world.snapshot(site);
    expect(groups).toMatchObject({
      [`${site}-BktAdmGrp`]: { attached: [`${site}-BktAdmPlc`], members: [] },
      [`${site}-WebAdmGrp`]: { attached: [`${site}-WebAdmPlc`], members: [] },
    });
    const { iam } = world.auditor;
    const PolicyArn = `arn:aws:iam::${world.accountId}:policy/${site}-WebAdmPlc`;
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    const { PolicyVersion } = await iam.send(
      new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
    );
    expect(JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? ''))).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: ['cloudfront:ListInvalidations', 'cloudfront:CreateInvalidation'], Resource: [ARN] },
      ],
    });
  });

  skippable(
    'greets visitors at the distribution’s host and at its own name',
    async () => {
      const site = await world.newSite();
      const { DomainName = '' } = await world.onlyDistribution(site);
      for (const host of [DomainName, site]) {
        const page = await world.page(host, '/');
        expect({ status: page.status, type: page.headers['content-type'] }).toEqual({
          status: 200,
          type: 'text/html; charset=utf-8',
        });
        expect(page.body).toContain(`<h1>${site}</h1>`);
      }
      expect((await world.page(site, '/', { 'x-forwarded-proto': 'http' })).headers.location).toBe(`https://${site}/`);
    },
    { more: SANDBOX_ONLY.pages },
  );
});

describe('its configuration', () => {
  skippable(
    'an error document is shown with 404, a routing rule redirects',
    async () => {
      const site = await world.newSite('docs', {
        WebsiteConfiguration: {
          IndexDocument: { Suffix: 'start.html' },
          ErrorDocument: { Key: 'lost.html' },
          RoutingRules: [
            { Condition: { KeyPrefixEquals: 'old/' }, Redirect: { HostName: site0, ReplaceKeyPrefixWith: 'new/' } },
          ],
        },
      });
      await world.upload(site, 'lost.html', 'no such page');
      expect((await world.page(site, '/')).body).toContain(`<h1>${site}</h1>`);
      expect(await world.page(site, '/nowhere')).toMatchObject({ status: 404, body: 'no such page' });
      const moved = await world.page(site, '/old/a.html');
      expect({ status: moved.status, location: moved.headers.location }).toEqual({
        status: 301,
        location: `https://${site0}/new/a.html`,
      });
    },
    { more: SANDBOX_ONLY.pages },
  );

  skippable(
    'RedirectAllRequestsTo sends every visitor to the same path elsewhere',
    async () => {
      const site = await world.newSite('docs', {
        WebsiteConfiguration: { RedirectAllRequestsTo: { HostName: site0, Protocol: 'https' } },
      });
      for (const path of ['/', '/a/b.html']) {
        const { status, headers } = await world.page(site, path);
        expect({ status, location: headers.location }).toEqual({ status: 301, location: `https://${site0}${path}` });
      }
    },
    { more: SANDBOX_ONLY.pages },
  );

  const site0 = `elsewhere.${DOMAIN}`;

  for (const [what, configuration] of [
    ['an index document with a slash', { IndexDocument: { Suffix: 'a/index.html' } }],
    [
      'a redirection of everything beside an index document',
      { IndexDocument: { Suffix: 'i' }, RedirectAllRequestsTo: { HostName: site0 } },
    ],
    [
      'a rule with two replacements',
      {
        IndexDocument: { Suffix: 'i' },
        RoutingRules: [{ Redirect: { ReplaceKeyWith: 'a', ReplaceKeyPrefixWith: 'b' } }],
      },
    ],
    ['a member AWS does not know', { Index: 'index.html' }],
  ] as const) {
    skippable(`${what} is 400 and makes nothing`, async () => {
      const site = world.site('docs');
      expect((await world.create(site, { WebsiteConfiguration: configuration })).status).toBe(400);
      expect(await world.siteSnapshot(site)).toMatchObject({ buckets: {}, distributions: {}, records: [] });
    });
  }
});

describe('a cached page', () => {
  skippable(
    'stays until it is invalidated; then the upload shows',
    async () => {
      const site = await world.newSite();
      expect((await world.page(site, '/')).body).toContain('This website is ready');
      await world.upload(site, 'index.html', 'our own page');
      expect((await world.page(site, '/')).body).toContain('This website is ready');
      const { status, body } = await world.api('PATCH', onSite(site), { CacheInvalidation: ['/*'] });
      expect(status).toBe(200);
      expect((await world.page(site, '/')).body).toBe('our own page');
      const { Id = '' } = await world.onlyDistribution(site);
      expect(body).toMatchObject({
        Invalidation: {
          InvalidationBatch: { Paths: { Items: ['/*'], Quantity: 1 } },
          Status: expect.stringMatching(/InProgress|Completed/),
        },
        Location: expect.stringContaining(`/distribution/${Id}/invalidation/`),
      });
    },
    { more: SANDBOX_ONLY.pages },
  );

  skippable(
    'of the root is kept as that of the index document, and invalidated by its path, not by /',
    async () => {
      const site = await world.newSite();
      const invalidate = (path: string) => world.api('PATCH', onSite(site), { CacheInvalidation: [path] });
      expect((await world.page(site, '/')).body).toContain('This website is ready');
      await world.upload(site, 'index.html', 'our own page');
      expect((await invalidate('/')).status).toBe(200);
      expect((await world.page(site, '/')).body).toContain('This website is ready');
      expect((await invalidate('/index.html')).status).toBe(200);
      expect((await world.page(site, '/')).body).toBe('our own page');
    },
    { more: SANDBOX_ONLY.pages },
  );

  skippable('paths are encoded and named once', async () => {
    const site = await world.newSite();
    const { status, body } = await world.api('PATCH', onSite(site), {
      CacheInvalidation: ['/a b', '/a%20b', '/ü*', '/a b'],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      Invalidation: { InvalidationBatch: { Paths: { Items: ['/a%20b', '/%C3%BC*'], Quantity: 2 } } },
    });
    const { Id } = await world.onlyDistribution(site);
    expect(
      (await world.cloudfront.send(new ListInvalidationsCommand({ DistributionId: Id }))).InvalidationList?.Items,
    ).toHaveLength(1);
  });

  skippable('paths that are none are 400, and nothing is invalidated', async () => {
    const site = await world.newSite();
    const bad: readonly (readonly string[])[] = [
      [],
      ['index.html'],
      ['/a*b'],
      ['/**'],
      ['/a\n'],
      [''],
      Array.from({ length: 3_001 }, (_, n) => `/${String(n)}`),
    ];
    for (const CacheInvalidation of bad) {
      const { status } = await world.api('PATCH', onSite(site), { CacheInvalidation });
      expect({ paths: CacheInvalidation.slice(0, 3), status }).toEqual({
        paths: CacheInvalidation.slice(0, 3),
        status: 400,
      });
    }
    const { Id } = await world.onlyDistribution(site);
    expect(
      (await world.cloudfront.send(new ListInvalidationsCommand({ DistributionId: Id }))).InvalidationList?.Items ?? [],
    ).toEqual([]);
  });

  skippable('of no website: 404', async () => {
    expect((await world.api('PATCH', onSite(world.site('none')), { CacheInvalidation: ['/*'] })).status).toBe(404);
  });

  skippable('two invalidations at once both begin', async () => {
    const site = await world.newSite();
    const replies = await Promise.all([
      world.api('PATCH', onSite(site), { CacheInvalidation: ['/a'] }),
      world.api('PATCH', onSite(site), { CacheInvalidation: ['/b'] }),
    ]);
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
  });

  skippable(
    'too many wildcards in progress: 429 that a pause heals, with its length; then it goes through',
    async () => {
      const site = await world.newSite();
      const { Id } = await world.onlyDistribution(site);
      const Items = Array.from({ length: 15 }, (_, n) => `/${String(n)}/*`);
      const InvalidationBatch = { CallerReference: 'many', Paths: { Quantity: 15, Items } };
      await world.cloudfront.send(new CreateInvalidationCommand({ DistributionId: Id, InvalidationBatch }));
      const { status, body, headers } = await world.api('PATCH', onSite(site), { CacheInvalidation: ['/*'] });
      expect({ status, code: body['code'], retryable: body['retryable'], waits: headers.has('retry-after') }).toEqual({
        status: 429,
        code: 'TooManyInvalidationsInProgress',
        retryable: true,
        waits: true,
      });
      world.advance(600);
      expect((await world.api('PATCH', onSite(site), { CacheInvalidation: ['/*'] })).status).toBe(200);
    },
    { more: SANDBOX_ONLY.quotas },
  );
});

describe('GET, HEAD and the list', () => {
  skippable('show tags, logging, emptiness, the A record and the distribution', async () => {
    const site = await world.newSite('docs', { Tags: SEED_TAGS });
    const { Id, DomainName } = await world.onlyDistribution(site);
    const { status, body } = await world.api('GET', onSite(site));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      URL: `https://${site}/`,
      Tags: [...SEED_TAGS, { Key: 'spinup:org', Value: ORG }],
      Logging: { TargetBucket: LOG_BUCKET, TargetGrants: null, TargetPrefix: `s3/${site}/` },
      Empty: true,
      DNSRecord: {
        AliasTarget: { DNSName: `${String(DomainName)}.`, EvaluateTargetHealth: false, HostedZoneId: 'Z2FDTNDATAQYW2' },
        Name: `${site}.`,
        Type: 'A',
        ResourceRecords: null,
        TTL: null,
      },
      Distribution: { Id, DomainName, DistributionConfig: { Aliases: { Items: [site] } } },
    });
    expect((await world.api('HEAD', onSite(site))).status).toBe(200);
    expect((await world.api<readonly string[]>('GET', '/demo/websites')).body).toContain(site);
  });

  skippable('what is not ours makes it full', async () => {
    const site = await world.newSite();
    await world.upload(site, 'a.html', 'x');
    expect((await world.api('GET', onSite(site))).body).toMatchObject({ Empty: false });
  });

  skippable('a bucket that is no website, and none at all: 404, and not in the list', async () => {
    const bucket = world.site('plain');
    expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(202);
    for (const name of [bucket, world.site('none')]) {
      expect((await world.api('GET', onSite(name))).status).toBe(404);
      expect((await world.api('HEAD', onSite(name))).status).toBe(404);
      expect((await world.api('PUT', onSite(name), { Tags: [] })).status).toBe(404);
      expect((await world.api('DELETE', onSite(name))).status).toBe(404);
      expect((await world.api<readonly string[]>('GET', '/demo/websites')).body).not.toContain(name);
    }
    expect((await world.api('HEAD', `/demo/buckets/${bucket}`)).status).toBe(200);
  });

  skippable('the bookmark names the site', async () => {
    const site = await world.newSite();
    const { status, text } = await world.api('GET', `${onSite(site)}/duck`);
    expect(status).toBe(200);
    expect(text).toContain(`<string>/${site}</string>`);
    expect(text).toContain(`https://${site}`);
  });
});

describe('PUT', () => {
  skippable('replaces the caller’s tags on both; system tags stay', async () => {
    const site = await world.newSite('docs', { Tags: SEED_TAGS });
    const { ARN } = await world.onlyDistribution(site);
    const before = {
      bucket: (await world.snapshot(site)).buckets[site]?.tags ?? {},
      distribution: await world.tagsOf(ARN),
    };
    expect(await world.api('PUT', onSite(site), { Tags: [{ Key: 'COA', Value: 'new $$' }] })).toMatchObject({
      status: 200,
      body: {},
    });
    const { TagSet } = await world.auditor.s3.send(new GetBucketTaggingCommand({ Bucket: site }));
    const bucket = Object.fromEntries((TagSet ?? []).map(({ Key, Value }) => [Key, Value]));
    const system = (tags: Readonly<Record<string, string>>) =>
      Object.fromEntries(Object.entries(tags).filter(([key]) => key.startsWith('mallard:')));
    expect(bucket).toEqual({ COA: 'new $$', 'spinup:org': ORG, ...system(before.bucket) });
    expect(Object.keys(system(before.bucket)).sort()).toEqual([
      'mallard:distribution',
      'mallard:distribution-domain',
      'mallard:operation',
    ]);
    expect(await world.tagsOf(ARN)).toEqual({ COA: 'new __', 'spinup:org': ORG, ...system(before.distribution) });
    expect((await world.api('GET', onSite(site))).body).toMatchObject({
      Tags: [
        { Key: 'COA', Value: 'new $$' },
        { Key: 'spinup:org', Value: ORG },
      ],
    });
  });

  skippable('keys that become one in CloudFront’s alphabet do not fail', async () => {
    const Tags = [
      { Key: 'a$', Value: '1' },
      { Key: 'a_', Value: '2' },
    ];
    const site = await world.newSite('docs', { Tags });
    expect((await world.api('PUT', onSite(site), { Tags })).status).toBe(200);
    expect((await world.snapshot(site)).buckets[site]?.tags).toMatchObject({ a$: '1', a_: '2' });
  });
});
