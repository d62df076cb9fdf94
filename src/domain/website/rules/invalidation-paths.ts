import { fail } from '../../../base/errors';
import { cacheTagProblem, TAG_MARK } from '../../shared/cache-tags';
import { printable } from '../../shared/names';

/** CloudFront takes at most 3,000 paths and tags at once, of which 15 may be wildcards. */
const MOST_PATHS = 3_000;
const MOST_WILDCARDS = 15;
/** Characters of a path, encoded. */
const LONGEST = 4_000;

/**
 * What must be encoded, or CloudFront refuses the whole batch: RFC 1738's unsafe characters (2.2, "Unsafe"), all that is not
 * printable ASCII, and a `%` that encodes nothing. Nothing else may be: `/it%27s` is not `/it's` to CloudFront.
 */
const UNSAFE = /(?:%(?![0-9A-Fa-f]{2})|[^!-~]|["<>[\\\]^`{|}~])+/gu;

/**
 * Brings the paths and cache tags of an invalidation into CloudFront's form: paths percent-encoded where RFC 1738 asks for it,
 * all without duplicates, in the caller's order. Case does not count in tags.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-objects.html
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-tags.html
 * @throws {invalid} naming the first path or tag that is none
 */
export function invalidationPaths(paths: readonly string[]): readonly string[] {
  if (paths.length === 0) refuse('CacheInvalidation must name at least one path, e.g. "/*"');
  const normal = [...new Set(paths.map(normalise))];
  if (normal.length > MOST_PATHS) {
    refuse(`CacheInvalidation has ${String(normal.length)} paths: at most ${String(MOST_PATHS)}`);
  }
  const wildcards = normal.filter((path) => path.endsWith('*')).length;
  if (wildcards > MOST_WILDCARDS) {
    refuse(`CacheInvalidation has ${String(wildcards)} paths that end in *: at most ${String(MOST_WILDCARDS)}`);
  }
  return normal;
}

/** Tells whether an entry means what has a cache tag, and not what lies at a path. */
export const isTagged = (entry: string): boolean => entry.startsWith(TAG_MARK);

function normalise(path: string): string {
  if (isTagged(path)) return normaliseTag(path);
  const shown = `path "${printable(path)}"`;
  if (!path.startsWith('/')) refuse(`${shown} does not begin with a slash`);
  if (path.slice(0, -1).includes('*')) refuse(`${shown}: * may only be the last character`);
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(path)) refuse(`${shown} has control characters`);
  if (/\p{Surrogate}/u.test(path)) refuse(`${shown} is no well-formed Unicode`);
  if (path.includes('#')) {
    refuse(
      `${shown} has a #: what follows one is never sent to a server, and a # in the name of a file is %23 in its URL`,
    );
  }
  // What is encoded already stays as it is. A run at a time: a body may hold a million such characters.
  const encoded = path.replace(UNSAFE, (run) => encodeURIComponent(run).replaceAll('~', '%7E'));
  if (encoded.length > LONGEST)
    refuse(`${shown} has ${String(encoded.length)} characters when it is percent-encoded: at most ${String(LONGEST)}`);
  return encoded;
}

function normaliseTag(entry: string): string {
  const problem = cacheTagProblem(entry.slice(TAG_MARK.length));
  if (problem !== undefined) refuse(`"${printable(entry)}": ${problem}`);
  return entry.toLowerCase();
}

function refuse(detail: string): never {
  return fail({ kind: 'invalid', pointer: '/CacheInvalidation', detail });
}
