import { BUCKET_ROLES, roleOf } from '../../../src/domain/shared/role';
import { isPolicyOfBucket, isPolicyOfFolder, rolePolicy } from '../../../src/domain/shared/policies';
import { HOME, homeIn } from '../../support/config';
import { refusalOf } from '../client/rules/settings';
import {
  bucketPolicies,
  cleanerPolicies,
  objectPolicies,
  readPolicies,
  websitePolicies,
} from '../../../src/domain/shared/session-policies';

const admin = { bucketActions: ['s3:GetBucketAcl', 's3:ListBucket'], objectActions: ['s3:*'] };

test('the admin policy has the two documented statements', () => {
  expect(rolePolicy(roleOf('photos', 'BktAdm'), homeIn('aws', admin))).toEqual({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['s3:GetBucketAcl', 's3:ListBucket'], Resource: ['arn:aws:s3:::photos'] },
      { Effect: 'Allow', Action: 's3:*', Resource: ['arn:aws:s3:::photos/*'] },
    ],
  });
});

test('several object actions stay a list', () => {
  const document = rolePolicy(
    roleOf('photos', 'BktAdm'),
    homeIn('aws', { ...admin, objectActions: ['s3:GetObject', 's3:PutObject'] }),
  );
  expect(document.Statement[1]?.Action).toEqual(['s3:GetObject', 's3:PutObject']);
});

describe('the admin of a website’s distribution', () => {
  const admin = roleOf('docs.example.org', 'WebAdm');

  test('may do on it what the account says, and nothing elsewhere', () => {
    const distribution = { arn: 'arn:aws:cloudfront::1:distribution/E1', actions: ['cloudfront:GetDistribution'] };
    expect(rolePolicy(admin, { ...HOME, distribution }).Statement).toEqual([
      { Effect: 'Allow', Action: distribution.actions, Resource: [distribution.arn] },
    ]);
  });

  test('is nobody where there is none: IAM takes no policy without actions', () => {
    expect(refusalOf(() => rolePolicy(admin, HOME))).toMatchObject({
      kind: 'conflict',
      detail: expect.stringContaining('WebAdmGrp'),
    });
  });
});

test.each(BUCKET_ROLES)('%s names ARNs of the partition', (role) => {
  const resources = rolePolicy(roleOf('photos', role), homeIn('aws-cn', admin)).Statement.flatMap(
    (statement) => statement.Resource,
  );
  expect(resources).toEqual(['arn:aws-cn:s3:::photos', 'arn:aws-cn:s3:::photos/*']);
});

test('neither reader nor writer reaches ACLs or policies, and the reader writes nothing', () => {
  const actions = (role: 'BktRW' | 'BktRO') =>
    rolePolicy(roleOf('photos', role), homeIn('aws', admin)).Statement.flatMap((statement) => statement.Action);
  expect([...actions('BktRW'), ...actions('BktRO')].filter((action) => /Acl|Policy/i.test(action))).toEqual([]);
  expect(actions('BktRO').filter((action) => /Put|Delete|Restore|Abort/.test(action))).toEqual([]);
  expect(actions('BktRW')).toEqual(expect.arrayContaining(actions('BktRO')));
});

test('a managed policy at the longest bucket name stays below IAM’s 6,144 characters', () => {
  for (const role of BUCKET_ROLES) {
    const text = JSON.stringify(rolePolicy(roleOf('b'.repeat(63), role), homeIn('aws-us-gov'))).replace(/\s/g, '');
    expect(text.length).toBeLessThan(6_144);
  }
});

describe('telling whose a policy is', () => {
  const policy = (...resources: unknown[]) =>
    JSON.stringify({ Statement: resources.map((Resource) => ({ Effect: 'Allow', Action: 's3:*', Resource })) });

  test.each([
    ['the bucket and its objects', policy(['arn:aws:s3:::site', 'arn:aws:s3:::site/*']), true],
    ['objects under a prefix', policy('arn:aws:s3:::site/docs/*'), true],
    ['a single statement object', JSON.stringify({ Statement: { Resource: 'arn:aws:s3:::site' } }), true],
    ['a bucket whose name begins the same', policy('arn:aws:s3:::site-extra'), false],
    ['two buckets', policy('arn:aws:s3:::site', 'arn:aws:s3:::other'), false],
    ['everything', policy('*'), false],
    ['NotResource', JSON.stringify({ Statement: [{ NotResource: 'arn:aws:s3:::site' }] }), false],
    ['no statement', JSON.stringify({ Statement: [] }), false],
    ['a statement that is none', JSON.stringify({ Statement: [null] }), false],
    ['a resource that is none', policy(5), false],
    ['no policy', JSON.stringify('text'), false],
    ['no JSON', 'oops', false],
  ])('%s', (_, document, expected) => {
    expect(isPolicyOfBucket(document, 'site', HOME)).toBe(expected);
  });
});

test.each([
  [['arn:aws:s3:::site', 'arn:aws:s3:::site/docs/*'], true],
  [['arn:aws:s3:::site/docs/*'], true],
  [['arn:aws:s3:::site', 'arn:aws:s3:::site/*'], false],
  [['arn:aws:s3:::site', 'arn:aws:s3:::site/docs2/*'], false],
  [['arn:aws:s3:::site-docs/*'], false],
  [['*'], false],
  [[], false],
])('a policy of %j is for the folder docs of site: %s', (Resource, expected) => {
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource }],
  });
  expect(isPolicyOfFolder(document, 'site', 'docs', HOME)).toBe(expected);
});

describe('session policies', () => {
  test.each(['aws', 'aws-cn', 'aws-us-gov'])('stay below 2,048 characters at the longest names in %s', (partition) => {
    const longest = ['b'.repeat(63), homeIn(partition), 'o'.repeat(63)] as const;
    for (const policies of [
      bucketPolicies(...longest),
      websitePolicies(...longest),
      cleanerPolicies(homeIn(partition), longest[2]),
      objectPolicies(longest[0], homeIn(partition)),
    ]) {
      expect(policies.policy.length).toBeLessThanOrEqual(2_048);
      expect(policies.fallbackPolicy.length).toBeLessThanOrEqual(2_048);
    }
  });

  test('name S3’s bucket and IAM’s groups, which have the caller’s name, where the bucket is in the namespace of its account', () => {
    const own = homeIn('aws', { id: '123456789012', bucketNamespace: 'account-regional' });
    const { policy, fallbackPolicy } = bucketPolicies('photos', own, 'acme');
    expect(policy).toContain(
      '"arn:aws:s3:::photos-123456789012-us-east-1-an","arn:aws:s3:::photos-123456789012-us-east-1-an/*"',
    );
    expect(policy).toContain('"arn:aws:iam::*:group/photos-*"');
    expect(fallbackPolicy).toContain('"arn:aws:s3:::*-123456789012-us-east-1-an"');
    expect(objectPolicies('photos', own).policy).toContain('arn:aws:s3:::photos-123456789012-us-east-1-an/*');
  });

  test('signing touches the objects of one bucket, and KMS through S3', () => {
    const { Statement } = JSON.parse(objectPolicies('photos', homeIn('aws-cn')).policy) as {
      Statement: readonly unknown[];
    };
    expect(Statement).toEqual([
      {
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
        Resource: 'arn:aws-cn:s3:::photos/*',
      },
      {
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: '*',
        Condition: { StringLike: { 'kms:ViaService': 's3.*' } },
      },
    ]);
  });

  test('reads write nothing', () => {
    expect(readPolicies.policy).not.toMatch(/Put|Create|Delete|Attach|\*:\*/);
  });

  test('what only people have is taken from users of our org tag alone, and nothing from one below a path without it', () => {
    for (const { policy, fallbackPolicy } of [
      bucketPolicies('photos', HOME, 'acme'),
      websitePolicies('photos', HOME, 'acme'),
      cleanerPolicies(HOME, 'acme'),
    ]) {
      for (const text of [policy, fallbackPolicy]) {
        const { Statement } = JSON.parse(text) as {
          Statement: readonly { Effect: string; Action: readonly string[]; Condition?: unknown }[];
        };
        const about = (action: string) =>
          Statement.filter(({ Action }) =>
            Action.some((one) => new RegExp(`^${one.replaceAll('*', '.*')}$`).test(action)),
          );
        for (const action of [
          'DeleteLoginProfile',
          'DeactivateMFADevice',
          'DeleteSSHPublicKey',
          'DeleteSigningCertificate',
          'DeleteServiceSpecificCredential',
        ]) {
          expect(about(`iam:${action}`)).toEqual([
            expect.objectContaining({
              Effect: 'Allow',
              Condition: { StringEquals: { 'aws:ResourceTag/spinup:org': 'acme' } },
            }),
          ]);
        }
        const denied = expect.objectContaining({
          Effect: 'Deny',
          Resource: 'arn:aws:iam::*:user/*/*',
          Condition: { Null: { 'aws:ResourceTag/spinup:org': 'true' } },
        });
        for (const action of ['DeleteUser', 'CreateAccessKey', 'DeleteAccessKey', 'UpdateAccessKey'])
          expect(about(`iam:${action}`)).toContainEqual(denied);
      }
    }
  });

  test('a write names the one bucket; users of another org stay out of reach', () => {
    const { policy, fallbackPolicy } = bucketPolicies('photos', HOME, 'localdev');
    expect(policy).toContain('arn:aws:s3:::photos');
    expect(policy).toContain('"aws:ResourceTag/spinup:org":"localdev"');
    expect(fallbackPolicy).not.toContain('photos');
  });
});
