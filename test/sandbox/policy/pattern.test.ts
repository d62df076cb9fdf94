import { matches, matchesArn } from '../../../src/sandbox/policy/pattern';

const keys = new Map([
  ['aws:username', ['anna']],
  ['aws:principaltag/team', ['a*b']],
  ['aws:tagkeys', ['one', 'two']],
]);

describe('wildcards', () => {
  it.each([
    ['*', '', true],
    ['*', 'anything/at:all', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['a*c', 'ac', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c', false],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/k:1/x', true],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b', false],
    ['abc', 'ABC', false],
  ])('%s against %s is %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it('ignores case when told, as action names need', () => {
    expect(matches('S3:get*', 's3:GetObject', { ignoreCase: true })).toBe(true);
  });

  it('decides a hostile pattern quickly', () => {
    expect(matches(`${'a*'.repeat(60)}b`, 'a'.repeat(5000))).toBe(false);
  });
});

describe('policy variables', () => {
  it.each([
    ['${aws:username}', 'anna', true],
    ['home/${AWS:UserName}/*', 'home/anna/x', true],
    ['${aws:username}', 'bob', false],
    ['${aws:PrincipalTag/team}', 'a*b', true],
    ["${aws:PrincipalTag/none, 'x'}", 'x', true],
    ['a${*}c', 'a*c', true],
    ['a${*}c', 'abc', false],
    ['${?}${$}', '?$', true],
  ])('%s against %s is %s', (pattern, text, expected) => {
    expect(matches(pattern, text, { keys })).toBe(expected);
  });

  it('takes a wildcard inside a value as a plain character', () => {
    expect(matches('${aws:PrincipalTag/team}', 'axxb', { keys })).toBe(false);
  });

  it.each(['${aws:userid}*', '${aws:TagKeys}*'])('matches nothing when %s has no single value', (pattern) => {
    expect(matches(pattern, 'anything', { keys })).toBe(false);
  });

  it('leaves variables alone in documents without them', () => {
    expect(matches('${aws:username}', 'anna')).toBe(false);
  });
});

describe('ArnLike', () => {
  it.each([
    ['arn:aws:iam::*:user/*', 'arn:aws:iam::123456789012:user/a/b', true],
    ['arn:aws:iam::*', 'arn:aws:iam::123456789012:user/a', false],
    ['arn:aws:*:::b', 'arn:aws:s3:::b', true],
    ['arn:aws:iam::123456789012:user/${aws:username}', 'arn:aws:iam::123456789012:user/anna', true],
    ['*', 'arn:aws:s3:::b', true],
  ])('%s against %s is %s', (pattern, arn, expected) => {
    expect(matchesArn(pattern, arn, { keys })).toBe(expected);
  });
});
