import * as fc from 'fast-check';
import { distributionReadPolicy, publicReadPolicy } from '../../../../../../src/domain/shared/policies';
import {
  farther,
  type Home,
  NOWHERE,
  type Reach,
  reachOf,
} from '../../../../../../src/domain/bucket/settings/rules/judge/reach';
import { readStatement } from '../../../../../../src/domain/bucket/settings/rules/judge/statement';
import type { Statement } from '../../../../../../src/domain/bucket/settings/rules/statements';
import { HOME } from '../../../../../support/config';
import { isPublicPolicy } from '../../../../../../src/sandbox/services/s3/policy-rules';

const OWN = '123456789012';
const TRUSTED = '210987654321';
const STRANGER = '999999999999';
const ANONYMOUS = '65a011a29cdf8ec533ec3d1ccaae921c';
const home: Home = { accountId: OWN, isStore: false, trusted: [TRUSTED] };
const base = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };
const judged = (statement: object, at: Home = home): Reach =>
  reachOf(readStatement({ ...base, ...statement }), at).reach;
const when = (operator: string, key: string, ...values: readonly string[]) => ({
  Condition: { [operator]: { [key]: values.length === 1 ? values[0] : values } },
});
const everyone = (condition: object = {}) => ({ Principal: '*', ...condition });
const service = (condition: object = {}, Service = 'cloudfront.amazonaws.com') => ({
  Principal: { Service },
  ...condition,
});
const aws = (...AWS: readonly string[]) => ({ Principal: { AWS } });
const user = `arn:aws:iam::${OWN}:user/ada`;
const distribution = (account: string): string => `arn:aws:cloudfront::${account}:distribution/E1`;

describe('whom a principal lets in', () => {
  test.each<[string, object, Reach]>([
    ['this account by its id', aws(OWN), 'own'],
    ['this account by its root', aws(`arn:aws:iam::${OWN}:root`), 'own'],
    ['a session of a role of this account', aws(`arn:aws:sts::${OWN}:assumed-role/r/s`), 'own'],
    [
      'this account with everything but something',
      { ...aws(user), Action: undefined, NotAction: 's3:Put*', Resource: undefined, NotResource: 'arn:aws:s3:::b/x' },
      'own',
    ],
    ['a trusted account', aws(TRUSTED), 'trusted'],
    ['a role of a trusted account', aws(`arn:aws:iam::${TRUSTED}:role/r`), 'trusted'],
    ['a trusted account beside this one', aws(user, TRUSTED), 'trusted'],
    ['a stranger', aws(STRANGER), 'others'],
    ['a stranger among others', aws(OWN, TRUSTED, `arn:aws:iam::${STRANGER}:role/r`), 'others'],
    [
      'an origin access identity, whose account nobody can tell',
      aws('arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1'),
      'others',
    ],
    ['a user by unique id', aws('AIDAEXAMPLEEXAMPLE123'), 'others'],
    ['an ARN of another service', aws(`arn:aws:s3::${OWN}:x`), 'others'],
    ['a canonical user', { Principal: { CanonicalUser: 'f'.repeat(64) } }, 'others'],
    ['the anonymous canonical user', { Principal: { CanonicalUser: ANONYMOUS } }, 'public'],
    ['everyone', everyone(), 'public'],
    ['every AWS principal', aws(OWN, '*'), 'public'],
    ['roots of any account', aws('arn:aws:iam::*:root'), 'public'],
    ['all of this account by a wildcard, which AWS does not take', aws(`arn:aws:iam::${OWN}:*`), 'public'],
    ['everyone but one', { NotPrincipal: { AWS: OWN } }, 'public'],
    ['a provider of the public', { Principal: { Federated: 'cognito-identity.amazonaws.com' } }, 'public'],
    ['another provider of the public', { Principal: { Federated: 'accounts.google.com' } }, 'public'],
    [
      'a provider of the public under a condition',
      { Principal: { Federated: 'www.amazon.com' }, ...when('StringEquals', 'aws:PrincipalAccount', OWN) },
      'public',
    ],
    ['a provider of this account', { Principal: { Federated: `arn:aws:iam::${OWN}:saml-provider/idp` } }, 'own'],
    [
      'an OpenID provider of this account',
      { Principal: { Federated: `arn:aws:iam::${OWN}:oidc-provider/idp.example.org/x` } },
      'own',
    ],
    ['a provider of a stranger', { Principal: { Federated: `arn:aws:iam::${STRANGER}:saml-provider/idp` } }, 'public'],
    ['a denial of everything to everyone', { ...everyone(), Effect: 'Deny', Action: '*' }, 'own'],
  ])('%s', (_, statement, expected) => {
    expect(judged(statement)).toBe(expected);
  });
});

describe('a trusted account is not given the bucket itself', () => {
  test.each<[string, object, Reach]>([
    ['reading and writing', { Action: ['s3:GetObject', 's3:PutObject', 's3:List*'] }, 'trusted'],
    ['deleting objects', { Action: 's3:DeleteObject*' }, 'trusted'],
    ['everything', { Action: '*' }, 'others'],
    ['everything of S3, in any case', { Action: 'S3:*' }, 'others'],
    ['whatever is put', { Action: ['s3:GetObject', 's3:Put*'] }, 'others'],
    ['the tags, which say whose the bucket is', { Action: 's3:PutBucketTagging' }, 'others'],
    ['single tags', { Action: 's3:TagResource' }, 'others'],
    ['that tags go', { Action: 's3:Untag*' }, 'others'],
    ['the policy, in any case', { Action: 's3:putbucketPOLICY' }, 'others'],
    ['the policy’s removal', { Action: 's3:DeleteBucketPolicy' }, 'others'],
    ['the bucket’s removal', { Action: 's3:DeleteBucket' }, 'others'],
    ['the block', { Action: 's3:PutBucketPublicAccessBlock' }, 'others'],
    ['the ACL', { Action: 's3:PutBucket?cl' }, 'others'],
    ['everything but something', { Action: undefined, NotAction: 's3:Delete*' }, 'others'],
    ['everywhere but somewhere', { Resource: undefined, NotResource: 'arn:aws:s3:::b/private/*' }, 'others'],
  ])('%s', (_, statement, expected) => {
    expect(judged({ ...aws(TRUSTED), ...statement })).toBe(expected);
    expect(judged({ ...everyone(when('StringEquals', 'aws:PrincipalAccount', TRUSTED)), ...statement })).toBe(expected);
  });
});

describe('a service needs a fixed source that the configuration knows', () => {
  for (const name of [
    'cloudfront.amazonaws.com',
    'apigateway.amazonaws.com',
    'lambda.amazonaws.com',
    's3.amazonaws.com',
    'logging.s3.amazonaws.com',
  ]) {
    test(`${name} without a source is for anybody, with this account's it is not`, () => {
      expect(judged({ ...service({}, name), Action: 's3:PutObject' })).toBe('others');
      expect(judged({ ...service(when('StringEquals', 'aws:SourceAccount', OWN), name), Action: 's3:PutObject' })).toBe(
        'own',
      );
    });
  }

  test.each<[string, object, Reach]>([
    ['this account, key in capitals', when('StringEquals', 'AWS:SourceAccount', OWN), 'own'],
    ['this account by its distribution', when('StringEquals', 'AWS:SourceArn', distribution(OWN)), 'own'],
    [
      'this account by its distribution, compared as an ARN',
      when('ArnLike', 'aws:SourceArn', distribution(OWN)),
      'own',
    ],
    [
      'this account, whatever its distribution',
      {
        Condition: {
          ArnLike: { 'aws:SourceArn': 'arn:aws:cloudfront::*' },
          StringEquals: { 'aws:SourceAccount': OWN },
        },
      },
      'own',
    ],
    ['a trusted account', when('StringEquals', 'aws:SourceAccount', TRUSTED), 'trusted'],
    ['a stranger', when('StringEquals', 'aws:SourceAccount', STRANGER), 'others'],
    ['a stranger beside this account', when('StringEquals', 'aws:SourceAccount', OWN, STRANGER), 'others'],
    ['a stranger’s distribution', when('StringEquals', 'aws:SourceArn', distribution(STRANGER)), 'others'],
    ['any distribution', when('ArnLike', 'aws:SourceArn', 'arn:aws:cloudfront::*:distribution/*'), 'others'],
    [
      'a wildcard even within this account',
      when('ArnLike', 'aws:SourceArn', distribution(OWN).replace('E1', '*')),
      'others',
    ],
    ['anything', when('StringLike', 'aws:SourceArn', '*'), 'others'],
    ['a bucket, whose ARN has no account', when('ArnEquals', 'aws:SourceArn', 'arn:aws:s3:::logs'), 'others'],
    ['a variable', when('StringEquals', 'aws:SourceAccount', '${aws:PrincipalAccount}'), 'others'],
    ['a source, if there is one', when('StringEqualsIfExists', 'aws:SourceAccount', OWN), 'others'],
    ['all of no source', when('ForAllValues:StringEquals', 'aws:SourceAccount', OWN), 'others'],
    ['all sources but one', when('StringNotEquals', 'aws:SourceAccount', STRANGER), 'others'],
    ['no source listed', { Condition: { StringEquals: { 'aws:SourceAccount': [] } } }, 'others'],
    ['an organisation', when('StringEquals', 'aws:SourceOrgID', 'o-1'), 'others'],
    ['the caller’s account, which services do not have', when('StringEquals', 'aws:PrincipalAccount', OWN), 'others'],
  ])('%s', (_, condition, expected) => {
    expect(judged(service(condition))).toBe(expected);
  });
});

describe('everyone under a condition', () => {
  const accessPoint = (account: string, name = '*'): string => `arn:aws:s3:us-east-1:${account}:accesspoint/${name}`;
  test.each<[string, object, Reach]>([
    ['of this account', when('StringEquals', 'aws:PrincipalAccount', OWN), 'own'],
    ['of this account, in lower case', when('StringEquals', 'aws:principalaccount', OWN), 'own'],
    ['a role of this account', when('ArnEquals', 'aws:PrincipalArn', `arn:aws:iam::${OWN}:role/r`), 'own'],
    [
      'roles of this account by a wildcard',
      when('ArnLike', 'aws:PrincipalArn', `arn:aws:iam::${OWN}:role/*`),
      'public',
    ],
    ['of a trusted account', when('StringEquals', 'aws:PrincipalAccount', TRUSTED), 'trusted'],
    ['of a stranger', when('StringEquals', 'aws:PrincipalAccount', STRANGER), 'others'],
    ['by an access point of this account', when('StringEquals', 's3:DataAccessPointAccount', OWN), 'own'],
    ['by any access point of this account', when('StringLike', 's3:DataAccessPointArn', accessPoint(OWN)), 'own'],
    ['by any access point of a stranger', when('StringLike', 's3:DataAccessPointArn', accessPoint(STRANGER)), 'others'],
    ['by any access point of anybody', when('StringLike', 's3:DataAccessPointArn', accessPoint('*')), 'public'],
    ['of an organisation', when('StringEquals', 'aws:PrincipalOrgID', 'o-a1b2c3d4e5'), 'others'],
    [
      'of an organisation, this account’s members alone',
      { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1', 'aws:PrincipalAccount': OWN } } },
      'own',
    ],
    ['of any organisation', when('StringLike', 'aws:PrincipalOrgID', 'o-*'), 'public'],
    [
      'of part of an organisation',
      when('ForAnyValue:StringEquals', 'aws:PrincipalOrgPaths', 'o-1/r-1/ou-1/'),
      'others',
    ],
    ['by a VPC endpoint', when('StringEquals', 'aws:SourceVpce', 'vpce-1'), 'others'],
    ['by a VPC', when('StringEquals', 'aws:SourceVpc', 'vpc-91237329'), 'others'],
    ['by any VPC', when('StringLike', 'aws:SourceVpc', 'vpc-*'), 'public'],
    ['from a network', when('IpAddress', 'aws:SourceIp', '192.0.2.0/24', '2001:db8::/32'), 'others'],
    ['from an address', when('IpAddress', 'aws:SourceIp', '192.0.2.1'), 'others'],
    ['from the widest network of IPv4', when('IpAddress', 'aws:SourceIp', '10.0.0.0/8'), 'others'],
    ['from a wider one', when('IpAddress', 'aws:SourceIp', '10.0.0.0/7'), 'public'],
    ['from a wider one of IPv6', when('IpAddress', 'aws:SourceIp', '2001:db8::/31'), 'public'],
    ['from a network and from anywhere', when('IpAddress', 'aws:SourceIp', '192.0.2.0/24', '0.0.0.0/0'), 'public'],
    ['from what is no network', when('IpAddress', 'aws:SourceIp', '192.0.2.0/33'), 'public'],
    ['from addresses compared as text', when('StringLike', 'aws:SourceIp', '192.0.2.1'), 'public'],
    ['but from a network', when('NotIpAddress', 'aws:SourceIp', '192.0.2.0/24'), 'public'],
    ['a user by unique id', when('StringEquals', 'aws:userid', 'AIDAEXAMPLE'), 'others'],
    ['every session of a role by its id', when('StringLike', 'aws:userid', 'AROAEXAMPLE:*'), 'public'],
    ['one session of a role by its id', when('StringLike', 'aws:userid', 'AROAEXAMPLE:me'), 'public'],
    ['a network, if there is one', when('StringEqualsIfExists', 'aws:SourceVpce', 'vpce-1'), 'public'],
    ['all of no network', when('ForAllValues:StringEquals', 'aws:SourceVpce', 'vpce-1'), 'public'],
    ['but of an organisation', when('StringNotEquals', 'aws:PrincipalOrgID', 'o-1'), 'public'],
    ['with an operator in small letters', when('stringequals', 'aws:PrincipalAccount', OWN), 'public'],
    ['with a referer', when('StringEquals', 'aws:Referer', 'https://example.org/'), 'public'],
    ['with TLS', when('Bool', 'aws:SecureTransport', 'true'), 'public'],
    ['with a tag', when('StringEquals', 'aws:PrincipalTag/team', 'a'), 'public'],
    ['with a variable', when('StringEquals', 'aws:PrincipalAccount', '${aws:ResourceAccount}'), 'public'],
  ])('%s', (_, condition, expected) => {
    expect(judged(everyone(condition))).toBe(expected);
    expect(judged({ NotPrincipal: { AWS: user }, ...condition })).toBe(expected);
  });
});

describe('what is not known', () => {
  test('while the account’s id is to be asked for, any account may be it', () => {
    const early = { ...home, accountId: undefined };
    expect(judged(aws(STRANGER), early)).toBe('own');
    expect(judged(service(when('StringEquals', 'aws:SourceAccount', STRANGER)), early)).toBe('own');
    expect(judged(service(), early)).toBe('others');
    expect(judged(everyone(), early)).toBe('public');
    expect(judged(aws('AIDAEXAMPLEEXAMPLE123'), early)).toBe('others');
  });

  test('a store has names of its own, and only everyone can be told from them, whatever the conditions', () => {
    const store = { accountId: undefined, isStore: true, trusted: [] };
    expect(judged(aws('arn:aws:iam::tenant:user/fred', 'AIDA'), store)).toBe('own');
    expect(judged(everyone(when('StringEquals', 'aws:PrincipalAccount', OWN)), store)).toBe('others');
    expect(judged(everyone(), store)).toBe('public');
  });
});

describe('policies that the service makes itself', () => {
  const reach = (text: string): Reach =>
    (JSON.parse(text) as { Statement: readonly Statement[] }).Statement.map((statement) =>
      reachOf(readStatement(statement), home),
    ).reduce(farther, NOWHERE).reach;

  test('a public origin’s is public, a private one’s is this account’s', () => {
    expect(reach(publicReadPolicy('site.example.org', HOME))).toBe('public');
    expect(reach(distributionReadPolicy('site.example.org', HOME, distribution(OWN)))).toBe('own');
  });
});

describe('for all statements', () => {
  const account = fc.constantFrom(OWN, TRUSTED, STRANGER);
  const awsName = fc.oneof(
    account,
    account.map((id) => `arn:aws:iam::${id}:role/r`),
    fc.constantFrom('*', 'AIDAEXAMPLE'),
  );
  const value = fc.oneof(
    account,
    fc.constantFrom(
      'o-1',
      'o-*',
      'vpc-1',
      '*',
      '10.0.0.0/8',
      '0.0.0.0/0',
      '${aws:userid}',
      distribution(OWN),
      'arn:aws:s3:us-east-1:123456789012:accesspoint/*',
      'AROAX:y',
      '',
    ),
  );
  const key = fc.constantFrom(
    ...[
      'PrincipalOrgID',
      'PrincipalAccount',
      'PrincipalArn',
      'SourceArn',
      'SourceAccount',
      'SourceVpc',
      'SourceVpce',
      'SourceIp',
      'userid',
      'Referer',
    ].map((name) => `aws:${name}`),
    's3:DataAccessPointArn',
    's3:DataAccessPointAccount',
  );
  const operator = fc.constantFrom(
    'StringEquals',
    'StringLike',
    'ArnLike',
    'IpAddress',
    'StringNotEquals',
    'StringEqualsIfExists',
    'ForAllValues:StringEquals',
    'ForAnyValue:StringEquals',
    'Bool',
  );
  const condition = fc.dictionary(
    operator,
    fc.dictionary(key, fc.array(value, { maxLength: 3 }), { minKeys: 1, maxKeys: 2 }),
    { maxKeys: 2 },
  );
  const principal = fc.oneof(
    fc.constant('*'),
    fc.record({ AWS: fc.array(awsName, { minLength: 1, maxLength: 3 }) }),
    fc.record({ Service: fc.constantFrom('s3.amazonaws.com', 'lambda.amazonaws.com') }),
  );
  const statement = fc.record({
    Effect: fc.constant('Allow'),
    Principal: principal,
    Action: fc.constantFrom('s3:GetObject', 's3:*'),
    Resource: fc.constant(base.Resource),
    Condition: condition,
  });
  const whole = (statements: readonly Statement[]): Reach =>
    statements.map((one) => reachOf(readStatement(one), home)).reduce(farther, NOWHERE).reach;

  test('a Deny more and another order change nothing', () => {
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 4 }), statement, (statements, denied) => {
        const before = whole(statements);
        expect(whole([...statements, { ...denied, Effect: 'Deny' }])).toBe(before);
        expect(whole([...statements].reverse())).toBe(before);
      }),
    );
  });

  test('an Allow more never makes it reach less far', () => {
    const order: readonly Reach[] = ['own', 'trusted', 'others', 'public'];
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 4 }), statement, (statements, more) => {
        expect(order.indexOf(whole([...statements, more]))).toBeGreaterThanOrEqual(order.indexOf(whole(statements)));
      }),
    );
  });

  test('the order of principals and the case of keys change nothing', () => {
    fc.assert(
      fc.property(statement, fc.array(awsName, { minLength: 1, maxLength: 4 }), (one, names) => {
        const upper = Object.fromEntries(
          Object.entries(one.Condition).map(([name, tests]) => [
            name,
            Object.fromEntries(Object.entries(tests).map(([of, values]) => [of.toUpperCase(), values])),
          ]),
        );
        const twice = new Set(
          Object.values(one.Condition).flatMap((tests) => Object.keys(tests).map((of) => of.toUpperCase())),
        );
        fc.pre(twice.size === Object.values(one.Condition).reduce((sum, tests) => sum + Object.keys(tests).length, 0));
        expect(judged({ ...one, Condition: upper })).toBe(judged(one));
        expect(judged({ ...one, ...aws(...names) })).toBe(judged({ ...one, ...aws(...[...names].reverse()) }));
      }),
    );
  });

  test('what is called public here is what the S3 of the tests calls public', () => {
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 3 }), (Statement) => {
        expect(whole(Statement) === 'public').toBe(
          isPublicPolicy(JSON.stringify({ Version: '2012-10-17', Statement })),
        );
      }),
      { numRuns: 500 },
    );
  });
});
