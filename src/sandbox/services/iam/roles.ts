import type { XmlObject } from '../../protocol/xml';
import { boundaryOf } from './boundary';
import { type IamCall, type OperationTable, freshnessKey, isoDate } from './call';
import { checkedDocument, encodedDocument } from './documents';
import { findRole, seen } from './find';
import { newId } from './ids';
import { byName, page } from './paging';
import { existing, optional, pathOf, present, required } from './params';
import { invalid, quotaExceeded, refuse } from './refusals';
import { onAll, onRole } from './resources';
import { type Account, type Role, arnOf } from './state';
import { tagsOf } from './tags';
import { tagView } from './users';

function view(account: Account, role: Role): XmlObject {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: arnOf(account, 'role', role.path, role.name),
    CreateDate: isoDate(role.createdAt),
    AssumeRolePolicyDocument: encodedDocument(role.trust),
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds,
  };
}

function fullView(account: Account, role: Role): XmlObject {
  return {
    ...view(account, role),
    PermissionsBoundary:
      role.boundary === undefined
        ? undefined
        : { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: role.boundary },
    Tags: tagView(role.tags),
  };
}

/** Source: IAM API reference, CreateRole: one hour to twelve. */
function maxSession(call: IamCall): number {
  const asked = call.params.get('MaxSessionDuration') ?? '3600';
  if (/^\d{1,6}$/.test(asked) && Number(asked) >= 3600 && Number(asked) <= 43_200) return Number(asked);
  return invalid('maxSessionDuration', asked, 'Member must have value between 3600 and 43200');
}

function create(call: IamCall): XmlObject {
  const { account, quotas } = call;
  const name = required(call, 'RoleName');
  const path = pathOf(call);
  const trust = checkedDocument(present(call, 'AssumeRolePolicyDocument'), 'trust');
  const maxSessionSeconds = maxSession(call);
  const tags = tagsOf(call);
  const boundary = boundaryOf(call);
  const description = call.params.get('Description');
  if (account.roles.has(name.toLowerCase())) refuse('EntityAlreadyExists', `Role with name ${name} already exists.`);
  if (account.roles.size >= quotas.rolesPerAccount) quotaExceeded('RolesPerAccount', quotas.rolesPerAccount);
  const role: Role = {
    name,
    path,
    id: newId('AROA'),
    createdAt: call.now(),
    attached: [],
    inline: {},
    tags,
    ...(boundary === undefined ? {} : { boundary }),
    ...(description === undefined ? {} : { description }),
    trust,
    maxSessionSeconds,
  };
  account.roles.set(name.toLowerCase(), role);
  call.consistency.created(freshnessKey('role', account.id, name));
  return { Role: fullView(account, role) };
}

function list(call: IamCall): XmlObject {
  const prefix = optional(call, 'PathPrefix') ?? '/';
  const roles = [...call.account.roles.values()].filter(
    (role) => role.path.startsWith(prefix) && seen(call, 'role', role),
  );
  const { items, tail } = page(call, roles, byName);
  return { Roles: { member: items.map((role) => view(call.account, role)) }, ...tail };
}

function update(call: IamCall): XmlObject {
  const role = findRole(call, existing(call, 'RoleName'));
  const description = call.params.get('Description');
  if (call.params.get('MaxSessionDuration') !== undefined) role.maxSessionSeconds = maxSession(call);
  if (description !== undefined) role.description = description;
  return {};
}

function remove(call: IamCall): void {
  const role = findRole(call, existing(call, 'RoleName'));
  if (role.attached.length > 0) refuse('DeleteConflict', 'Cannot delete entity, must detach all policies first.');
  if (Object.keys(role.inline).length > 0)
    refuse('DeleteConflict', 'Cannot delete entity, must delete policies first.');
  call.account.roles.delete(role.name.toLowerCase());
  call.consistency.removed(freshnessKey('role', call.account.id, role.name));
}

export const roleOperations: OperationTable = {
  CreateRole: { resource: onRole, run: create },
  GetRole: {
    resource: onRole,
    run: (call) => ({ Role: fullView(call.account, findRole(call, existing(call, 'RoleName'))) }),
  },
  ListRoles: { resource: onAll('role'), run: list },
  UpdateRole: { resource: onRole, run: update },
  UpdateAssumeRolePolicy: {
    resource: onRole,
    run: (call) => {
      const role = findRole(call, existing(call, 'RoleName'));
      role.trust = checkedDocument(present(call, 'PolicyDocument'), 'trust');
    },
  },
  DeleteRole: { resource: onRole, run: remove },
};
