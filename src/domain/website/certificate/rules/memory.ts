/** How long a certificate found through ACM is believed, in milliseconds. */
const BELIEVED_MS = 60_000;

/** Certificates chosen lately; one memory per process. */
export interface CertificateMemory {
  readonly get: (key: string) => string | undefined;
  readonly set: (key: string, arn: string) => void;
}

export function createCertificateMemory(now: () => number): CertificateMemory {
  /** Oldest first, so what is out of date is in front. */
  const known = new Map<string, { readonly arn: string; readonly until: number }>();
  return {
    get: (key) => {
      const found = known.get(key);
      return found !== undefined && found.until > now() ? found.arn : undefined;
    },
    set: (key, arn) => {
      for (const [other, { until }] of known) {
        if (until > now()) break;
        known.delete(other);
      }
      known.delete(key);
      known.set(key, { arn, until: now() + BELIEVED_MS });
    },
  };
}
