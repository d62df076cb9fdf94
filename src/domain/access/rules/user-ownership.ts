import type { Tag } from '../../shared/shapes';
import { BUCKET_TAG, ORG_TAG, tagValue } from '../../shared/tags';

/**
 * Whose an IAM user is. An administrator may put a person's own user into a bucket's group: membership proves nothing.
 *
 * Ours is a user with our mark, which only who administers IAM can set, or one in the form that the predecessor gave to
 * its users: nothing at all but keys, groups and policies of the bucket. Deleted by its name, a user of our mark goes
 * with all that hangs on it, unless it is in groups of others. Deleted along with its bucket, where nobody has named it,
 * it goes only when it has nothing but what the service gave it.
 */

/** What hangs on a user that the service does not give to users. */
export interface Signs {
  /** Names of groups that are not the subject's. */
  readonly groups: readonly string[];
  /** Names of attached policies that speak of more than the subject's bucket. */
  readonly policies: readonly string[];
  /** Names of inline policies that do. */
  readonly inline: readonly string[];
  readonly path: string;
  /** Keys of tags that it was not made with. */
  readonly tags: readonly string[];
  /** ARN of a permissions boundary that is not the account's. */
  readonly boundary: string | undefined;
  readonly loginProfile: boolean;
  /** How many of each. */
  readonly mfaDevices: number;
  readonly sshPublicKeys: number;
  readonly signingCertificates: number;
  readonly serviceCredentials: number;
}

/** `by-name`: a caller asks for this very user; `along`: it would go with its bucket or website. */
export type Removal = 'by-name' | 'along';

/** Tells whether a user carries our mark: the org tag and the tag of the bucket it was made for. */
export function isMarked(tags: readonly Tag[], org: string): boolean {
  return tagValue(tags, ORG_TAG) === org && tagValue(tags, BUCKET_TAG) !== undefined;
}

/** Tells why a user is not deleted, as a sentence; undefined when it is surely ours and nobody else's. */
export function whyKept(signs: Signs, isOurs: boolean, removal: Removal): string | undefined {
  const words = isOurs
    ? [
        ...access(signs),
        ...(removal === 'along' ? person(signs, 'other tags than it is known to have been made with') : []),
      ]
    : [...access(signs), ...person(signs, 'tags of its own'), ...boundary(signs)];
  if (words.length === 0) return undefined;
  return isOurs
    ? `It was made by this service, and has got what the service does not give: ${inWords(words)}.`
    : `It carries no mark of this service, and has what the service does not give: ${inWords(words)}.`;
}

/** What lets it do more than work in the bucket. */
const access = ({ groups, policies, inline }: Signs): readonly string[] => [
  ...named('membership in other groups', groups),
  ...named('other policies', policies),
  ...named('inline policies', inline),
];

const person = (signs: Signs, tags: string): readonly string[] => [
  ...(signs.path === '/' ? [] : [`the path ${signs.path}`]),
  ...named(tags, signs.tags),
  ...(signs.loginProfile ? ['a console password'] : []),
  ...(signs.mfaDevices > 0 ? ['an MFA device'] : []),
  ...(signs.sshPublicKeys > 0 ? ['SSH keys'] : []),
  ...(signs.signingCertificates > 0 ? ['signing certificates'] : []),
  ...(signs.serviceCredentials > 0 ? ['service credentials'] : []),
];

/** No sign on users of our mark: the account's boundary may have been another one when they were made. */
const boundary = ({ boundary: arn }: Signs): readonly string[] =>
  arn === undefined ? [] : [`the permissions boundary ${arn}`];

const named = (what: string, names: readonly string[]): readonly string[] =>
  names.length === 0 ? [] : [`${what} (${names.join(', ')})`];

/** Writes a list as words: `a`, `a and b`, `a, b and c`. */
export function inWords(list: readonly string[]): string {
  const last = list.at(-1) ?? '';
  return list.length < 2 ? last : `${list.slice(0, -1).join(', ')} and ${last}`;
}
