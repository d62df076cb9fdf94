import type { Context } from '../../../shared/context';
import { type WantedSettings, wantedSettings } from '../rules/input';
import { type PolicyScope, policyScope, scopeOfSession } from '../rules/policy';
import type { SettingsChange } from '../../../shared/settings-shapes';
import { ownIdentity } from './identity';

/**
 * What a request wants of a bucket's settings, its policy checked with what only a session knows, too: the account's id, and
 * who we are where a Deny asks for that. Costs a call in that case alone.
 * @throws {invalid} a policy that shuts the service out or opens what may not be open
 */
export async function settledSettings(
  context: Context,
  bucket: string,
  input: SettingsChange,
): Promise<WantedSettings> {
  const { account, partition } = context.session;
  const scope = policyScope(account, bucket, partition);
  return settle(context, input, scope, wantedSettings(input, scope));
}

async function settle(
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
  return settled.policy?.pending === 'identity' ? settle(context, input, scope, settled) : settled;
}
