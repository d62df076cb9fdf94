import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetDistributionConfigCommand, UpdateDistributionCommand } from '@aws-sdk/client-cloudfront';
import { DeleteObjectCommand, PutObjectCommand, type StorageClass } from '@aws-sdk/client-s3';
import { parse } from 'yaml';
import { onSite, SANDBOX_CERTIFICATE, type SiteWorld, startSiteWorld } from '../support/e2e/site';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import type { Reply } from '../support/e2e/world';

/**
 * Every setting of a website from the visitor's side: through the distribution, with both origins. What a setting cannot do
 * with an origin is refused, or said in `warnings`. The last test knows whether a setting is missing here.
 */

const onPages = { more: SANDBOX_ONLY.pages };
const ORIGINS = ['public', 'private'] as const;
type Origin = (typeof ORIGINS)[number];

/** Of the domain; visitors of the sandbox have no country unless they say so. */
const DOMAIN = {
  certArn: SANDBOX_CERTIFICATE,
  geoRestriction: ['US'],
  priceClass: 'PriceClass_200',
  minimumTls: 'TLSv1.3_2025',
};

/** A site, and what is done with it. */
interface Visit {
  readonly world: SiteWorld;
  readonly origin: Origin;
  readonly newSite: (more?: object) => Promise<string>;
  readonly put: (site: string, body: object) => Promise<Reply>;
  /** Forgets what CloudFront keeps. */
  readonly drop: (site: string) => Promise<void>;
}

const configured = (WebsiteConfiguration: object) => ({ WebsiteConfiguration });

async function locationOf({ world }: Visit, site: string, path: string, method = 'GET'): Promise<unknown> {
  const { status, headers } = await world.page(site, path, {}, method);
  return [status, headers['location'] ?? null];
}

/** With a private origin S3's website endpoint is not there to do it. */
const refused =
  (WebsiteConfiguration: object) =>
  async ({ world }: Visit): Promise<void> => {
    const site = world.site('refused');
    expect(await world.create(site, configured(WebsiteConfiguration))).toMatchObject({
      status: 400,
      body: { pointer: '/WebsiteConfiguration', detail: expect.stringContaining('private origin') as string },
    });
  };

const shownIn = async ({ world }: Visit, site: string, path = '/'): Promise<unknown> => {
  const { status, body } = await world.page(site, path);
  return [status, body];
};

const RULES = [{ AllowedOrigins: ['https://app.example'], AllowedMethods: ['GET'] }];
const fromApp = { origin: 'https://app.example' };
const allowed = async ({ world }: Visit, site: string): Promise<unknown> =>
  (await world.page(site, '/', fromApp)).headers['access-control-allow-origin'] ?? null;

type Check = (visit: Visit) => Promise<void>;
/** One for both origins, or one for each. */
type Cell = Check | Readonly<Record<Origin, Check>>;

const CELLS: Readonly<Record<string, Cell>> = {
  // BucketInput
  Bucket: async (visit) => {
    const { world } = visit;
    const site = await visit.newSite();
    const { DomainName = '' } = await world.onlyDistribution(site);
    for (const host of [site, site.toUpperCase(), DomainName])
      expect((await world.page(host, '/')).body).toContain(`<h1>${site}</h1>`);
    expect(await world.page(site, '/', {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
    expect((await world.page(site, '/a?b=c', { 'x-forwarded-proto': 'http' })).headers['location']).toBe(
      `https://${site}/a?b=c`,
    );
    expect((await world.page(`www.${site}`, '/')).body).not.toContain(`<h1>${site}</h1>`);
  },

  // WebsiteConfiguration
  'no WebsiteConfiguration': async (visit) => {
    const { world, origin } = visit;
    const site = await visit.newSite();
    await world.upload(site, 'docs/index.html', 'docs');
    expect(await shownIn(visit, site, '/docs/')).toEqual([200, 'docs']);
    expect(await locationOf(visit, site, '/docs')).toEqual([302, '/docs/']);
    const missing = await world.page(site, '/missing.html');
    if (origin === 'public')
      expect(missing).toMatchObject({ status: 404, body: expect.stringContaining('NoSuchKey') as string });
    else expect(missing).toMatchObject({ status: 200, body: (await world.page(site, '/')).body });
  },
  IndexDocument: {
    public: async (visit) => {
      // CloudFront takes no space in the name of its root object.
      for (const Suffix of ['home.htm', 'start page.html', 'a'.repeat(300)]) {
        const site = await visit.newSite(configured({ IndexDocument: { Suffix } }));
        await visit.world.upload(site, `docs/${Suffix}`, 'docs');
        expect((await visit.world.page(site, '/')).body).toContain(`<h1>${site}</h1>`);
        expect(await shownIn(visit, site, '/docs/')).toEqual([200, 'docs']);
      }
    },
    private: refused({ IndexDocument: { Suffix: 'home.htm' } }),
  },
  ErrorDocument: {
    public: async (visit) => {
      const site = await visit.newSite(configured({ ErrorDocument: { Key: 'errors/lost.html' } }));
      await visit.world.upload(site, 'errors/lost.html', 'lost');
      expect(await shownIn(visit, site, '/missing')).toEqual([404, 'lost']);
      expect(await shownIn(visit, site, '/missing/')).toEqual([404, 'lost']);
    },
    private: refused({ ErrorDocument: { Key: 'lost.html' } }),
  },
  RedirectAllRequestsTo: {
    public: async (visit) => {
      const site = await visit.newSite(configured({ RedirectAllRequestsTo: { HostName: 'www.example.com' } }));
      for (const [path, location] of [
        ['/', 'https://www.example.com/'],
        ['/index.html', 'https://www.example.com/index.html'],
        ['/a/?b=c&d', 'https://www.example.com/a/?b=c&d='],
      ] as const)
        for (const method of ['GET', 'HEAD'])
          expect(await locationOf(visit, site, path, method)).toEqual([301, location]);
    },
    private: refused({ RedirectAllRequestsTo: { HostName: 'www.example.com' } }),
  },
  RoutingRules: {
    public: async (visit) => {
      const ruled = (...RoutingRules: object[]) => visit.newSite(configured({ RoutingRules }));
      const moved = await ruled(
        {
          Condition: { KeyPrefixEquals: 'old/' },
          Redirect: {
            HostName: 'www.example.com',
            Protocol: 'http',
            HttpRedirectCode: '307',
            ReplaceKeyPrefixWith: 'new/',
          },
        },
        { Condition: { KeyPrefixEquals: 'one' }, Redirect: { ReplaceKeyWith: 'two' } },
        {
          Condition: { HttpErrorCodeReturnedEquals: '404' },
          Redirect: { ReplaceKeyPrefixWith: '#!/', HttpRedirectCode: '302' },
        },
      );
      expect(await locationOf(visit, moved, '/old/a?b')).toEqual([307, 'http://www.example.com/new/a']);
      expect(await locationOf(visit, moved, '/one')).toEqual([301, `https://${moved}/two`]);
      expect(await locationOf(visit, moved, '/gone')).toEqual([302, `https://${moved}/%23!/gone`]);
      expect((await visit.world.page(moved, '/')).body).toContain(`<h1>${moved}</h1>`);

      // A rule about every name, or about that of the index document, must see `/` as it is.
      const every = await ruled({ Redirect: { HostName: 'www.example.com' } });
      expect(await locationOf(visit, every, '/')).toEqual([301, 'https://www.example.com/']);
      expect(await locationOf(visit, every, '/a')).toEqual([301, 'https://www.example.com/a']);
      const index = await ruled({ Condition: { KeyPrefixEquals: 'index' }, Redirect: { ReplaceKeyWith: '' } });
      expect((await visit.world.page(index, '/')).body).toContain(`<h1>${index}</h1>`);
      expect(await locationOf(visit, index, '/index.html')).toEqual([301, `https://${index}/`]);
    },
    private: refused({ RoutingRules: [{ Redirect: { HostName: 'www.example.com' } }] }),
  },

  // What an update sets of the bucket
  Tags: async (visit) => {
    const site = await visit.newSite({ Tags: [{ Key: 'a', Value: 'b' }] });
    const before = await visit.world.page(site, '/');
    expect((await visit.put(site, { Tags: [{ Key: 'a', Value: 'c' }] })).body).toEqual({});
    await visit.drop(site);
    expect(await visit.world.page(site, '/')).toMatchObject({ status: 200, body: before.body });
    expect(JSON.stringify(before.headers)).not.toContain('tag:');
  },
  CORS: async (visit) => {
    const site = await visit.newSite();
    expect(await allowed(visit, site)).toBeNull();
    expect((await visit.put(site, { CORS: { CORSRules: RULES } })).body).toEqual({});
    // What CloudFront keeps was fetched without the rules.
    expect(await allowed(visit, site)).toBeNull();
    await visit.drop(site);
    expect(await allowed(visit, site)).toBe('https://app.example');
  },
  Remove: async (visit) => {
    const site = await visit.newSite();
    await visit.put(site, { CORS: { CORSRules: RULES } });
    expect(await allowed(visit, site)).toBe('https://app.example');
    expect((await visit.put(site, { Remove: ['CORS'] })).body).toEqual({});
    await visit.drop(site);
    expect(await allowed(visit, site)).toBeNull();
  },
  Versioning: async (visit) => {
    const { world, origin } = visit;
    const site = await visit.newSite();
    for (const Status of ['Enabled', 'Suspended']) {
      expect((await visit.put(site, { Versioning: { Status } })).body).toEqual({});
      for (const text of ['first', 'second']) await world.upload(site, 'page.html', text);
      expect(await shownIn(visit, site, '/page.html')).toEqual([200, 'second']);
      await world.auditor.s3.send(new DeleteObjectCommand({ Bucket: site, Key: 'page.html' }));
      await visit.drop(site);
      expect((await world.page(site, '/page.html')).status).toBe(origin === 'public' ? 404 : 200);
      world.advance(11);
    }
  },
  Lifecycle: async (visit) => {
    const { world } = visit;
    const site = await visit.newSite();
    const warningsOf = async (Lifecycle: string) => (await visit.put(site, { Lifecycle })).body['warnings'] ?? [];
    for (const harmless of ['intelligent-tiering', 'abort-multipart']) expect(await warningsOf(harmless)).toEqual([]);
    expect(await warningsOf('expire-30')).toEqual([
      expect.stringContaining('deletes the files of this website 30 days'),
    ]);
    for (const archive of ['glacier', 'deep-archive']) {
      expect(await warningsOf(archive)).toEqual([expect.stringContaining('visitors cannot read what is archived')]);
      const made = await world.create(world.site('archived'), { Lifecycle: archive });
      expect(made).toMatchObject({ status: 202, body: { warnings: [expect.stringContaining(archive)] } });
    }
    // That is so: a day later the files are of this class.
    for (const StorageClass of ['GLACIER', 'DEEP_ARCHIVE'] satisfies readonly StorageClass[]) {
      const Key = `${StorageClass}.html`;
      await world.auditor.s3.send(new PutObjectCommand({ Bucket: site, Key, Body: 'x', StorageClass }));
      expect((await world.page(site, `/${Key}`)).status).toBe(403);
    }
  },
  ObjectLock: async (visit) => {
    const site = await visit.newSite();
    const body = { Versioning: { Status: 'Enabled' }, ObjectLock: { ObjectLockEnabled: 'Enabled' } };
    expect((await visit.put(site, body)).body).toEqual({});
    expect((await visit.world.page(site, '/')).body).toContain(`<h1>${site}</h1>`);
  },
  PublicAccessBlock: async (visit) => {
    const site = await visit.newSite();
    const all = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
    expect((await visit.put(site, { PublicAccessBlock: all })).status).toBe(400);
    expect((await visit.world.page(site, '/')).status).toBe(200);
  },
  BucketPolicy: async (visit) => {
    const site = await visit.newSite();
    const Statement = [{ Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${site}/*` }];
    expect((await visit.put(site, { BucketPolicy: { Version: '2012-10-17', Statement } })).status).toBe(400);
    expect((await visit.world.page(site, '/')).status).toBe(200);
  },

  // Of the domain
  origin: async (visit) => {
    const { world, origin } = visit;
    const site = await visit.newSite();
    expect((await world.page(site, '/index.html')).status).toBe(200);
    const direct = [`${site}.s3-website-us-east-1.amazonaws.com`, `${site}.s3.us-east-1.amazonaws.com`];
    const statuses = await Promise.all(direct.map(async (host) => (await world.page(host, '/index.html')).status));
    expect(statuses).toEqual(origin === 'public' ? [200, 200] : [404, 403]);
  },
  geoRestriction: async (visit) => {
    const { world } = visit;
    const site = await visit.newSite();
    const from = (country: string, path = '/') => world.page(site, path, { 'cloudfront-viewer-country': country });
    expect(await from('US')).toMatchObject({
      status: 200,
      body: expect.stringContaining(`<h1>${site}</h1>`) as string,
    });
    for (const path of ['/', '/missing.html', '/docs/']) {
      const { status, body } = await from('DE', path);
      expect({ path, status, shown: body.includes(`<h1>${site}</h1>`) }).toEqual({ path, status: 403, shown: false });
    }
  },
  certArn: async (visit) => {
    const { DistributionConfig } = await visit.world.onlyDistribution(await visit.newSite());
    expect(DistributionConfig).toMatchObject({
      ViewerCertificate: { ACMCertificateArn: SANDBOX_CERTIFICATE, SSLSupportMethod: 'sni-only' },
    });
  },
  // The sandbox speaks no TLS, and has one edge.
  minimumTls: async (visit) => {
    const { DistributionConfig } = await visit.world.onlyDistribution(await visit.newSite());
    expect(DistributionConfig).toMatchObject({ ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.3_2025' } });
  },
  priceClass: async (visit) => {
    const { DistributionConfig } = await visit.world.onlyDistribution(await visit.newSite());
    expect(DistributionConfig).toMatchObject({ PriceClass: 'PriceClass_200' });
  },
  hostedZoneID: async (visit) => {
    const site = await visit.newSite();
    const { DomainName = '' } = await visit.world.onlyDistribution(site);
    const records = await visit.world.recordsOf(site);
    expect(records.map(({ Type, AliasTarget }) => [Type, AliasTarget?.DNSName?.replace(/\.$/, '')])).toEqual([
      ['A', DomainName],
      ['AAAA', DomainName],
    ]);
  },
};

describe.each(ORIGINS)('settings of a website with a %s origin, as visitors meet them', (origin) => {
  let visit: Visit;
  beforeAll(async () => {
    const world = await startSiteWorld({ domain: { ...DOMAIN, origin } });
    visit = {
      world,
      origin,
      newSite: (more = {}) => world.newSite('visited', { ...more }),
      put: (site, body) => world.api('PUT', onSite(site), body),
      drop: async (site) => {
        expect((await world.api('PATCH', onSite(site), { CacheInvalidation: ['/*'] })).status).toBe(200);
        // Fifteen wildcards may be in progress.
        world.advance(60);
      },
    };
  });
  afterAll(() => visit.world.stop());

  for (const [setting, cell] of Object.entries(CELLS))
    skippable(setting, () => (typeof cell === 'function' ? cell : cell[origin])(visit), onPages);

  skippable(
    'CORS of a site whose distribution does not send Origin on: the update says that it has no effect there',
    async () => {
      const site = await visit.newSite();
      const { Id = '' } = await visit.world.onlyDistribution(site);
      const { cloudfront } = visit.world;
      const { DistributionConfig: config, ETag } = await cloudfront.send(new GetDistributionConfigCommand({ Id }));
      const { DefaultCacheBehavior: behavior } = config ?? {};
      if (config === undefined || behavior === undefined) throw new Error(`${Id} has no configuration`);
      const ForwardedValues = { QueryString: false, Cookies: { Forward: 'none' as const }, Headers: { Quantity: 0 } };
      const DistributionConfig = { ...config, DefaultCacheBehavior: { ...behavior, ForwardedValues } };
      await cloudfront.send(new UpdateDistributionCommand({ Id, IfMatch: ETag, DistributionConfig }));
      expect(await visit.put(site, { CORS: { CORSRules: RULES } })).toMatchObject({
        status: 200,
        body: { warnings: [expect.stringContaining('no effect at the site’s address')] },
      });
      expect(await allowed(visit, site)).toBeNull();
    },
    onPages,
  );
});

test('every setting that openapi.yaml and the configuration have of websites is visited', () => {
  const read = (file: string): string => readFileSync(join(__dirname, '../..', file), 'utf8');
  const { schemas } = (
    parse(read('openapi.yaml')) as { components: { schemas: Record<string, { properties: object }> } }
  ).components;
  const membersOf = (name: string): readonly string[] => Object.keys(schemas[name]?.properties ?? {});
  const { $defs } = JSON.parse(read('config/schema.json')) as { $defs: { domain: { properties: object } } };
  const known = new Set([
    ...membersOf('CreateWebsite').filter((name) => name !== 'BucketInput' && name !== 'WebsiteConfiguration'),
    ...membersOf('WebsiteConfiguration'),
    ...membersOf('UpdateWebsite'),
    ...Object.keys($defs.domain.properties),
    'Bucket',
    'no WebsiteConfiguration',
  ]);
  expect(Object.keys(CELLS).sort()).toEqual([...known].sort());
});
