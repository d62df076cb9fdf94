import { readConfig } from '../../src/config/load';
import { describeConfig } from '../../src/main/describe-config';

const sha256 = '0'.repeat(64);

function described(file: object): string {
  const result = readConfig({
    text: JSON.stringify({ org: 'acme', accounts: { demo: { region: 'us-east-1' } }, ...file }),
    env: {},
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return describeConfig(result.config, result.warnings).join('\n').replace(/ {2,}/g, ' ');
}

const account = (settings: object): string =>
  described({ token: 'psk', accounts: { demo: { region: 'us-east-1', ...settings } } });

test('tokens by id, with their limits', () => {
  const tokens = [
    { id: 'all', sha256 },
    { id: 'some', sha256: '1'.repeat(64), expires: '2027-01-31', accounts: ['demo'], methods: ['get'] },
  ];
  expect(described({ tokens })).toContain('tokens all; some (until 2027-01-31T00:00:00.000Z; for demo only; GET only)');
});

test.each([
  [{ listenAddress: '[::1]:0' }, 'listens on ::1, port 0: a free one'],
  [{ auth: { bcryptTokens: true } }, 'bcrypt tokens accepted'],
  [{}, 'operations in memory, until the process ends\n'],
  [
    { operations: { store: 'file', path: '/var/lib/mallard', keepDays: 7 } },
    'operations those under way in the folder /var/lib/mallard, until they have ended\n',
  ],
  [
    { operations: { store: 's3', account: 'demo', bucket: 'ops-bucket', leaseSeconds: 60 } },
    'operations in the bucket ops-bucket of the account demo, leases of 60 s\n',
  ],
  [
    { operations: { store: 's3', account: 'demo', bucket: 'ops-bucket', prefix: 'x/' } },
    'operations in the bucket ops-bucket of the account demo, below x/, leases of 30 s\n',
  ],
  [{ operations: { store: 'memory', callTimeoutSeconds: 60 } }, 'calls to AWS given up after 60 s'],
  [{ limits: { requestsPerMinute: 60 } }, '60 requests a minute per token'],
  [{}, '512 connections at once per client'],
  [{ limits: { connectionsPerAddress: 2000 }, trustProxy: true }, '2000 connections at once per client'],
  [{ trustProxy: true }, 'any number of connections at once per client'],
  [{ cors: { origins: ['https://a.example'] } }, 'web pages https://a.example'],
  [{ trustProxy: true }, 'proxy X-Forwarded-For is believed'],
])('%j is %s', (file, line) => {
  expect(described({ token: 'psk', ...file })).toContain(line);
});

test.each([
  [
    { akid: 'AKIAIOSFODNN7EXAMPLE', secret: 'hush', sessionToken: 'hush' },
    'credentials access key AKIA…MPLE with a session token',
  ],
  [{ akid: 'short', secret: 'hush' }, 'credentials access key …'],
  [{ profile: 'lab' }, 'credentials profile "lab" of the shared AWS files'],
  [{ id: '123456789012', role: 'R', sessionSeconds: 3600 }, 'role R, sessions of 3600 s, without an external id'],
  [
    { id: '123456789012', role: 'R', externalId: 'x', sourceIdentity: true },
    'role R, sessions of 900 s (default), with an external id, with a source identity',
  ],
  [{ endpoint: 'https://s3.example.org', pathStyle: false }, 'endpoint https://s3.example.org, virtual-host style'],
  [{ host: '127.0.0.1:9000', iam: false }, 'id none'],
  [
    { id: '123456789012', bucketNamespace: 'account-regional' },
    'bucket names end in -123456789012-us-east-1-an at S3 (bucketNamespace)',
  ],
  [{ accessLog: { bucket: 'logs-{account_number}', prefix: '' } }, 'access log logs-{account_number}, below <bucket>/'],
  [
    { id: '123456789012', accessLog: { bucket: 'logs-{account_number}', prefix: 's3' } },
    'access log logs-123456789012, below s3/<bucket>/',
  ],
  [
    {
      domains: {
        'example.org': {
          hostedZoneID: 'Z1',
          origin: 'private',
          priceClass: 'PriceClass_All',
          geoRestriction: ['US', 'CA'],
        },
      },
    },
    'example.org: zone Z1, certificate found through ACM, private origin, PriceClass_All, only US, CA',
  ],
  [
    { permissionsBoundary: 'arn:aws:iam::123456789012:policy/B', allowPublicPolicies: true },
    'boundary arn:aws:iam::123456789012:policy/B\n public callers may make buckets public',
  ],
  [
    { trustedAccounts: ['210987654321', '321098765432'] },
    'trusted bucket policies may let in 210987654321, 321098765432',
  ],
  [{}, 'trusted no other accounts (trustedAccounts)'],
  [{}, 'object URLs only for buckets that may be looked at'],
  [
    { presignUnseen: true },
    'object URLs also for buckets that may not be looked at, whosever they are (presignUnseen)',
  ],
  [{ defaultS3ObjectActions: ['s3:GetObject'] }, 'on objects s3:GetObject\n'],
])('an account with %j is %s', (settings, line) => {
  const text = account(settings);
  expect(text).toContain(line);
  expect(text).not.toContain('hush');
});
