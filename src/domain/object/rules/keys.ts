import { fail } from '../../../base/errors';
import { printable } from '../../shared/names';

/** Keys of objects. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */

/** Bytes of UTF-8. */
const LONGEST = 1_024;

/** What S3 puts in the place of this is a name that whoever uploads chooses. */
const FILE_NAME_VARIABLE = '${filename}';

const ALLOWED =
  'it has 1 to 1,024 bytes of UTF-8, no control characters, and no folder named . or .. (which clients would resolve, to another key or another bucket)';

/**
 * Checks that an object can have that key, and that every client sends it unchanged.
 * @throws {invalid} when not
 */
export function checkKey(key: string, pointer?: string): void {
  const bytes = Buffer.byteLength(key, 'utf8');
  const isFit =
    bytes >= 1 &&
    bytes <= LONGEST &&
    !/[\p{Cc}\p{Surrogate}]/u.test(key) &&
    !key.split('/').some((segment) => segment === '.' || segment === '..');
  if (!isFit) refuse(key, ALLOWED, pointer);
}

/**
 * Checks the key of a new object; a first folder without a name is refused, too, as hardly anybody means it.
 * @throws {invalid} when it cannot be
 */
export function checkNewKey(key: string, isForm: boolean): void {
  const pointer = '/filename';
  checkKey(key, pointer);
  if (key.startsWith('/')) refuse(key, 'it begins with no slash; the bucket is the root', pointer);
  if (isForm && key.includes(FILE_NAME_VARIABLE))
    refuse(key, `S3 would replace ${FILE_NAME_VARIABLE} in a form by another name`, pointer);
}

function refuse(key: string, why: string, pointer: string | undefined): never {
  return fail({
    kind: 'invalid',
    detail: `"${printable(key)}" cannot be an object's key: ${why}`,
    ...(pointer !== undefined && { pointer }),
  });
}

/** Gives the key that a path names. */
export const keyIn = ({ params }: { readonly params: { readonly [name: string]: string } }): string =>
  params['path'] ?? '';
