import { createCache } from '../../../../base/cache';
import type { Clock } from '../../../../base/clock';

/** How long a certificate found through ACM is believed, in milliseconds. */
const BELIEVED_MS = 60_000;
const MOST = 10_000;

/** Certificates chosen lately; one memory per process. */
export interface CertificateMemory {
  readonly get: (key: string) => string | undefined;
  readonly set: (key: string, arn: string) => void;
}

/** Makes the memory of one process. */
export function createCertificateMemory(clock: Pick<Clock, 'monotonic'>): CertificateMemory {
  const known = createCache<string>({ most: MOST, ttlMs: BELIEVED_MS, clock });
  return {
    get: (key) => known.get(key),
    set: (key, arn) => {
      known.set(key, arn);
    },
  };
}
