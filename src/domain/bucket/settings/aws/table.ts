import { cors } from './cors';
import { encryption } from './encryption';
import { lifecycle } from './lifecycle';
import { logging } from './logging';
import { objectLock } from './object-lock';
import { policy } from './policy';
import { publicAccess } from './public-access';
import type { Setting } from './setting';
import { versioning } from './versioning';

/**
 * Every setting of a bucket but its tags, which are also the service's own memory. New buckets get them, and free changes of a
 * bucket are made, in this order.
 */
export const SETTINGS: readonly Setting[] = [
  // What every new bucket has.
  encryption,
  publicAccess,
  logging,
  // What callers may ask for.
  cors,
  lifecycle,
  versioning,
  objectLock,
  policy,
];

/** Finds settings by name, in the order of the names; names that the table does not have are left out. */
export const settingsOf = (names: readonly string[]): readonly Setting[] =>
  names.flatMap((name) => SETTINGS.find((setting) => setting.name === name) ?? []);
