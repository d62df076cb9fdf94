import * as fc from 'fast-check';
import { selfAsConfigured, selfAsSeen } from '../../../../../../src/domain/bucket/settings/rules/judge/identity';
import { locksOut } from '../../../../../../src/domain/bucket/settings/rules/judge/lockout';
import type { Answer, Self } from '../../../../../../src/domain/bucket/settings/rules/judge/self';
import { readStatement } from '../../../../../../src/domain/bucket/settings/rules/judge/statement';
import { accountConfig } from '../../../../../support/config';

const OWN = '123456789012';
const BUCKET = 'arn:aws:s3:::b';
const ROLE = `arn:aws:iam::${OWN}:role/team/Provisioner`;
const SESSION = `arn:aws:sts::${OWN}:assumed-role/Provisioner/mallard-demo`;
const USER = `arn:aws:iam::${OWN}:user/ops/mallard`;
const ROOT = `arn:aws:iam::${OWN}:root`;

const byRole = accountConfig({ id: OWN, role: ROLE });
const byKeys = accountConfig({ id: OWN });
const plainHttp = accountConfig({ id: OWN, endpoint: 'http://127.0.0.1:9000' });
const selves = {
  role: selfAsSeen({ accountId: OWN, arn: SESSION, userId: 'AROAME:mallard-demo' }, byRole, 'aws'),
  user: selfAsSeen({ accountId: OWN, arn: USER, userId: 'AIDAME' }, byKeys, 'aws'),
  root: selfAsSeen({ accountId: OWN, arn: ROOT, userId: OWN }, byKeys, 'aws'),
  /** By the default chain: the path of the role is not told, and the session's name is not ours. */
  chain: selfAsSeen(
    { accountId: OWN, arn: `arn:aws:sts::${OWN}:assumed-role/Provisioner/i-0123`, userId: 'AROAME:i-0123' },
    byKeys,
    'aws',
  ),
  early: selfAsConfigured(byKeys, 'aws'),
  earlyRole: selfAsConfigured(byRole, 'aws'),
} satisfies Readonly<Record<string, Self>>;

const base = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET, `${BUCKET}/*`] };
const asked = (statement: object, self: Self): Answer =>
  locksOut(readStatement({ ...base, ...statement }), BUCKET, self);
const when = (operator: string, key: string, ...values: readonly unknown[]) => ({
  Condition: { [operator]: { [key]: values.length === 1 ? values[0] : values } },
});
const to = (...AWS: readonly string[]) => ({ Principal: { AWS } });
const butTo = (...AWS: readonly string[]) => ({ Principal: undefined, NotPrincipal: { AWS } });

describe('a Deny for everyone', () => {
  test.each<[string, object, Answer]>([
    ['of everything', {}, 'yes'],
    ['of everything there is', { Action: '*' }, 'yes'],
    ['of one of the calls that repair, in any case', { Action: ['s3:getbucketPOLICY'] }, 'yes'],
    ['of what begins like one', { Action: 's3:DeleteBucket*' }, 'yes'],
    ['of what is one but for a character', { Action: 's3:PutBucketPolic?' }, 'yes'],
    ['of all but reading', { Action: undefined, NotAction: 's3:Get*' }, 'yes'],
    ['on all but the objects', { Resource: undefined, NotResource: `${BUCKET}/*` }, 'yes'],
    [
      'of all but the calls that repair',
      { Action: undefined, NotAction: ['s3:GetBucketPolicy', 's3:putbucketpolicy', 's3:DeleteBucketPolicy'] },
      'no',
    ],
    ['of all but what is named by a pattern', { Action: undefined, NotAction: 's3:*BucketPolicy' }, 'no'],
    ['of the bucket’s removal', { Action: 's3:DeleteBucket' }, 'no'],
    ['of objects', { Action: ['s3:PutObject', 's3:GetObject*'] }, 'no'],
    ['on the objects', { Resource: `${BUCKET}/*` }, 'no'],
    ['on all but the bucket', { Resource: undefined, NotResource: BUCKET }, 'no'],
    ['that is an Allow', { Effect: 'Allow' }, 'no'],
  ])('%s: %j', (_, statement, expected) => {
    for (const self of Object.values(selves)) expect(asked(statement, self)).toBe(expected);
  });
});

describe('a Deny for some', () => {
  test.each<[string, object, Partial<Record<keyof typeof selves, Answer>>]>([
    ['our account', to(OWN), { role: 'yes', user: 'yes', root: 'yes', early: 'yes' }],
    ['our account by its root', to(ROOT), { role: 'yes', user: 'yes', root: 'yes', earlyRole: 'yes' }],
    ['another account', to('210987654321'), { role: 'no', user: 'no', root: 'no', chain: 'no', early: 'no' }],
    ['our role', to(ROLE), { role: 'yes', user: 'no', root: 'no', chain: 'maybe', early: 'ask', earlyRole: 'yes' }],
    [
      'our role without its path',
      to(`arn:aws:iam::${OWN}:role/Provisioner`),
      { role: 'no', chain: 'yes', earlyRole: 'no' },
    ],
    ['our session', to(SESSION), { role: 'yes', chain: 'no', user: 'no', earlyRole: 'ask' }],
    ['our user', to(USER), { user: 'yes', role: 'no', root: 'no', early: 'ask', earlyRole: 'no' }],
    ['another user of our account', to(`arn:aws:iam::${OWN}:user/bob`), { user: 'no', role: 'no', early: 'ask' }],
    ['our role by its id', to('AROAME'), { role: 'yes', chain: 'yes', user: 'no', early: 'ask' }],
    ['a service', { Principal: { Service: 's3.amazonaws.com' } }, { role: 'no', early: 'no' }],
    [
      'whom a provider knows',
      { Principal: { Federated: 'accounts.google.com' } },
      { role: 'no', user: 'no', chain: 'maybe', early: 'ask' },
    ],
    ['a canonical user', { Principal: { CanonicalUser: 'f'.repeat(64) } }, { role: 'maybe', user: 'maybe' }],
    ['all but our account’s root', butTo(ROOT), { root: 'no', user: 'yes', role: 'yes', early: 'ask' }],
    ['all but our user', butTo(USER), { user: 'yes', early: 'yes' }],
    ['all but our user and its account', butTo(USER, OWN), { user: 'no', role: 'yes', early: 'ask' }],
    ['all but our role and its account', butTo(ROLE, OWN), { role: 'yes', chain: 'yes' }],
    [
      'all but our role, its session and its account',
      butTo(ROLE, SESSION, ROOT),
      { role: 'no', chain: 'yes', earlyRole: 'ask' },
    ],
    ['all but another account', butTo('210987654321'), { role: 'yes', user: 'yes', root: 'yes' }],
  ])('%s', (_, statement, expected) => {
    for (const [name, answer] of Object.entries(expected))
      expect([name, asked(statement, selves[name as keyof typeof selves])]).toEqual([name, answer]);
  });
});

describe('a Deny under a condition', () => {
  test.each<[string, object, Partial<Record<keyof typeof selves, Answer>>]>([
    ['without TLS', when('Bool', 'aws:SecureTransport', 'false'), { role: 'no', user: 'no', early: 'no' }],
    ['without TLS, as a boolean and in small letters', when('Bool', 'aws:securetransport', false), { role: 'no' }],
    ['without TLS, if that is known', when('BoolIfExists', 'aws:SecureTransport', 'false'), { role: 'no' }],
    ['with TLS', when('Bool', 'aws:SecureTransport', 'true'), { role: 'yes' }],
    ['of an old TLS', when('NumericLessThan', 's3:TlsVersion', '1.2'), { role: 'no', early: 'no' }],
    ['of a TLS that may be ours', when('NumericLessThan', 's3:TlsVersion', 1.3), { role: 'maybe' }],
    [
      'but for our role',
      when('ArnNotEquals', 'aws:PrincipalArn', ROLE),
      { role: 'no', earlyRole: 'no', user: 'yes', root: 'yes', early: 'ask', chain: 'maybe' },
    ],
    [
      'but for our role among others, as text',
      when('StringNotEquals', 'AWS:PRINCIPALARN', 'arn:aws:iam::1:role/x', ROLE),
      { role: 'no', user: 'yes' },
    ],
    [
      'but for roles like ours',
      when('ArnNotLike', 'aws:PrincipalArn', `arn:aws:iam::${OWN}:role/team/*`),
      { role: 'no', chain: 'maybe' },
    ],
    [
      'but for roles of our account',
      when('ArnNotLike', 'aws:PrincipalArn', `arn:aws:iam::${OWN}:role/*`),
      { role: 'no', chain: 'no', user: 'yes', early: 'ask' },
    ],
    [
      'but for whoever is of IAM in our account',
      when('StringNotLike', 'aws:PrincipalArn', `arn:aws:iam::${OWN}:*`),
      { role: 'no', user: 'no', root: 'no', early: 'no' },
    ],
    [
      'of roles like ours',
      when('ArnLike', 'aws:PrincipalArn', `arn:aws:iam::${OWN}:role/team/Prov*`),
      { role: 'yes', user: 'no', chain: 'maybe' },
    ],
    ['of what is no ARN', when('ArnLike', 'aws:PrincipalArn', '*'), { role: 'maybe', user: 'maybe', early: 'ask' }],
    [
      'but for the session, which is no value of that key',
      when('ArnNotEquals', 'aws:PrincipalArn', SESSION),
      { role: 'yes' },
    ],
    [
      'but for another role',
      when('ArnNotEquals', 'aws:PrincipalArn', `arn:aws:iam::${OWN}:role/admin`),
      { role: 'yes', chain: 'yes', earlyRole: 'yes', early: 'ask' },
    ],
    [
      'but for a role in other letters',
      when('StringNotEquals', 'aws:PrincipalArn', ROLE.toLowerCase()),
      { role: 'yes' },
    ],
    [
      'but for our role in any letters',
      when('StringNotEqualsIgnoreCase', 'aws:PrincipalArn', ROLE.toLowerCase()),
      { role: 'no' },
    ],
    [
      'but for our account',
      when('StringNotEquals', 'aws:PrincipalAccount', OWN),
      { role: 'no', user: 'no', root: 'no', early: 'no' },
    ],
    [
      'but for another account',
      when('StringNotEquals', 'aws:PrincipalAccount', '210987654321'),
      { role: 'yes', early: 'yes' },
    ],
    [
      'but for our account by a variable',
      when('StringNotEquals', 'aws:PrincipalAccount', '${aws:ResourceAccount}'),
      { role: 'maybe' },
    ],
    [
      'but for our role by its id',
      when('StringNotLike', 'aws:userId', 'AROAME:*', 'AIDABOB'),
      { role: 'no', chain: 'no', user: 'yes', early: 'ask' },
    ],
    [
      'but for our user by its name',
      when('StringNotEquals', 'aws:username', 'mallard'),
      { user: 'no', role: 'yes', early: 'ask' },
    ],
    [
      'of sessions',
      when('StringEquals', 'aws:PrincipalType', 'AssumedRole'),
      { role: 'yes', user: 'no', early: 'ask' },
    ],
    ['of callers but services', when('Bool', 'aws:PrincipalIsAWSService', 'false'), { role: 'yes' }],
    ['of services', when('Bool', 'aws:PrincipalIsAWSService', 'true'), { role: 'no' }],
    ['but for a source, which we do not have', when('StringNotEquals', 'aws:SourceAccount', OWN), { role: 'yes' }],
    [
      'but for a source, if there is one',
      when('StringNotEqualsIfExists', 'aws:SourceArn', 'arn:aws:s3:::x'),
      { role: 'yes' },
    ],
    ['of a source', when('StringEquals', 'aws:SourceAccount', OWN), { role: 'no' }],
    ['unless all of no sources', when('ForAllValues:StringEquals', 'aws:SourceAccount', OWN), { role: 'yes' }],
    [
      'of uploads without a key, which every other call is, too',
      when('StringNotEquals', 's3:x-amz-server-side-encryption', 'aws:kms'),
      { role: 'yes' },
    ],
    ['of uploads with another key', when('StringEquals', 's3:x-amz-server-side-encryption', 'AES256'), { role: 'no' }],
    ['where the key is absent', when('Null', 's3:x-amz-server-side-encryption', 'true'), { role: 'yes' }],
    ['where the key is present', when('Null', 's3:x-amz-server-side-encryption', false), { role: 'no' }],
    ['of old signatures', when('StringNotEquals', 's3:signatureversion', 'AWS4-HMAC-SHA256'), { role: 'no' }],
    ['of presigned URLs', when('StringEquals', 's3:authType', 'REST-QUERY-STRING'), { role: 'no' }],
    ['but from a network', when('NotIpAddress', 'aws:SourceIp', '192.0.2.0/24'), { role: 'maybe', early: 'maybe' }],
    ['but by an endpoint', when('StringNotEquals', 'aws:SourceVpce', 'vpce-1'), { role: 'maybe' }],
    ['without a second factor', when('BoolIfExists', 'aws:MultiFactorAuthPresent', 'false'), { role: 'maybe' }],
    ['but of an organisation', when('StringNotEquals', 'aws:PrincipalOrgID', 'o-1'), { role: 'maybe' }],
    ['after a day', when('DateGreaterThan', 'aws:CurrentTime', '2030-01-01T00:00:00Z'), { role: 'maybe' }],
    ['by an operator that nobody knows', when('Equals', 'aws:PrincipalAccount', 'x'), { role: 'maybe' }],
    [
      'of a network, and but for our role',
      { Condition: { NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' }, ArnNotEquals: { 'aws:PrincipalArn': ROLE } } },
      { role: 'no', earlyRole: 'no', user: 'maybe', early: 'ask' },
    ],
  ])('%s', (_, statement, expected) => {
    for (const [name, answer] of Object.entries(expected))
      expect([name, asked(statement, selves[name as keyof typeof selves])]).toEqual([name, answer]);
  });
});

describe('over plain HTTP', () => {
  const secure = when('Bool', 'aws:SecureTransport', 'false');
  test('a Deny without TLS hits a role and a store’s key', () => {
    const role = { ...plainHttp, role: ROLE };
    expect(
      asked(secure, selfAsSeen({ accountId: OWN, arn: SESSION, userId: 'AROAME:mallard-demo' }, role, 'aws')),
    ).toBe('yes');
    expect(asked(secure, selfAsConfigured({ ...plainHttp, iam: false }, 'aws'))).toBe('yes');
  });

  test('it does not hit root, which S3 never holds back from repairing a policy', () => {
    expect(asked(secure, selfAsConfigured(plainHttp, 'aws'))).toBe('ask');
    expect(asked(secure, selfAsSeen({ accountId: OWN, arn: ROOT, userId: OWN }, plainHttp, 'aws'))).toBe('no');
  });
});

describe('where nobody says who we are', () => {
  const nobody = selfAsSeen(undefined, byKeys, 'aws');
  const federated = selfAsSeen(
    { accountId: OWN, arn: `arn:aws:sts::${OWN}:federated-user/ann`, userId: `${OWN}:ann` },
    byKeys,
    'aws',
  );

  test('what names anybody of our account is refused in doubt, what names others is not', () => {
    for (const self of [nobody, federated]) {
      expect(asked(to(USER), self)).toBe('maybe');
      expect(asked(to('210987654321'), self)).toBe('no');
      expect(asked(butTo(USER, OWN), self)).toBe('yes');
      expect(asked({}, self)).toBe('yes');
    }
  });
});

test('what is surely so before AWS is asked is so afterwards, whoever we turn out to be', () => {
  const principal = fc.oneof(
    fc.constant('*'),
    fc.record({ AWS: fc.subarray([OWN, '210987654321', ROLE, USER, SESSION, ROOT, '*'], { minLength: 1 }) }),
  );
  const value = fc.constantFrom(
    OWN,
    ROLE,
    USER,
    SESSION,
    ROOT,
    '*',
    `arn:aws:iam::${OWN}:role/*`,
    'true',
    'false',
    'AROAME:*',
    'mallard',
    '1.2',
  );
  const key = fc.constantFrom(
    'aws:PrincipalArn',
    'aws:PrincipalAccount',
    'aws:userid',
    'aws:username',
    'aws:SecureTransport',
    'aws:SourceArn',
    'aws:SourceIp',
    's3:TlsVersion',
    's3:prefix',
  );
  const operator = fc.constantFrom(
    'StringEquals',
    'StringNotEquals',
    'StringLike',
    'ArnNotLike',
    'ArnLike',
    'Bool',
    'Null',
    'NumericLessThan',
    'StringNotEqualsIfExists',
    'ForAllValues:StringLike',
  );
  const condition = fc.dictionary(
    operator,
    fc.dictionary(key, fc.array(value, { minLength: 1, maxLength: 2 }), { minKeys: 1, maxKeys: 2 }),
    { maxKeys: 2 },
  );
  const statement = fc.record({ principal, negated: fc.boolean(), condition });
  fc.assert(
    fc.property(statement, ({ principal: who, negated, condition: Condition }) => {
      const one = { ...(negated ? { Principal: undefined, NotPrincipal: who } : { Principal: who }), Condition };
      for (const [early, late] of [
        ['early', 'user'],
        ['early', 'root'],
        ['early', 'chain'],
        ['earlyRole', 'role'],
      ] as const) {
        const [before, after] = [asked(one, selves[early]), asked(one, selves[late])];
        if (before === 'yes' || before === 'no') expect([early, late, after]).toEqual([early, late, before]);
        expect(after).not.toBe('ask');
      }
    }),
    { numRuns: 1_000 },
  );
});
