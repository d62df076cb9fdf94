import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { AwsSession } from '../types';

/** Who AWS takes us for; a store without IAM has no STS, there one call to S3 must do. */
export type CallerIdentity =
  { readonly kind: 'identity'; readonly accountId: string; readonly arn: string } | { readonly kind: 'store' };

/**
 * Asks AWS, over the wire, whether the session's credentials work.
 * @throws any kind that a call of the session throws
 */
export async function callerIdentity(session: AwsSession): Promise<CallerIdentity> {
  if (!session.account.iam) {
    await session.s3(new ListBucketsCommand({}));
    return { kind: 'store' };
  }
  const { Account, Arn } = await session.sts(new GetCallerIdentityCommand({}));
  return { kind: 'identity', accountId: Account ?? '', arn: Arn ?? '' };
}
