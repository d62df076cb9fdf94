import { readConfig } from '../../src/config/load';

const read = (settings: object) =>
  readConfig({
    text: JSON.stringify({ org: 'acme', token: 'psk-of-the-tests-0123456789', accounts: { demo: settings } }),
    env: {},
  });

test.each([
  ['a region AWS may open tomorrow', { region: 'eu-west-17' }],
  ['a store of its own region', { region: 'garage', endpoint: 'https://s3.example.org', iam: false }],
  ['S3 alone at its address', { region: 'us-east-1', endpoint: 'https://s3.us-east-1.amazonaws.com', iam: false }],
  ['a role of the partition', { region: 'cn-north-1', role: 'arn:aws-cn:iam::123456789012:role/R' }],
  ['empty domains in GovCloud', { region: 'us-gov-west-1', domains: {} }],
  ['a role by its name', { region: 'eusc-de-east-1', id: '123456789012', role: 'R' }],
])('%s is accepted', (_, settings) => {
  expect(read(settings)).toMatchObject({ ok: true });
});

test('a region that is not known is accepted and said', () => {
  expect(read({ region: 'us-east-11' })).toMatchObject({
    ok: true,
    warnings: [{ setting: 'accounts.demo.region', message: expect.stringContaining('us-east-11') }],
  });
  for (const region of ['us-east-1', 'mx-central-1', 'us-gov-east-1', 'eusc-de-east-1'])
    expect(read({ region })).toMatchObject({ ok: true, warnings: [] });
});

test.each(['s3.eusc-de-east-1.amazonaws.eu', 's3-fips.us-gov-west-1.amazonaws.com'])(
  '%s as host means AWS with its IAM, not a store',
  (host) => {
    const region = host.split('.')[1];
    const result = read({ region, host });
    expect(result.ok && result.config.accounts.get('demo')).toMatchObject({ iam: true, endpoint: undefined });
  },
);
