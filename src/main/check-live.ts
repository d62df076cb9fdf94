import { callerIdentity } from '../aws/credentials/caller-identity';
import type { Sessions } from '../aws/types';
import type { AccountConfig, Config } from '../config/types';
import { toDomainError } from '../base/errors';
import { checkPublicAccess } from './check-public-access';
import { checkZones } from './check-zones';

export interface LiveCheck {
  readonly ok: boolean;
  /** One line per account, in the file's order. */
  readonly lines: readonly string[];
}

/**
 * Opens every account as the service would, asks AWS who it takes us for, looks at the hosted zones of its domains and at what
 * blocks public access, and says where the credentials came from, or what was tried. Never rejects.
 */
export async function checkLive(config: Config, sessions: Sessions): Promise<LiveCheck> {
  const checked = await Promise.all([...config.accounts.values()].map((account) => checkAccount(account, sessions)));
  return { ok: checked.every(({ ok }) => ok), lines: checked.map(({ line }) => line) };
}

async function checkAccount(
  account: AccountConfig,
  sessions: Sessions,
): Promise<{ readonly ok: boolean; readonly line: string }> {
  try {
    const session = await sessions.open(account);
    const who = await callerIdentity(session);
    const by = `by ${await sessions.credentialsFrom(account)}${account.role === undefined ? '' : `, then the role ${account.role}`}`;
    if (who.kind === 'store') return { ok: true, line: `${account.name}: ok, the store answers, ${by}` };
    if (account.id !== undefined && who.accountId !== account.id) {
      return {
        ok: false,
        line: `${account.name}: wrong account, the credentials are ${who.arn} in ${who.accountId} ${by}, configured is ${account.id}`,
      };
    }
    const checks = await Promise.all([checkPublicAccess(session), checkZones(session)]);
    const ok = checks.every((check) => check.ok);
    const line = [`${ok ? 'ok, ' : ''}${who.arn}, ${by}`, ...checks.flatMap(({ said }) => said)].join('; ');
    return { ok, line: `${account.name}: ${line}` };
  } catch (thrown) {
    const error = toDomainError(thrown);
    return {
      ok: false,
      line: `${account.name}: ${error.kind}, ${error.detail}${error.origin?.code === undefined ? '' : ` (${error.origin.code})`}`,
    };
  }
}
