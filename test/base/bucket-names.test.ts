import fc from 'fast-check';
import { type BucketNaming, bucketInS3, isInOwnNamespace, nameInApi } from '../../src/base/bucket-names';

/** AWS-FACTS: account-regional bucket namespace; S3 User Guide, "Namespaces for general purpose buckets". */

const shared: BucketNaming = { bucketNamespace: 'global', id: '123456789012', region: 'us-west-2' };
const own: BucketNaming = { ...shared, bucketNamespace: 'account-regional' };

test('in the shared namespace S3 has the caller’s name', () => {
  expect(bucketInS3(shared, 'photos')).toBe('photos');
  expect(nameInApi(shared, 'photos')).toBe('photos');
});

test('in its own namespace S3 has the account’s id, the region and -an after it', () => {
  expect(bucketInS3(own, 'photos')).toBe('photos-123456789012-us-west-2-an');
  expect(nameInApi(own, 'photos-123456789012-us-west-2-an')).toBe('photos');
});

test.each([
  'photos',
  'photos-123456789012-us-east-1-an',
  'photos-210987654321-us-west-2-an',
  '-123456789012-us-west-2-an',
])('%s is none that callers of an account with its own namespace can name', (bucket) => {
  expect(nameInApi(own, bucket)).toBeUndefined();
});

test('whatever a bucket is called, its name comes back', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (name) => {
      for (const naming of [shared, own]) expect(nameInApi(naming, bucketInS3(naming, name))).toBe(name);
    }),
  );
});

test('a name is in the own namespace by its end, whatever the setting, and never without the account’s id', () => {
  for (const naming of [shared, own]) {
    expect(isInOwnNamespace(naming, 'photos-123456789012-us-west-2-an')).toBe(true);
    expect(isInOwnNamespace(naming, 'photos')).toBe(false);
  }
  expect(isInOwnNamespace({ ...shared, id: undefined }, 'photos--us-west-2-an')).toBe(false);
});
