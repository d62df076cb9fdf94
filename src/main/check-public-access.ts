import type { AwsSession } from '../aws/types';
import { toDomainError } from '../base/errors';
import { accountBlocks, type BlockSwitch, switchedOn } from '../domain/shared/account-block';
import type { Check } from './check-zones';

/**
 * Looks at what the whole account blocks, where its configuration needs public access: websites with a public origin could
 * not be made, public bucket policies would be refused. Never rejects.
 */
export async function checkPublicAccess(session: AwsSession): Promise<Check> {
  const { account, accountId } = session;
  const open = [...account.domains].filter(([, { origin }]) => origin === 'public').map(([domain]) => domain);
  if (open.length === 0 && !account.allowPublicPolicies) return { ok: true, said: [] };
  try {
    const { PublicAccessBlockConfiguration: block } = await session.s3control({
      operation: 'GetPublicAccessBlock',
      input: { AccountId: accountId },
    });
    const on = switchedOn(block);
    return on.length === 0 ? { ok: true, said: [] } : { ok: open.length === 0, said: [told(account.name, on, open)] };
  } catch (thrown) {
    const { kind, detail } = toDomainError(thrown);
    // The account has none.
    if (kind === 'not-found') return { ok: true, said: [] };
    // The service works without, and then learns of a block from the call that it refuses.
    const why = kind === 'denied' ? 'for want of s3:GetAccountPublicAccessBlock' : `because ${detail}`;
    return { ok: true, said: [`public access block of the account not looked at, ${why}`] };
  }
}

function told(account: string, on: readonly BlockSwitch[], open: readonly string[]): string {
  const block = accountBlocks(account, on);
  if (open.length === 0) return `${block}: allowPublicPolicies has no effect`;
  const settings = open.map((domain) => `domains.${domain}.origin`).join(', ');
  return `${block}: no website with a public origin can be made (setting ${settings}; "private" needs no public access)`;
}
