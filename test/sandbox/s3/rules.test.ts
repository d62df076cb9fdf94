import fc from 'fast-check';
import { crc32c, crc64nvme } from '../../../src/sandbox/services/s3/crc';
import { compareKeys, createKeyIndex, keysFrom, removeKey, setKey } from '../../../src/sandbox/services/s3/key-index';
import { isValidBucketName } from '../../../src/sandbox/services/s3/names';
import { isPublicPolicy } from '../../../src/sandbox/services/s3/policy-rules';

describe('bucket names (AWS-FACTS: bucket names)', () => {
  test.each(['abc', 'a1-b.c', '123', 'www.example.org', 'x'.repeat(63), '1.2.3', 'a-123456789012-us-east-1-an'])(
    '%s is one',
    (name) => {
      expect(isValidBucketName(name)).toBe(true);
    },
  );

  test.each([
    'ab',
    'x'.repeat(64),
    'Abc',
    'a_b',
    '-abc',
    'abc-',
    '.abc',
    'a..b',
    '192.168.5.4',
    'xn--abc',
    'sthree-abc',
    'amzn-s3-demo-x',
    'abc-s3alias',
    'abc--ol-s3',
    'abc.mrap',
    'abc--x-s3',
    'abc--table-s3',
    'abc-an',
    'abc-12345-us-east-1-an',
    '-123456789012-us-east-1-an',
    `${'x'.repeat(38)}-123456789012-us-east-1-an`,
    'abc\n',
    '',
  ])('%j is none', (name) => {
    expect(isValidBucketName(name)).toBe(false);
  });
});

describe('the order of keys (AWS-FACTS: keys sort bytewise)', () => {
  const keys = fc.string({ unit: 'binary', maxLength: 6 });

  test('is that of their UTF-8 bytes', () => {
    fc.assert(
      fc.property(keys, keys, (left, right) => {
        expect(Math.sign(compareKeys(left, right))).toBe(Buffer.compare(Buffer.from(left), Buffer.from(right)));
      }),
    );
  });

  test('an index is sorted after any changes, and gives exactly the keys under a prefix', () => {
    const changes = fc.array(
      fc.tuple(fc.boolean(), fc.string({ unit: fc.constantFrom('a', 'b', '/', '\uffff', '😀'), maxLength: 3 })),
    );
    fc.assert(
      fc.property(changes, fc.constantFrom('', 'a', 'a/', '\uffff', '😀'), (all, prefix) => {
        const index = createKeyIndex<number>();
        const model = new Set<string>();
        for (const [adds, key] of all) {
          if (adds) setKey(index, key, 1);
          else removeKey(index, key);
          if (adds) model.add(key);
          else model.delete(key);
        }
        const expected = [...model]
          .filter((key) => key.startsWith(prefix))
          .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        expect([...keysFrom(index.sorted, prefix, '')]).toEqual(expected);
      }),
    );
  });
});

test('CRC check values of "123456789" (RFC 3720; NVM Command Set)', () => {
  const digits = Buffer.from('123456789');
  expect(crc32c(digits).toString(16)).toBe('e3069283');
  expect(crc64nvme(digits).toString('hex')).toBe('ae8b14860a799888');
});

describe('the meaning of public', () => {
  const policy = (statement: object): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...statement },
    });
  const everyone = { Principal: '*' };

  test.each<[string, object, boolean]>([
    ['everyone', everyone, true],
    ['every AWS principal', { Principal: { AWS: ['*'] } }, true],
    ['everyone but one', { NotPrincipal: { AWS: '111111111111' } }, true],
    ['one account', { Principal: { AWS: '111111111111' } }, false],
    ['a service', { Principal: { Service: 'cloudfront.amazonaws.com' } }, false],
    ['a denial', { ...everyone, Effect: 'Deny' }, false],
    ['everyone from one network', { ...everyone, Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } }, false],
    ['everyone from the internet', { ...everyone, Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } }, true],
    ['everyone but a network', { ...everyone, Condition: { NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } }, true],
    [
      'everyone of an organisation',
      { ...everyone, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } },
      false,
    ],
    ['everyone of any organisation', { ...everyone, Condition: { StringLike: { 'aws:PrincipalOrgID': 'o-*' } } }, true],
    [
      'everyone from a network of the old classes',
      { ...everyone, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } },
      false,
    ],
    [
      'everyone from a range wider than that',
      { ...everyone, Condition: { IpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '10.0.0.0/7'] } } },
      true,
    ],
    ['everyone from no network at all', { ...everyone, Condition: { IpAddress: { 'aws:SourceIp': [] } } }, true],
    [
      'everyone of an organisation, if of any',
      { ...everyone, Condition: { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } } },
      true,
    ],
    [
      'everyone all of whose values are one',
      { ...everyone, Condition: { 'ForAllValues:StringEquals': { 'aws:SourceVpce': 'vpce-1' } } },
      true,
    ],
    [
      'everyone by an access point of one account',
      {
        ...everyone,
        Condition: { StringLike: { 's3:DataAccessPointArn': 'arn:aws:s3:us-east-1:111111111111:accesspoint/*' } },
      },
      false,
    ],
    [
      'everyone by an access point of any account',
      { ...everyone, Condition: { StringLike: { 's3:DataAccessPointArn': 'arn:aws:s3:us-east-1:*:accesspoint/*' } } },
      true,
    ],
    [
      'every session of a role by its id',
      { ...everyone, Condition: { StringEquals: { 'aws:userid': 'AROAEXAMPLEID:me' } } },
      true,
    ],
    ['one user by id', { ...everyone, Condition: { StringEquals: { 'aws:userid': 'AIDAEXAMPLEID' } } }, false],
    [
      'everyone with a referer',
      { ...everyone, Condition: { StringLike: { 'aws:Referer': 'https://example.org/*' } } },
      true,
    ],
  ])('%s', (_title, statement, expected) => {
    expect(isPublicPolicy(policy(statement))).toBe(expected);
  });
});
