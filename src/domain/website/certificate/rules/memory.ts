import { createCache } from '../../../../base/cache';
import type { Clock } from '../../../../base/clock';

/** How long a certificate found through ACM is believed, in milliseconds. */
const BELIEVED_MS = 60_000;
const MOST = 10_000;

/** ARNs of the certificates that can serve a site, the best first. */
export type Certificates = readonly [string, ...string[]];

/** Certificates chosen lately; one memory per process. */
export interface CertificateMemory {
  readonly get: (key: string) => Certificates | undefined;
  readonly set: (key: string, arns: Certificates) => void;
}

/** Makes the memory of one process. */
export function createCertificateMemory(clock: Pick<Clock, 'monotonic'>): CertificateMemory {
  const known = createCache<Certificates>({ most: MOST, ttlMs: BELIEVED_MS, clock });
  return {
    get: (key) => known.get(key),
    set: (key, arns) => {
      known.set(key, arns);
    },
  };
}
