import { refuse } from './refusals';

/** A certificate as CloudFront needs to know it. */
export interface KnownCertificate {
  /** The account and region it is in. */
  readonly accountId: string;
  readonly region: string;
  /** Names it covers; `*.` stands for one label. */
  readonly names: readonly string[];
  readonly status: string;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
  readonly keyAlgorithm: string;
  /** Whether browsers trust its authority. */
  readonly isTrusted: boolean;
}

export type CertificateLookup = (arn: string) => KnownCertificate | undefined;

/** Source: CloudFront Developer Guide, "Requirements for using SSL/TLS certificates with CloudFront". */
const ALGORITHMS = new Set(['RSA_1024', 'RSA_2048', 'RSA_3072', 'RSA_4096', 'EC_prime256v1']);

/** Tells whether a name or wildcard of a certificate covers a host name; a wildcard stands for exactly one label. */
export function covers(pattern: string, host: string): boolean {
  const [wanted, asked] = [pattern.toLowerCase(), host.toLowerCase()];
  if (wanted === asked) return true;
  const dot = asked.indexOf('.');
  return wanted.startsWith('*.') && dot > 0 && asked.slice(dot) === wanted.slice(1);
}

/**
 * Checks that the certificate may serve these aliases of this account.
 * @throws {InvalidViewerCertificate} when not
 */
export function checkCertificate(
  found: KnownCertificate | undefined,
  accountId: string,
  aliases: readonly string[],
  now: number,
): void {
  const usable =
    found?.accountId === accountId &&
    found.region === 'us-east-1' &&
    found.status === 'ISSUED' &&
    now < found.notAfter &&
    ALGORITHMS.has(found.keyAlgorithm);
  if (!usable) {
    refuse(
      'InvalidViewerCertificate',
      "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain.",
    );
  }
  if (!found.isTrusted) {
    refuse(
      'InvalidViewerCertificate',
      'The certificate that is attached to your distribution was not issued by a trusted Certificate Authority.',
    );
  }
  if (aliases.every((alias) => found.names.some((name) => covers(name, alias)))) return;
  refuse(
    'InvalidViewerCertificate',
    "The certificate that is attached to your distribution doesn't cover the alternate domain name (CNAME) that you're trying to add.",
  );
}
