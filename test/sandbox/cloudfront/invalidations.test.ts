import {
  CreateInvalidationCommand,
  GetDistributionCommand,
  GetInvalidationCommand,
  type Invalidation,
  ListInvalidationsCommand,
} from '@aws-sdk/client-cloudfront';
import { refusalOf } from '../../support/sandbox/start';
import { type Made, type WebSandbox, makeDistribution, siteConfig, startWebSandbox, withoutAliases } from '../web';

describe('CloudFront invalidations', () => {
  let web: WebSandbox;
  let made: Made;
  beforeEach(async () => {
    web = await startWebSandbox({ cloudfront: { invalidationSeconds: 600 } });
    made = await makeDistribution(web.cloudfront(), siteConfig('site', withoutAliases));
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
    ['no path', []],
  ])('%s is InvalidArgument', async (_title, paths) => {
    expect(await refusalOf(invalidate('a', paths))).toMatchObject({ code: 'InvalidArgument', status: 400 });
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
