import { type Cache, createCache } from '../../base/cache';
import { type Attempt, operationOf } from '../call';

const REMEMBERED_BUCKETS = 10_000;

/** Makes the memory of buckets that are not in the account's region: S3 tells where they are, S3 Control is not known to. */
export const createBucketRegions = (): Cache<string> => createCache({ most: REMEMBERED_BUCKETS });

/** Sends a command to S3 in a region. */
export type RegionalAttempt = (region: string, command: object, options: unknown) => Promise<Attempt>;

/**
 * Finds buckets outside the account's region: S3 refuses a call that went to the wrong one and names the right one, the
 * call goes there once, and the region is remembered. A refusal has no effect, so the call still happens at most once.
 * CreateBucket is never sent elsewhere: it would make the bucket there.
 */
export function followBucketRegion(
  home: string,
  regions: Cache<string>,
  attempt: RegionalAttempt,
): (command: object, options?: unknown) => Promise<Attempt> {
  return async (command, options) => {
    const bucket = bucketOf(command);
    if (bucket === undefined || operationOf(command) === 'CreateBucket') return attempt(home, command, options);
    const expected = regions.get(bucket) ?? home;
    const first = await attempt(expected, command, options);
    if (first.ok || first.region === undefined || first.region === expected) return first;
    regions.set(bucket, first.region);
    return attempt(first.region, command, options);
  };
}

function bucketOf(command: object): string | undefined {
  const input: unknown = 'input' in command ? command.input : undefined;
  if (typeof input !== 'object' || input === null || !('Bucket' in input)) return undefined;
  return typeof input.Bucket === 'string' ? input.Bucket : undefined;
}
