import { type AcmState, type Certificate, type CertificateStatus, LIFETIME_MS, newArn } from './state';

/** A certificate that is there from the start. */
export interface SeedCertificate extends Pick<Certificate, 'type' | 'isTrusted' | 'rootHierarchyType'> {
  readonly accountId: string;
  /** Its region is that of the ARN. Default: a new one in us-east-1. */
  readonly arn?: string;
  readonly domainName: string;
  /** Further names; the domain name need not be repeated. */
  readonly subjectAlternativeNames?: readonly string[];
  /** Default ISSUED. */
  readonly status?: CertificateStatus;
  /** Milliseconds since the epoch. Default: 198 days after `createdAt`. */
  readonly notAfter?: number;
  /** Milliseconds since the epoch. Default: now. */
  readonly createdAt?: number;
  /** Default RSA_2048. */
  readonly keyAlgorithm?: string;
}

/** Adds what is not there yet, so that stored state is kept over restarts. Throws TypeError on a malformed ARN. */
export function seedCertificates(state: AcmState, seeds: readonly SeedCertificate[], now: number): void {
  for (const seed of seeds) {
    const known = [...state.certificates.values()].some(({ arn, accountId, domainName }) =>
      seed.arn === undefined ? accountId === seed.accountId && domainName === seed.domainName : arn === seed.arn,
    );
    if (known) continue;
    const arn = seed.arn ?? newArn('us-east-1', seed.accountId);
    const [, region, owner] = /^arn:[a-z-]+:acm:([a-z0-9-]+):(\d{12}):certificate\/[\w-]+$/.exec(arn) ?? [];
    if (region === undefined || owner !== seed.accountId)
      throw new TypeError(`${arn} is not a certificate ARN of account ${seed.accountId}`);
    const createdAt = seed.createdAt ?? now;
    const status = seed.status ?? 'ISSUED';
    state.certificates.set(arn, {
      arn,
      accountId: seed.accountId,
      region,
      domainName: seed.domainName,
      names: [...new Set([seed.domainName, ...(seed.subjectAlternativeNames ?? [])])],
      keyAlgorithm: seed.keyAlgorithm ?? 'RSA_2048',
      ...(seed.type !== undefined && { type: seed.type }),
      ...(seed.isTrusted !== undefined && { isTrusted: seed.isTrusted }),
      ...(seed.rootHierarchyType !== undefined && { rootHierarchyType: seed.rootHierarchyType }),
      validation: 'DNS',
      createdAt,
      status,
      issuedAt: status === 'PENDING_VALIDATION' ? undefined : createdAt,
      notAfter: seed.notAfter ?? (status === 'PENDING_VALIDATION' ? undefined : createdAt + LIFETIME_MS),
      idempotencyToken: undefined,
    });
  }
}
