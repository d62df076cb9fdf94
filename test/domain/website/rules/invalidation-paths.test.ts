import fc from 'fast-check';
import { DomainFailure } from '../../../../src/base/errors';
import { invalidationPaths } from '../../../../src/domain/website/rules/invalidation-paths';

test.each([
  [['/*'], ['/*']],
  [['/a', '/a'], ['/a']],
  [['/a b', '/a%20b'], ['/a%20b']],
  [['/ü'], ['/%C3%BC']],
  [['/100%'], ['/100%25']],
  [['/a?b=c&d'], ['/a?b=c&d']],
  [['/😀*'], ['/%F0%9F%98%80*']],
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-objects.html: unsafe
  // characters of RFC 1738 are encoded, and no others.
  [
    ['/runtime~main.js', '/blog/[slug].html'],
    ['/runtime%7Emain.js', '/blog/%5Bslug%5D.html'],
  ],
  [['/a"<>\\^`{|}'], ['/a%22%3C%3E%5C%5E%60%7B%7C%7D']],
  [["/it's-(new),$1!;:@&=+_.-"], ["/it's-(new),$1!;:@&=+_.-"]],
  [['/a%7Eb', '/a~b'], ['/a%7Eb']],
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-tags.html: tags are visible
  // ASCII, without regard to case; nothing says that they may be encoded.
  [
    ['#product:electronics', '/a', '#News', '#news'],
    ['#product:electronics', '/a', '#news'],
  ],
  [['#a~b%[]"#c'], ['#a~b%[]"#c']],
  [[`#${'t'.repeat(256)}`], [`#${'t'.repeat(256)}`]],
])('%j become %j', (paths, expected) => {
  expect(invalidationPaths(paths)).toEqual(expected);
});

test.each([
  ['no path', []],
  ['no leading slash', ['a']],
  ['nothing', ['']],
  ['a lone *', ['*']],
  ['* in the middle', ['/a*b']],
  ['two *', ['/**']],
  ['a line break', ['/a\nb']],
  ['a zero byte', ['/\u0000']],
  ['a fragment, which no request has', ['/a#b']],
  ['half a character', ['/\ud800']],
  ['a tag without a name', ['#']],
  ['a tag with a comma', ['#a,b']],
  ['a tag with a space', ['#a b']],
  ['a tag beyond ASCII', ['#ü']],
  ['a wildcard of tags', ['#news*']],
  ['a tag of 257 characters', [`#${'t'.repeat(257)}`]],
  ['3,001 paths', Array.from({ length: 3_001 }, (_, n) => `/${String(n)}`)],
  ['16 wildcards', Array.from({ length: 16 }, (_, n) => `/${String(n)}*`)],
])('%s is refused', (_, paths) => {
  expect(() => invalidationPaths(paths)).toThrow(DomainFailure);
});

test('a mistake in a tag is told as one of tags', () => {
  expect(() => invalidationPaths(['#news*'])).toThrow('"#news*": cache tags know no wildcard');
  expect(() => invalidationPaths(['/a#b'])).toThrow('path "/a#b" has a #');
});

test('3,000 paths and 15 wildcards are taken; repetitions do not count', () => {
  const plain = Array.from({ length: 2_985 }, (_, n) => `/${String(n)}`);
  const wild = Array.from({ length: 15 }, (_, n) => `/${String(n)}/*`);
  expect(invalidationPaths([...plain, ...wild, ...plain, ...wild])).toHaveLength(3_000);
});

test('whatever is taken is printable ASCII, begins with a slash, has * last only, stands once, and stays as it is', () => {
  const path = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => `/${text}`);
  fc.assert(
    fc.property(fc.array(path, { minLength: 1, maxLength: 8 }), (paths) => {
      let normal: readonly string[];
      try {
        normal = invalidationPaths(paths);
      } catch (error) {
        expect(error).toBeInstanceOf(DomainFailure);
        return;
      }
      for (const one of normal) expect(one).toMatch(/^\/[!$-)+-;=?-Z_a-z%]*\*?$/);
      expect(new Set(normal).size).toBe(normal.length);
      expect(invalidationPaths(normal)).toEqual(normal);
    }),
    { numRuns: 500 },
  );
});
