import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { type Context, reading } from '../context';
import { toDomainError } from '../../errors';
import type { Identity } from '../policy-judge/identity';

/** Whose credentials the session has; undefined where nobody says. Ends with `unavailable` or `throttled`. */
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
