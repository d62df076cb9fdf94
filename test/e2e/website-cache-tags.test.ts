import { GetDistributionCommand } from '@aws-sdk/client-cloudfront';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { makeLegacySite } from '../support/e2e/legacy';
import { sendForm, signed, signingService, use } from '../support/e2e/objects';
import { onSite, type SiteWorld, startSiteWorld } from '../support/e2e/site';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import type { Service } from '../support/e2e/world';

/** Cache tags from the upload to the visitor. */

const onPages = { more: SANDBOX_ONLY.pages };

describe.each(['public', 'private'])('cache tags of a site with a %s origin', (origin) => {
  let world: SiteWorld;
  let service: Service;
  let site: string;
  beforeAll(async () => {
    world = await startSiteWorld({ domain: { origin } });
    if (world.target.sandbox === undefined) return;
    service = await signingService(world);
    site = await world.newSite('tagged');
  });
  afterAll(() => world.stop());

  async function put(filename: string, content: string, cacheTags: readonly string[]): Promise<void> {
    const { url, headers } = await signed(service.api('POST', `${onSite(site)}/objects`, { filename, cacheTags }));
    expect(headers).toEqual({ 'x-amz-meta-cache-tag': cacheTags.join(',') });
    expect((await use('PUT', url, content, headers)).status).toBe(200);
  }
  async function post(filename: string, content: string, cacheTags: readonly string[]): Promise<void> {
    const form = await signed(service.api('POST', `${onSite(site)}/objects`, { filename, cacheTags, form: true }));
    expect(form.fields).toMatchObject({ 'x-amz-meta-cache-tag': cacheTags.join(',') });
    expect((await sendForm(form, content)).status).toBe(204);
  }
  const shown = async () =>
    Promise.all(['/a.txt', '/b.txt', '/c.txt'].map(async (path) => (await world.page(site, path)).body));

  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-by-tags.html
  skippable(
    'an invalidation by tag shows visitors the new state of what was uploaded with it, by PUT or form, and nothing else',
    async () => {
      await put('a.txt', 'a1', ['news', 'author:ada']);
      await post('b.txt', 'b1', ['News']);
      await put('c.txt', 'c1', ['old']);
      expect(await shown()).toEqual(['a1', 'b1', 'c1']);
      await put('a.txt', 'a2', ['news']);
      await post('b.txt', 'b2', ['news']);
      await put('c.txt', 'c2', ['old']);
      expect(await shown()).toEqual(['a1', 'b1', 'c1']);
      const { status, body } = await world.api('PATCH', onSite(site), { CacheInvalidation: ['#NEWS'] });
      expect({ status, body }).toMatchObject({
        status: 200,
        body: { Invalidation: { InvalidationBatch: { Paths: { Items: ['#news'], Quantity: 1 } } } },
      });
      expect(await shown()).toEqual(['a2', 'b2', 'c1']);
      await world.api('PATCH', onSite(site), { CacheInvalidation: ['#old', '/other'] });
      expect(await shown()).toEqual(['a2', 'b2', 'c2']);
    },
    onPages,
  );
});

describe('cache tags', () => {
  let world: SiteWorld;
  beforeAll(async () => {
    world = await startSiteWorld();
  });
  afterAll(() => world.stop());

  skippable('of an upload are signed: another one with the same URL is refused', async () => {
    const service = await signingService(world);
    const site = await world.newSite('signed');
    const { url } = await signed(
      service.api('POST', `${onSite(site)}/objects`, { filename: 'a', cacheTags: ['news'] }),
    );
    expect((await use('PUT', url, 'x')).status).toBe(403);
    expect((await use('PUT', url, 'x', { 'x-amz-meta-cache-tag': 'other' })).status).toBe(403);
    expect((await use('PUT', url, 'x', { 'x-amz-meta-cache-tag': 'news' })).status).toBe(200);
    const { Metadata } = await world.auditor.s3.send(new HeadObjectCommand({ Bucket: site, Key: 'a' }));
    expect(Metadata).toEqual({ 'cache-tag': 'news' });
  });

  skippable('that no upload can have are 400', async () => {
    const site = await world.newSite('limits');
    const bodyOf = async (cacheTags: unknown) =>
      (await world.api('POST', `${onSite(site)}/objects`, { filename: 'a', cacheTags })).body;
    for (const tag of ['', '#news', 'a,b', 'a b', 'news*', 'ü', 'x'.repeat(257)])
      expect(await bodyOf([tag])).toMatchObject({ status: 400, pointer: '/cacheTags/0' });
    expect(await bodyOf(Array.from({ length: 51 }, (_, n) => `t${n}`))).toMatchObject({
      status: 400,
      pointer: '/cacheTags',
    });
    expect(await bodyOf(Array.from({ length: 50 }, (_, n) => `${n}${'x'.repeat(60)}`))).toMatchObject({
      status: 400,
      pointer: '/cacheTags',
      detail: expect.stringContaining('2028') as string,
    });
  });

  skippable('of a site that was made before them are 409 that says so; paths go on', async () => {
    const site = world.site('old');
    const id = await makeLegacySite(world, site);
    const { Distribution } = await world.cloudfront.send(new GetDistributionCommand({ Id: id }));
    expect(Distribution?.DistributionConfig?.CacheTagConfig).toBeUndefined();
    const refused = await world.api('PATCH', onSite(site), { CacheInvalidation: ['/a', '#news'] });
    expect(refused).toMatchObject({ status: 409, body: { type: 'urn:mallard:problem:conflict', retryable: false } });
    expect(refused.body['detail']).toContain(`${id} of ${site} reads no cache tags`);
    expect((await world.api('PATCH', onSite(site), { CacheInvalidation: ['/a'] })).status).toBe(200);
  });
});
