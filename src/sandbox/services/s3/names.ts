import { isAccountRegional } from './namespaces';

/** Rules for names. Source: S3 User Guide, "General purpose bucket naming rules", "Naming Amazon S3 objects". */

const RESERVED_PREFIXES = ['xn--', 'sthree-', 'amzn-s3-demo-'];
const RESERVED_SUFFIXES = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'];

/** Bytes of UTF-8 a key may have. */
const MAX_KEY_BYTES = 1024;

/** Tells whether a bucket of that name can be made; `-an` ends names in the namespace of an account and region only. */
export function isValidBucketName(name: string): boolean {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d{1,3}(\.\d{1,3}){3}$/.test(name) &&
    !RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix)) &&
    !RESERVED_SUFFIXES.some((suffix) => name.endsWith(suffix)) &&
    (!name.endsWith('-an') || isAccountRegional(name))
  );
}

/** What us-east-1 gave until 1 March 2018; such buckets go on, new ones are not made. Same page of the guide. */
export function isKnownBucketName(name: string): boolean {
  return /^[A-Za-z0-9._-]{3,255}$/.test(name);
}

export function isValidKey(key: string): boolean {
  return key !== '' && Buffer.byteLength(key, 'utf8') <= MAX_KEY_BYTES;
}
