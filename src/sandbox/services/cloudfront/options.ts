/** What of CloudFront can be set; the rest are the defaults of an account nobody raised. */
export interface CloudFrontOptions {
  /** From a change of a distribution until it is Deployed, on the sandbox's clock. AWS takes minutes. */
  readonly deploySeconds: number;
  /** Until an invalidation is Completed. Its paths leave the cache at once. */
  readonly invalidationSeconds: number;
  /** Source: CloudFront Developer Guide, "Quotas". */
  readonly distributionsPerAccount: number;
  readonly aliasesPerDistribution: number;
  readonly accessControlsPerAccount: number;
  readonly distributionsPerAccessControl: number;
  readonly functionsPerAccount: number;
  readonly distributionsPerFunction: number;
  /** Comments of the distributions that are on a flat-rate plan. */
  readonly onFlatRatePlan: readonly string[];
}

export const DEFAULT_OPTIONS: CloudFrontOptions = {
  deploySeconds: 2,
  invalidationSeconds: 2,
  distributionsPerAccount: 500,
  aliasesPerDistribution: 100,
  accessControlsPerAccount: 100,
  distributionsPerAccessControl: 100,
  functionsPerAccount: 100,
  distributionsPerFunction: 100,
  onFlatRatePlan: [],
};
