import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { type SiteWorld, startSiteWorld } from '../support/e2e/site';

/** Settings of websites as visitors meet them: through the distribution, which S3 does not see. */

const onPages = { more: SANDBOX_ONLY.pages };
const INDEX = { IndexDocument: { Suffix: 'index.html' } };

describe('redirects of a public site, asked at its own address', () => {
  let world: SiteWorld;
  beforeAll(async () => {
    world = await startSiteWorld();
  });
  afterAll(() => world.stop());

  const ruled = (Condition: object, Redirect: object) =>
    world.newSite('moved', { WebsiteConfiguration: { ...INDEX, RoutingRules: [{ Condition, Redirect }] } });
  const locationOf = async (site: string, path: string): Promise<unknown> =>
    (await world.page(site, path)).headers['location'];

  skippable(
    'a rule without HostName keeps visitors on the site, by HTTPS',
    async () => {
      const site = await ruled({ KeyPrefixEquals: 'old/' }, { ReplaceKeyPrefixWith: 'new/' });
      expect(await locationOf(site, '/old/x')).toBe(`https://${site}/new/x`);
    },
    onPages,
  );

  skippable(
    'an empty ReplaceKeyWith is the start page, as S3 has it, and an empty KeyPrefixEquals is every name',
    async () => {
      const missing = await ruled({ HttpErrorCodeReturnedEquals: '404' }, { ReplaceKeyWith: '' });
      expect(await locationOf(missing, '/gone')).toBe(`https://${missing}/`);
      const every = await ruled({ KeyPrefixEquals: '' }, { HostName: 'www.example.com' });
      expect(await locationOf(every, '/a')).toBe('https://www.example.com/a');
    },
    onPages,
  );

  skippable(
    'a redirect of everything keeps path and query, and goes by HTTPS unless it says otherwise',
    async () => {
      const away = (Protocol?: string) =>
        world.newSite('away', {
          WebsiteConfiguration: {
            RedirectAllRequestsTo: { HostName: 'www.example.com', ...(Protocol && { Protocol }) },
          },
        });
      expect(await locationOf(await away(), '/a/x?y=1')).toBe('https://www.example.com/a/x?y=1');
      expect(await locationOf(await away('http'), '/?y=2')).toBe('http://www.example.com/?y=2');
    },
    onPages,
  );

  skippable('a HostName with a scheme or a path is 400', async () => {
    for (const HostName of ['https://www.example.com', 'www.example.com/a', 'a b', '']) {
      const { status, body } = await world.create(world.site('odd'), {
        WebsiteConfiguration: { RedirectAllRequestsTo: { HostName } },
      });
      expect({ HostName, status }).toEqual({ HostName, status: 400 });
      expect(body['detail']).toContain('a host name, without scheme and path');
    }
  });
});

describe('a private origin, asked at the site’s address', () => {
  let world: SiteWorld;
  let site: string;
  beforeAll(async () => {
    world = await startSiteWorld({ domain: { origin: 'private' } });
    if (world.target.sandbox === undefined) return;
    site = await world.newSite('app');
    await world.upload(site, 'docs/index.html', 'the docs');
    await world.upload(site, '.well-known/apple-app-site-association', '{"applinks":{}}');
  });
  afterAll(() => world.stop());

  skippable(
    'a folder without its slash is sent to the one with it, query kept, so that relative links hold',
    async () => {
      expect(await world.page(site, '/docs')).toMatchObject({ status: 302, headers: { location: '/docs/' } });
      expect(await world.page(site, '/docs?a=1&b=%20c&d')).toMatchObject({
        status: 302,
        headers: { location: '/docs/?a=1&b=%20c&d' },
      });
      expect(await world.page(site, '/docs/')).toMatchObject({ status: 200, body: 'the docs' });
    },
    onPages,
  );

  skippable(
    'a name in /.well-known/ is served as it is',
    async () => {
      expect(await world.page(site, '/.well-known/apple-app-site-association')).toMatchObject({
        status: 200,
        body: '{"applinks":{}}',
      });
    },
    onPages,
  );

  skippable(
    'slashes in front lead to no other server',
    async () => {
      expect(await world.page(site, '//evil.example/x/docs')).toMatchObject({
        status: 302,
        headers: { location: '/evil.example/x/docs/' },
      });
    },
    onPages,
  );
});

describe.each(['public', 'private'])('CORS rules of a site with a %s origin, at its own address', (origin) => {
  let world: SiteWorld;
  let site: string;
  beforeAll(async () => {
    world = await startSiteWorld({ domain: { origin } });
    if (world.target.sandbox === undefined) return;
    site = await world.newSite('fonts');
    const CORSRules = [
      { AllowedOrigins: ['https://app.example'], AllowedMethods: ['GET'], AllowedHeaders: ['x-*'], MaxAgeSeconds: 60 },
    ];
    expect((await world.api('PUT', `/demo/websites/${site}`, { CORS: { CORSRules } })).status).toBe(200);
    await world.upload(site, 'f.woff2', 'font');
  });
  afterAll(() => world.stop());

  const allowOf = async (headers: Record<string, string>, method = 'GET'): Promise<unknown> => {
    const { status, headers: given } = await world.page(site, '/f.woff2', headers, method);
    return { status, allow: given['access-control-allow-origin'] ?? null };
  };
  const asked = { 'access-control-request-method': 'GET', 'access-control-request-headers': 'x-a' };

  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/header-caching.html#header-caching-web-cors
  skippable(
    'hold for each origin on its own, whichever the cache has seen first',
    async () => {
      expect(await allowOf({})).toEqual({ status: 200, allow: null });
      expect(await allowOf({ origin: 'https://app.example' })).toEqual({ status: 200, allow: 'https://app.example' });
      expect(await allowOf({ origin: 'https://evil.example' })).toEqual({ status: 200, allow: null });
      expect(await allowOf({ origin: 'https://app.example' })).toEqual({ status: 200, allow: 'https://app.example' });
    },
    onPages,
  );

  skippable(
    'answer browsers that ask first',
    async () => {
      expect(await allowOf({ origin: 'https://app.example', ...asked }, 'OPTIONS')).toEqual({
        status: 200,
        allow: 'https://app.example',
      });
      expect(await allowOf({ origin: 'https://evil.example', ...asked }, 'OPTIONS')).toMatchObject({ allow: null });
    },
    onPages,
  );
});
