import type { Clock } from '../clock';

/** How long a bucket's existence may be believed without asking AWS, in milliseconds. */
const BELIEVED_MS = 30_000;
const MOST = 10_000;

/** Remembers which buckets were seen to exist; own writes make it forget. Absence is never remembered. */
export interface Existence {
  readonly isKnown: (account: string, bucket: string) => boolean;
  readonly seen: (account: string, bucket: string) => void;
  readonly forget: (account: string, bucket: string) => void;
}

export function createExistence(clock: Clock): Existence {
  const until = new Map<string, number>();
  // A bucket name holds no slash, so the pair cannot be misread.
  const key = (account: string, bucket: string) => `${bucket}/${account}`;
  return {
    isKnown: (account, bucket) => (until.get(key(account, bucket)) ?? 0) > clock.monotonic(),
    seen: (account, bucket) => {
      until.delete(key(account, bucket));
      until.set(key(account, bucket), clock.monotonic() + BELIEVED_MS);
      const oldest = until.size > MOST ? until.keys().next().value : undefined;
      if (oldest !== undefined) until.delete(oldest);
    },
    forget: (account, bucket) => {
      until.delete(key(account, bucket));
    },
  };
}
