import { createHash } from 'node:crypto';
import { fail } from '../../base/errors';
import { printable } from './names';
import type { Tag } from './shapes';

/** Tags: the caller's, the org tag everyone sees, and the system tags nobody sees. */

/** On everything: the org whose resource it is. */
export const ORG_TAG = 'spinup:org';
/** The operation that made a resource; what an undo must find before it removes anything. */
export const OPERATION_TAG = 'mallard:operation';
/** On users: the bucket they were made for. */
export const BUCKET_TAG = 'mallard:bucket';
/** On the bucket of a website: the id of its distribution; a hint, as bucket users may edit tags. */
export const DISTRIBUTION_TAG = 'mallard:distribution';
/** Beside it: the distribution's domain name, by which DNS records are still told when the distribution is gone; as much of a hint. */
export const DISTRIBUTION_DOMAIN_TAG = 'mallard:distribution-domain';
/** Value of the id's tag until there is a distribution, which no id looks like: a website that was left half-made is told by it. */
export const NO_DISTRIBUTION_YET = 'none-yet';
/** On users: `Inactive` while all their keys are turned off. */
export const STATUS_TAG = 'mallard:status';
/** On users made with tags of the caller's: a digest of those, by which tags that others add later are told from them. */
const MADE_WITH_TAG = 'mallard:tags';
/** On users being deleted: key prefix of notes of their virtual MFA devices, one serial number a tag. */
export const DEVICE_TAG = 'mallard:mfa/';
/** Marks our greeting pages; on buckets it would say something untrue, so callers cannot set it. */
const GREETING_TAG = 'yale:spinup';

/** AWS takes 50 tags a resource; the rest is ours, and the org tag among it, which callers may send back. */
export const MAX_CALLER_TAGS = 45;
const MAX_KEY = 128;
const MAX_VALUE = 256;
/** AWS takes no control characters, and the XML that tags travel in cannot even hold most of them, nor U+FFFE and U+FFFF. */
const UNSENDABLE = /[\p{Cc}\uFFFE\uFFFF]/u;

const RESERVED = ['aws:', 'mallard:', 'spinup:'];

function isReserved(key: string): boolean {
  const lower = key.toLowerCase();
  return lower === GREETING_TAG || RESERVED.some((prefix) => lower.startsWith(prefix));
}

/** Tells whether callers see this tag: their own, and the org tag, whosever it is. */
const isVisible = ({ Key }: Tag): boolean => !isReserved(Key) || Key === ORG_TAG;

/** Tells whether callers may send it: what they see of a thing of ours. */
const isSendable = (tag: Tag, org: string): boolean => isVisible(tag) && (tag.Key !== ORG_TAG || tag.Value === org);

/**
 * Checks tags of a caller. Lengths count characters as AWS does (Unicode code points).
 * @throws {invalid} when they break AWS's limits, repeat a key, or pose as system tags
 */
export function checkTags(tags: readonly Tag[], org: string): void {
  const problem = tagProblem(tags, org);
  if (problem !== undefined) fail({ kind: 'invalid', detail: problem });
}

function tagProblem(tags: readonly Tag[], org: string): string | undefined {
  const own = tags.filter(({ Key }) => Key !== ORG_TAG).length;
  if (own > MAX_CALLER_TAGS) return `${String(own)} tags are too many: at most ${String(MAX_CALLER_TAGS)}`;
  const seen = new Set<string>();
  for (const tag of tags) {
    const shown = `tag "${printable(tag.Key)}"`;
    const keyLength = [...tag.Key].length;
    if (keyLength === 0 || keyLength > MAX_KEY) return `${shown}: a tag key has 1 to ${String(MAX_KEY)} characters`;
    if ([...tag.Value].length > MAX_VALUE) return `${shown}: a tag value has at most ${String(MAX_VALUE)} characters`;
    if (UNSENDABLE.test(tag.Key) || UNSENDABLE.test(tag.Value))
      return `${shown}: tags are text without control characters`;
    if (seen.has(tag.Key)) return `${shown} is given twice: every key may stand once`;
    seen.add(tag.Key);
    if (!isSendable(tag, org)) {
      return tag.Key === ORG_TAG
        ? `${shown} is set by the service: leave it out, or send it with its own value`
        : `${shown} is reserved: keys may not be ${GREETING_TAG} or begin with ${RESERVED.join(', ')}`;
    }
  }
  return undefined;
}

/** Picks the tags that callers are shown of a resource, in AWS's order. */
export function visibleTags(tags: readonly Tag[]): readonly Tag[] {
  return tags.filter(isVisible);
}

/** Makes the tags of a new resource: the caller's, the org tag, and the given system tags. */
export function tagsAtBirth(caller: readonly Tag[], org: string, system: Readonly<Record<string, string>>): Tag[] {
  return [
    ...caller.filter((tag) => tag.Key !== ORG_TAG),
    { Key: ORG_TAG, Value: org },
    ...Object.entries(system).map(([Key, Value]) => ({ Key, Value })),
  ];
}

/** Makes the tags after an update: the caller's new tags replace the former ones, system tags stay as they are. */
export function tagsAfterUpdate(before: readonly Tag[], caller: readonly Tag[], org: string): Tag[] {
  const kept = before.filter((tag) => isReserved(tag.Key) && tag.Key !== ORG_TAG);
  return [...caller.filter((tag) => tag.Key !== ORG_TAG), { Key: ORG_TAG, Value: org }, ...kept];
}

/** Gives the value of the tag with that key; undefined without one. */
export function tagValue(tags: readonly Tag[], key: string): string | undefined {
  return tags.find((tag) => tag.Key === key)?.Value;
}

/** Adds a tag, in place of another of its key. */
export function tagsWith(tags: readonly Tag[], Key: string, Value: string): Tag[] {
  return [...tags.filter((tag) => tag.Key !== Key), { Key, Value }];
}

/**
 * Notes a distribution in the tags of a site's bucket: by it the site is found, and its DNS records when the
 * distribution is gone.
 */
export function tagsWithDistribution(tags: readonly Tag[], id: string, domainName: string | undefined): Tag[] {
  const noted = tagsWith(tags, DISTRIBUTION_TAG, id);
  return domainName === undefined ? noted : tagsWith(noted, DISTRIBUTION_DOMAIN_TAG, domainName.toLowerCase());
}

/**
 * Copies tags for the services whose alphabet is narrower than S3's (IAM, CloudFront): what they do not take becomes
 * `_`. https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html
 */
export function narrowTags(tags: readonly Tag[]): Tag[] {
  const narrow = (text: string) => text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '_');
  // Keys that become one are one tag: the first stands, as both services refuse a key given twice.
  const copy = new Map<string, string>();
  for (const { Key, Value } of tags) if (!copy.has(narrow(Key))) copy.set(narrow(Key), narrow(Value));
  return [...copy].map(([Key, Value]) => ({ Key, Value }));
}

/** Makes the system tag that records which tags a new user gets from its caller; none when there are none. */
export function recordOfTags(caller: readonly Tag[]): Readonly<Record<string, string>> {
  const given = caller.filter((tag) => tag.Key !== ORG_TAG);
  return given.length === 0 ? {} : { [MADE_WITH_TAG]: digestOf(narrowTags(given)) };
}

/**
 * Lists the keys of a user's tags that are neither the service's nor those it was made with; all of the latter when one
 * of them is not as it was.
 */
export function foreignTagKeys(tags: readonly Tag[], org: string): readonly string[] {
  const others = tags.filter(({ Key, Value }) => !Key.startsWith('mallard:') && !(Key === ORG_TAG && Value === org));
  return tagValue(tags, MADE_WITH_TAG) === digestOf(others) ? [] : others.map(({ Key }) => Key);
}

/** 43 characters that IAM takes in a tag's value, whatever the order of the tags. */
const digestOf = (tags: readonly Tag[]): string => createHash('sha256').update(textOf(tags)).digest('base64url');

/** Tells whether two tag sets are equal, whatever their order. */
export function sameTags(left: readonly Tag[], right: readonly Tag[]): boolean {
  return textOf(left) === textOf(right);
}

const textOf = (tags: readonly Tag[]): string => JSON.stringify(tags.map(({ Key, Value }) => [Key, Value]).sort());

/** Tags but the one that names the operation: what a plan says of itself is the same whoever runs it. */
export const lastingTags = (tags: readonly Tag[]): readonly Tag[] => tags.filter(({ Key }) => Key !== OPERATION_TAG);
