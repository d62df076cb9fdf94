import { type DomainError, fail } from '../../base/errors';
import type { Tag } from './shapes';
import { ORG_TAG, tagValue } from './tags';

/**
 * What carries another org's tag is looked at, never changed. What carries no such tag is ours to manage: the predecessor
 * set none.
 */

/** Gives the org that tags name, when it is another than ours. */
export function otherOrg(tags: readonly Tag[], org: string): string | undefined {
  const named = tagValue(tags, ORG_TAG);
  return named === org ? undefined : named;
}

/**
 * Refuses what belongs to another org. `thing`: what to call it in the message.
 * @throws {conflict} when its tags name another org than ours
 */
export function refuseOtherOrg(thing: string, tags: readonly Tag[], org: string): void {
  const other = otherOrg(tags, org);
  if (other === undefined) return;
  fail({
    kind: 'conflict',
    detail: `${thing} belongs to the org "${other}", as its tag ${ORG_TAG} says; this service changes what is of its own org, "${org}", or of none`,
  });
}

/** Tells why nothing is changed in a bucket whose tags may not be read. */
export const untold = (bucket: string, { origin }: DomainError): DomainError => ({
  kind: 'denied',
  detail: `whose bucket ${bucket} is cannot be told, because AWS refuses to show its tags; nothing was changed. This service needs s3:GetBucketTagging on it`,
  ...(origin && { origin }),
});
