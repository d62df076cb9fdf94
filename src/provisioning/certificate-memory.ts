/** How long a certificate found through ACM is believed, in milliseconds. */
const BELIEVED_MS = 60_000;

/** Certificates chosen lately; one memory per process. */
export interface CertificateMemory {
  readonly get: (key: string) => string | undefined;
  readonly set: (key: string, arn: string) => void;
}

export function createCertificateMemory(now: () => number): CertificateMemory {
  const known = new Map<string, { readonly arn: string; readonly until: number }>();
  return {
    get: (key) => {
      const found = known.get(key);
      if (found !== undefined && found.until > now()) return found.arn;
      known.delete(key);
      return undefined;
    },
    set: (key, arn) => void known.set(key, { arn, until: now() + BELIEVED_MS }),
  };
}
