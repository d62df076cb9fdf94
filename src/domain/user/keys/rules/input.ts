import { fail } from '../../../../base/errors';
import type { KeyQuery } from './shapes';
import { printable } from '../../../shared/names';

/** IAM's rule for key ids. https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccessKey.html */
const KEY_ID = /^\w{16,128}$/;

/**
 * Checks that `id` can be the id of an access key.
 * @throws {invalid} when not
 */
export function checkKeyId(id: string): void {
  if (KEY_ID.test(id)) return;
  fail({
    kind: 'invalid',
    detail: `"${printable(id)}" cannot be the id of an access key: it has 16 to 128 letters, digits and _`,
  });
}

/** Where a report goes on: after this key of this user; without a key, after all of the user's. */
export interface ReportPosition {
  readonly user: string;
  readonly key: string | undefined;
}

export interface ReportRange {
  /** Milliseconds a key must have lived; undefined: all keys. */
  readonly olderThanMs: number | undefined;
  readonly limit: number;
  readonly after: ReportPosition | undefined;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;
const HOUR_MS = 3_600_000;

/**
 * Reads which keys a report is to show.
 * @throws {invalid} when a part of the query is not of its form, which the message names
 */
export function reportRange({ olderThan, limit = DEFAULT_LIMIT, marker }: KeyQuery): ReportRange {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    fail({ kind: 'invalid', detail: `limit is a number from 1 to ${String(MAX_LIMIT)}` });
  }
  return {
    olderThanMs: olderThan === undefined ? undefined : ageOf(olderThan),
    limit,
    after: marker === undefined ? undefined : positionOf(marker),
  };
}

function ageOf(text: string): number {
  const [, count = '', unit] = /^(\d{1,5})([dh])$/.exec(text) ?? [];
  if (count === '') {
    fail({
      kind: 'invalid',
      detail: `olderThan "${printable(text)}" is no age: a number of days or hours is, like 90d or 36h`,
    });
  }
  return Number(count) * (unit === 'd' ? 24 : 1) * HOUR_MS;
}

/** Writes a position as a marker, opaque to callers; a key that is gone by the time it is used does no harm. */
export function markerOf({ user, key }: ReportPosition): string {
  return Buffer.from(key === undefined ? user : `${user}/${key}`).toString('base64url');
}

function positionOf(marker: string): ReportPosition {
  const text = Buffer.from(marker, 'base64url').toString('utf8');
  const [, user = '', key] = /^([A-Za-z0-9_+=,.@-]{1,64})(?:\/(\w{16,128}))?$/.exec(text) ?? [];
  if (user === '' || markerOf({ user, key }) !== marker) {
    fail({ kind: 'invalid', detail: 'marker is not the Marker of an earlier answer' });
  }
  return { user, key };
}
