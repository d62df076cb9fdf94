import { AwsRefusal } from '../../contract';
import { many, required, type ShapeType, struct, text } from '../../protocol/xml-shape';
import { invalidArgument, invalidTag } from './refusals';

/** Tags of buckets and objects. Source: S3 API Reference, PutBucketTagging and PutObjectTagging. */

const tagShape = struct({ Key: required(text), Value: required(text) });
export const tagSetShape = struct({ Tag: many(tagShape) });
export const taggingShape = struct({ TagSet: required(tagSetShape) });

export type Tag = ShapeType<typeof tagShape>;

const LIMITS = {
  bucket: { count: 50, message: 'Bucket tag count cannot be greater than 50' },
  object: { count: 10, message: 'Object tags cannot be greater than 10' },
} as const;

/** Characters no tag may hold: controls, which no XML can carry either. */
// eslint-disable-next-line no-control-regex -- control characters are the very thing looked for
const FORBIDDEN = /[\u0000-\u001f]/;

/**
 * Checks a whole set of tags. Lengths count characters.
 * @throws {InvalidTag} when one cannot be
 * @throws {BadRequest} when there are too many
 */
export function checkTags(tags: readonly Tag[], on: keyof typeof LIMITS): readonly Tag[] {
  const seen = new Set<string>();
  for (const { Key, Value } of tags) {
    const length = [...Key].length;
    if (length === 0 || length > 128 || FORBIDDEN.test(Key)) {
      throw invalidTag('The TagKey you have provided is invalid');
    }
    if ([...Value].length > 256 || FORBIDDEN.test(Value)) {
      throw invalidTag('The TagValue you have provided is invalid');
    }
    if (/^aws:/i.test(Key)) throw invalidTag('System tags cannot be added/updated by requester');
    if (seen.has(Key)) throw invalidTag('Cannot provide multiple Tags with the same key');
    seen.add(Key);
  }
  const { count, message } = LIMITS[on];
  if (tags.length > count) throw new AwsRefusal(400, 'BadRequest', message);
  return tags;
}

/**
 * Reads the `x-amz-tagging` header: a URL-encoded query string.
 * @throws {InvalidArgument} when it is none
 * @throws {InvalidTag | BadRequest} as `checkTags`
 */
export function tagsFromHeader(header: string | undefined): readonly Tag[] {
  if (header === undefined || header === '') return [];
  const tags = [...new URLSearchParams(header)].map(([Key, Value]) => ({ Key, Value }));
  if (new Set(tags.map((tag) => tag.Key)).size !== tags.length) {
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      'x-amz-tagging',
      header,
    );
  }
  return checkTags(tags, 'object');
}
