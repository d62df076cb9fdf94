import { DomainFailure } from '../../../src/base/errors';
import {
  bucketNameProblem,
  checkBucketName,
  checkUserName,
  claimInBucket,
  claimOnBucket,
  claimOnUser,
  claimsInBucket,
  printable,
} from '../../../src/domain/shared/names';

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
  ])('%s is refused with the rule', (_, name) => {
    expect(() => {
      checkBucketName(name);
    }).toThrow(DomainFailure);
    expect(bucketNameProblem(name)).toMatch(/bucket name/);
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
