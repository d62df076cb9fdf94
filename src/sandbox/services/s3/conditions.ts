import { type Call, header } from './call';
import { noSuchKey, notImplemented, preconditionFailed } from './refusals';
import type { StoredObject } from './store';

/** Conditional requests. Source: RFC 9110, 13; S3 User Guide, "Add preconditions to S3 operations". */

const bare = (etag: string): string =>
  etag
    .trim()
    .replace(/^W\//, '')
    .replace(/^"(.*)"$/, '$1');

function matchesAny(list: string, object: StoredObject): boolean {
  return list.split(',').some((entry) => bare(entry) === '*' || bare(entry) === object.etag);
}

/** Headers carry whole seconds. */
const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

function time(value: string | undefined): number | undefined {
  const parsed = value === undefined ? Number.NaN : Date.parse(value);
  return Number.isNaN(parsed) ? undefined : seconds(parsed);
}

export type Verdict = 'go' | 'not-modified';

/**
 * Checks the four conditions of a read; `prefix` is `x-amz-copy-source-` for the source of a copy, where "not modified"
 * is a failure too.
 * @throws {PreconditionFailed} when one does not hold
 */
export function checkRead(call: Call, object: StoredObject, prefix = ''): Verdict {
  const ifMatch = header(call, `${prefix}if-match`);
  const ifNoneMatch = header(call, `${prefix}if-none-match`);
  const since = time(header(call, `${prefix}if-modified-since`));
  const until = time(header(call, `${prefix}if-unmodified-since`));
  const modified = seconds(object.lastModified);
  if (ifMatch !== undefined) {
    if (!matchesAny(ifMatch, object)) throw preconditionFailed('If-Match');
  } else if (until !== undefined && modified > until) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  if (ifNoneMatch !== undefined) return matchesAny(ifNoneMatch, object) ? 'not-modified' : 'go';
  return since !== undefined && modified <= since ? 'not-modified' : 'go';
}

/**
 * Checks the conditions of a write against what the key holds now: `If-None-Match: *` and `If-Match: <etag>`.
 * @throws {PreconditionFailed} when one does not hold
 * @throws {NoSuchKey} when there is nothing to match
 * @throws {NotImplemented} for other conditions
 */
export function checkWrite(call: Call, key: string, current: StoredObject | undefined): void {
  const ifNoneMatch = header(call, 'if-none-match');
  const ifMatch = header(call, 'if-match');
  if (ifNoneMatch !== undefined && ifMatch !== undefined) {
    throw notImplemented('If-Match together with If-None-Match');
  }
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== '*') throw notImplemented('If-None-Match with anything but *');
    if (current !== undefined) throw preconditionFailed('If-None-Match');
  }
  if (ifMatch === undefined) return;
  if (ifMatch === '*') throw notImplemented('If-Match: * on a write');
  checkMatch(ifMatch, key, current);
}

/**
 * Checks a deletion's `If-Match` (etag or `*`).
 * @throws {NoSuchKey} when there is nothing to match
 * @throws {PreconditionFailed} when it does not match
 */
export function checkMatch(ifMatch: string, key: string, current: StoredObject | undefined): void {
  if (current === undefined) throw noSuchKey(key);
  if (!matchesAny(ifMatch, current)) throw preconditionFailed('If-Match');
}
