import { ACCOUNT, refusalOf } from '../../support/sandbox/start';
import { type WebSandbox, makeDistribution, siteConfig, startWebSandbox } from '../web';

const arn = (region: string, digit: string): string =>
  `arn:aws:acm:${region}:${ACCOUNT.id}:certificate/${digit.repeat(8)}-1111-2222-3333-444444444444`;

describe('certificates of distributions (AWS-FACTS CloudFront: they must be in us-east-1)', () => {
  let web: WebSandbox;
  const certificates = [
    { arn: arn('us-east-1', '1'), domainName: '*.example.org' },
    { arn: arn('eu-west-1', '2'), domainName: '*.example.org' },
    { arn: arn('us-east-1', '3'), domainName: '*.example.org', status: 'PENDING_VALIDATION' as const },
    { arn: arn('us-east-1', '4'), domainName: '*.example.org', notAfter: 1 },
    { arn: arn('us-east-1', '5'), domainName: '*.example.org', keyAlgorithm: 'EC_secp384r1' },
  ];
  beforeAll(async () => {
    web = await startWebSandbox({ certificates: certificates.map((one) => ({ ...one, accountId: ACCOUNT.id })) });
  });
  afterAll(() => web.stop());

  const make = (name: string, certificate: string): Promise<unknown> =>
    makeDistribution(
      web.cloudfront(),
      siteConfig(name, { ViewerCertificate: { ACMCertificateArn: certificate, SSLSupportMethod: 'sni-only' } }),
    );

  test('a wildcard covers one label', async () => {
    await expect(make('one.example.org', arn('us-east-1', '1'))).resolves.toBeDefined();
  });

  test.each([
    ['two labels below a wildcard', 'a.b.example.org', '1', 'us-east-1'],
    ['the name of the wildcard itself', 'example.org', '1', 'us-east-1'],
    ['a certificate of another region', 'two.example.org', '2', 'eu-west-1'],
    ['one that is not issued', 'two.example.org', '3', 'us-east-1'],
    ['one that is over', 'two.example.org', '4', 'us-east-1'],
    ['a key CloudFront does not take', 'two.example.org', '5', 'us-east-1'],
    ['one that does not exist', 'two.example.org', '9', 'us-east-1'],
  ])('%s is InvalidViewerCertificate', async (_title, name, digit, region) => {
    expect(await refusalOf(make(name, arn(region, digit)))).toMatchObject({
      code: 'InvalidViewerCertificate',
      status: 400,
    });
  });
});
