/** Which certificate serves a site: pure rules, no calls. */

export interface CertificateSeen {
  readonly arn: string;
  readonly status: string;
  /** Host names it is for, wildcards included. */
  readonly names: readonly string[];
  /** Milliseconds since the epoch. */
  readonly notAfter: number | undefined;
  readonly createdAt: number | undefined;
}

/** Tells whether a certificate name covers a host: a wildcard stands for exactly one label (RFC 6125, 6.4.3). */
export function covers(name: string, host: string): boolean {
  const [pattern, wanted] = [name.toLowerCase(), host.toLowerCase()];
  if (pattern === wanted) return true;
  return pattern.startsWith('*.') && wanted.includes('.') && pattern.slice(2) === wanted.slice(wanted.indexOf('.') + 1);
}

/** Tells why a certificate cannot serve `host` at `now` (milliseconds); undefined when it can. */
export function certificateProblem(certificate: CertificateSeen, host: string, now: number): string | undefined {
  if (!certificate.names.some((name) => covers(name, host))) return `does not cover ${host}`;
  if (certificate.notAfter !== undefined && certificate.notAfter <= now) return 'is expired';
  if (certificate.status === 'EXPIRED') return 'is expired';
  if (certificate.status !== 'ISSUED') return `is not issued (its status is ${certificate.status})`;
  return undefined;
}

/** Chooses the newest certificate that can serve `host`, or tells why the nearest miss cannot. */
export function chooseCertificate(
  certificates: readonly CertificateSeen[],
  host: string,
  now: number,
): { readonly arn: string } | { readonly problem: string } {
  const usable: CertificateSeen[] = [];
  const misses: string[] = [];
  for (const certificate of certificates.filter(({ names }) => names.some((name) => covers(name, host)))) {
    const problem = certificateProblem(certificate, host, now);
    if (problem === undefined) usable.push(certificate);
    else misses.push(`certificate ${certificate.arn} ${problem}`);
  }
  const [newest] = usable.sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
  if (newest !== undefined) return { arn: newest.arn };
  return { problem: misses[0] ?? `no certificate in us-east-1 covers ${host}` };
}
