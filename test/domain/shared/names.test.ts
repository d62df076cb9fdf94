import { DomainFailure } from '../../../src/base/errors';
import type { AccountConfig } from '../../../src/config/types';
import {
  bucketNameProblem,
  canBeThere,
  checkBucketName,
  checkUserName,
  claimInBucket,
  claimOnBucket,
  claimOnUser,
  claimsInBucket,
  printable,
} from '../../../src/domain/shared/names';
import { accountConfig } from '../../support/config';
import { refusalOf } from '../client/rules/settings';

describe('bucket names (S3 bucket naming rules)', () => {
  test.each(['abc', 'my-bucket', 'docs.example.org', '0'.repeat(63), 'a1-.b'.replace('-.', '.')])(
    '%s is accepted',
    (name) => {
      expect(bucketNameProblem(name)).toBeUndefined();
    },
  );

  test.each([
    ['two characters', 'ab'],
    ['64 characters', 'a'.repeat(64)],
    ['upper case', 'Bucket'],
    ['an underscore', 'my_bucket'],
    ['two dots in a row', 'my..bucket'],
    ['an IP address', '192.168.5.4'],
    ['a leading hyphen', '-bucket'],
    ['a trailing dot', 'bucket.'],
    ['a slash', 'a/bc'],
    ['a line break', 'abc\n'],
    ['nothing', ''],
    ['the prefix xn--', 'xn--bucket'],
    ['the prefix sthree-', 'sthree-bucket'],
    ['the prefix amzn-s3-demo-', 'amzn-s3-demo-bucket'],
    ['the suffix -s3alias', 'bucket-s3alias'],
    ['the suffix --ol-s3', 'bucket--ol-s3'],
    ['the suffix .mrap', 'bucket.mrap'],
    ['the suffix --x-s3', 'bucket--x-s3'],
    ['the suffix --table-s3', 'bucket--table-s3'],
    ['the suffix of account-regional namespaces', 'bucket-123456789012-us-east-1-an'],
    ['what ends like it', 'quinn-an'],
  ])('%s is refused with the rule', (_, name) => {
    expect(() => {
      checkBucketName(accountConfig({}), name);
    }).toThrow(DomainFailure);
    expect(bucketNameProblem(name)).toMatch(/bucket name/);
  });
});

describe('bucket names of an account with a namespace of its own (gpbucketnamespaces.html)', () => {
  const OWN = '-123456789012-us-east-1-an';
  const account = accountConfig({ id: '123456789012', bucketNamespace: 'account-regional' });
  const problem = (of: AccountConfig, name: string) => refusalOf(() => checkBucketName(of, name));

  test('the suffix leaves 37 characters in us-east-1', () => {
    expect(problem(account, 'x'.repeat(37))).toBeUndefined();
    expect(problem(account, 'x'.repeat(38))).toMatchObject({
      kind: 'invalid',
      detail: expect.stringContaining(`with ${OWN} at its end, S3 takes 37 characters before that at most`),
    });
  });

  test.each([
    [`photos${OWN}`, 'have -123456789012-us-east-1-an at their end by themselves'],
    ['photos-210987654321-us-east-1-an', 'AWS keeps bucket names that end with "-an"'],
    ['Photos', 'lower-case'],
  ])('%s is refused', (name, detail) => {
    expect(problem(account, name)).toMatchObject({ kind: 'invalid', detail: expect.stringContaining(detail) });
  });

  test('there can be none of an older rule there, as there are in the shared namespace', () => {
    for (const name of ['Old_Name', 'x'.repeat(38), `photos${OWN}`]) {
      expect(canBeThere(account, name)).toBe(false);
      expect(canBeThere(accountConfig({}), name)).toBe(true);
    }
    expect(canBeThere(account, 'photos')).toBe(true);
  });

  test('elsewhere the whole name is taken when it is of the account and region, and none that only looks like it', () => {
    const shared = accountConfig({ id: '123456789012' });
    expect(problem(shared, `photos${OWN}`)).toBeUndefined();
    expect(problem(accountConfig({}), `photos${OWN}`)).toMatchObject({ kind: 'invalid' });
    for (const name of [
      'photos-210987654321-us-east-1-an',
      'photos-123456789012-eu-west-1-an',
      `${'x'.repeat(38)}${OWN}`,
      OWN,
      'photos-an',
    ])
      expect(problem(shared, name)).toMatchObject({ kind: 'invalid' });
  });
});

describe('user names (IAM)', () => {
  test.each(['alice', 'a', 'A_b+c=d,e.f@g-h', '...', '.a', '..a', 'a..', 'x'.repeat(64)])('%s is accepted', (name) => {
    expect(() => {
      checkUserName(name);
    }).not.toThrow();
  });

  test.each(['', 'x'.repeat(65), 'a b', 'a/b', 'ü', 'a\n', '../x', '.', '..'])('%j is refused', (name) => {
    expect(() => {
      checkUserName(name);
    }).toThrow(/user name/);
  });
});

test('a claim in a bucket lies below that bucket alone, whatever names contain one another', () => {
  expect(claimInBucket('demo', 'site', 'alice').startsWith(claimsInBucket('demo', 'site'))).toBe(true);
  expect(claimInBucket('demo', 'site-extra', 'alice').startsWith(claimsInBucket('demo', 'site'))).toBe(false);
  expect(claimOnBucket('demo', 'site')).not.toBe(claimOnBucket('demo', 'site-extra'));
});

test('IAM user names are one name whatever their case', () => {
  expect(claimOnUser('demo', 'Alice')).toBe(claimOnUser('demo', 'alice'));
});

test('text of a caller is shown without control characters and shortened', () => {
  expect(printable('a\r\nb\u202Ec')).toBe('a??b?c');
  expect(printable('x'.repeat(200))).toHaveLength(80);
});
