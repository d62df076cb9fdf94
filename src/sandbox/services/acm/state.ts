import { createHash, randomUUID } from 'node:crypto';

/** What ACM remembers: plain data. Times are milliseconds since the epoch. */

export const STATUSES = [
  'PENDING_VALIDATION',
  'ISSUED',
  'INACTIVE',
  'EXPIRED',
  'VALIDATION_TIMED_OUT',
  'REVOKED',
  'FAILED',
] as const;
export type CertificateStatus = (typeof STATUSES)[number];

export interface Certificate {
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  readonly domainName: string;
  /** The domain name itself is the first of them. */
  readonly names: readonly string[];
  /** `RSA_2048`, `EC_prime256v1` … */
  readonly keyAlgorithm: string;
  readonly validation: 'DNS' | 'EMAIL';
  readonly createdAt: number;
  /** As it was set; `statusOf` says what it is now. */
  status: CertificateStatus;
  issuedAt: number | undefined;
  notAfter: number | undefined;
  readonly idempotencyToken: string | undefined;
}

export interface AcmState {
  readonly certificates: Map<string, Certificate>;
}

export function createAcmState(): AcmState {
  return { certificates: new Map() };
}

export const newArn = (region: string, accountId: string): string =>
  `arn:aws:acm:${region}:${accountId}:certificate/${randomUUID()}`;

/** Public certificates live 13 months. Source: ACM User Guide, "Certificate characteristics and limitations". */
export const LIFETIME_MS = 395 * 24 * 3600 * 1000;

/** Tells a certificate's status; an issued one expires by itself. */
export function statusOf(certificate: Certificate, now: number): CertificateStatus {
  const over = certificate.notAfter !== undefined && now >= certificate.notAfter;
  return certificate.status === 'ISSUED' && over ? 'EXPIRED' : certificate.status;
}

export interface ValidationRecord {
  readonly Name: string;
  readonly Type: 'CNAME';
  readonly Value: string;
}

/**
 * Gives the CNAME that proves a name. It does not differ between a name and its wildcard, nor between certificates of
 * an account.
 */
export function validationRecord(accountId: string, name: string): ValidationRecord {
  const bare = name.replace(/^\*\./, '');
  const hash = createHash('sha256').update(`${accountId} ${bare}`).digest('hex');
  return { Name: `_${hash.slice(0, 32)}.${bare}.`, Type: 'CNAME', Value: `_${hash.slice(32)}.acm-validations.aws.` };
}
