import {
  CreateInvalidationCommand,
  GetDistributionCommand,
  GetInvalidationCommand,
  type Invalidation,
  ListInvalidationsCommand,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import { refusalOf } from '../../support/sandbox/start';
import { type Made, type WebSandbox, makeDistribution, siteConfig, startWebSandbox, withoutAliases } from '../web';

describe('CloudFront invalidations', () => {
  let web: WebSandbox;
  let made: Made;
  beforeEach(async () => {
    web = await startWebSandbox({ cloudfront: { invalidationSeconds: 600 } });
    const tags = { CacheTagConfig: { HeaderName: 'x-amz-meta-cache-tag' } };
    made = await makeDistribution(web.cloudfront(), siteConfig('site', { ...withoutAliases, ...tags }));
  });
  afterEach(() => web.stop());

  async function invalidate(
    reference: string,
    paths: readonly string[],
    quantity = paths.length,
  ): Promise<Invalidation | undefined> {
    const batch = { CallerReference: reference, Paths: { Quantity: quantity, Items: [...paths] } };
    return (
      await web.cloudfront().send(new CreateInvalidationCommand({ DistributionId: made.id, InvalidationBatch: batch }))
    ).Invalidation;
  }

  test('one is InProgress, then Completed, and counted by its distribution meanwhile', async () => {
    const one = await invalidate('a', ['/index.html', '/docs/*']);
    expect(one).toMatchObject({
      Status: 'InProgress',
      InvalidationBatch: { CallerReference: 'a', Paths: { Quantity: 2, Items: ['/index.html', '/docs/*'] } },
    });
    const busy = await web.cloudfront().send(new GetDistributionCommand({ Id: made.id }));
    expect(busy.Distribution?.InProgressInvalidationBatches).toBe(1);
    web.advance(601);
    const later = await web.cloudfront().send(new GetInvalidationCommand({ DistributionId: made.id, Id: one?.Id }));
    expect(later.Invalidation?.Status).toBe('Completed');
    const list = await web.cloudfront().send(new ListInvalidationsCommand({ DistributionId: made.id }));
    expect(list.InvalidationList?.Items).toMatchObject([{ Id: one?.Id, Status: 'Completed' }]);
  });

  test('the same reference with the same paths is the same invalidation, with others it is refused', async () => {
    const first = await invalidate('a', ['/x']);
    expect((await invalidate('a', ['/x']))?.Id).toBe(first?.Id);
    expect(await refusalOf(invalidate('a', ['/y']))).toMatchObject({ code: 'InvalidArgument', status: 400 });
  });

  test.each([
    ['no slash in front', ['docs/*']],
    ['a star inside', ['/docs/*/x']],
    ['a space', ['/a b']],
    // CloudFront Developer Guide, "Specify objects to invalidate": RFC 1738's unsafe characters are to be encoded.
    ['a tilde', ['/runtime~main.js']],
    ['a bracket', ['/good.html', '/blog/[slug].html']],
    ['a number sign', ['/a#b']],
    ['the same path twice', ['/a', '/a']],
    // CloudFront Developer Guide, "What you need to know when invalidating tags": visible ASCII but commas, at most 256.
    ['a tag without a name', ['#']],
    ['a tag with a comma', ['#a,b']],
    ['a tag with a space', ['#a b']],
    ['a tag of 257 characters', [`#${'t'.repeat(257)}`]],
    ['no path', []],
  ])('%s is InvalidArgument', async (_title, paths) => {
    expect(await refusalOf(invalidate('a', paths))).toMatchObject({ code: 'InvalidArgument', status: 400 });
  });

  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-tags.html
  test('tags go with paths, count as one path each, and know no wildcard', async () => {
    const tags = Array.from({ length: 20 }, (_none, index) => `#tag:${index}*`);
    expect(await invalidate('a', ['/index.html', ...tags])).toMatchObject({
      InvalidationBatch: { Paths: { Quantity: 21 } },
    });
    const many = Array.from({ length: 2980 }, (_none, index) => `#${index}`);
    expect(await refusalOf(invalidate('b', many))).toMatchObject({ code: 'TooManyInvalidationsInProgress' });
  });

  test('a distribution without CacheTagConfig refuses tags and takes paths; one that is given it takes both', async () => {
    const config = siteConfig('untagged', withoutAliases);
    const { id, etag } = await makeDistribution(web.cloudfront(), config);
    const send = (reference: string, path: string) =>
      web.cloudfront().send(
        new CreateInvalidationCommand({
          DistributionId: id,
          InvalidationBatch: { CallerReference: reference, Paths: { Quantity: 1, Items: [path] } },
        }),
      );
    expect(await refusalOf(send('a', '#news'))).toMatchObject({ code: 'InvalidArgument', status: 400 });
    await expect(send('b', '/news')).resolves.toBeDefined();
    const tags = { CacheTagConfig: { HeaderName: 'Edge-Tag' } };
    await web
      .cloudfront()
      .send(new UpdateDistributionCommand({ Id: id, IfMatch: etag, DistributionConfig: { ...config, ...tags } }));
    const shown = await web.cloudfront().send(new GetDistributionCommand({ Id: id }));
    expect(shown.Distribution?.DistributionConfig).toMatchObject(tags);
    await expect(send('c', '#news')).resolves.toBeDefined();
  });

  test('what no header is called cannot carry tags', async () => {
    const odd = siteConfig('odd', { ...withoutAliases, CacheTagConfig: { HeaderName: 'a header' } });
    expect(await refusalOf(makeDistribution(web.cloudfront(), odd))).toMatchObject({ code: 'InvalidArgument' });
  });

  test('AWS-FACTS CloudFront: at most 15 wildcard paths are in progress', async () => {
    const wild = (count: number, from = 0): readonly string[] =>
      Array.from({ length: count }, (_none, index) => `/${index + from}/*`);
    await invalidate('a', wild(15));
    expect(await refusalOf(invalidate('b', ['/more/*']))).toMatchObject({
      code: 'TooManyInvalidationsInProgress',
      status: 400,
    });
    await expect(invalidate('c', ['/plain'])).resolves.toBeDefined();
    web.advance(601);
    await expect(invalidate('d', ['/more/*'])).resolves.toBeDefined();
  });

  test('a count that is not that of the paths, too many paths, unknown ids', async () => {
    expect(await refusalOf(invalidate('a', ['/a'], 2))).toMatchObject({ code: 'InconsistentQuantities' });
    const many = Array.from({ length: 3001 }, (_none, index) => `/${index}`);
    expect(await refusalOf(invalidate('a', many))).toMatchObject({ code: 'BatchTooLarge', status: 413 });
    expect(
      await refusalOf(web.cloudfront().send(new GetInvalidationCommand({ DistributionId: made.id, Id: 'INONE' }))),
    ).toMatchObject({ code: 'NoSuchInvalidation', status: 404 });
    expect(
      await refusalOf(web.cloudfront().send(new ListInvalidationsCommand({ DistributionId: 'ENONE' }))),
    ).toMatchObject({ code: 'NoSuchDistribution' });
  });
});
