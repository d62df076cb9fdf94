import type { CertificateDetail, CertificateSummary } from '@aws-sdk/client-acm';
import type { CertificateSeen } from '../rules/choose';

/** Certificates as ACM tells of them, in the form that the rules take. */

/** Reads an entry of a listing, which shows the first hundred names. */
export function seenInList(summary: CertificateSummary): CertificateSeen {
  return {
    arn: summary.CertificateArn ?? '',
    status: summary.Status ?? 'ISSUED',
    names: known([summary.DomainName, ...(summary.SubjectAlternativeNameSummaries ?? [])]),
    notAfter: summary.NotAfter?.getTime(),
    createdAt: (summary.CreatedAt ?? summary.ImportedAt)?.getTime(),
    type: summary.Type,
    keyAlgorithm: summary.KeyAlgorithm,
    hasMoreNames: summary.HasAdditionalSubjectAlternativeNames === true,
  };
}

/** Reads the details of a certificate, which have all of its names. */
export function seenInDetail(arn: string, detail: CertificateDetail | undefined): CertificateSeen {
  return {
    arn,
    status: detail?.Status ?? 'unknown',
    names: namesIn(detail),
    notAfter: detail?.NotAfter?.getTime(),
    createdAt: detail?.CreatedAt?.getTime(),
    type: detail?.Type,
    keyAlgorithm: detail?.KeyAlgorithm,
  };
}

/** Lists all names of a certificate. */
export function namesIn(detail: CertificateDetail | undefined): readonly string[] {
  return known([detail?.DomainName, ...(detail?.SubjectAlternativeNames ?? [])]);
}

const known = (names: readonly (string | undefined)[]): readonly string[] => names.filter((name) => name !== undefined);
