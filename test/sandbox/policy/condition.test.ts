import { holds, parseConditions } from '../../../src/sandbox/policy/condition';

function evaluate(block: unknown, context: Record<string, string | string[]>): boolean {
  const conditions = parseConditions(block);
  if (typeof conditions === 'string') throw new Error(conditions);
  const keys = new Map(
    Object.entries(context).map(([key, value]) => [key.toLowerCase(), typeof value === 'string' ? [value] : value]),
  );
  return conditions.every((condition) => holds(condition, keys, true));
}

describe('condition operators', () => {
  it.each<[string, unknown, Record<string, string | string[]>, boolean]>([
    ['equal', { StringEquals: { 's3:prefix': 'docs/' } }, { 's3:prefix': 'docs/' }, true],
    ['equal to one of several', { StringEquals: { 's3:prefix': ['', 'docs/'] } }, { 's3:prefix': '' }, true],
    ['not equal', { StringEquals: { 's3:prefix': 'docs/' } }, { 's3:prefix': 'docs' }, false],
    ['absent key', { StringEquals: { 's3:prefix': 'docs/' } }, {}, false],
    ['absent key with IfExists', { StringEqualsIfExists: { 's3:prefix': 'docs/' } }, {}, true],
    ['key in another case', { StringEquals: { 'S3:Prefix': 'a' } }, { 's3:prefix': 'a' }, true],
    ['a wildcard is plain in StringEquals', { StringEquals: { k: 'a*' } }, { k: 'ab' }, false],
    ['StringLike', { StringLike: { 's3:prefix': 'docs/*' } }, { 's3:prefix': 'docs/a/b' }, true],
    [
      'StringLike with a variable',
      { StringLike: { 's3:prefix': '${aws:username}/*' } },
      { 's3:prefix': 'anna/x', 'aws:username': 'anna' },
      true,
    ],
    ['StringNotLike', { StringNotLike: { 's3:prefix': 'docs/*' } }, { 's3:prefix': 'docs/a' }, false],
    ['StringNotEquals with several, none equal', { StringNotEquals: { k: ['a', 'b'] } }, { k: 'c' }, true],
    ['StringNotEquals with several, one equal', { StringNotEquals: { k: ['a', 'b'] } }, { k: 'b' }, false],
    ['StringNotEquals and an absent key', { StringNotEquals: { k: 'a' } }, {}, true],
    ['StringEqualsIgnoreCase', { StringEqualsIgnoreCase: { k: 'AbC' } }, { k: 'aBc' }, true],
    ['Bool', { Bool: { 'aws:SecureTransport': 'false' } }, { 'aws:SecureTransport': 'false' }, true],
    ['Bool as JSON boolean', { Bool: { 'aws:SecureTransport': true } }, { 'aws:SecureTransport': 'false' }, false],
    ['Null true', { Null: { 'aws:TokenIssueTime': 'true' } }, {}, true],
    ['Null false', { Null: { 'aws:TokenIssueTime': false } }, {}, false],
    [
      'ArnLike',
      { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/x' } },
      { 'aws:PrincipalArn': 'arn:aws:iam::1:role/x' },
      true,
    ],
    [
      'ArnNotEquals',
      { ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::1:role/x' } },
      { 'aws:PrincipalArn': 'arn:aws:iam::1:role/x' },
      false,
    ],
    ['NumericLessThanEquals', { NumericLessThanEquals: { 's3:max-keys': '10' } }, { 's3:max-keys': '10' }, true],
    ['NumericGreaterThan', { NumericGreaterThan: { 's3:max-keys': 10 } }, { 's3:max-keys': '9' }, false],
    ['NumericNotEquals', { NumericNotEquals: { k: '1' } }, { k: '1.0' }, false],
    [
      'DateLessThan',
      { DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } },
      { 'aws:CurrentTime': '2029-12-31T23:59:59Z' },
      true,
    ],
    [
      'DateGreaterThan with seconds',
      { DateGreaterThan: { 'aws:CurrentTime': '1' } },
      { 'aws:CurrentTime': '1970-01-01T00:00:00Z' },
      false,
    ],
    ['IpAddress', { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }, { 'aws:SourceIp': '127.0.0.1' }, true],
    [
      'NotIpAddress',
      { NotIpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '127.0.0.1'] } },
      { 'aws:SourceIp': '127.0.0.1' },
      false,
    ],
    ['IPv6', { IpAddress: { 'aws:SourceIp': '2001:db8::/32' } }, { 'aws:SourceIp': '2001:db8::1' }, true],
    [
      'ForAllValues, all listed',
      { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] } },
      { 'aws:TagKeys': ['a'] },
      true,
    ],
    [
      'ForAllValues, one not listed',
      { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } },
      { 'aws:TagKeys': ['a', 'c'] },
      false,
    ],
    ['ForAllValues, absent', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } }, {}, true],
    [
      'ForAnyValue, one listed',
      { 'ForAnyValue:StringLike': { 'aws:TagKeys': 'a*' } },
      { 'aws:TagKeys': ['x', 'ab'] },
      true,
    ],
    ['ForAnyValue, absent', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a'] } }, {}, false],
    ['two keys, one fails', { StringEquals: { a: '1', b: '2' } }, { a: '1', b: '3' }, false],
    ['two operators, one fails', { StringEquals: { a: '1' }, Null: { b: 'false' } }, { a: '1' }, false],
  ])('%s', (_title, block, context, expected) => {
    expect(evaluate(block, context)).toBe(expected);
  });

  it('names an operator it does not know', () => {
    expect(parseConditions({ StringEqual: { a: 'b' } })).toBe('Invalid Condition type : StringEqual.');
  });

  it.each([[[]], [{ StringEquals: 'x' }], [{ StringEquals: { a: {} } }]])('refuses the malformed block %j', (block) => {
    expect(typeof parseConditions(block)).toBe('string');
  });
});
