/** A group with all that keeps it from being deleted. */
export type GroupToRemove = {
  readonly name: string;
  readonly members: readonly string[];
  /** ARNs. */
  readonly attached: readonly string[];
  readonly inline: readonly string[];
};

/** A policy with all that keeps it from being deleted. */
export type PolicyToRemove = {
  readonly name: string;
  readonly arn: string;
  readonly use: { readonly [K in 'versions' | 'users' | 'groups' | 'roles']: readonly string[] };
};
