import { AUTHENTIK, BLOCKED, UPLOADS, settingsOf } from '../support/e2e/settings';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { accounts } from '../support/e2e/target';
import { type Reply, startWorld, type World } from '../support/e2e/world';

let world: World;
beforeAll(async () => {
  world = await startWorld({ demo: { trustedAccounts: [accounts.other.id] } });
});
afterAll(() => world.stop());

async function newBucket(more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const bucket = world.name('refused');
  expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket, ...more } })).status).toBe(202);
  return bucket;
}
const put = (bucket: string, body: unknown): Promise<Reply> => world.api('PUT', `/demo/buckets/${bucket}`, body);

describe('refused before any call', () => {
  const bucket = 'any-bucket';
  const statement = (more: object) => ({
    BucketPolicy: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: '210987654321' },
          Action: 's3:GetObject',
          Resource: `arn:aws:s3:::${bucket}/*`,
          ...more,
        },
      ],
    },
  });
  const denial = (more: object) =>
    statement({
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
      ...more,
    });
  const rule = (more: object) => ({
    CORS: { CORSRules: [{ AllowedOrigins: ['https://a.example'], AllowedMethods: ['GET'], ...more }] },
  });
  const refused = async (body: unknown, says: string): Promise<void> => {
    world.target.sandbox?.calls.clear();
    const { status, body: problem } = await put(bucket, body);
    expect({ status, detail: problem['detail'] }).toEqual({ status: 400, detail: expect.stringContaining(says) });
    expect(world.target.sandbox?.calls.all() ?? []).toEqual([]);
  };

  for (const [what, body, says] of [
    ['nothing', {}, 'at least one of Tags, CORS, Versioning'],
    [
      'nothing but what is not meant',
      { CORS: null, Tags: null, Remove: null },
      'at least one of Tags, CORS, Versioning',
    ],
    ['nothing to remove and nothing else', { Remove: [] }, 'sets nothing and removes nothing'],
    ['what nobody can remove', { Remove: ['Versioning'] }, 'one of CORS, Lifecycle, BucketPolicy'],
    ['a misspelt setting to remove', { Remove: ['BucketPolicies'] }, 'did you mean "BucketPolicy"?'],
    [
      'one setting both set and removed',
      { CORS: AUTHENTIK, Remove: ['Lifecycle', 'CORS'] },
      'CORS is both set and to be removed',
    ],
    ['an object for the removal', { Remove: { CORS: true } }, '/Remove must be an array'],
    ['an unknown member', { Cors: AUTHENTIK }, 'did you mean "CORS"?'],
    ['a bare list of rules', { CORS: AUTHENTIK.CORSRules }, '/CORS must be an object'],
    [
      'no rules',
      { CORS: { CORSRules: [] } },
      'at least 1 item(s); leave CORS out to keep what there is; an update removes it by "Remove": ["CORS"]',
    ],
    [
      'CORS of nothing',
      { CORS: {} },
      'lacks "CORSRules"; leave CORS out to keep what there is; an update removes it by "Remove": ["CORS"]',
    ],
    [
      'a lifecycle of nothing',
      { Lifecycle: {} },
      'lacks "Name"; leave Lifecycle out to keep what there is; an update removes it by "Remove": ["Lifecycle"]',
    ],
    ['versioning of nothing', { Versioning: {} }, 'nothing that Remove could take away'],
    ['a block of nothing', { PublicAccessBlock: {} }, 'nothing that Remove could take away'],
    [
      'a policy of nothing',
      { BucketPolicy: {} },
      'lacks a Statement; leave BucketPolicy out to keep what there is; an update removes it by "Remove": ["BucketPolicy"]',
    ],
    ['a policy of nothing as text', { BucketPolicy: '{}' }, '"Remove": ["BucketPolicy"]'],
    ['a list for a policy', { BucketPolicy: [] }, '/BucketPolicy must be an object or a string'],
    ['an unknown method', rule({ AllowedMethods: ['PATCH'] }), 'one of GET, PUT, POST, DELETE, HEAD'],
    ['two wildcards', rule({ AllowedOrigins: ['https://*.*.example'] }), 'more than one *'],
    ['a wildcard to expose', rule({ ExposeHeaders: ['x-*'] }), 'ExposeHeaders'],
    ['a line break in an origin', rule({ AllowedOrigins: ['https://a.example\r\nX: y'] }), 'printable ASCII'],
    [
      'one id twice',
      { CORS: { CORSRules: [1, 2].map(() => ({ ID: 'a', AllowedOrigins: ['*'], AllowedMethods: ['GET'] })) } },
      'two rules',
    ],
    ['101 rules', { CORS: { CORSRules: Array.from({ length: 101 }, () => AUTHENTIK.CORSRules[0]) } }, 'at most 100'],
    ['a word for versioning', { Versioning: 'Enabled' }, '/Versioning must be an object'],
    ['versioning off', { Versioning: { Status: 'Off' } }, 'Enabled, Suspended'],
    [
      'an unknown lifecycle',
      { Lifecycle: 'expire-3' },
      'deep-archive, glacier, intelligent-tiering, expire-30, abort-multipart',
    ],
    ['an unknown lifecycle by its shown form', { Lifecycle: { Name: 'eternal', Rules: [] } }, 'deep-archive, glacier'],
    ['rules of no name', { Lifecycle: { Name: null, Rules: [{ ID: 'own' }] } }, 'leave Lifecycle out to keep them'],
    ['other rules under a known name', { Lifecycle: { Name: 'glacier', Rules: [{ ID: 'own' }] } }, 'fixed'],
    ['a number for a lifecycle', { Lifecycle: 30 }, 'a string or an object'],
    ['half a block', { PublicAccessBlock: { BlockPublicAcls: true } }, 'lacks "IgnorePublicAcls"'],
    ['a loose block', { PublicAccessBlock: { ...BLOCKED, BlockPublicPolicy: false } }, 'allowPublicPolicies'],
    ['an empty policy', { BucketPolicy: '' }, 'is empty; leave BucketPolicy out to keep what there is'],
    ['text that is no policy', { BucketPolicy: 'none' }, 'not valid JSON'],
    ['a policy of no statements', { BucketPolicy: { Version: '2012-10-17' } }, 'lacks a Statement'],
    ['everyone', statement({ Principal: '*' }), 'everyone'],
    ['everyone among AWS principals', statement({ Principal: { AWS: ['210987654321', '*'] } }), 'everyone'],
    ['everyone as canonical users', statement({ Principal: { CanonicalUser: '*' } }), 'everyone'],
    [
      'everyone under a condition',
      statement({ Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } }),
      'everyone',
    ],
    ['everyone but one', statement({ Principal: undefined, NotPrincipal: { AWS: '210987654321' } }), 'everyone'],
    [
      'identity providers of the public',
      statement({ Principal: { Federated: 'cognito-identity.amazonaws.com' } }),
      'everyone',
    ],
    [
      'the anonymous canonical user',
      statement({ Principal: { CanonicalUser: '65a011a29cdf8ec533ec3d1ccaae921c' } }),
      'everyone',
    ],
    [
      'everyone of an organisation',
      statement({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }),
      'everyone',
    ],
    [
      'a denial of everything to everyone',
      denial({}),
      'denies s3:GetBucketPolicy, s3:PutBucketPolicy, s3:DeleteBucketPolicy to this service itself',
    ],
    [
      'a denial of one call that repairs',
      denial({ Action: 's3:DeleteBucketPolicy' }),
      'denies s3:DeleteBucketPolicy to this service',
    ],
    [
      'a denial from outside of a network',
      denial({ Condition: { NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } }),
      'may deny s3:GetBucketPolicy',
    ],
    [
      'a denial but for an administrator',
      denial({ Principal: undefined, NotPrincipal: { AWS: `arn:aws:iam::${accounts.demo.id}:user/admin` } }),
      'Leave these actions out of it',
    ],
    ['another bucket', statement({ Resource: 'arn:aws:s3:::other/*' }), 'not of this bucket'],
    ['a bucket of a longer name', statement({ Resource: `arn:aws:s3:::${bucket}-2/*` }), 'not of this bucket'],
    ['any bucket', statement({ Resource: ['*'] }), 'not of this bucket'],
    ['an unknown member of a statement', statement({ principal: '*' }), 'unknown member'],
    ['an action of IAM', statement({ Action: 'iam:*' }), 'no action of S3'],
    ['a key twice', { BucketPolicy: `{"Version":"2012-10-17","Version":"2008-10-17","Statement":[]}` }, 'twice'],
    ['a key that reaches a prototype', { BucketPolicy: `{"Statement":[{"__proto__":{}}]}` }, '__proto__'],
    ['too large a policy', statement({ Sid: 'x'.repeat(20_480) }), '20480'],
  ] as const) {
    skippable(`${what} is 400`, () => refused(body, says));
  }

  for (const [what, body, says] of [
    [
      'a service that acts for anybody',
      statement({ Principal: { Service: 'cloudfront.amazonaws.com' } }),
      'aws:SourceAccount',
    ],
    [
      'a service that acts for a stranger',
      statement({
        Principal: { Service: 'logging.s3.amazonaws.com' },
        Action: 's3:PutObject',
        Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } },
      }),
      'aws:SourceAccount',
    ],
    [
      'an account that the configuration does not name',
      statement({ Principal: { AWS: '999999999999' } }),
      'trustedAccounts',
    ],
    ['a trusted account with everything', statement({ Action: '*' }), 'change who may use the bucket'],
    [
      'a trusted account with everything but something',
      statement({ Action: undefined, NotAction: 's3:Put*' }),
      'NotAction',
    ],
    [
      'a trusted account everywhere but somewhere',
      statement({ Resource: undefined, NotResource: `arn:aws:s3:::${bucket}/x` }),
      'NotResource',
    ],
  ] as const) {
    skippable(`${what} is 400 where accounts have ids`, () => refused(body, says), {
      more: { plain: 'has accounts without ids' },
    });
  }

  skippable(
    'and what AWS alone can judge is 400, with nothing changed',
    async () => {
      const made = await newBucket();
      expect((await put(made, { CORS: UPLOADS })).status).toBe(200);
      const before = await settingsOf(world.auditor, made);
      const Statement = [
        {
          Effect: 'Allow',
          Principal: { AWS: accounts.demo.id },
          Action: 's3:Get0bject',
          Resource: `arn:aws:s3:::${made}/*`,
        },
      ];
      const { status, body: problem } = await put(made, {
        Remove: ['CORS'],
        BucketPolicy: { Version: '2012-10-17', Statement },
      });
      expect({ status, problem }).toMatchObject({ status: 400, problem: { code: 'MalformedPolicy' } });
      expect(await settingsOf(world.auditor, made)).toEqual(before);
    },
    { more: SANDBOX_ONLY.policies },
  );

  skippable(
    'a bucket with object lock is not suspended: 409',
    async () => {
      const made = await newBucket({ ObjectLockEnabledForBucket: true });
      const { status, body: problem } = await put(made, { Versioning: { Status: 'Suspended' }, CORS: UPLOADS });
      expect({ status, problem }).toMatchObject({
        status: 409,
        problem: { code: 'InvalidBucketState', retryable: false },
      });
      expect(await settingsOf(world.auditor, made)).toMatchObject({ versioning: 'Enabled', cors: null });
    },
    { more: SANDBOX_ONLY.policies },
  );

  skippable('a new bucket with a policy of that kind is 400, and is not made', async () => {
    const name = world.name('refused');
    const of = (Statement: object) => ({
      BucketInput: { Bucket: name },
      BucketPolicy: { Version: '2012-10-17', Statement },
    });
    for (const [Statement, says] of [
      [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `arn:aws:s3:::${name}` }, 'to this service itself'],
      [
        {
          Effect: 'Allow',
          Principal: { Federated: 'cognito-identity.amazonaws.com' },
          Action: 's3:GetObject',
          Resource: `arn:aws:s3:::${name}/*`,
        },
        'everyone',
      ],
    ] as const) {
      const { status, body } = await world.api('POST', '/demo/buckets', of(Statement));
      expect({ status, body }).toMatchObject({
        status: 400,
        body: { pointer: '/BucketPolicy', detail: expect.stringContaining(says) },
      });
      expect((await world.api('HEAD', `/demo/buckets/${name}`)).status).toBe(404);
    }
  });
});
