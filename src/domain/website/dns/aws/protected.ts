import { DomainFailure, toDomainError } from '../../../../base/errors';
import { domainOf } from '../../../shared/site-names';

/**
 * What Route 53 says of changes that the zone's owner has forbidden: by a change guardrail, whose name ends in `_CHECK`
 * and which the answer names, or by a protection of a record set. The rest of its words is not documented.
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeGuardrail.html
 */
const PROTECTED = /guardrail|protect(ed|ion)|\b(?:[A-Z]+_)+CHECK\b/i;

/** Makes the error for a change that a guardrail or a protection of the zone refused; undefined for other refusals. */
export function whenProtected(thrown: unknown, site: string): DomainFailure | undefined {
  const { detail, origin } = toDomainError(thrown);
  if (origin?.code !== 'InvalidChangeBatch') return undefined;
  // A name may have such words, too, and Route 53 quotes it.
  const words = detail
    .replace(/\[name=[^\]]*\]/g, '')
    .replaceAll(site, '')
    .replaceAll(domainOf(site), '');
  if (!PROTECTED.test(words)) return undefined;
  return new DomainFailure({
    kind: 'protected',
    detail: `the hosted zone of ${domainOf(site)} protects ${site}: ${detail} Nothing was changed; lift the guardrail or the protection in Route 53, then send the request again.`,
    origin,
  });
}
