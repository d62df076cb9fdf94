/** Named things, or NoSuchEntity; what was made just now may not be seen yet. */
import { awsPolicies } from './aws-policies';
import { type IamCall, freshnessKey } from './call';
import { refuse } from './refusals';
import type { Account, Group, Policy, Role, User } from './state';

type Kind = 'user' | 'group' | 'role';

function named<T extends { readonly name: string }>(
  call: IamCall,
  kind: Kind,
  items: ReadonlyMap<string, T>,
  name: string,
): T {
  const found = items.get(name.toLowerCase());
  if (found?.name === name && call.consistency.visible(freshnessKey(kind, call.account.id, name), call.callId))
    return found;
  return refuse('NoSuchEntity', `The ${kind} with name ${name} cannot be found.`);
}

export function findUser(call: IamCall, name: string): User {
  return named(call, 'user', call.account.users, name);
}

export function findGroup(call: IamCall, name: string): Group {
  return named(call, 'group', call.account.groups, name);
}

export function findRole(call: IamCall, name: string): Role {
  return named(call, 'role', call.account.roles, name);
}

/** Finds a policy of the account or one of AWS's own. */
export function policyByArn(account: Account, arn: string): Policy | undefined {
  const own = account.policies.get(arn.slice(arn.lastIndexOf('/') + 1).toLowerCase());
  return own?.arn === arn ? own : awsPolicies(account.partition).get(arn);
}

export function findPolicy(call: IamCall, arn: string, message = `Policy ${arn} was not found.`): Policy {
  const policy = policyByArn(call.account, arn);
  if (policy !== undefined && seen(call, 'policy', policy)) return policy;
  return refuse('NoSuchEntity', message);
}

/** Finds a policy that belongs to the account and may be changed; AWS's own answer AccessDenied-like InvalidInput. */
export function findOwnPolicy(call: IamCall, arn: string): Policy {
  if (awsPolicies(call.account.partition).has(arn))
    return refuse('InvalidInput', `Policy ${arn} is managed by AWS and cannot be changed.`);
  return findPolicy(call, arn);
}

/** Tells whether a list shows the thing to this call. */
export function seen(call: IamCall, kind: Kind | 'policy', item: { readonly name: string }): boolean {
  return call.consistency.visible(freshnessKey(kind, call.account.id, item.name), call.callId);
}

export function membersOf(account: Account, group: Group): readonly User[] {
  return [...account.users.values()].filter((user) => user.groups.includes(group.name));
}
