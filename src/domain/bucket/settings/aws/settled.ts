import type { Context } from '../../../shared/context';
import { type WantedSettings, wantedSettings } from '../rules/input';
import { type PolicyScope, scopeOfSession } from '../rules/policy';
import type { SettingsChange } from '../../../shared/settings-shapes';
import { ownIdentity } from './identity';

/**
 * Settings whose policy was checked once more with what only a session knows: the account's id, and who we are where a Deny
 * asks for that. Costs a call in that case alone. Ends with `invalid`, as `wantedSettings` does, before anything is changed.
 */
export async function settledSettings(
  context: Context,
  input: SettingsChange,
  scope: PolicyScope,
  known: WantedSettings,
): Promise<WantedSettings> {
  const pending = known.policy?.pending;
  if (pending === undefined) return known;
  const { account, accountId } = context.session;
  const settled = wantedSettings(
    input,
    scopeOfSession(
      scope,
      account,
      accountId,
      pending === 'identity' ? { identity: await ownIdentity(context) } : undefined,
    ),
  );
  return settled.policy?.pending === 'identity' ? settledSettings(context, input, scope, settled) : settled;
}
