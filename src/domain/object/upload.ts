import { lookup as typeOf } from 'mime-types';
import type { ObjectUse } from '../../aws/presign/types';
import { fail } from '../../base/errors';
import { CACHE_TAG_HEADER, cacheTagsText } from '../shared/cache-tags';
import { lookup } from '../shared/operation';
import { whole } from '../shared/subject-rules';
import { checkNewKey } from './rules/keys';
import type { LifeQuery, UploadInput } from './rules/shapes';
import { sign } from './sign';

/** What S3 itself says of an object whose type nobody told. */
const UNKNOWN_TYPE = 'application/octet-stream';

/** Signs an upload of one object: by PUT, or by an HTML form. The storage paths of older clients are those of buckets. */
export const signUpload = lookup({
  ids: { bucket: ['signUpload', 'signStorageUpload'], website: 'signWebsiteUpload' },
  subject: whole,
  object: (_, { filename }: UploadInput & LifeQuery) => filename,
  check: (_, __, input) => checkNewKey(input.filename, useOf(input).kind === 'form'),
  read: (context, target, input) => sign(context, target, input.filename, useOf(input), input),
});

/**
 * Tells what the URL is for.
 * @throws {invalid} for a limit without a form: the URL of a PUT cannot hold one; and for more cache tags than an object can have
 */
function useOf({ filename, form = false, contentLength: maxBytes, ...asked }: UploadInput): ObjectUse {
  const { contentType: type, cacheTags = [] } = asked;
  const contentType = type === true ? guess(filename) : type === false ? undefined : type;
  const metadata = cacheTags.length === 0 ? {} : { [CACHE_TAG_HEADER]: cacheTagsText(cacheTags) };
  if (form) return { kind: 'form', contentType, metadata, maxBytes };
  if (maxBytes !== undefined) {
    fail({
      kind: 'invalid',
      pointer: '/contentLength',
      detail: '"contentLength" limits uploads by form only: send "form": true with it, or leave it out',
    });
  }
  return { kind: 'upload', contentType, metadata };
}

/** Gives the type that goes with the name's ending. */
function guess(filename: string): string {
  const type = typeOf(filename);
  return type === false ? UNKNOWN_TYPE : type;
}
