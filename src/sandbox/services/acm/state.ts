import { createHash, randomUUID } from 'node:crypto';
import { partitionOf } from '../../partitions';

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

export type CertificateType = 'AMAZON_ISSUED' | 'IMPORTED' | 'PRIVATE';

export const ROOT_HIERARCHY_TYPES = ['N2_AMAZON_MANAGED', 'N2_SFG2_AMAZON_MANAGED'] as const;
export type RootHierarchyType = (typeof ROOT_HIERARCHY_TYPES)[number];

export interface Certificate {
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  readonly domainName: string;
  /** The domain name itself is the first of them. */
  readonly names: readonly string[];
  /** `RSA_2048`, `EC_prime256v1` … */
  readonly keyAlgorithm: string;
  /** Absent: AMAZON_ISSUED. */
  readonly type?: CertificateType;
  /** Whether browsers trust its authority; absent: they do, unless it is private. */
  readonly isTrusted?: boolean;
  /** Below Amazon's N2 roots, which are listed only when they are asked for. */
  readonly rootHierarchyType?: RootHierarchyType;
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

/** Gives where ARNs of an account's certificates in a region begin. */
export const certificateRoot = (region: string, accountId: string): string =>
  `arn:${partitionOf(region).name}:acm:${region}:${accountId}:certificate/`;

export const newArn = (region: string, accountId: string): string =>
  `${certificateRoot(region, accountId)}${randomUUID()}`;

/**
 * Public certificates live at most 200 days since March 2026, by the rules of the authorities (CA/Browser Forum, ballot
 * SC-081v3), and ACM keeps two days off that.
 */
export const LIFETIME_MS = 198 * 24 * 3600 * 1000;

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

/** Tells whether browsers, and so CloudFront, trust who issued a certificate. */
export const isTrusted = ({ type, isTrusted: told }: Certificate): boolean => told ?? type !== 'PRIVATE';
