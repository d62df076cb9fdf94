import {
  distributionConfig,
  type DistributionInput,
  forwardsOrigin,
  originDomain,
} from '../../../../../src/domain/website/distribution/rules/config';
import { HOME, homeIn } from '../../../../support/config';

const input: DistributionInput = {
  site: 'docs.example.org',
  home: HOME,
  callerReference: 'operation-1',
  certificateArn: 'arn:certificate',
  indexDocument: 'index.html',
  forwardsQuery: false,
  geoRestriction: [],
  priceClass: undefined,
  minimumTls: undefined,
  privateOrigin: undefined,
};

test('the origin server has the website endpoint’s name, or the bucket’s', () => {
  expect(originDomain('a', homeIn('aws', { region: 'us-east-2' }), 'public')).toBe(
    'a.s3-website.us-east-2.amazonaws.com',
  );
  expect(originDomain('a', homeIn('aws', { region: 'us-east-2' }), 'private')).toBe('a.s3.us-east-2.amazonaws.com');
  expect(originDomain('a', homeIn('aws-cn', { region: 'cn-north-1' }), 'private')).toBe(
    'a.s3.cn-north-1.amazonaws.com.cn',
  );
});

test('a public site is as API.md says', () => {
  expect(distributionConfig(input)).toMatchObject({
    CallerReference: 'operation-1',
    Aliases: { Quantity: 1, Items: ['docs.example.org'] },
    Comment: 'docs.example.org',
    HttpVersion: 'http2and3',
    PriceClass: 'PriceClass_100',
    DefaultCacheBehavior: { ViewerProtocolPolicy: 'redirect-to-https', Compress: true, DefaultTTL: 3_600 },
    CustomErrorResponses: { Quantity: 0 },
    Restrictions: { GeoRestriction: { RestrictionType: 'none', Quantity: 0 } },
    ViewerCertificate: {
      ACMCertificateArn: 'arn:certificate',
      SSLSupportMethod: 'sni-only',
      MinimumProtocolVersion: 'TLSv1.2_2021',
    },
  });
  const [origin] = distributionConfig(input).Origins.Items;
  expect(origin).toMatchObject({ CustomOriginConfig: { OriginProtocolPolicy: 'http-only' } });
  expect(origin).not.toHaveProperty('S3OriginConfig');
});

test('a private site is reached through its access control, and knows its start page', () => {
  const config = distributionConfig({
    ...input,
    privateOrigin: { originAccessControlId: 'E1', functionArn: 'arn:function' },
  });
  const [origin] = config.Origins.Items;
  expect(origin).toMatchObject({ OriginAccessControlId: 'E1', S3OriginConfig: { OriginAccessIdentity: '' } });
  expect(origin).not.toHaveProperty('CustomOriginConfig');
  expect(config.DefaultCacheBehavior.FunctionAssociations).toEqual({
    Quantity: 1,
    Items: [{ EventType: 'viewer-request', FunctionARN: 'arn:function' }],
  });
  // 403 is what visitors of other countries get, who are to see no page.
  expect(config.CustomErrorResponses).toMatchObject({
    Quantity: 1,
    Items: [{ ErrorCode: 404, ResponseCode: '200', ResponsePagePath: '/index.html' }],
  });
});

// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-by-tags.html
test.each([undefined, { originAccessControlId: 'E1', functionArn: 'arn:function' }])(
  'cache tags are read from a header that S3 can send',
  (privateOrigin) => {
    expect(distributionConfig({ ...input, privateOrigin }).CacheTagConfig).toEqual({
      HeaderName: 'x-amz-meta-cache-tag',
    });
  },
);

test('the domain’s countries and price class are taken over', () => {
  const config = distributionConfig({ ...input, geoRestriction: ['US', 'CA'], priceClass: 'PriceClass_All' });
  expect(config.Restrictions.GeoRestriction).toEqual({
    RestrictionType: 'whitelist',
    Quantity: 2,
    Items: ['US', 'CA'],
  });
  expect(config.PriceClass).toBe('PriceClass_All');
});

test('every call gives an object of its own', () => {
  const [one, two] = [distributionConfig(input), distributionConfig(input)];
  one.Aliases.Items.push('changed.example.org');
  expect(two.Aliases.Items).toEqual(['docs.example.org']);
});

test('new distributions tell S3 of which page a request is made', () => {
  expect(forwardsOrigin(distributionConfig(input))).toBe(true);
});

test.each<readonly [string, Parameters<typeof forwardsOrigin>[0]['DefaultCacheBehavior'], boolean]>([
  ['nothing', undefined, false],
  ['no headers', { ForwardedValues: {} }, false],
  ['other headers', { ForwardedValues: { Headers: { Items: ['Host'] } } }, false],
  ['the header in other case', { ForwardedValues: { Headers: { Items: ['ORIGIN'] } } }, true],
  ['all headers', { ForwardedValues: { Headers: { Items: ['*'] } } }, true],
  ['what a cache policy says', { CachePolicyId: 'p' }, true],
  ['what an origin request policy says', { CachePolicyId: '', OriginRequestPolicyId: 'p' }, true],
])('a distribution that forwards %s', (_, DefaultCacheBehavior, expected) => {
  expect(forwardsOrigin({ DefaultCacheBehavior })).toBe(expected);
});
