import {
  CreateDistributionCommand,
  CreateDistributionWithTagsCommand,
  DeleteDistributionCommand,
  type DistributionConfig,
  GetDistributionCommand,
  GetDistributionConfigCommand,
  ListDistributionsCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import { ACCOUNT, OTHER_ACCOUNT, refusalOf } from '../../support/sandbox/start';
import {
  CERTIFICATE,
  type Made,
  type WebSandbox,
  makeDistribution,
  siteConfig,
  startWebSandbox,
  withOtherCertificate,
  withoutAliases,
} from '../web';

const NAME = 'docs.example.org';

describe('CloudFront distributions', () => {
  let web: WebSandbox;
  beforeEach(async () => {
    web = await startWebSandbox({ cloudfront: { deploySeconds: 300 } });
  });
  afterEach(() => web.stop());

  async function configOf(id: string): Promise<{ config: DistributionConfig; etag: string }> {
    const { DistributionConfig: config, ETag: etag } = await web
      .cloudfront()
      .send(new GetDistributionConfigCommand({ Id: id }));
    if (config === undefined) throw new Error('no configuration was answered');
    return { config, etag: etag ?? '' };
  }

  async function change(made: Made, changes: Partial<DistributionConfig>, ifMatch?: string): Promise<string> {
    const { config, etag } = await configOf(made.id);
    const { ETag } = await web.cloudfront().send(
      new UpdateDistributionCommand({
        Id: made.id,
        IfMatch: ifMatch ?? etag,
        DistributionConfig: { ...config, ...changes },
      }),
    );
    return ETag ?? '';
  }

  test('a new one is InProgress, then Deployed, and shows what CloudFront fills in', async () => {
    const { distribution, id } = await makeDistribution(web.cloudfront(), siteConfig(NAME));
    expect(distribution).toMatchObject({
      ARN: `arn:aws:cloudfront::${ACCOUNT.id}:distribution/${id}`,
      Status: 'InProgress',
      InProgressInvalidationBatches: 0,
      DistributionConfig: {
        Aliases: { Quantity: 1, Items: [NAME] },
        Logging: { Enabled: false, IncludeCookies: false, Bucket: '', Prefix: '' },
        CacheBehaviors: { Quantity: 0 },
        ViewerCertificate: { ACMCertificateArn: CERTIFICATE, Certificate: CERTIFICATE, CertificateSource: 'acm' },
        HttpVersion: 'http2',
        PriceClass: 'PriceClass_All',
        DefaultCacheBehavior: {
          TrustedSigners: { Enabled: false, Quantity: 0 },
          DefaultTTL: 86_400,
          MaxTTL: 31_536_000,
        },
      },
    });
    web.advance(301);
    const { Distribution: later } = await web.cloudfront().send(new GetDistributionCommand({ Id: id }));
    expect(later?.Status).toBe('Deployed');
  });

  test('a configuration read and written back is the same', async () => {
    const made = await makeDistribution(
      web.cloudfront(),
      siteConfig(NAME, {
        DefaultRootObject: 'index.html',
        CustomErrorResponses: {
          Quantity: 1,
          Items: [{ ErrorCode: 404, ResponsePagePath: '/404.html', ResponseCode: '404', ErrorCachingMinTTL: 5 }],
        },
        Restrictions: { GeoRestriction: { RestrictionType: 'whitelist', Quantity: 1, Items: ['US'] } },
        Logging: { Enabled: true, IncludeCookies: false, Bucket: 'logs.s3.amazonaws.com', Prefix: 'site/' },
        PriceClass: 'PriceClass_100',
        HttpVersion: 'http2and3',
      }),
    );
    const before = await configOf(made.id);
    await change(made, {});
    const after = await configOf(made.id);
    expect(after.config).toEqual(before.config);
    expect(after.etag).not.toBe(before.etag);
  });

  test('AWS-FACTS CloudFront: an update without If-Match is InvalidIfMatchVersion, with an old one PreconditionFailed', async () => {
    const made = await makeDistribution(web.cloudfront(), siteConfig(NAME));
    const { config } = await configOf(made.id);
    const without = web
      .cloudfront()
      .send(new UpdateDistributionCommand({ Id: made.id, IfMatch: undefined, DistributionConfig: config }));
    expect(await refusalOf(without)).toMatchObject({ code: 'InvalidIfMatchVersion', status: 400 });
    expect(await refusalOf(change(made, {}, 'EOLD'))).toMatchObject({ code: 'PreconditionFailed', status: 412 });
  });

  test('AWS-FACTS CloudFront: delete wants it disabled and Deployed, else DistributionNotDisabled', async () => {
    const made = await makeDistribution(web.cloudfront(), siteConfig(NAME));
    const remove = (etag: string): Promise<unknown> =>
      web.cloudfront().send(new DeleteDistributionCommand({ Id: made.id, IfMatch: etag }));
    web.advance(301);
    expect(await refusalOf(remove(made.etag))).toMatchObject({ code: 'DistributionNotDisabled', status: 409 });
    const etag = await change(made, { Enabled: false });
    expect(await refusalOf(remove(etag))).toMatchObject({ code: 'DistributionNotDisabled', status: 409 });
    web.advance(301);
    expect(await refusalOf(remove(made.etag))).toMatchObject({ code: 'PreconditionFailed' });
    await remove(etag);
    expect(await refusalOf(configOf(made.id))).toMatchObject({ code: 'NoSuchDistribution', status: 404 });
  });

  test('AWS-FACTS CloudFront: an alias belongs to one distribution in the world', async () => {
    await makeDistribution(web.cloudfront(), siteConfig(NAME, { Enabled: false }));
    const again = makeDistribution(web.cloudfront(), siteConfig(NAME.toUpperCase()));
    expect(await refusalOf(again)).toMatchObject({ code: 'CNAMEAlreadyExists', status: 409 });
    const elsewhere = makeDistribution(web.cloudfront(OTHER_ACCOUNT), siteConfig(NAME, withOtherCertificate));
    expect(await refusalOf(elsewhere)).toMatchObject({ code: 'CNAMEAlreadyExists', status: 409 });
    const wildcard = makeDistribution(
      web.cloudfront(OTHER_ACCOUNT),
      siteConfig('site', { ...withOtherCertificate, Aliases: { Quantity: 1, Items: ['*.example.org'] } }),
    );
    expect(await refusalOf(wildcard)).toMatchObject({ code: 'CNAMEAlreadyExists' });
  });

  test('AWS-FACTS CloudFront: disabling and dropping the aliases in one update frees the name at once', async () => {
    const made = await makeDistribution(web.cloudfront(), siteConfig(NAME));
    await change(made, { Enabled: false, Aliases: { Quantity: 0 } });
    await expect(
      makeDistribution(web.cloudfront(OTHER_ACCOUNT), siteConfig(NAME, withOtherCertificate)),
    ).resolves.toBeDefined();
  });

  test('AWS-FACTS CloudFront: any repeated CallerReference is DistributionAlreadyExists and names the id; the alias comes first', async () => {
    const config = siteConfig(NAME);
    const made = await makeDistribution(web.cloudfront(), config);
    expect(await refusalOf(makeDistribution(web.cloudfront(), config))).toMatchObject({ code: 'CNAMEAlreadyExists' });
    const other = await refusalOf(
      makeDistribution(web.cloudfront(), {
        ...siteConfig('other.example.org'),
        CallerReference: config.CallerReference ?? '',
      }),
    );
    expect(other).toMatchObject({ code: 'DistributionAlreadyExists', status: 409 });
    expect(other.message).toContain(made.id);
    await expect(
      makeDistribution(web.cloudfront(OTHER_ACCOUNT), { ...config, ...withoutAliases }),
    ).resolves.toBeDefined();
  });

  test('an update that changes the CallerReference is IllegalUpdate', async () => {
    const made = await makeDistribution(web.cloudfront(), siteConfig(NAME));
    expect(await refusalOf(change(made, { CallerReference: 'another' }))).toMatchObject({
      code: 'IllegalUpdate',
      status: 400,
    });
  });

  test('listings are pages of the account’s own', async () => {
    for (const name of ['a', 'b', 'c']) await makeDistribution(web.cloudfront(), siteConfig(`${name}.example.org`));
    const first = await web.cloudfront().send(new ListDistributionsCommand({ MaxItems: 2 }));
    expect(first.DistributionList).toMatchObject({ IsTruncated: true, Quantity: 2, MaxItems: 2 });
    const second = await web
      .cloudfront()
      .send(new ListDistributionsCommand({ Marker: first.DistributionList?.NextMarker }));
    expect(second.DistributionList?.Items?.map((one) => one.Aliases?.Items)).toEqual([['c.example.org']]);
    const none = await web.cloudfront(OTHER_ACCOUNT).send(new ListDistributionsCommand({}));
    expect(none.DistributionList).toMatchObject({ IsTruncated: false, Quantity: 0 });
  });

  test('TooManyDistributions at the quota', async () => {
    await web.stop();
    web = await startWebSandbox({ cloudfront: { distributionsPerAccount: 1 } });
    await makeDistribution(web.cloudfront(), siteConfig(NAME));
    expect(await refusalOf(makeDistribution(web.cloudfront(), siteConfig('b.example.org')))).toMatchObject({
      code: 'TooManyDistributions',
      status: 400,
    });
  });

  test('AWS-FACTS CloudFront: tag values take letters, digits, spaces and _.:/=+-@ only', async () => {
    const create = (value: string): Promise<{ Distribution?: { ARN?: string | undefined } | undefined }> =>
      web.cloudfront().send(
        new CreateDistributionWithTagsCommand({
          DistributionConfigWithTags: {
            DistributionConfig: siteConfig(NAME),
            Tags: { Items: [{ Key: 'COA', Value: value }] },
          },
        }),
      );
    expect(await refusalOf(create('Take.My.Money.$$$$'))).toMatchObject({ code: 'InvalidTagging', status: 400 });
    const { Distribution: made } = await create('Take.My.Money.____');
    const list = async (): Promise<unknown> =>
      (await web.cloudfront().send(new ListTagsForResourceCommand({ Resource: made?.ARN }))).Tags?.Items;
    expect(await list()).toEqual([{ Key: 'COA', Value: 'Take.My.Money.____' }]);
    await web
      .cloudfront()
      .send(new TagResourceCommand({ Resource: made?.ARN, Tags: { Items: [{ Key: 'b', Value: 'é 1' }] } }));
    await web.cloudfront().send(new UntagResourceCommand({ Resource: made?.ARN, TagKeys: { Items: ['COA'] } }));
    expect(await list()).toEqual([{ Key: 'b', Value: 'é 1' }]);
    const nowhere = web
      .cloudfront()
      .send(new ListTagsForResourceCommand({ Resource: `arn:aws:cloudfront::${ACCOUNT.id}:distribution/ENONE` }));
    expect(await refusalOf(nowhere)).toMatchObject({ code: 'NoSuchResource', status: 404 });
  });

  const origin = (changes: object): Partial<DistributionConfig> => ({
    Origins: {
      Quantity: 1,
      Items: [{ Id: NAME, DomainName: `${NAME}.s3-website-us-east-1.amazonaws.com`, ...changes }],
    },
  });
  const behavior = (changes: object): Partial<DistributionConfig> => ({
    DefaultCacheBehavior: {
      ...siteConfig(NAME).DefaultCacheBehavior,
      ...changes,
    } as DistributionConfig['DefaultCacheBehavior'],
  });

  test.each<[string, Partial<DistributionConfig>, string]>([
    [
      'AWS-FACTS: DefaultTTL without ForwardedValues or cache policy',
      behavior({ ForwardedValues: undefined, DefaultTTL: 60 }),
      'InvalidArgument',
    ],
    [
      'ForwardedValues beside a cache policy',
      behavior({ CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6' }),
      'InvalidArgument',
    ],
    [
      'an unknown cache policy',
      behavior({ CachePolicyId: 'none', ForwardedValues: undefined, MinTTL: undefined }),
      'NoSuchCachePolicy',
    ],
    ['TTLs out of order', behavior({ MinTTL: 10, DefaultTTL: 5 }), 'InvalidTTLOrder'],
    ['a target that is no origin', behavior({ TargetOriginId: 'none' }), 'NoSuchOrigin'],
    [
      'a function that is not there',
      behavior({
        FunctionAssociations: {
          Quantity: 1,
          Items: [{ FunctionARN: `arn:aws:cloudfront::${ACCOUNT.id}:function/none`, EventType: 'viewer-request' }],
        },
      }),
      'InvalidFunctionAssociation',
    ],
    [
      'AWS-FACTS: a website endpoint as an S3 origin',
      origin({ S3OriginConfig: { OriginAccessIdentity: '' } }),
      'InvalidArgument',
    ],
    [
      'AWS-FACTS: an origin access control before a website endpoint',
      origin({
        CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'http-only' },
        OriginAccessControlId: 'ENONE',
      }),
      'InvalidOriginAccessControl',
    ],
    ['an origin of no kind', origin({}), 'InvalidOrigin'],
    ['a quantity that is not that of the items', { Aliases: { Quantity: 2, Items: [NAME] } }, 'InconsistentQuantities'],
    [
      'a number of countries that is not theirs',
      { Restrictions: { GeoRestriction: { RestrictionType: 'whitelist', Quantity: 2, Items: ['US'] } } },
      'InconsistentQuantities',
    ],
    [
      'an alias without a certificate',
      { ViewerCertificate: { CloudFrontDefaultCertificate: true } },
      'InvalidViewerCertificate',
    ],
    ['a default root object with a slash in front', { DefaultRootObject: '/index.html' }, 'InvalidDefaultRootObject'],
    // CloudFront Developer Guide, "Distribution settings": 255 characters, A-Z a-z 0-9 _ - . * $ / ~ " ' &.
    ['a default root object with a space', { DefaultRootObject: 'start page.html' }, 'InvalidDefaultRootObject'],
    ['a default root object that is too long', { DefaultRootObject: 'x'.repeat(256) }, 'InvalidDefaultRootObject'],
    ['a member without its value', { Comment: undefined }, 'MalformedXML'],
    [
      'an error response for a code that is none',
      { CustomErrorResponses: { Quantity: 1, Items: [{ ErrorCode: 200 }] } },
      'InvalidErrorCode',
    ],
  ])('%s is refused', async (_title, changes, code) => {
    expect(
      await refusalOf(
        web.cloudfront().send(new CreateDistributionCommand({ DistributionConfig: siteConfig(NAME, changes) })),
      ),
    ).toMatchObject({ code });
  });

  test('a managed cache policy stands in for ForwardedValues', async () => {
    const changes = behavior({
      CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
      ForwardedValues: undefined,
      MinTTL: undefined,
    });
    const { distribution } = await makeDistribution(web.cloudfront(), siteConfig(NAME, changes));
    expect(distribution.DistributionConfig?.DefaultCacheBehavior).not.toHaveProperty('DefaultTTL');
  });
});
