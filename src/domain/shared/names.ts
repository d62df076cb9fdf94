import {
  type BucketNaming,
  bucketInS3,
  isInOwnNamespace,
  LONGEST_BUCKET_NAME,
  ownSuffix,
} from '../../base/bucket-names';
import { fail } from '../../base/errors';

/**
 * Names: what callers may choose, and what is derived from them. The derived names are those of the service's
 * predecessor, so that its resources stay usable.
 */

/** Where a bucket is, as far as its names tell: a session, or the place of an operation. */
export interface BucketHome {
  readonly partition: string;
  readonly account: BucketNaming;
}

/** Gives the ARN of the bucket that callers call `bucket`. */
export const bucketArn = ({ partition, account }: BucketHome, bucket: string): string =>
  `arn:${partition}:s3:::${bucketInS3(account, bucket)}`;

/** Prefixes and suffixes AWS keeps for itself; `-an` is for buckets in an account's own namespace. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const RESERVED_PREFIXES = ['xn--', 'sthree-', 'amzn-s3-demo-'];
const RESERVED_SUFFIXES = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3', '-an'];

const BUCKET_RULE =
  'a bucket name has 3 to 63 lower-case letters, digits, dots and hyphens, begins and ends with a letter or digit, ' +
  'has no two dots in a row and is not an IP address';

/** Tells why `name` cannot be the name of a bucket in the shared namespace by today's rule; undefined when it can. */
export function bucketNameProblem(name: string): string | undefined {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) || name.includes('..') || /^\d+\.\d+\.\d+\.\d+$/.test(name)) {
    return BUCKET_RULE;
  }
  const prefix = RESERVED_PREFIXES.find((reserved) => name.startsWith(reserved));
  if (prefix !== undefined) return `AWS keeps bucket names that begin with "${prefix}" for itself`;
  const suffix = RESERVED_SUFFIXES.find((reserved) => name.endsWith(reserved));
  if (suffix !== undefined) return `AWS keeps bucket names that end with "${suffix}" for itself`;
  return undefined;
}

/** Tells why an account cannot have a new bucket of that name, if it cannot. */
function newNameProblem(account: BucketNaming, name: string): string | undefined {
  const suffix = ownSuffix(account);
  const isFull = isInOwnNamespace(account, name);
  const short = isFull ? name.slice(0, -suffix.length) : name;
  if (isFull && account.bucketNamespace === 'account-regional')
    return `this account's buckets have ${suffix} at their end by themselves; leave it out`;
  const inS3 = bucketInS3(account, name);
  if (inS3 !== short && inS3.length > LONGEST_BUCKET_NAME) {
    const left = LONGEST_BUCKET_NAME - suffix.length;
    return `with ${suffix} at its end, S3 takes ${String(left)} characters before that at most`;
  }
  return bucketNameProblem(short);
}

/**
 * Checks that an account can have a bucket of that name by today's rule.
 * @throws {invalid} when not
 */
export function checkBucketName(account: BucketNaming, name: string): void {
  const problem = newNameProblem(account, name);
  if (problem !== undefined)
    fail({ kind: 'invalid', detail: `"${printable(name)}" cannot be a bucket name: ${problem}` });
}

/**
 * Checks that a bucket may have this name, be it one of those that us-east-1 gave until 2018: those buckets live on, with
 * capitals, underscores and up to 255 characters. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 * @throws {invalid} when no bucket can have it
 */
export function checkKnownBucketName(name: string): void {
  if (/^[A-Za-z0-9._-]{3,255}$/.test(name)) return;
  fail({
    kind: 'invalid',
    detail: `"${printable(name)}" cannot be a bucket name: a bucket has 3 to 255 letters, digits, dots, hyphens and underscores`,
  });
}

/** Tells whether an account can have a bucket of that name that is older than today's rule: its own namespace has none. */
export const canBeThere = (account: BucketNaming, name: string): boolean =>
  account.bucketNamespace === 'global' || newNameProblem(account, name) === undefined;

/** What IAM keeps under a name: a longer one is nobody's, and asking for it is an error. */
export const LONGEST_NAME = { user: 64, group: 128, policy: 128 } as const;

/** Tells whether IAM can have a thing of that name. Old names of buckets are too long for some that are made of them. */
export const fitsIam = (kind: keyof typeof LONGEST_NAME, name: string): boolean => name.length <= LONGEST_NAME[kind];

/** IAM's rule for user names. https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html */
const USER_NAME = /^[A-Za-z0-9_+=,.@-]{1,64}$/;

/** Clients that keep to the URL standard resolve these in a path, percent-encoded or not: nobody could ask for them again. */
const UNASKABLE: ReadonlySet<string> = new Set(['.', '..']);

/**
 * Checks that `name` can name an IAM user that every client can ask for.
 * @throws {invalid} when not
 */
export function checkUserName(name: string): void {
  if (USER_NAME.test(name) && !UNASKABLE.has(name)) return;
  fail({
    kind: 'invalid',
    detail: `"${printable(name)}" cannot be a user name: it has 1 to 64 letters, digits and _ + = , . @ -, and is not . or ..`,
  });
}

/** Resources as register keys below `claims/`; none of the names can hold a slash. */

/** Claims a bucket's existence. */
export const claimOnBucket = (account: string, bucket: string): string => `${account}/bucket/${bucket}`;
/** Claims a bucket's settings: changing them is no reason to hold up its users. */
export const claimOnSettings = (account: string, bucket: string): string => `${account}/bucket-settings/${bucket}`;
/**
 * Claims work on a user inside of a bucket: held beside the claim on the user, so that whoever takes the bucket away
 * sees the work in it.
 */
export const claimInBucket = (account: string, bucket: string, user: string): string =>
  `${account}/in-bucket/${bucket}/${user}`;
/** Gives the prefix of everything that is going on inside a bucket. */
export const claimsInBucket = (account: string, bucket: string): string => `${account}/in-bucket/${bucket}/`;
/**
 * Claims a name that begins with a website's, for whoever makes a bucket of it: the claim lies in the website, so that
 * what makes or takes away the website sees it. No user can be called so.
 */
export const claimBesideSite = (account: string, site: string, bucket: string): string =>
  claimInBucket(account, site, `bucket:${bucket}`);
/** Claims a user; IAM names are unique whatever their case. */
export const claimOnUser = (account: string, user: string): string => `${account}/user/${user.toLowerCase()}`;
/** Claims a group; IAM names are unique whatever their case. */
export const claimOnGroup = (account: string, group: string): string => `${account}/group/${group.toLowerCase()}`;

/** Makes a caller's text fit to stand in a message: control characters shown as `?`, at most 80 characters. */
export function printable(text: string): string {
  const shown = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?');
  return shown.length > 80 ? `${shown.slice(0, 77)}...` : shown;
}
