import fc from 'fast-check';
import {
  certificateProblem,
  type CertificateSeen,
  chooseCertificates,
  covers,
} from '../../../../../src/domain/website/certificate/rules/choose';

const NOW = Date.UTC(2030, 0, 1);
const DAY = 86_400_000;
const good: CertificateSeen = {
  arn: 'arn:good',
  status: 'ISSUED',
  names: ['*.example.org'],
  notAfter: NOW + DAY,
  createdAt: NOW - DAY,
};

test.each([
  ['docs.example.org', 'docs.example.org', true],
  ['*.example.org', 'docs.example.org', true],
  ['*.EXAMPLE.org', 'Docs.example.ORG', true],
  ['*.example.org', 'a.docs.example.org', false],
  ['*.example.org', 'example.org', false],
  ['*.org', 'docs.example.org', false],
  ['example.org', 'docs.example.org', false],
  ['*', 'org', false],
  ['d*.example.org', 'docs.example.org', false],
  ['*.example.org', 'docs.example.org.uk', false],
])('%s covers %s: %s', (name, host, expected) => {
  expect(covers(name, host)).toBe(expected);
});

test('a wildcard stands for one label, whatever it is', () => {
  const label = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  fc.assert(
    fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), (labels) => {
      expect(covers('*.example.org', `${labels.join('.')}.example.org`)).toBe(labels.length === 1);
    }),
  );
});

test.each([
  ['another domain’s', { names: ['*.example.com'] }, /does not cover/],
  ['expired by its date', { notAfter: NOW }, /is expired/],
  ['expired by its status', { status: 'EXPIRED' }, /is expired/],
  ['not issued', { status: 'PENDING_VALIDATION' }, /is not issued \(its status is PENDING_VALIDATION\)/],
  ['revoked', { status: 'REVOKED' }, /REVOKED/],
] as const)('%s: the problem says so', (_, change, problem) => {
  expect(certificateProblem({ ...good, ...change }, 'docs.example.org', NOW)).toMatch(problem);
});

test('a good certificate has no problem, nor has one of unknown end', () => {
  expect(certificateProblem(good, 'docs.example.org', NOW)).toBeUndefined();
  expect(certificateProblem({ ...good, notAfter: undefined }, 'docs.example.org', NOW)).toBeUndefined();
});

test.each([
  ['EC_secp384r1', false],
  ['EC_secp521r1', false],
  ['EC_prime256v1', true],
  ['RSA_1024', true],
  ['RSA-4096', true],
  [undefined, true],
])('a key of type %s: CloudFront takes it: %s', (keyAlgorithm, takes) => {
  const problem = certificateProblem({ ...good, keyAlgorithm }, 'docs.example.org', NOW);
  if (takes) expect(problem).toBeUndefined();
  else expect(problem).toContain(`has a key that CloudFront does not take (${String(keyAlgorithm)}`);
});

test('a certificate of a private authority is not taken, an imported one may be', () => {
  expect(certificateProblem({ ...good, type: 'PRIVATE' }, 'docs.example.org', NOW)).toMatch(/private authority/);
  expect(certificateProblem({ ...good, type: 'IMPORTED' }, 'docs.example.org', NOW)).toBeUndefined();
});

test('certificates that will do come in the order of their ends, of one end the newest first', () => {
  const longest = { ...good, arn: 'arn:longest', notAfter: NOW + 9 * DAY, createdAt: NOW - 9 * DAY };
  const newer = { ...good, arn: 'arn:newer', createdAt: NOW - 1 };
  const failed = { ...good, arn: 'arn:failed', notAfter: NOW + 99 * DAY, status: 'FAILED' };
  const curve = { ...good, arn: 'arn:curve', notAfter: NOW + 99 * DAY, keyAlgorithm: 'EC_secp384r1' };
  expect(chooseCertificates([good, failed, longest, curve, newer], 'docs.example.org', NOW)).toEqual({
    arns: ['arn:longest', 'arn:newer', 'arn:good'],
  });
});

test('of more certificates than can be tried the first five are chosen', () => {
  const many = Array.from({ length: 9 }, (_, index) => ({
    ...good,
    arn: `arn:${index}`,
    notAfter: NOW + (9 - index) * DAY,
  }));
  expect(chooseCertificates(many, 'docs.example.org', NOW)).toEqual({
    arns: ['arn:0', 'arn:1', 'arn:2', 'arn:3', 'arn:4'],
  });
});

test('a certificate of unknown age is chosen after others of its end, one of unknown end last', () => {
  const ageless = { ...good, arn: 'arn:ageless', createdAt: undefined };
  const endless = { ...good, arn: 'arn:endless', notAfter: undefined };
  for (const given of [
    [endless, ageless, good],
    [good, ageless, endless],
  ]) {
    expect(chooseCertificates(given, 'docs.example.org', NOW)).toEqual({
      arns: ['arn:good', 'arn:ageless', 'arn:endless'],
    });
  }
});

test.each([
  [DAY, true],
  [DAY - 1, false],
])('a certificate that ends in %i ms is chosen: %s', (left, chosen) => {
  expect(chooseCertificates([{ ...good, notAfter: NOW + left }], 'docs.example.org', NOW)).toEqual(
    chosen ? { arns: ['arn:good'] } : { problem: 'certificate arn:good in us-east-1 expires within a day' },
  );
});

test('without a certificate the reason of the nearest miss is told', () => {
  expect(chooseCertificates([], 'docs.example.org', NOW)).toEqual({
    problem: 'no certificate in us-east-1 covers docs.example.org',
  });
  expect(
    chooseCertificates(
      [
        { ...good, names: ['example.com'] },
        { ...good, status: 'FAILED' },
      ],
      'docs.example.org',
      NOW,
    ),
  ).toEqual({
    problem: 'certificate arn:good in us-east-1 is not issued (its status is FAILED)',
  });
});
