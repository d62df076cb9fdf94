import * as fc from 'fast-check';
import { DomainFailure } from '../../../../../src/base/errors';
import { parseStrictly } from '../../../../../src/domain/bucket/settings/rules/json';
import { policyScope, wantedPolicy, type WantedPolicy } from '../../../../../src/domain/bucket/settings/rules/policy';
import { accountConfig } from '../../../../support/config';

const BUCKET = 'photos';
const account = accountConfig({ id: '123456789012', trustedAccounts: ['210987654321'] });
const scope = policyScope(account, BUCKET, 'aws');
const inside = `arn:aws:s3:::${BUCKET}/*`;
const statement = { Effect: 'Allow', Principal: { AWS: '210987654321' }, Action: 's3:GetObject', Resource: inside };
const policy = (...more: readonly object[]) => ({
  Version: '2012-10-17',
  Statement: more.map((one) => ({ ...statement, ...one })),
});

function refusal(input: Parameters<typeof wantedPolicy>[0], allowPublic = false): string {
  try {
    wantedPolicy(input, { ...scope, allowPublic });
  } catch (thrown) {
    if (thrown instanceof DomainFailure) return thrown.error.detail;
    throw thrown;
  }
  return '';
}

describe('what is taken', () => {
  test.each<[string, object, Partial<WantedPolicy>]>([
    ['an account', policy({}), { isPublic: false, denies: false }],
    [
      'a service that acts for this account',
      policy({
        Principal: { Service: 'logging.s3.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
      }),
      { isPublic: false },
    ],
    [
      'the bucket and what is in it',
      policy({ Resource: [`arn:aws:s3:::${BUCKET}`, inside, `arn:aws:s3:::${BUCKET}/a/*`] }),
      {},
    ],
    [
      'a denial for everyone',
      policy({ Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': false } } }),
      { isPublic: false, denies: true },
    ],
    [
      'a denial for all but one',
      policy({ Effect: 'Deny', Principal: undefined, NotPrincipal: { AWS: '210987654321' } }),
      { denies: true },
    ],
    ['one statement without its list', { ...policy({}), Statement: statement }, {}],
    ['no version', { Statement: [statement] }, {}],
    [
      'all actions but some',
      policy({ Principal: { AWS: '123456789012' }, Action: undefined, NotAction: ['s3:DeleteBucket', 's3:Put*'] }),
      {},
    ],
  ])('%s', (_what, document, expected) => {
    const wanted = wantedPolicy(document as Readonly<Record<string, unknown>>, scope);
    expect(wanted).toMatchObject(expected);
    expect(JSON.parse(wanted.text)).toEqual(JSON.parse(JSON.stringify(document)));
    expect(wantedPolicy(JSON.stringify(document, undefined, 4), scope)).toEqual(wanted);
  });

  test('a policy for everyone is taken where the account allows it', () => {
    expect(wantedPolicy(policy({ Principal: '*' }), { ...scope, allowPublic: true })).toMatchObject({ isPublic: true });
  });

  test('a policy with another partition’s names is taken in that partition alone', () => {
    const document = policy({ Resource: `arn:aws-cn:s3:::${BUCKET}/*` });
    expect(wantedPolicy(document, policyScope(account, BUCKET, 'aws-cn')).isPublic).toBe(false);
    expect(refusal(document)).toContain('not of this bucket');
  });
});

describe('what is refused, also where public policies are allowed', () => {
  test.each<[string, Parameters<typeof wantedPolicy>[0], string]>([
    ['a list', [] as never, 'must be a JSON object'],
    ['JSON text of something else', '"*"', 'must be a JSON object'],
    ['broken text', '{"Statement": [', 'not valid JSON'],
    ['an unknown version', { ...policy({}), Version: '2012-10-18' }, 'Version'],
    ['an unknown member', { ...policy({}), statement: [] }, 'unknown member "statement"'],
    ['an id that is a number', { ...policy({}), Id: 1 }, 'Id'],
    ['no statements', { Version: '2012-10-17', Statement: [] }, 'lacks a Statement'],
    ['a statement that is text', { Statement: ['*'] }, 'no object'],
    ['another effect', policy({ Effect: 'allow' }), 'Allow or Deny'],
    ['a Sid that is a list', policy({ Sid: ['a'] }), 'Sid'],
    ['no principal', policy({ Principal: undefined }), 'Principal or NotPrincipal'],
    ['both principals', policy({ NotPrincipal: { AWS: '210987654321' } }), 'Principal or NotPrincipal'],
    ['a principal of text', policy({ Principal: '210987654321' }), 'principal'],
    ['an empty principal', policy({ Principal: {} }), 'principal'],
    ['an unknown kind of principal', policy({ Principal: { aws: '210987654321' } }), 'unknown member "aws"'],
    ['a principal that is no name', policy({ Principal: { AWS: [1] } }), 'named by text'],
    ['no action', policy({ Action: [] }), 'action'],
    ['another service’s action', policy({ Action: ['s3:GetObject', 'ec2:*'] }), 'no action of S3'],
    ['a resource that is an object', policy({ Resource: {} }), 'resource'],
    [
      'all but another bucket',
      policy({ Resource: undefined, NotResource: 'arn:aws:s3:::other/*' }),
      'not of this bucket',
    ],
    ['the bucket with a wildcard', policy({ Resource: `arn:aws:s3:::${BUCKET}*` }), 'not of this bucket'],
    ['a condition of text', policy({ Condition: 'never' }), 'Condition'],
    ['a condition that nests', policy({ Condition: { Bool: { key: { more: true } } } }), 'Condition'],
  ])('%s', (_what, document, says) => {
    expect(refusal(document, true)).toContain(says);
  });
});

test('everyone in any form is refused where the account does not allow it', () => {
  const everyone = [
    '*',
    { AWS: '*' },
    { AWS: ['210987654321', '*'] },
    { AWS: 'arn:aws:iam::*:root' },
    { CanonicalUser: '*' },
    { Federated: '*' },
    { Service: 'log?ing.s3.amazonaws.com' },
  ];
  for (const Principal of everyone) {
    expect(refusal(policy({}, { Principal }))).toContain('everyone');
    expect(refusal(policy({ Principal, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }))).toContain(
      'everyone',
    );
  }
  expect(refusal(policy({ Principal: undefined, NotPrincipal: { AWS: '210987654321' } }))).toContain('everyone');
});

test('a size is counted in bytes without white space', () => {
  const wide = (length: number) => policy({ Sid: 'ä'.repeat(length) });
  const rest = Buffer.byteLength(JSON.stringify(wide(0)));
  const most = Math.floor((20 * 1024 - rest) / 2);
  expect(refusal(wide(most))).toBe('');
  expect(refusal(wide(most + 1))).toContain('S3 takes 20480');
  expect(refusal(JSON.stringify(wide(most), undefined, 8))).toBe('');
});

describe('JSON inside JSON', () => {
  test('a key that stands twice is found at any depth, however it is escaped', () => {
    for (const text of ['{"a":1,"a":2}', '{"a":[{"b":{"c":1,"\\u0063":2}}]}', '{"a" : 1 ,\n"a"\t: 2}']) {
      expect(parseStrictly(text)).toEqual({ problem: 'has a key twice in one object' });
    }
    expect(parseStrictly('{"a":{"a":[{"a":1},{"a":2}]},"b":"a:"}')).toEqual({
      value: { a: { a: [{ a: 1 }, { a: 2 }] }, b: 'a:' },
    });
  });

  test('what JSON.stringify writes comes back as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/"(__proto__|constructor|prototype)"/.test(text));
        expect(parseStrictly(text)).toEqual({ value: JSON.parse(text) });
      }),
    );
  });

  test('anything at all is either a policy or refused with a reason', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.dictionary(fc.constantFrom('Version', 'Statement', 'Id', 'x'), fc.jsonValue())),
        (input) => {
          expect(typeof refusal(input, true)).toBe('string');
        },
      ),
    );
  });
});
