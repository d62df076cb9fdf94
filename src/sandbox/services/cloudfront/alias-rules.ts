import type { CloudFrontCall } from './call';
import { covers } from './certificates';
import type { DistributionConfig } from './config-shape';
import { refuse } from './refusals';
import { type Distribution, aliasesOf } from './state';

/** Rules between distributions: an alias belongs to one in the world, a caller reference to one in the account. */

/** A wildcard overlaps the names it covers; within one account that is allowed. */
function collide(mine: string, theirs: string, sameAccount: boolean): boolean {
  return mine === theirs || (!sameAccount && (covers(mine, theirs) || covers(theirs, mine)));
}

/**
 * Checks that no other distribution of any account, enabled or not, has one of the aliases.
 * @throws {CNAMEAlreadyExists} when one has
 */
export function checkAliasesFree(
  call: CloudFrontCall,
  config: DistributionConfig,
  self: Distribution | undefined,
): void {
  const wanted = aliasesOf(config);
  if (wanted.length === 0) return;
  for (const other of call.state.distributions.values()) {
    if (other === self) continue;
    const held = aliasesOf(other.config);
    if (!wanted.some((alias) => held.some((taken) => collide(alias, taken, other.accountId === call.accountId))))
      continue;
    refuse(
      'CNAMEAlreadyExists',
      'One or more of the CNAMEs you provided are already associated with a different resource.',
    );
  }
}

/**
 * Checks that the caller reference is new, whatever the rest of the configuration is.
 * @throws {DistributionAlreadyExists} naming the distribution that has it
 */
export function checkReferenceFree(call: CloudFrontCall, config: DistributionConfig): void {
  for (const other of call.state.distributions.values()) {
    if (other.accountId !== call.accountId || other.config.CallerReference !== config.CallerReference) continue;
    refuse(
      'DistributionAlreadyExists',
      `The caller reference that you are using to create a distribution is associated with another distribution. Already exists: ${other.id}`,
    );
  }
}
