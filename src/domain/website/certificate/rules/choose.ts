/** Which certificates can serve a site, best first: pure rules, no calls. */

export interface CertificateSeen {
  readonly arn: string;
  readonly status: string;
  /** Host names it is for, wildcards included. */
  readonly names: readonly string[];
  /** Milliseconds since the epoch. */
  readonly notAfter: number | undefined;
  readonly createdAt: number | undefined;
  /** `AMAZON_ISSUED`, `IMPORTED` or `PRIVATE`; undefined where it is not told. */
  readonly type?: string | undefined;
  /** `RSA_2048` or, as ACM's details spell it, `RSA-2048`. */
  readonly keyAlgorithm?: string | undefined;
  /** There are more names than `names` shows. */
  readonly hasMoreNames?: boolean;
}

/**
 * Key types that CloudFront takes from ACM.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
 */
const KEY_TYPES: ReadonlySet<string> = new Set(['RSA_1024', 'RSA_2048', 'RSA_3072', 'RSA_4096', 'EC_prime256v1']);

/** A site made now must not lose its certificate before anybody has seen it. */
const LEAST_LEFT_MS = 86_400_000;

/** Every refusal of a certificate costs a call; by then a person has to look. */
const MOST_CHOICES = 5;

/** Tells whether a certificate name covers a host: a wildcard stands for exactly one label (RFC 6125, 6.4.3). */
export function covers(name: string, host: string): boolean {
  const [pattern, wanted] = [name.toLowerCase(), host.toLowerCase()];
  if (pattern === wanted) return true;
  return pattern.startsWith('*.') && wanted.includes('.') && pattern.slice(2) === wanted.slice(wanted.indexOf('.') + 1);
}

/** Tells why a certificate cannot serve `host` at `now` (milliseconds); undefined when it can. */
export function certificateProblem(certificate: CertificateSeen, host: string, now: number): string | undefined {
  if (!certificate.names.some((name) => covers(name, host))) return `does not cover ${host}`;
  return unusable(certificate, now);
}

/** Tells why CloudFront would not take a certificate, whatever its names are; undefined when it would. */
export function unusable({ notAfter, status, keyAlgorithm, type }: CertificateSeen, now: number): string | undefined {
  if (notAfter !== undefined && notAfter <= now) return 'is expired';
  if (status === 'EXPIRED') return 'is expired';
  if (status !== 'ISSUED') return `is not issued (its status is ${status})`;
  if (keyAlgorithm !== undefined && !KEY_TYPES.has(keyAlgorithm.replaceAll('-', '_'))) {
    return `has a key that CloudFront does not take (${keyAlgorithm}; it takes RSA up to 4096 bits and EC_prime256v1)`;
  }
  if (type === 'PRIVATE') return 'is of a private authority, which CloudFront does not take';
  return undefined;
}

/**
 * Chooses the certificates that can serve `host`, or tells why the nearest miss cannot. The one that lives longest comes
 * first, the newest of those that end together; the next ones are for CloudFront's refusal, which may have reasons that
 * ACM does not tell, e.g. the authority of an imported one.
 */
export function chooseCertificates(
  certificates: readonly CertificateSeen[],
  host: string,
  now: number,
): { readonly arns: readonly [string, ...string[]] } | { readonly problem: string } {
  const usable: CertificateSeen[] = [];
  const misses: string[] = [];
  for (const certificate of certificates.filter(({ names }) => names.some((name) => covers(name, host)))) {
    const problem = certificateProblem(certificate, host, now) ?? endsSoon(certificate, now);
    if (problem === undefined) usable.push(certificate);
    else misses.push(`certificate ${certificate.arn} in us-east-1 ${problem}`);
  }
  const [first, ...others] = usable
    .sort((a, b) => end(b) - end(a) || (b.createdAt ?? 0) - (a.createdAt ?? 0))
    .map(({ arn }) => arn);
  if (first !== undefined) return { arns: [first, ...others.slice(0, MOST_CHOICES - 1)] };
  return { problem: misses[0] ?? `no certificate in us-east-1 covers ${host}` };
}

/** Of one whose end is not told nothing speaks for a long life. */
const end = ({ notAfter }: CertificateSeen): number => notAfter ?? 0;

const endsSoon = ({ notAfter }: CertificateSeen, now: number): string | undefined =>
  notAfter !== undefined && notAfter < now + LEAST_LEFT_MS ? 'expires within a day' : undefined;
