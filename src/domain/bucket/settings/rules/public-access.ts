import { fail } from '../../../../base/errors';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html */
export type PublicAccessBlock = {
  readonly BlockPublicAcls: boolean;
  readonly IgnorePublicAcls: boolean;
  readonly BlockPublicPolicy: boolean;
  readonly RestrictPublicBuckets: boolean;
};

/**
 * Refuses an open block in an account that does not allow public access.
 * @throws {invalid} when the block is open and the account does not allow that
 */
export function checkBlock(block: PublicAccessBlock, allowPublic: boolean): void {
  const open = Object.entries<boolean>(block).flatMap(([name, isOn]) => (isOn ? [] : [name]));
  if (open.length === 0 || allowPublic) return;
  fail({
    kind: 'invalid',
    pointer: `/PublicAccessBlock/${String(open[0])}`,
    detail: `${open.join(', ')} must be true: this account does not allow public access (its configuration has no allowPublicPolicies)`,
  });
}
