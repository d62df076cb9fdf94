/**
 * The ARN an operation acts on, for the Resource of policies.
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for IAM".
 */
import type { IamCall } from './call';
import { arnOf } from './state';

type NamedKind = 'user' | 'group' | 'role';

/** The ARN of something that may or may not exist: its own path when it does, the path asked for otherwise. */
function arnFor(call: IamCall, kind: NamedKind, name: string): string {
  const items = { user: call.account.users, group: call.account.groups, role: call.account.roles }[kind];
  return arnOf(call.account, kind, items.get(name.toLowerCase())?.path ?? call.params.get('Path') ?? '/', name);
}

export function onUser(call: IamCall): string {
  const caller = call.principal.kind === 'user' ? call.principal.userName : '';
  return arnFor(call, 'user', call.params.get('UserName') ?? caller);
}

/**
 * Gives the user whose key is asked about; a key that is nobody's is on a user without a name, which `user/*` covers.
 */
export function onKeyOwner(call: IamCall): string {
  const id = call.params.get('AccessKeyId');
  const owner = [...call.account.users.values()].find((user) => user.keys.some((key) => key.id === id));
  return arnFor(call, 'user', owner?.name ?? '');
}

export function onGroup(call: IamCall): string {
  return arnFor(call, 'group', call.params.get('GroupName') ?? '');
}

export function onRole(call: IamCall): string {
  return arnFor(call, 'role', call.params.get('RoleName') ?? '');
}

export function onPolicy(call: IamCall): string {
  return (
    call.params.get('PolicyArn') ??
    arnOf(call.account, 'policy', call.params.get('Path') ?? '/', call.params.get('PolicyName') ?? '')
  );
}

export function onMfaDevice(call: IamCall): string {
  return (
    call.params.get('SerialNumber') ??
    arnOf(call.account, 'mfa', call.params.get('Path') ?? '/', call.params.get('VirtualMFADeviceName') ?? '')
  );
}

/** Lists act on all things under a path. */
export function onAll(kind: NamedKind | 'mfa'): (call: IamCall) => string {
  return (call) => arnOf(call.account, kind, call.params.get('PathPrefix') ?? '/', '');
}

export function onAnything(): string {
  return '*';
}
