import { type CertificateSummary, DescribeCertificateCommand, ListCertificatesCommand } from '@aws-sdk/client-acm';
import { createCertificateMemory } from '../../../../../src/domain/website/certificate/rules/memory';
import { findCertificates } from '../../../../../src/domain/website/certificate/aws/discover';
import { awsError, mockedAws, type MockedAws } from '../../../../support/mocks/mocked-aws';
import { REFUSALS, domain, errorOf } from '../../../../support/mocks/mocked-reads';

const SITE = 'docs.example.org';
const CERT = 'arn:aws:acm:us-east-1:123456789012:certificate/1';
const SETTING = 'domains.example.org.certArn';
const DAY = 86_400_000;

const find = ({ context, clock }: MockedAws, certArn?: string, memory = createCertificateMemory(clock)) =>
  findCertificates(context, SITE, { ...domain, certArn }, memory);

const wild = (CertificateArn: string, members: CertificateSummary = {}): CertificateSummary => ({
  CertificateArn,
  Status: 'ISSUED',
  DomainName: '*.example.org',
  ...members,
});

describe('a certificate that is looked for', () => {
  test('is sought on all pages and among all types of keys, empty pages in the midst included', async () => {
    const aws = await mockedAws();
    aws.acm
      .on(ListCertificatesCommand)
      .resolves({ CertificateSummaryList: [wild('old', { CreatedAt: new Date(1) })], NextToken: 't1' });
    aws.acm.on(ListCertificatesCommand, { NextToken: 't1' }).resolves({ NextToken: 't2' });
    aws.acm
      .on(ListCertificatesCommand, { NextToken: 't2' })
      .resolves({ CertificateSummaryList: [wild('new', { CreatedAt: new Date(2) })] });
    expect(await find(aws)).toEqual(['new', 'old']);
    const asked = aws.acm.commandCalls(ListCertificatesCommand).map(({ args: [{ input }] }) => input);
    const Includes = { keyTypes: expect.arrayContaining(['RSA_4096', 'EC_prime256v1']) };
    expect(asked).toEqual([
      { Includes, MaxItems: 1000 },
      { Includes, MaxItems: 1000, NextToken: 't1' },
      { Includes, MaxItems: 1000, NextToken: 't2' },
    ]);
  });

  test.each<[string, CertificateSummary[], string[]]>([
    [
      'an imported one is as old as its import',
      [wild('made', { CreatedAt: new Date(1) }), wild('imported', { ImportedAt: new Date(2) })],
      ['imported', 'made'],
    ],
    [
      'one of unknown age is older than all others',
      [wild('ageless'), wild('made', { CreatedAt: new Date(1) })],
      ['made', 'ageless'],
    ],
    [
      'further names count',
      [{ CertificateArn: 'further', Status: 'ISSUED', SubjectAlternativeNameSummaries: ['example.com', SITE] }],
      ['further'],
    ],
    ['one whose status is not told is taken for issued', [{ CertificateArn: 'untold', DomainName: SITE }], ['untold']],
    [
      'one that has ended is passed over',
      [wild('ended', { CreatedAt: new Date(9), NotAfter: new Date(9) }), wild('good', { CreatedAt: new Date(1) })],
      ['good'],
    ],
    [
      'one with a key that CloudFront does not take is passed over, however long it lives',
      [
        wild('p384', { KeyAlgorithm: 'EC_secp384r1', NotAfter: new Date(Date.UTC(2039, 0)) }),
        wild('rsa', { KeyAlgorithm: 'RSA_2048', NotAfter: new Date(Date.UTC(2038, 0)) }),
        wild('p256', { KeyAlgorithm: 'EC_prime256v1', NotAfter: new Date(Date.UTC(2037, 0)) }),
      ],
      ['rsa', 'p256'],
    ],
  ])('%s', async (_title, CertificateSummaryList, arns) => {
    const aws = await mockedAws();
    aws.acm.on(ListCertificatesCommand).resolves({ CertificateSummaryList });
    expect(await find(aws)).toEqual(arns);
  });

  test.each<[string, CertificateSummary[] | undefined, string]>([
    ['none', undefined, `no certificate in us-east-1 covers ${SITE}`],
    ['one without names', [{ CertificateArn: 'nameless' }], `no certificate in us-east-1 covers ${SITE}`],
    [
      'one that waits',
      [wild('waits', { Status: 'PENDING_VALIDATION' })],
      'certificate waits in us-east-1 is not issued (its status is PENDING_VALIDATION)',
    ],
    [
      'one without ARN that has ended',
      [{ DomainName: SITE, NotAfter: new Date(9) }],
      'certificate  in us-east-1 is expired',
    ],
  ])('%s: the reason is told', async (_title, CertificateSummaryList, detail) => {
    const aws = await mockedAws();
    aws.acm.on(ListCertificatesCommand).resolves({ CertificateSummaryList });
    expect(await errorOf(find(aws))).toEqual({ kind: 'invalid', detail });
  });

  describe('and has more than the hundred names that ACM lists', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => `n${index}.example.com`);
    const long = (CertificateArn: string, members: CertificateSummary = {}): CertificateSummary => ({
      CertificateArn,
      Status: 'ISSUED',
      DomainName: 'n0.example.com',
      SubjectAlternativeNameSummaries: hundred,
      HasAdditionalSubjectAlternativeNames: true,
      ...members,
    });

    test('is asked for all of them, unless it is of no use or known to cover the name', async () => {
      const aws = await mockedAws();
      aws.acm.on(ListCertificatesCommand).resolves({
        CertificateSummaryList: [
          long('long'),
          long('known', { SubjectAlternativeNameSummaries: [SITE, ...hundred] }),
          long('useless', { KeyAlgorithm: 'EC_secp384r1' }),
        ],
      });
      aws.acm
        .on(DescribeCertificateCommand, { CertificateArn: 'long' })
        .resolves({ Certificate: { SubjectAlternativeNames: [...hundred, '*.example.org'] } });
      expect(await find(aws)).toEqual(['long', 'known']);
      expect(aws.acm.commandCalls(DescribeCertificateCommand)).toHaveLength(1);
    });

    test.each([
      ['AccessDeniedException', 400],
      ['ResourceNotFoundException', 400],
    ])('is passed over when its details are answered with %s', async (code, status) => {
      const aws = await mockedAws();
      aws.acm.on(ListCertificatesCommand).resolves({ CertificateSummaryList: [long('long'), wild('other')] });
      aws.acm.on(DescribeCertificateCommand).rejects(awsError(code, status));
      expect(await find(aws)).toEqual(['other']);
    });
  });

  test.each(REFUSALS)('%s', async (code, status, kind, times) => {
    const aws = await mockedAws();
    aws.acm.on(ListCertificatesCommand).rejects(awsError(code, status));
    expect(await errorOf(find(aws))).toMatchObject({ kind, origin: { call: 'ListCertificates' } });
    expect(aws.acm.commandCalls(ListCertificatesCommand)).toHaveLength(times);
  });

  test('is asked for once in a while, and again for another configuration', async () => {
    const aws = await mockedAws();
    const memory = createCertificateMemory(aws.clock);
    aws.acm.on(ListCertificatesCommand).resolves({ CertificateSummaryList: [wild('found')] });
    aws.acm.on(DescribeCertificateCommand).rejects(awsError('AccessDenied', 403));
    expect([
      await find(aws, undefined, memory),
      await find(aws, undefined, memory),
      await find(aws, CERT, memory),
    ]).toEqual([['found'], ['found'], [CERT]]);
    aws.clock.advance(DAY);
    await find(aws, undefined, memory);
    expect(aws.acm.commandCalls(ListCertificatesCommand)).toHaveLength(2);
  });
});

describe('a configured certificate', () => {
  test.each([
    [
      'one that covers the site',
      {
        Status: 'ISSUED' as const,
        DomainName: '*.example.org',
        NotAfter: new Date(Date.UTC(2031, 0)),
        CreatedAt: new Date(1),
      },
      undefined,
    ],
    ['one of a further name', { Status: 'ISSUED' as const, SubjectAlternativeNames: [SITE] }, undefined],
    ['one that has ended', { Status: 'ISSUED' as const, DomainName: SITE, NotAfter: new Date(9) }, 'is expired'],
    ['one whose status is not told', { DomainName: SITE }, 'is not issued (its status is unknown)'],
    ['one of which nothing is told', undefined, `does not cover ${SITE}`],
    [
      'one of a private authority',
      { Status: 'ISSUED' as const, DomainName: SITE, Type: 'PRIVATE' as const },
      'is of a private authority, which CloudFront does not take',
    ],
  ])('%s', async (_title, Certificate, problem) => {
    const aws = await mockedAws();
    aws.acm.on(DescribeCertificateCommand, { CertificateArn: CERT }).resolves({ Certificate });
    const found = find(aws, CERT);
    if (problem === undefined) expect(await found).toEqual([CERT]);
    else {
      expect(await errorOf(found)).toEqual({
        kind: 'misconfigured',
        setting: SETTING,
        detail: `certificate ${CERT} (setting ${SETTING}) ${problem}`,
      });
    }
    expect(aws.acm.commandCalls(ListCertificatesCommand)).toHaveLength(0);
  });

  test.each([
    ['AccessDeniedException', 403],
    ['UnknownOperationException', 400],
  ])('%s: CloudFront judges in the end', async (code, status) => {
    const aws = await mockedAws();
    aws.acm.on(DescribeCertificateCommand).rejects(awsError(code, status));
    expect(await find(aws, CERT)).toEqual([CERT]);
  });

  test.each([
    [
      'ResourceNotFoundException',
      400,
      { kind: 'misconfigured', setting: SETTING, origin: { call: 'DescribeCertificate' } },
    ],
    ['InternalFailure', 500, { kind: 'unavailable' }],
  ])('%s', async (code, status, error) => {
    const aws = await mockedAws();
    aws.acm.on(DescribeCertificateCommand).rejects(awsError(code, status));
    expect(await errorOf(find(aws, CERT))).toMatchObject(error);
  });
});
