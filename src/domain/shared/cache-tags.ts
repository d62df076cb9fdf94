import { fail } from '../../base/errors';

/**
 * Cache tags: words that an origin gives with an object, by which CloudFront drops whatever it keeps of all objects that have
 * them. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-by-tags.html
 */

/**
 * The header by which distributions of new sites read tags. S3 sends an object's own metadata by `x-amz-meta-` alone, from
 * both kinds of endpoint; this name of it is the one that AWS's documentation and console have.
 */
export const CACHE_TAG_HEADER = 'x-amz-meta-cache-tag';

/** What goes before a tag in the list of an invalidation. */
export const TAG_MARK = '#';

/** Characters of one tag. */
const LONGEST = 256;

/** S3 keeps 2 KB of metadata with an object, names included; whether `x-amz-meta-` counts is not documented. */
const METADATA_BYTES = 2_048 - CACHE_TAG_HEADER.length;

/**
 * Tells what keeps a text from being a cache tag; undefined when nothing does. Visible ASCII without commas is what AWS asks
 * for. `*` would be a character like others, and whoever writes one expects a wildcard, which tags do not have.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-tags.html
 */
export function cacheTagProblem(tag: string): string | undefined {
  if (tag === '') return 'a cache tag has at least one character';
  if (tag.length > LONGEST)
    return `it has ${String(tag.length)} characters, and a cache tag has at most ${String(LONGEST)}`;
  if (tag.includes('*')) return 'cache tags know no wildcard: name each tag as it is';
  if (!/^[!-~]+$/.test(tag) || tag.includes(','))
    return 'a cache tag has visible ASCII characters only, and no comma and no space';
  return undefined;
}

/**
 * Gives the value of the header that carries an object's tags.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 * @throws {invalid} when S3 would not take so much with an object
 */
export function cacheTagsText(tags: readonly string[]): string {
  const text = tags.join(',');
  if (text.length <= METADATA_BYTES) return text;
  return fail({
    kind: 'invalid',
    pointer: '/cacheTags',
    detail: `the cache tags have ${String(text.length)} characters with the commas between them, of which S3 keeps ${String(METADATA_BYTES)} with an object`,
  });
}
