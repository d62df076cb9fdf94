import { DescribeCertificateCommand, KeyAlgorithm, ListCertificatesCommand } from '@aws-sdk/client-acm';
import type { DomainConfig } from '../../../../config/types';
import { DomainFailure, fail, toDomainError } from '../../../../base/errors';
import { certificateProblem, type CertificateSeen, chooseCertificates, covers, unusable } from '../rules/choose';
import type { CertificateMemory, Certificates } from '../rules/memory';
import { type Context, reading } from '../../../shared/context';
import { domainOf } from '../../../shared/site-names';
import { namesIn, seenInDetail, seenInList } from './seen';

/**
 * Finds the ARNs of the certificates that can serve a site, the best first: the domain's own, or those in ACM that cover
 * the name and that CloudFront takes.
 * @throws {invalid} saying why, when there is none
 * @throws {misconfigured} when the domain's own cannot serve the site
 */
export async function findCertificates(
  context: Context,
  site: string,
  domain: DomainConfig,
  memory: CertificateMemory,
): Promise<Certificates> {
  // Another configuration is another question.
  const key = `${context.session.account.name}/${site}/${domain.certArn ?? ''}`;
  const known = memory.get(key);
  if (known !== undefined) return known;
  const arns: Certificates =
    domain.certArn === undefined ? await search(context, site) : [await configured(context, site, domain.certArn)];
  memory.set(key, arns);
  return arns;
}

/** Checks the configured certificate: when it cannot serve the site, that is the operator's mistake. */
async function configured(context: Context, site: string, arn: string): Promise<string> {
  const setting = `domains.${domainOf(site)}.certArn`;
  try {
    const { Certificate } = await reading(context, () =>
      context.session.acm(new DescribeCertificateCommand({ CertificateArn: arn })),
    );
    const problem = certificateProblem(seenInDetail(arn, Certificate), site, context.clock.now());
    if (problem === undefined) return arn;
    return fail({ kind: 'misconfigured', setting, detail: `certificate ${arn} (setting ${setting}) ${problem}` });
  } catch (thrown) {
    const error = toDomainError(thrown);
    // Not every operator lets the service look at certificates it is given by name; CloudFront judges in the end.
    if (error.kind === 'denied' || error.kind === 'unsupported') return arn;
    if (error.kind !== 'not-found') throw thrown;
    throw new DomainFailure({
      kind: 'misconfigured',
      setting,
      detail: `certificate ${arn} (setting ${setting}) does not exist in us-east-1, the one region that CloudFront reads`,
      ...(error.origin && { origin: error.origin }),
    });
  }
}

/**
 * https://docs.aws.amazon.com/acm/latest/APIReference/API_ListCertificates.html: without keyTypes only RSA up to 2048 is
 * listed. All are asked for, so that the reason is told when the only one has a key that CloudFront does not take.
 * Without RootHierarchyTypes those below Amazon's N2 roots are not listed, which are in no log of certificate transparency: so they stay out.
 */
const KEY_TYPES = Object.values(KeyAlgorithm);

async function search(context: Context, site: string): Promise<Certificates> {
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
    found.push(...(page.CertificateSummaryList ?? []).map(seenInList));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  const choice = chooseCertificates(await withAllNames(context, found, site), site, context.clock.now());
  return 'arns' in choice ? choice.arns : fail({ kind: 'invalid', detail: choice.problem });
}

/** Asks for the names that the listing leaves out, of certificates that could serve the site if one of them covers it. */
function withAllNames(
  context: Context,
  found: readonly CertificateSeen[],
  site: string,
): Promise<readonly CertificateSeen[]> {
  const now = context.clock.now();
  return Promise.all(
    found.map(async (seen) => {
      const isOpen = seen.hasMoreNames === true && unusable(seen, now) === undefined;
      if (!isOpen || seen.names.some((name) => covers(name, site))) return seen;
      return { ...seen, names: await allNames(context, seen.arn) };
    }),
  );
}

async function allNames(context: Context, arn: string): Promise<readonly string[]> {
  try {
    const { Certificate } = await reading(context, () =>
      context.session.acm(new DescribeCertificateCommand({ CertificateArn: arn })),
    );
    return namesIn(Certificate);
  } catch (thrown) {
    const { kind } = toDomainError(thrown);
    // Gone since it was listed, or not for this service to see: another one may do.
    if (kind === 'not-found' || kind === 'denied') return [];
    throw thrown;
  }
}
