import type { CloudFrontCall } from './call';
import type { DistributionConfig } from './config-shape';
import { itemsOf } from './counted';
import { refuse } from './refusals';
import type { Distribution } from './state';

/** How many distributions may share one thing. Source: CloudFront Developer Guide, "Quotas". */

const accessControlsOf = (config: DistributionConfig): readonly string[] =>
  itemsOf('Origin', config.Origins)
    .map(({ OriginAccessControlId: id }) => id ?? '')
    .filter((id) => id !== '');

/** ARNs of the functions that any behaviour runs. */
export const functionsOf = (config: DistributionConfig): readonly string[] =>
  [config.DefaultCacheBehavior, ...itemsOf('CacheBehavior', config.CacheBehaviors)].flatMap((behavior) =>
    itemsOf('FunctionAssociation', behavior.FunctionAssociations).map(({ FunctionARN }) => FunctionARN),
  );

/**
 * Checks that what a distribution shares with others is not used by too many; it counts until it is deleted.
 * @throws {TooManyDistributionsAssociatedToOriginAccessControl | TooManyDistributionsWithFunctionAssociations}
 */
export function checkShared(call: CloudFrontCall, config: DistributionConfig, self: Distribution | undefined): void {
  const others = [...call.state.distributions.values()].filter((one) => one !== self);
  const isUsedUp = (shared: (config: DistributionConfig) => readonly string[], most: number): boolean =>
    shared(config).some((id) => others.filter((other) => shared(other.config).includes(id)).length >= most);
  if (isUsedUp(accessControlsOf, call.options.distributionsPerAccessControl))
    refuse(
      'TooManyDistributionsAssociatedToOriginAccessControl',
      'The maximum number of distributions have been associated with the specified origin access control.',
    );
  if (isUsedUp(functionsOf, call.options.distributionsPerFunction))
    refuse(
      'TooManyDistributionsWithFunctionAssociations',
      'You have reached the maximum number of distributions that are associated with a CloudFront function.',
    );
}
