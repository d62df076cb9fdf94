import type { XmlObject } from '../../protocol/xml';
import { type IamCall, type OperationTable, freshnessKey, isoDate } from './call';
import { findGroup, findUser, membersOf, seen } from './find';
import { newId } from './ids';
import { byName, page } from './paging';
import { RULES, checked, existing, optional, pathOf, required } from './params';
import { quotaExceeded, refuse } from './refusals';
import { onAll, onGroup, onUser } from './resources';
import { type Account, type Group, arnOf } from './state';
import { userView } from './users';

export function groupView(account: Account, group: Group): XmlObject {
  return {
    Path: group.path,
    GroupName: group.name,
    GroupId: group.id,
    Arn: arnOf(account, 'group', group.path, group.name),
    CreateDate: isoDate(group.createdAt),
  };
}

function create(call: IamCall): XmlObject {
  const { account, quotas } = call;
  const name = required(call, 'GroupName');
  const path = pathOf(call);
  if (account.groups.has(name.toLowerCase())) refuse('EntityAlreadyExists', `Group with name ${name} already exists.`);
  if (account.groups.size >= quotas.groupsPerAccount) quotaExceeded('GroupsPerAccount', quotas.groupsPerAccount);
  const group: Group = { name, path, id: newId('AGPA'), createdAt: call.now(), attached: [], inline: {} };
  account.groups.set(name.toLowerCase(), group);
  call.consistency.created(freshnessKey('group', account.id, name));
  return { Group: groupView(account, group) };
}

/** The group and a page of its members. */
function get(call: IamCall): XmlObject {
  const { account } = call;
  const group = findGroup(call, existing(call, 'GroupName'));
  const { items, tail } = page(call, membersOf(account, group), byName);
  return {
    Group: groupView(account, group),
    Users: { member: items.map((user) => userView(account, user)) },
    ...tail,
  };
}

function listed(call: IamCall, groups: readonly Group[]): XmlObject {
  const { items, tail } = page(
    call,
    groups.filter((group) => seen(call, 'group', group)),
    byName,
  );
  return { Groups: { member: items.map((group) => groupView(call.account, group)) }, ...tail };
}

function list(call: IamCall): XmlObject {
  const prefix = optional(call, 'PathPrefix') ?? '/';
  return listed(
    call,
    [...call.account.groups.values()].filter((group) => group.path.startsWith(prefix)),
  );
}

function listOfUser(call: IamCall): XmlObject {
  const user = findUser(call, existing(call, 'UserName'));
  return listed(
    call,
    [...call.account.groups.values()].filter((group) => user.groups.includes(group.name)),
  );
}

function update(call: IamCall): void {
  const { account, params } = call;
  const group = findGroup(call, existing(call, 'GroupName'));
  const newName = checked('NewGroupName', params.get('NewGroupName') ?? group.name, RULES.GroupName);
  const newPath = checked('NewPath', params.get('NewPath') ?? group.path, RULES.Path);
  const other = account.groups.get(newName.toLowerCase());
  if (other !== undefined && other !== group)
    refuse('EntityAlreadyExists', `Group with name ${newName} already exists.`);
  for (const user of membersOf(account, group))
    user.groups = user.groups.map((name) => (name === group.name ? newName : name));
  account.groups.delete(group.name.toLowerCase());
  group.name = newName;
  group.path = newPath;
  account.groups.set(newName.toLowerCase(), group);
}

function remove(call: IamCall): void {
  const { account } = call;
  const group = findGroup(call, existing(call, 'GroupName'));
  if (membersOf(account, group).length > 0)
    refuse('DeleteConflict', 'Cannot delete entity, must remove users from group first.');
  if (group.attached.length > 0) refuse('DeleteConflict', 'Cannot delete entity, must detach all policies first.');
  if (Object.keys(group.inline).length > 0)
    refuse('DeleteConflict', 'Cannot delete entity, must delete policies first.');
  account.groups.delete(group.name.toLowerCase());
  call.consistency.removed(freshnessKey('group', account.id, group.name));
}

/** Joining twice is no error. */
function addUser(call: IamCall): void {
  const group = findGroup(call, existing(call, 'GroupName'));
  const user = findUser(call, existing(call, 'UserName'));
  if (user.groups.includes(group.name)) return;
  if (user.groups.length >= call.quotas.groupsPerUser) quotaExceeded('GroupsPerUser', call.quotas.groupsPerUser);
  user.groups.push(group.name);
}

/** Leaving a group one is not in is no error. */
function removeUser(call: IamCall): void {
  const group = findGroup(call, existing(call, 'GroupName'));
  const user = findUser(call, existing(call, 'UserName'));
  user.groups = user.groups.filter((name) => name !== group.name);
}

export const groupOperations: OperationTable = {
  CreateGroup: { resource: onGroup, run: create },
  GetGroup: { resource: onGroup, run: get },
  ListGroups: { resource: onAll('group'), run: list },
  ListGroupsForUser: { resource: onUser, run: listOfUser },
  UpdateGroup: { resource: onGroup, run: update },
  DeleteGroup: { resource: onGroup, run: remove },
  AddUserToGroup: { resource: onGroup, run: addUser },
  RemoveUserFromGroup: { resource: onGroup, run: removeUser },
};
