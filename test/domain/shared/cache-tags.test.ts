import { DomainFailure } from '../../../src/base/errors';
import { cacheTagProblem, cacheTagsText } from '../../../src/domain/shared/cache-tags';

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-tags.html */

test.each(['a', 'product:electronics', '!"#$%&\'()+-./~', 'x'.repeat(256)])('%s is a cache tag', (tag) => {
  expect(cacheTagProblem(tag)).toBeUndefined();
});

test.each([
  ['', 'at least one character'],
  ['x'.repeat(257), 'at most 256'],
  ['news*', 'no wildcard'],
  ['a,b', 'no comma'],
  ['a b', 'no space'],
  ['a\n', 'visible ASCII'],
  ['ü', 'visible ASCII'],
])('%j is none', (tag, why) => {
  expect(cacheTagProblem(tag)).toContain(why);
});

test('tags of an object go with it as one text', () => {
  expect(cacheTagsText(['news', 'author:ada'])).toBe('news,author:ada');
});

test('they may be as long as S3’s 2 KB of metadata let them, the name of the header included', () => {
  const tags = (last: number) => [...Array.from({ length: 7 }, () => 'x'.repeat(256)), 'x'.repeat(last)];
  const name = 'x-amz-meta-cache-tag';
  const fit = 2_048 - name.length - 7 * 257;
  expect(cacheTagsText(tags(fit))).toHaveLength(2_028);
  expect(() => cacheTagsText(tags(fit + 1))).toThrow(DomainFailure);
});
