/** Managed policies on users, groups and roles. */
import type { XmlObject } from '../../protocol/xml';
import type { Conditions, IamCall, IamOperation, OperationTable } from './call';
import { findGroup, findPolicy, findRole, findUser, policyByArn, seen } from './find';
import { page } from './paging';
import { existing, optional, required } from './params';
import { invalid, quotaExceeded, refuse } from './refusals';
import { onGroup, onPolicy, onRole, onUser } from './resources';
import type { Account, Entity } from './state';

function entities(account: Account): Entity[] {
  return [...account.users.values(), ...account.groups.values(), ...account.roles.values()];
}

/** Counts how often each policy is attached, by ARN. */
export function attachments(account: Account): Map<string, number> {
  const counts = new Map<string, number>();
  for (const arn of entities(account).flatMap((entity) => entity.attached)) counts.set(arn, (counts.get(arn) ?? 0) + 1);
  return counts;
}

/** Counts how often each policy is a permissions boundary, by ARN. */
export function boundaryUses(account: Account): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { boundary } of [...account.users.values(), ...account.roles.values()]) {
    if (boundary !== undefined) counts.set(boundary, (counts.get(boundary) ?? 0) + 1);
  }
  return counts;
}

/** Uses of one policy that stop its deletion. */
export function attachmentsOf(account: Account, arn: string): number {
  return (attachments(account).get(arn) ?? 0) + (boundaryUses(account).get(arn) ?? 0);
}

/** Attaching twice is no error. */
function attach(call: IamCall, entity: Entity, kind: string): void {
  const arn = required(call, 'PolicyArn');
  const policy = findPolicy(call, arn, `Policy ${arn} does not exist or is not attachable.`);
  if (entity.attached.includes(policy.arn)) return;
  if (entity.attached.length >= call.quotas.attachedPolicies)
    quotaExceeded(`PoliciesPer${kind}`, call.quotas.attachedPolicies);
  entity.attached.push(policy.arn);
}

function detach(call: IamCall, entity: Entity): void {
  const arn = required(call, 'PolicyArn');
  if (!entity.attached.includes(arn)) refuse('NoSuchEntity', `Policy ${arn} was not found.`);
  entity.attached = entity.attached.filter((one) => one !== arn);
}

function list(call: IamCall, entity: Entity): XmlObject {
  const prefix = optional(call, 'PathPrefix') ?? '/';
  const shown = entity.attached
    .map((arn) => findPolicyQuietly(call, arn))
    .filter((policy) => policy !== undefined)
    .filter((policy) => policy.path.startsWith(prefix));
  const { items, tail } = page(call, shown, (policy) => policy.name.toLowerCase());
  return {
    AttachedPolicies: { member: items.map((policy) => ({ PolicyName: policy.name, PolicyArn: policy.arn })) },
    ...tail,
  };
}

/** An attached policy exists, but a call too early may not see it. */
function findPolicyQuietly(call: IamCall, arn: string): { name: string; arn: string; path: string } | undefined {
  const policy = policyByArn(call.account, arn);
  return policy !== undefined && seen(call, 'policy', policy) ? policy : undefined;
}

function listEntities(call: IamCall): XmlObject {
  const { account, params } = call;
  const { arn } = findPolicy(call, required(call, 'PolicyArn'));
  const filter = params.get('EntityFilter');
  if (filter !== undefined && !['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'].includes(filter)) {
    invalid(
      'entityFilter',
      filter,
      'Member must satisfy enum value set: [User, Role, Group, LocalManagedPolicy, AWSManagedPolicy]',
    );
  }
  const prefix = optional(call, 'PathPrefix') ?? '/';
  const asBoundary = params.get('PolicyUsageFilter') === 'PermissionsBoundary';
  const uses = (entity: Entity & { boundary?: string }): boolean =>
    entity.path.startsWith(prefix) && (asBoundary ? entity.boundary === arn : entity.attached.includes(arn));
  const of = (kind: 'Group' | 'User' | 'Role', items: Iterable<Entity>): { kind: string; entity: Entity }[] =>
    filter === undefined || filter === kind ? [...items].filter(uses).map((entity) => ({ kind, entity })) : [];
  const all = [
    ...of('Group', account.groups.values()),
    ...of('User', account.users.values()),
    ...of('Role', account.roles.values()),
  ];
  const { items, tail } = page(call, all, ({ kind, entity }) => `${kind}/${entity.name.toLowerCase()}`);
  const members = (kind: 'Group' | 'User' | 'Role'): XmlObject => ({
    member: items
      .filter((item) => item.kind === kind)
      .map(({ entity }) => ({ [`${kind}Name`]: entity.name, [`${kind}Id`]: entity.id })),
  });
  return { PolicyGroups: members('Group'), PolicyUsers: members('User'), PolicyRoles: members('Role'), ...tail };
}

const policyCondition = (call: IamCall): Conditions => ({ 'iam:PolicyARN': call.params.get('PolicyArn') ?? '' });

interface Side {
  readonly resource: IamOperation['resource'];
  readonly find: (call: IamCall) => Entity;
}

const USER: Side = { resource: onUser, find: (call) => findUser(call, existing(call, 'UserName')) };
const GROUP: Side = { resource: onGroup, find: (call) => findGroup(call, existing(call, 'GroupName')) };
const ROLE: Side = { resource: onRole, find: (call) => findRole(call, existing(call, 'RoleName')) };

function operationsFor(kind: 'User' | 'Group' | 'Role', { resource, find }: Side): OperationTable {
  return {
    [`Attach${kind}Policy`]: { resource, conditions: policyCondition, run: (call) => attach(call, find(call), kind) },
    [`Detach${kind}Policy`]: { resource, conditions: policyCondition, run: (call) => detach(call, find(call)) },
    [`ListAttached${kind}Policies`]: { resource, run: (call) => list(call, find(call)) },
  };
}

export const attachmentOperations: OperationTable = {
  ...operationsFor('User', USER),
  ...operationsFor('Group', GROUP),
  ...operationsFor('Role', ROLE),
  ListEntitiesForPolicy: { resource: onPolicy, run: listEntities },
};
