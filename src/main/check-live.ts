import { callerIdentity } from '../aws/caller-identity';
import type { Sessions } from '../aws/types';
import type { AccountConfig, Config } from '../config/types';
import { toDomainError } from '../errors';

export interface LiveCheck {
  readonly ok: boolean;
  /** One line per account, in the file's order. */
  readonly lines: readonly string[];
}

/** Opens every account as the service would, and asks AWS who it takes us for. Never rejects. */
export async function checkLive(config: Config, sessions: Sessions): Promise<LiveCheck> {
  const checked = await Promise.all([...config.accounts.values()].map((account) => checkAccount(account, sessions)));
  return { ok: checked.every(({ ok }) => ok), lines: checked.map(({ line }) => line) };
}

async function checkAccount(account: AccountConfig, sessions: Sessions): Promise<{ readonly ok: boolean; readonly line: string }> {
  try {
    const who = await callerIdentity(await sessions.open(account));
    if (who.kind === 'store') return { ok: true, line: `${account.name}: ok, the store answers` };
    if (account.id !== undefined && who.accountId !== account.id) {
      return { ok: false, line: `${account.name}: wrong account, the credentials are ${who.arn} in ${who.accountId}, configured is ${account.id}` };
    }
    return { ok: true, line: `${account.name}: ok, ${who.arn}` };
  } catch (thrown) {
    const error = toDomainError(thrown);
    return { ok: false, line: `${account.name}: ${error.kind}, ${error.detail}${error.origin?.code === undefined ? '' : ` (${error.origin.code})`}` };
  }
}
