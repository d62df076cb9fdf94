import { toDomainError } from '../../../base/errors';
import type { Context } from '../context';
import { type BlockSwitch, switchedOn } from '../account-block';

/**
 * Lists what the whole account has turned on against public bucket policies; AWS counts in what its organization says. Costs
 * a call once in some minutes. It is asked to refuse early what AWS would refuse late: where AWS does not tell (the
 * permission is missing, say, or the network does not lead to S3 Control), nothing is known, and nothing refused.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetPublicAccessBlock.html
 */
export async function accountBlock(context: Context): Promise<readonly BlockSwitch[]> {
  const { accountBlocks } = context.memory;
  const { account, accountId } = context.session;
  if (!account.iam) return [];
  const known = accountBlocks.get(accountId);
  if (known !== undefined) return known;
  const seen = await readBlock(context);
  accountBlocks.set(accountId, seen);
  return seen;
}

async function readBlock({ session }: Context): Promise<readonly BlockSwitch[]> {
  try {
    const { PublicAccessBlockConfiguration: block } = await session.s3control({
      operation: 'GetPublicAccessBlock',
      input: { AccountId: session.accountId },
    });
    return switchedOn(block);
  } catch (thrown) {
    // Another process does the operation by now.
    if (toDomainError(thrown).kind === 'superseded') throw thrown;
    return [];
  }
}
