import fc from 'fast-check';
import { inactiveValue, statusOf, valueOf } from '../../../../src/domain/access/rules/user-status';

const tag = (Value: string) => [
  { Key: 'Other', Value: 'Inactive' },
  { Key: 'mallard:status', Value },
];
const keyId = fc.stringMatching(/^\w{16,40}$/);

test('a status that is written as a tag is read back as it was', () => {
  fc.assert(
    fc.property(fc.uniqueArray(keyId, { maxLength: 2 }), (turnedOff) => {
      expect(statusOf(tag(inactiveValue(turnedOff)))).toEqual({ inactive: true, turnedOff });
    }),
  );
});

test('a status fits IAM’s alphabet and length of tag values', () => {
  expect(inactiveValue(['AKIAJTGA5ITTTJ7WOR7A', 'LMNOPQRSTUVW12345678'])).toMatch(
    /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u,
  );
});

test.each(['', 'Active', 'inactive', 'InactiveX', ' Inactive'])('"%s" is not Inactive', (value) => {
  expect(statusOf(tag(value))).toEqual({ inactive: false, turnedOff: [] });
});

test('without the tag a user is Active, and its tag has no value', () => {
  expect(statusOf([])).toEqual({ inactive: false, turnedOff: [] });
  expect(valueOf(statusOf([]))).toBeUndefined();
  expect(valueOf({ inactive: true, turnedOff: [] })).toBe('Inactive');
});
