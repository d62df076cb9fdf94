import { isAwsHost } from '../../src/config/endpoint';
import { readConfig } from '../../src/config/load';
import { readOldForms } from '../../src/config/old-forms';
import { formatProblem } from '../../src/config/problems';

const read = (accounts: unknown): ReturnType<typeof readConfig> =>
  readConfig({ text: JSON.stringify({ org: 'acme', token: 'psk-of-the-tests-0123456789', accounts }), env: {} });

test.each([
  ['s3.amazonaws.com', true],
  ['S3.amazonaws.com', true],
  ['s3.amazonaws.com:443', true],
  ['s3.us-west-2.amazonaws.com', true],
  ['s3-us-west-2.amazonaws.com', true],
  ['s3.dualstack.us-west-2.amazonaws.com', true],
  ['s3.cn-north-1.amazonaws.com.cn', true],
  ['s3.eusc-de-east-1.amazonaws.eu', true],
  ['s3-fips.us-gov-west-1.amazonaws.com', true],
  ['s3-fips.dualstack.us-gov-west-1.amazonaws.com', true],
  ['s3.us-iso-east-1.c2s.ic.gov', true],
  ['s3.us-isob-east-1.sc2s.sgov.gov', true],
  ['vpce-1a2b.s3.us-east-1.vpce.amazonaws.com', false],
  ['amazonaws.com', false],
  ['s3.amazonaws.com:80', false],
  ['s3.amazonaws.com.evil.example', false],
  ['evils3.amazonaws.com', false],
  ['bucket.s3.amazonaws.com', false],
  ['127.0.0.1:9000', false],
])('%s is S3 itself: %s', (host, expected) => {
  expect(isAwsHost(host)).toBe(expected);
});

test.each([null, 7, [], {}, { accounts: 7 }, { accounts: [] }, { accounts: { a: 7 } }])(
  '%j has nothing old',
  (file) => {
    expect(readOldForms(file)).toEqual({ file, warnings: [] });
  },
);

test('an id that repeats the name is ignored and said; any other is judged as ever', () => {
  const same = read({ 'my-account': { id: 'my-account', region: 'us-east-1' } });
  expect(same).toMatchObject({
    ok: true,
    warnings: [{ setting: '/accounts/my-account/id', message: expect.stringContaining('ignored') }],
  });
  expect(same.ok && same.config.accounts.get('my-account')?.id).toBeUndefined();
  const other = read({ 'my-account': { id: 'another', region: 'us-east-1' } });
  expect(!other.ok && other.problems.map(formatProblem)).toEqual([
    expect.stringMatching(/^\/accounts\/my-account\/id: found "another"; allowed: AWS account id/),
  ]);
  const digits = read({ '123456789012': { id: '123456789012', region: 'us-east-1' } });
  expect(digits).toMatchObject({ ok: true, warnings: [] });
});

test('the certificate of the contract’s example, whose account has one digit too few, is taken as it stands', () => {
  const certArn = 'arn:aws:acm:us-east-1:12345678910:certificate/111111111-2222-3333-4444-55555555555';
  const result = read({
    demo: { region: 'us-east-1', domains: { 'bulldogs.cloud': { certArn, hostedZoneID: 'Z1' } } },
  });
  expect(result.ok && result.config.accounts.get('demo')?.domains.get('bulldogs.cloud')).toMatchObject({ certArn });
});

test('AWS by its host: no endpoint of its own, IAM, a warning, whatever useSsl says', () => {
  for (const ssl of [{}, { 'use-ssl': false }, { useSsl: true }]) {
    const result = read({ demo: { region: 'us-east-1', host: 's3.amazonaws.com', ...ssl } });
    expect(result).toMatchObject({ ok: true, warnings: [{ setting: '/accounts/demo/host' }] });
    expect(result.ok && result.config.accounts.get('demo')).toMatchObject({ endpoint: undefined, iam: true });
  }
});

test.each([
  [{ host: '127.0.0.1:9000' }, false],
  [{ host: '127.0.0.1:9000', iam: true }, true],
  [{ endpoint: 'http://127.0.0.1:9000' }, true],
  [{}, true],
])('%j has IAM: %s', (settings, iam) => {
  const result = read({ demo: { region: 'us-east-1', ...settings } });
  expect(result.ok && result.config.accounts.get('demo')?.iam).toBe(iam);
});
