import { type CertificateSummary, DescribeCertificateCommand, ListCertificatesCommand } from '@aws-sdk/client-acm';
import { createCertificateMemory } from '../../../../../src/domain/website/certificate/rules/memory';
import { findCertificate } from '../../../../../src/domain/website/certificate/aws/discover';
import { awsError, mockedAws, type MockedAws } from '../../../../support/mocks/mocked-aws';
import { REFUSALS, domain, errorOf } from '../../../../support/mocks/mocked-reads';

const SITE = 'docs.example.org';
const CERT = 'arn:aws:acm:us-east-1:123456789012:certificate/1';
const DAY = 86_400_000;

const find = ({ context, clock }: MockedAws, certArn?: string, memory = createCertificateMemory(clock)) =>
  findCertificate(context, SITE, { ...domain, certArn }, memory);

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
    expect(await find(aws)).toBe('new');
    const asked = aws.acm.commandCalls(ListCertificatesCommand).map(({ args: [{ input }] }) => input);
    const Includes = { keyTypes: expect.arrayContaining(['RSA_4096', 'EC_prime256v1']) };
    expect(asked).toEqual([
      { Includes, MaxItems: 1000 },
      { Includes, MaxItems: 1000, NextToken: 't1' },
      { Includes, MaxItems: 1000, NextToken: 't2' },
    ]);
  });

  test.each<[string, CertificateSummary[], string]>([
    [
      'an imported one is as old as its import',
      [wild('made', { CreatedAt: new Date(1) }), wild('imported', { ImportedAt: new Date(2) })],
      'imported',
    ],
    [
      'one of unknown age is older than all others',
      [wild('ageless'), wild('made', { CreatedAt: new Date(1) })],
      'made',
    ],
    [
      'further names count',
      [{ CertificateArn: 'further', Status: 'ISSUED', SubjectAlternativeNameSummaries: ['example.com', SITE] }],
      'further',
    ],
    ['one whose status is not told is taken for issued', [{ CertificateArn: 'untold', DomainName: SITE }], 'untold'],
    [
      'one that has ended is passed over',
      [wild('ended', { CreatedAt: new Date(9), NotAfter: new Date(9) }), wild('good', { CreatedAt: new Date(1) })],
      'good',
    ],
  ])('%s', async (_title, CertificateSummaryList, arn) => {
    const aws = await mockedAws();
    aws.acm.on(ListCertificatesCommand).resolves({ CertificateSummaryList });
    expect(await find(aws)).toBe(arn);
  });

  test.each<[string, CertificateSummary[] | undefined, string]>([
    ['none', undefined, `no certificate in us-east-1 covers ${SITE}`],
    ['one without names', [{ CertificateArn: 'nameless' }], `no certificate in us-east-1 covers ${SITE}`],
    [
      'one that waits',
      [wild('waits', { Status: 'PENDING_VALIDATION' })],
      'certificate waits is not issued (its status is PENDING_VALIDATION)',
    ],
    ['one without ARN that has ended', [{ DomainName: SITE, NotAfter: new Date(9) }], 'certificate  is expired'],
  ])('%s: the reason is told', async (_title, CertificateSummaryList, detail) => {
    const aws = await mockedAws();
    aws.acm.on(ListCertificatesCommand).resolves({ CertificateSummaryList });
    expect(await errorOf(find(aws))).toEqual({ kind: 'invalid', detail });
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
    ]).toEqual(['found', 'found', CERT]);
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
  ])('%s', async (_title, Certificate, problem) => {
    const aws = await mockedAws();
    aws.acm.on(DescribeCertificateCommand, { CertificateArn: CERT }).resolves({ Certificate });
    const found = find(aws, CERT);
    if (problem === undefined) expect(await found).toBe(CERT);
    else expect(await errorOf(found)).toEqual({ kind: 'invalid', detail: `certificate ${CERT} ${problem}` });
    expect(aws.acm.commandCalls(ListCertificatesCommand)).toHaveLength(0);
  });

  test.each([
    ['AccessDeniedException', 403],
    ['UnknownOperationException', 400],
  ])('%s: CloudFront judges in the end', async (code, status) => {
    const aws = await mockedAws();
    aws.acm.on(DescribeCertificateCommand).rejects(awsError(code, status));
    expect(await find(aws, CERT)).toBe(CERT);
  });

  test.each([
    [
      'ResourceNotFoundException',
      400,
      { kind: 'misconfigured', setting: 'domains.certArn', origin: { call: 'DescribeCertificate' } },
    ],
    ['InternalFailure', 500, { kind: 'unavailable' }],
  ])('%s', async (code, status, error) => {
    const aws = await mockedAws();
    aws.acm.on(DescribeCertificateCommand).rejects(awsError(code, status));
    expect(await errorOf(find(aws, CERT))).toMatchObject(error);
  });
});
