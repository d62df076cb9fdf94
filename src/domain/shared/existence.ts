import { createCache } from '../../base/cache';
import type { Clock } from '../../base/clock';

/** How long a bucket's existence may be believed without asking AWS, in milliseconds. */
const BELIEVED_MS = 30_000;
const MOST = 10_000;

/** What was seen of a bucket beside that it exists. */
export interface BucketFacts {
  readonly region?: string;
  /** It serves a website. */
  readonly isSite?: true;
  /** No tag says that it is another org's. */
  readonly isOurs?: true;
}

/** Remembers which buckets were seen to exist; own writes make it forget. Absence is never remembered. */
export interface Existence {
  /** What is known of a bucket; undefined when not even that it exists. */
  readonly factsOf: (account: string, bucket: string) => BucketFacts | undefined;
  /** Facts join what is known already, and are believed no longer than it. */
  readonly seen: (account: string, bucket: string, facts?: BucketFacts) => void;
  readonly forget: (account: string, bucket: string) => void;
}

/** Makes the memory of one process, of at most 10,000 buckets. */
export function createExistence(clock: Clock): Existence {
  const known = createCache<BucketFacts>({ most: MOST, ttlMs: BELIEVED_MS, clock });
  // A bucket name holds no slash, so the pair cannot be misread.
  const keyOf = (account: string, bucket: string) => `${bucket}/${account}`;
  return {
    factsOf: (account, bucket) => known.get(keyOf(account, bucket)),
    seen: (account, bucket, facts) => {
      const key = keyOf(account, bucket);
      known.set(key, { ...known.get(key), ...facts }, { noUpdateTTL: true });
    },
    forget: (account, bucket) => {
      known.delete(keyOf(account, bucket));
    },
  };
}
