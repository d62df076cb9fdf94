import * as fc from 'fast-check';
import { covers, overlaps } from '../../../../../../src/domain/bucket/settings/rules/judge/glob';

const glob = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 7 });
const plain = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 7 });
const regexp = (pattern: string): RegExp => new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);

test('a pattern covers a plain text exactly when it matches it', () => {
  fc.assert(
    fc.property(glob, plain, (pattern, text) => expect(covers(pattern, text)).toBe(regexp(pattern).test(text))),
  );
});

test('two globs that some text matches overlap, and a glob that is covered has no text beside', () => {
  fc.assert(
    fc.property(glob, glob, plain, (one, other, text) => {
      const both = regexp(one).test(text) && regexp(other).test(text);
      if (both) expect(overlaps(one, other)).toBe(true);
      if (covers(one, other) && regexp(other).test(text)) expect(regexp(one).test(text)).toBe(true);
    }),
  );
});

test.each([
  ['a*', 'b*', false],
  ['a*', '*b', true],
  ['a?', '?b', true],
  ['a?', 'a', false],
  ['*', '', true],
])('%s and %s overlap: %s', (one, other, expected) => {
  expect(overlaps(one, other)).toBe(expected);
  expect(overlaps(other, one)).toBe(expected);
});

test('long patterns take no time that grows without bound', () => {
  expect(covers('*a'.repeat(5_000), 'a'.repeat(200))).toBe(false);
});
