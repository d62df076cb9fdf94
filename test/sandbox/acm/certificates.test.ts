import {
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  ListCertificatesCommand,
  RequestCertificateCommand,
} from '@aws-sdk/client-acm';
import { ChangeResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import { ACCOUNT, OTHER_ACCOUNT, refusalOf } from '../../support/sandbox/start';
import { CERTIFICATE, type WebSandbox, ZONE, makeDistribution, siteConfig, startWebSandbox } from '../web';

describe('ACM certificates', () => {
  let web: WebSandbox;
  beforeEach(async () => {
    web = await startWebSandbox();
  });
  afterEach(() => web.stop());

  const describeOne = async (arn: string | undefined) =>
    (await web.acm().send(new DescribeCertificateCommand({ CertificateArn: arn }))).Certificate;

  test('a requested one is issued once DNS holds its record', async () => {
    const ask = (): Promise<{ CertificateArn?: string | undefined }> =>
      web.acm().send(
        new RequestCertificateCommand({
          DomainName: 'new.example.org',
          SubjectAlternativeNames: ['*.new.example.org'],
          ValidationMethod: 'DNS',
          IdempotencyToken: 'token',
        }),
      );
    const { CertificateArn: arn } = await ask();
    // AWS-FACTS ACM: the idempotency token lasts an hour.
    expect((await ask()).CertificateArn).toBe(arn);
    const pending = await describeOne(arn);
    expect(pending).toMatchObject({
      Status: 'PENDING_VALIDATION',
      SubjectAlternativeNames: ['new.example.org', '*.new.example.org'],
    });
    const record = pending?.DomainValidationOptions?.[0]?.ResourceRecord;
    expect(record).toMatchObject({ Type: 'CNAME' });
    const change = {
      Action: 'CREATE',
      ResourceRecordSet: { Name: record?.Name, Type: 'CNAME', TTL: 60, ResourceRecords: [{ Value: record?.Value }] },
    } as const;
    const batch = {
      Changes: [
        {
          ...change,
          ResourceRecordSet: {
            ...change.ResourceRecordSet,
            ResourceRecords: [...change.ResourceRecordSet.ResourceRecords],
          },
        },
      ],
    };
    await web.route53().send(new ChangeResourceRecordSetsCommand({ HostedZoneId: ZONE.id, ChangeBatch: batch }));
    const issued = await describeOne(arn);
    expect(issued).toMatchObject({ Status: 'ISSUED', Type: 'AMAZON_ISSUED' });
    expect(issued?.NotAfter?.getTime()).toBeGreaterThan(Date.now());
  });

  test('one in use names its users and cannot be deleted', async () => {
    const made = await makeDistribution(web.cloudfront(), siteConfig('docs.example.org'));
    expect(await describeOne(CERTIFICATE)).toMatchObject({ InUseBy: [made.arn] });
    expect(
      await refusalOf(web.acm().send(new DeleteCertificateCommand({ CertificateArn: CERTIFICATE }))),
    ).toMatchObject({ code: 'ResourceInUseException', status: 400 });
  });

  test('one that is not in use can', async () => {
    await web.acm().send(new DeleteCertificateCommand({ CertificateArn: CERTIFICATE }));
    expect(await refusalOf(describeOne(CERTIFICATE))).toMatchObject({ code: 'ResourceNotFoundException', status: 400 });
  });

  test('an issued one expires by itself', async () => {
    await web.stop();
    const notAfter = Date.now() + 60_000;
    web = await startWebSandbox({
      certificates: [{ accountId: ACCOUNT.id, arn: CERTIFICATE, domainName: 'a.example.org', notAfter }],
      clock: { now: () => notAfter + 1 },
    });
    expect((await describeOne(CERTIFICATE))?.Status).toBe('EXPIRED');
  });

  test('another account’s, another region’s and a malformed ARN', async () => {
    const foreign = web.acm(OTHER_ACCOUNT).send(new DescribeCertificateCommand({ CertificateArn: CERTIFICATE }));
    expect(await refusalOf(foreign)).toMatchObject({ code: 'ResourceNotFoundException' });
    const elsewhere = web
      .acm(ACCOUNT, 'eu-west-1')
      .send(new DescribeCertificateCommand({ CertificateArn: CERTIFICATE }));
    expect(await refusalOf(elsewhere)).toMatchObject({ code: 'ResourceNotFoundException' });
    expect(await refusalOf(describeOne('no-arn-of-a-certificate'))).toMatchObject({ code: 'InvalidArnException' });
  });

  test('a key nobody has is refused by ACM’s own name', async () => {
    const stranger = web
      .acm({ accessKeyId: 'AKIANOBODYNOBODY', secretAccessKey: 'x' })
      .send(new ListCertificatesCommand({}));
    expect(await refusalOf(stranger)).toMatchObject({ code: 'UnrecognizedClientException', status: 400 });
  });
});

describe('the list of certificates', () => {
  let web: WebSandbox;
  const seed = (digit: string, domainName: string, more: object = {}) => ({
    accountId: ACCOUNT.id,
    arn: `arn:aws:acm:us-east-1:${ACCOUNT.id}:certificate/${digit.repeat(8)}-2222-3333-4444-555555555555`,
    domainName,
    ...more,
  });
  beforeAll(async () => {
    web = await startWebSandbox({
      certificates: [
        seed('1', 'a.example.org', { createdAt: 1000, notAfter: 4_000_000_000_000 }),
        seed('2', 'b.example.org', { status: 'PENDING_VALIDATION' }),
        seed('3', 'c.example.org', { keyAlgorithm: 'EC_prime256v1' }),
        seed('4', 'd.example.org', { keyAlgorithm: 'RSA_4096' }),
        seed('5', 'e.example.org'),
      ],
    });
  });
  afterAll(() => web.stop());

  const names = async (
    input: ConstructorParameters<typeof ListCertificatesCommand>[0] = {},
  ): Promise<readonly (string | undefined)[]> =>
    ((await web.acm().send(new ListCertificatesCommand(input))).CertificateSummaryList ?? []).map(
      ({ DomainName }) => DomainName,
    );

  test('AWS-FACTS ACM: only RSA up to 2048 unless key types are given', async () => {
    expect(await names()).toEqual(['a.example.org', 'b.example.org', 'e.example.org']);
    expect(await names({ Includes: { keyTypes: ['EC_prime256v1', 'RSA_4096'] } })).toEqual([
      'c.example.org',
      'd.example.org',
    ]);
  });

  test('by status, with dates', async () => {
    expect(await names({ CertificateStatuses: ['ISSUED'] })).toEqual(['a.example.org', 'e.example.org']);
    const { CertificateSummaryList: list } = await web.acm().send(new ListCertificatesCommand({ MaxItems: 1 }));
    expect(list).toMatchObject([
      {
        Status: 'ISSUED',
        NotBefore: new Date(1000),
        NotAfter: new Date(4_000_000_000_000),
        CreatedAt: new Date(1000),
        InUse: false,
      },
    ]);
  });

  test('in pages', async () => {
    const first = await web.acm().send(new ListCertificatesCommand({ MaxItems: 2 }));
    expect(first.NextToken).toBeDefined();
    expect(await names({ NextToken: first.NextToken })).toEqual(['e.example.org']);
  });

  test('by region', async () => {
    const { CertificateSummaryList: list } = await web.acm(ACCOUNT, 'eu-west-1').send(new ListCertificatesCommand({}));
    expect(list).toEqual([]);
  });
});
