import {
  CreateInvalidationCommand,
  CreateOriginAccessControlCommand,
  DeleteDistributionCommand,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { ACCOUNT } from '../../support/sandbox/start';
import {
  type Made,
  type WebSandbox,
  makeDistribution,
  makeSite,
  putPages,
  siteConfig,
  startWebSandbox,
  withoutAliases,
} from '../web';

const NAME = 'docs.example.org';

async function invalidate(web: WebSandbox, made: Made, ...paths: string[]): Promise<void> {
  const batch = { CallerReference: paths.join(), Paths: { Quantity: paths.length, Items: paths } };
  await web.cloudfront().send(new CreateInvalidationCommand({ DistributionId: made.id, InvalidationBatch: batch }));
}

describe('a distribution before a website endpoint', () => {
  let web: WebSandbox;
  let made: Made;
  beforeEach(async () => {
    web = await startWebSandbox();
    await makeSite(web.s3(), NAME, { 'index.html': 'first', 'docs/index.html': 'docs' });
    made = await makeDistribution(web.cloudfront(), siteConfig(NAME));
  });
  afterEach(() => web.stop());

  test('the alias and the distribution’s own host show the page', async () => {
    expect(await web.get(NAME, '/')).toMatchObject({
      status: 200,
      body: 'first',
      headers: { 'x-cache': 'Miss from cloudfront' },
    });
    expect(await web.get(made.host, '/')).toMatchObject({
      body: 'first',
      headers: { 'x-cache': 'Hit from cloudfront', age: '0' },
    });
    expect((await web.get(`${NAME.toUpperCase()}:8443`, '/docs/')).body).toBe('docs');
  });

  test('a page stays cached after an upload until an invalidation drops it', async () => {
    await web.get(NAME, '/');
    await putPages(web.s3(), NAME, { 'index.html': 'second' });
    expect((await web.get(NAME, '/')).body).toBe('first');
    await invalidate(web, made, '/other');
    expect((await web.get(NAME, '/')).body).toBe('first');
    await invalidate(web, made, '/');
    expect(await web.get(NAME, '/')).toMatchObject({ body: 'second', headers: { 'x-cache': 'Miss from cloudfront' } });
  });

  // CloudFront Developer Guide, "What you need to know when invalidating files": the default root object is named like any other file.
  test('a default root object is dropped by its own path and by a wildcard, not by /; a page of a folder by the path it was asked for', async () => {
    const host = 'root.example.org';
    await makeSite(web.s3(), host, { 'index.html': 'first', 'docs/index.html': 'docs' });
    const rooted = await makeDistribution(web.cloudfront(), siteConfig(host, { DefaultRootObject: 'index.html' }));
    const shown = async () => [(await web.get(host, '/')).body, (await web.get(host, '/docs/')).body];
    expect(await shown()).toEqual(['first', 'docs']);
    await putPages(web.s3(), host, { 'index.html': 'second', 'docs/index.html': 'new docs' });
    await invalidate(web, rooted, '/', '/docs/index.html');
    expect(await shown()).toEqual(['first', 'docs']);
    await invalidate(web, rooted, '/index.html');
    expect(await shown()).toEqual(['second', 'docs']);
    await invalidate(web, rooted, '/docs/');
    expect(await shown()).toEqual(['second', 'new docs']);
    await putPages(web.s3(), host, { 'index.html': 'third' });
    await invalidate(web, rooted, '/*');
    expect(await shown()).toEqual(['third', 'new docs']);
  });

  test('a wildcard drops everything below it and nothing beside', async () => {
    await web.get(NAME, '/docs/');
    await web.get(NAME, '/');
    await putPages(web.s3(), NAME, { 'index.html': 'second', 'docs/index.html': 'new docs' });
    await invalidate(web, made, '/docs/*');
    expect((await web.get(NAME, '/docs/')).body).toBe('new docs');
    expect((await web.get(NAME, '/')).body).toBe('first');
  });

  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-by-tags.html
  test('a cache tag drops all that have it, in whatever case, where the distribution reads tags', async () => {
    const host = 'tagged.example.org';
    await makeSite(web.s3(), host, { 'index.html': 'first' });
    const put = (key: string, body: string, tags: string) =>
      web.s3().send(new PutObjectCommand({ Bucket: host, Key: key, Body: body, Metadata: { 'cache-tag': tags } }));
    const tagged = await makeDistribution(
      web.cloudfront(),
      siteConfig(host, { CacheTagConfig: { HeaderName: 'X-Amz-Meta-Cache-Tag' } }),
    );
    const all = async () => [
      (await web.get(host, '/a')).body,
      (await web.get(host, '/b')).body,
      (await web.get(host, '/')).body,
    ];
    const fifty = Array.from({ length: 49 }, (_none, n) => `t${n}`).join(', ');
    await put('a', 'a1', `News, ${fifty}, fifty-first`);
    await put('b', 'b1', 'other,news');
    expect(await all()).toEqual(['a1', 'b1', 'first']);
    await put('a', 'a2', '');
    await put('b', 'b2', '');
    await putPages(web.s3(), host, { 'index.html': 'second' });
    await invalidate(web, tagged, '#fifty-first', '#new', '#news*', '/c');
    expect(await all()).toEqual(['a1', 'b1', 'first']);
    await invalidate(web, tagged, '#OTHER');
    expect(await all()).toEqual(['a1', 'b2', 'first']);
    await invalidate(web, tagged, '#nEWS');
    expect(await all()).toEqual(['a2', 'b2', 'first']);
  });

  test('a page leaves the cache after the default time', async () => {
    await web.get(NAME, '/');
    await putPages(web.s3(), NAME, { 'index.html': 'second' });
    web.advance(86_399);
    expect((await web.get(NAME, '/')).body).toBe('first');
    web.advance(2);
    expect((await web.get(NAME, '/')).body).toBe('second');
  });

  test('an error of the origin is told as such and cached ten seconds', async () => {
    expect(await web.get(NAME, '/new.html')).toMatchObject({
      status: 404,
      headers: { 'x-cache': 'Error from cloudfront' },
    });
    await putPages(web.s3(), NAME, { 'new.html': 'there' });
    expect((await web.get(NAME, '/new.html')).status).toBe(404);
    web.advance(11);
    expect((await web.get(NAME, '/new.html')).body).toBe('there');
  });

  // CloudFront Developer Guide, "Restrict the geographic distribution of your content".
  test('a visitor from a country that is shut out gets 403, or the page for it; one without a country is let in', async () => {
    const restricted = async (name: string, RestrictionType: 'whitelist' | 'blacklist', ErrorCode = 404) => {
      await makeSite(web.s3(), name, { 'index.html': 'first' });
      const page = { ErrorCode, ResponseCode: '200', ResponsePagePath: '/index.html' };
      await makeDistribution(
        web.cloudfront(),
        siteConfig(name, {
          Restrictions: { GeoRestriction: { RestrictionType, Quantity: 1, Items: ['US'] } },
          CustomErrorResponses: { Quantity: 1, Items: [page] },
        }),
      );
      const from = async (country?: string) => {
        const headers = country === undefined ? {} : { 'cloudfront-viewer-country': country };
        return (await web.get(name, '/index.html', { headers })).status;
      };
      return [await from('US'), await from('us'), await from('DE'), await from()];
    };
    expect(await restricted('white.example.org', 'whitelist')).toEqual([200, 200, 403, 200]);
    expect(await restricted('black.example.org', 'blacklist')).toEqual([403, 403, 200, 200]);
    expect(await restricted('paged.example.org', 'whitelist', 403)).toEqual([200, 200, 200, 200]);
  });

  test('HTTP is served as it comes; a viewer said to come by http is redirected', async () => {
    expect((await web.get(NAME, '/', { headers: { 'x-forwarded-proto': 'https' } })).status).toBe(200);
    const sent = await web.get(NAME, '/a?b=1', { headers: { 'x-forwarded-proto': 'http' } });
    expect(sent).toMatchObject({ status: 301, headers: { location: `https://${NAME}/a?b=1` } });
  });

  test('a disabled distribution and a host nobody has answer 403; a deleted one’s alias is no site any more', async () => {
    const config = {
      ...siteConfig(NAME),
      CallerReference: made.distribution.DistributionConfig?.CallerReference ?? '',
      Enabled: false,
    };
    const { ETag } = await web
      .cloudfront()
      .send(new UpdateDistributionCommand({ Id: made.id, IfMatch: made.etag, DistributionConfig: config }));
    expect((await web.get(NAME, '/')).status).toBe(403);
    expect((await web.get('dnobody.cloudfront.net', '/')).status).toBe(403);
    await web.cloudfront().send(new DeleteDistributionCommand({ Id: made.id, IfMatch: ETag }));
    expect((await web.get(NAME, '/')).headers['x-amz-cf-id']).toBeUndefined();
  });

  test('POST is refused', async () => {
    expect((await web.get(NAME, '/', { method: 'POST' })).status).toBe(403);
  });

  test('HEAD and a matching ETag are answered from the cache', async () => {
    const { headers } = await web.get(NAME, '/');
    expect(await web.get(NAME, '/', { method: 'HEAD' })).toMatchObject({
      status: 200,
      body: '',
      headers: { 'content-length': '5', 'x-cache': 'Hit from cloudfront' },
    });
    expect((await web.get(NAME, '/', { headers: { 'if-none-match': headers.etag ?? '' } })).status).toBe(304);
  });
});

describe('a distribution before a private bucket', () => {
  let web: WebSandbox;
  beforeEach(async () => {
    web = await startWebSandbox();
    await web.s3().send(new CreateBucketCommand({ Bucket: 'private-pages' }));
    await putPages(web.s3(), 'private-pages', { 'index.html': 'inside', 'lost.html': 'not here' });
  });
  afterEach(() => web.stop());

  async function privateSite(): Promise<Made> {
    const control = {
      Name: 'site',
      SigningProtocol: 'sigv4',
      SigningBehavior: 'always',
      OriginAccessControlOriginType: 's3',
    } as const;
    const { OriginAccessControl } = await web
      .cloudfront()
      .send(new CreateOriginAccessControlCommand({ OriginAccessControlConfig: control }));
    const origin = {
      Id: 'bucket',
      DomainName: 'private-pages.s3.us-east-1.amazonaws.com',
      S3OriginConfig: { OriginAccessIdentity: '' },
      OriginAccessControlId: OriginAccessControl?.Id,
    };
    const config = siteConfig('bucket', {
      ...withoutAliases,
      DefaultRootObject: 'index.html',
      Origins: { Quantity: 1, Items: [origin] },
      CustomErrorResponses: {
        Quantity: 1,
        Items: [{ ErrorCode: 403, ResponsePagePath: '/lost.html', ResponseCode: '404', ErrorCachingMinTTL: 0 }],
      },
    });
    return makeDistribution(web.cloudfront(), config);
  }

  function allow(sourceArn: string): Promise<unknown> {
    const statement = {
      Effect: 'Allow',
      Principal: { Service: 'cloudfront.amazonaws.com' },
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::private-pages/*',
      Condition: { StringEquals: { 'AWS:SourceArn': sourceArn } },
    };
    return web.s3().send(
      new PutBucketPolicyCommand({
        Bucket: 'private-pages',
        Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
      }),
    );
  }

  test('only the distribution named by the bucket policy reads it', async () => {
    const made = await privateSite();
    expect((await web.get(made.host, '/')).status).toBe(403);
    await allow(`arn:aws:cloudfront::${ACCOUNT.id}:distribution/EOTHER`);
    expect((await web.get(made.host, '/')).status).toBe(403);
    await allow(made.arn);
    expect(await web.get(made.host, '/')).toMatchObject({ status: 200, body: 'inside' });
  });

  test('a missing page is 403 to CloudFront, and the custom error response stands in its place', async () => {
    const made = await privateSite();
    await allow(made.arn);
    expect(await web.get(made.host, '/nowhere')).toMatchObject({ status: 404, body: 'not here' });
  });

  test('the REST origin has no index documents of folders', async () => {
    const made = await privateSite();
    await allow(made.arn);
    await putPages(web.s3(), 'private-pages', { 'docs/index.html': 'docs' });
    expect((await web.get(made.host, '/docs/')).status).toBe(404);
  });
});
