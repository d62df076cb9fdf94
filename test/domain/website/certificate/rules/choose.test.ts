import fc from 'fast-check';
import {
  certificateProblem,
  type CertificateSeen,
  chooseCertificate,
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

test('the newest certificate that will do is chosen', () => {
  const newer = { ...good, arn: 'arn:newer', createdAt: NOW - 1 };
  const newest = { ...good, arn: 'arn:newest', createdAt: NOW, status: 'FAILED' };
  expect(chooseCertificate([good, newest, newer], 'docs.example.org', NOW)).toEqual({ arn: 'arn:newer' });
});

test('a certificate of unknown age is the last to be chosen', () => {
  const ageless = { ...good, arn: 'arn:ageless', createdAt: undefined };
  expect(chooseCertificate([ageless, good], 'docs.example.org', NOW)).toEqual({ arn: 'arn:good' });
  expect(chooseCertificate([good, ageless], 'docs.example.org', NOW)).toEqual({ arn: 'arn:good' });
  expect(chooseCertificate([ageless], 'docs.example.org', NOW)).toEqual({ arn: 'arn:ageless' });
});

test('without a certificate the reason of the nearest miss is told', () => {
  expect(chooseCertificate([], 'docs.example.org', NOW)).toEqual({
    problem: 'no certificate in us-east-1 covers docs.example.org',
  });
  expect(
    chooseCertificate(
      [
        { ...good, names: ['example.com'] },
        { ...good, status: 'FAILED' },
      ],
      'docs.example.org',
      NOW,
    ),
  ).toEqual({
    problem: 'certificate arn:good is not issued (its status is FAILED)',
  });
});
