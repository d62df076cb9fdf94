import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { type Context, reading } from '../../../shared/context';
import { toDomainError } from '../../../../base/errors';
import type { Identity } from '../rules/judge/identity';

/**
 * Asks STS whose credentials the session has; undefined where nobody says.
 * @throws {unavailable | throttled} when STS is
 */
export async function ownIdentity(context: Context): Promise<Identity | undefined> {
  const { session } = context;
  try {
    const { Account, Arn, UserId } = await reading(context, () => session.sts(new GetCallerIdentityCommand({})));
    return Account && Arn && UserId ? { accountId: Account, arn: Arn, userId: UserId } : undefined;
  } catch (thrown) {
    const { kind } = toDomainError(thrown);
    if (kind === 'unavailable' || kind === 'throttled') throw thrown;
    return undefined;
  }
}
