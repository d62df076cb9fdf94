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

interface Entry {
  readonly until: number;
  readonly facts: BucketFacts;
}

export function createExistence(clock: Clock): Existence {
  const entries = new Map<string, Entry>();
  // A bucket name holds no slash, so the pair cannot be misread.
  const keyOf = (account: string, bucket: string) => `${bucket}/${account}`;
  const believed = (account: string, bucket: string): Entry | undefined => {
    const entry = entries.get(keyOf(account, bucket));
    return entry !== undefined && entry.until > clock.monotonic() ? entry : undefined;
  };
  return {
    factsOf: (account, bucket) => believed(account, bucket)?.facts,
    seen: (account, bucket, facts = {}) => {
      const key = keyOf(account, bucket);
      const { until, facts: former } = believed(account, bucket) ?? {
        until: clock.monotonic() + BELIEVED_MS,
        facts: {},
      };
      entries.delete(key);
      entries.set(key, { until, facts: { ...former, ...facts } });
      const oldest = entries.size > MOST ? entries.keys().next().value : undefined;
      if (oldest !== undefined) entries.delete(oldest);
    },
    forget: (account, bucket) => {
      entries.delete(keyOf(account, bucket));
    },
  };
}
