import { pointerTo } from './problems';
import type { ConfigWarning } from './warnings';

/**
 * Values as the predecessor's program takes them, which is written in Go: an empty string or `null` is a member that is not
 * set, durations have fractions and milliseconds, and a level of the log has two names. Only members that its files have are
 * read so; whatever is newer says what it means.
 */

export type Members = Readonly<Record<string, unknown>>;

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value in this service's words, and what should be known of that; undefined: as if the member were absent. */
type Reading = (value: unknown) => { readonly value: unknown; readonly warning?: string };

const unset: Reading = (value) => ({ value: value === '' || value === null ? undefined : value });

const keys: Reading = (value) =>
  value === '' || value === null
    ? {
        value: undefined,
        warning: `${value === '' ? 'an empty string' : 'null'} counts as absent: without keys the SDK's default chain is asked`,
      }
    : { value };

const list: Reading = (value) =>
  value === null ? { value: undefined, warning: 'null counts as absent: the default list is taken' } : { value };

/** https://pkg.go.dev/github.com/sirupsen/logrus#ParseLevel */
const LEVELS: Readonly<Record<string, string>> = { warning: 'warn', panic: 'fatal' };

const level: Reading = (value) =>
  typeof value === 'string' && value !== '' ? { value: LEVELS[value.toLowerCase()] ?? value } : unset(value);

/** An access log without a bucket is none. */
const accessLog: Reading = (value) =>
  isMembers(value) && value['bucket'] === '' ? { value: undefined } : unset(value);

const SECONDS: Readonly<Record<string, number>> = { h: 3_600, m: 60, s: 1, ms: 0.001 };

/** https://pkg.go.dev/time#ParseDuration, but for what is shorter than a millisecond. */
const duration: Reading = (value) => {
  if (value === '0') return { value: '0s' };
  if (typeof value !== 'string' || !/^(\d+(\.\d*)?(h|ms?|s))+$/.test(value) || !/\.|ms/.test(value))
    return unset(value);
  const parts = [...value.matchAll(/([\d.]+)(h|ms|m|s)/g)];
  const seconds = parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (SECONDS[unit] ?? 0), 0);
  return { value: `${String(Math.ceil(seconds))}s` };
};

type Readings = Readonly<Record<string, Reading>>;

const FILE: Readings = {
  listenAddress: unset,
  logLevel: level,
  accounts: unset,
  account: unset,
  accountsMap: unset,
};

const ACCOUNT: Readings = {
  akid: keys,
  secret: keys,
  'access-key-id': keys,
  'secret-access-key': keys,
  role: unset,
  externalId: unset,
  endpoint: unset,
  host: unset,
  defaultS3BucketActions: list,
  defaultS3ObjectActions: list,
  defaultCloudfrontDistributionActions: list,
  domains: unset,
  accessLog,
  cleaner: unset,
};

const DOMAIN: Readings = { certArn: unset };

const CLEANER: Readings = { interval: duration, maxSplay: duration };

export interface ReadMembers {
  readonly members: Members;
  readonly warnings: readonly ConfigWarning[];
}

/** Reads the members of the file that stand outside of its accounts. */
export const fileMembers = (members: Members): ReadMembers => readMembers(members, FILE, '');

/** Reads the settings of an account, its domains and its cleaner. */
export function accountMembers(members: Members, pointer: string): ReadMembers {
  const { members: read, warnings } = readMembers(members, ACCOUNT, pointer);
  const { domains, cleaner } = read;
  const nested = {
    ...(isMembers(domains) && {
      domains: Object.fromEntries(
        Object.entries(domains).map(([name, domain]) => [
          name,
          isMembers(domain) ? readMembers(domain, DOMAIN, pointerTo(pointer, 'domains', name)).members : domain,
        ]),
      ),
    }),
    ...(isMembers(cleaner) && { cleaner: readMembers(cleaner, CLEANER, pointerTo(pointer, 'cleaner')).members }),
  };
  return { members: { ...read, ...nested }, warnings };
}

/** Reads members so, and leaves all others as they are. */
function readMembers(members: Members, readings: Readings, pointer: string): ReadMembers {
  const warnings: ConfigWarning[] = [];
  const read = Object.entries(members).map(([name, value]): readonly [string, unknown] => {
    const reading = Object.hasOwn(readings, name) ? readings[name]?.(value) : undefined;
    if (reading === undefined) return [name, value];
    if (reading.warning !== undefined) warnings.push({ setting: pointerTo(pointer, name), message: reading.warning });
    return [name, reading.value];
  });
  return { members: Object.fromEntries(read.filter(([, value]) => value !== undefined)), warnings };
}
