import type { JsonObject } from '../../protocol/json';
import { type Certificate, type CertificateStatus, statusOf, validationRecord } from './state';

/** Certificates as answers show them; times are seconds since the epoch. */

const seconds = (milliseconds: number | undefined): number | undefined =>
  milliseconds === undefined ? undefined : milliseconds / 1000;

/** `RSA_2048` in requests and lists, `RSA-2048` in details. */
const hyphened = (algorithm: string): string => algorithm.replace(/^RSA_/, 'RSA-');

const wasIssued = (status: CertificateStatus): boolean =>
  !['PENDING_VALIDATION', 'VALIDATION_TIMED_OUT', 'FAILED'].includes(status);

export function detailView(certificate: Certificate, users: readonly string[], now: number): JsonObject {
  const status = statusOf(certificate, now);
  const issued = wasIssued(status);
  return {
    CertificateArn: certificate.arn,
    DomainName: certificate.domainName,
    SubjectAlternativeNames: certificate.names,
    DomainValidationOptions: certificate.names.map((name) => ({
      DomainName: name,
      ValidationDomain: name,
      ValidationStatus: issued ? 'SUCCESS' : status === 'PENDING_VALIDATION' ? 'PENDING_VALIDATION' : 'FAILED',
      ResourceRecord: certificate.validation === 'DNS' ? validationRecord(certificate.accountId, name) : undefined,
      ValidationMethod: certificate.validation,
    })),
    Subject: `CN=${certificate.domainName}`,
    Issuer: issued ? 'Amazon' : undefined,
    CreatedAt: seconds(certificate.createdAt),
    IssuedAt: seconds(certificate.issuedAt),
    Status: status,
    NotBefore: issued ? seconds(certificate.issuedAt) : undefined,
    NotAfter: seconds(certificate.notAfter),
    KeyAlgorithm: hyphened(certificate.keyAlgorithm),
    SignatureAlgorithm: 'SHA256WITHRSA',
    InUseBy: users,
    Type: certificate.type ?? 'AMAZON_ISSUED',
    RootHierarchyType: certificate.rootHierarchyType,
    KeyUsages: [],
    ExtendedKeyUsages: [],
    RenewalEligibility: issued && users.length > 0 ? 'ELIGIBLE' : 'INELIGIBLE',
    Options: { CertificateTransparencyLoggingPreference: 'ENABLED' },
  };
}

export function summaryView(certificate: Certificate, users: readonly string[], now: number): JsonObject {
  const status = statusOf(certificate, now);
  const issued = wasIssued(status);
  return {
    CertificateArn: certificate.arn,
    DomainName: certificate.domainName,
    // The list shows at most a hundred names.
    SubjectAlternativeNameSummaries: certificate.names.slice(0, 100),
    HasAdditionalSubjectAlternativeNames: certificate.names.length > 100,
    Status: status,
    Type: certificate.type ?? 'AMAZON_ISSUED',
    RootHierarchyType: certificate.rootHierarchyType,
    KeyAlgorithm: hyphened(certificate.keyAlgorithm),
    KeyUsages: [],
    ExtendedKeyUsages: [],
    InUse: users.length > 0,
    RenewalEligibility: issued && users.length > 0 ? 'ELIGIBLE' : 'INELIGIBLE',
    NotBefore: issued ? seconds(certificate.issuedAt) : undefined,
    NotAfter: seconds(certificate.notAfter),
    CreatedAt: seconds(certificate.createdAt),
    IssuedAt: seconds(certificate.issuedAt),
  };
}
