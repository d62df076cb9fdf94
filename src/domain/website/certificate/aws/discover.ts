import { DescribeCertificateCommand, ListCertificatesCommand } from '@aws-sdk/client-acm';
import type { DomainConfig } from '../../../../config/types';
import { DomainFailure, fail, toDomainError } from '../../../../base/errors';
import { certificateProblem, type CertificateSeen, chooseCertificate } from '../rules/choose';
import type { CertificateMemory } from '../rules/memory';
import { type Context, reading } from '../../../shared/context';

/**
 * Finds the ARN of the certificate for a site: the domain's own, or the newest ISSUED one that covers the name.
 * @throws {invalid} saying why, when there is none
 */
export async function findCertificate(
  context: Context,
  site: string,
  domain: DomainConfig,
  memory: CertificateMemory,
): Promise<string> {
  // Another configuration is another question.
  const key = `${context.session.account.name}/${site}/${domain.certArn ?? ''}`;
  const known = memory.get(key);
  if (known !== undefined) return known;
  const arn =
    domain.certArn === undefined ? await search(context, site) : await configured(context, site, domain.certArn);
  memory.set(key, arn);
  return arn;
}

/** Checks the configured certificate: when it cannot serve the site, that is the operator's mistake. */
async function configured(context: Context, site: string, arn: string): Promise<string> {
  try {
    const { Certificate } = await reading(context, () =>
      context.session.acm(new DescribeCertificateCommand({ CertificateArn: arn })),
    );
    const problem = certificateProblem(
      {
        arn,
        status: Certificate?.Status ?? 'unknown',
        names: [Certificate?.DomainName, ...(Certificate?.SubjectAlternativeNames ?? [])].filter(
          (name) => name !== undefined,
        ),
        notAfter: Certificate?.NotAfter?.getTime(),
        createdAt: Certificate?.CreatedAt?.getTime(),
      },
      site,
      context.clock.now(),
    );
    return problem === undefined ? arn : fail({ kind: 'invalid', detail: `certificate ${arn} ${problem}` });
  } catch (thrown) {
    const error = toDomainError(thrown);
    // Not every operator lets the service look at certificates it is given by name; CloudFront judges in the end.
    if (error.kind === 'denied' || error.kind === 'unsupported') return arn;
    if (error.kind !== 'not-found') throw thrown;
    throw new DomainFailure({
      kind: 'misconfigured',
      setting: 'domains.certArn',
      detail: `certificate ${arn} (setting domains.certArn) does not exist`,
      ...(error.origin && { origin: error.origin }),
    });
  }
}

/** https://docs.aws.amazon.com/acm/latest/APIReference/API_Filters.html: without keyTypes only RSA up to 2048 is listed. */
const KEY_TYPES = [
  'RSA_1024',
  'RSA_2048',
  'RSA_3072',
  'RSA_4096',
  'EC_prime256v1',
  'EC_secp384r1',
  'EC_secp521r1',
] as const;

async function search(context: Context, site: string): Promise<string> {
  const found: CertificateSeen[] = [];
  let NextToken: string | undefined;
  do {
    const page = await reading(context, () =>
      context.session.acm(
        new ListCertificatesCommand({
          Includes: { keyTypes: [...KEY_TYPES] },
          MaxItems: 1000,
          ...(NextToken !== undefined && { NextToken }),
        }),
      ),
    );
    for (const summary of page.CertificateSummaryList ?? []) {
      found.push({
        arn: summary.CertificateArn ?? '',
        status: summary.Status ?? 'ISSUED',
        names: [summary.DomainName, ...(summary.SubjectAlternativeNameSummaries ?? [])].filter(
          (name) => name !== undefined,
        ),
        notAfter: summary.NotAfter?.getTime(),
        createdAt: (summary.CreatedAt ?? summary.ImportedAt)?.getTime(),
      });
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  const choice = chooseCertificate(found, site, context.clock.now());
  return 'arn' in choice ? choice.arn : fail({ kind: 'invalid', detail: choice.problem });
}
