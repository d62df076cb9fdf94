import { principalArn } from '../../policy/principal';
import type { XmlObject } from '../../protocol/xml';
import { type IamCall, type OperationTable, freshnessKey, isoDate } from './call';
import { findUser, seen } from './find';
import { newId } from './ids';
import { byName, page } from './paging';
import { checked, existing, optional, pathOf, required, RULES } from './params';
import { boundaryOf } from './boundary';
import { quotaExceeded, refuse } from './refusals';
import { onAll, onUser } from './resources';
import { type Account, type Tag, type User, arnOf } from './state';
import { tagsOf } from './tags';

/** As lists show a user: without tags and boundary. */
export function userView(account: Account, user: User): XmlObject {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: arnOf(account, 'user', user.path, user.name),
    CreateDate: isoDate(user.createdAt),
  };
}

export function tagView(tags: readonly Tag[]): XmlObject | undefined {
  return tags.length === 0 ? undefined : { member: tags.map(({ Key, Value }) => ({ Key, Value })) };
}

/** Shows a user with tags and boundary. */
export function fullView(account: Account, user: User): XmlObject {
  return {
    ...userView(account, user),
    PermissionsBoundary:
      user.boundary === undefined
        ? undefined
        : { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: user.boundary },
    Tags: tagView(user.tags),
  };
}

function create(call: IamCall): XmlObject {
  const { account } = call;
  const name = required(call, 'UserName');
  const path = pathOf(call);
  const tags = tagsOf(call);
  const boundary = boundaryOf(call);
  if (account.users.has(name.toLowerCase())) refuse('EntityAlreadyExists', `User with name ${name} already exists.`);
  if (account.users.size >= call.quotas.usersPerAccount) quotaExceeded('UsersPerAccount', call.quotas.usersPerAccount);
  const user: User = {
    name,
    path,
    id: newId('AIDA'),
    createdAt: call.now(),
    attached: [],
    inline: {},
    tags,
    groups: [],
    ...(boundary === undefined ? {} : { boundary }),
    keys: [],
    mfa: [],
    certificates: [],
    sshKeys: [],
    serviceCredentials: [],
  };
  account.users.set(name.toLowerCase(), user);
  call.consistency.created(freshnessKey('user', account.id, name));
  return { User: fullView(account, user) };
}

/** Without a name: the caller, also when that is the account's root. */
function get(call: IamCall): XmlObject {
  const { account, principal } = call;
  if (call.params.get('UserName') !== undefined)
    return { User: fullView(account, findUser(call, existing(call, 'UserName'))) };
  if (principal.kind === 'user') return { User: fullView(account, findUser(call, principal.userName)) };
  if (principal.kind === 'session')
    return refuse('ValidationError', 'Must specify userName when calling with non-User credentials');
  return { User: { Path: '/', UserId: account.id, Arn: principalArn(principal), CreateDate: isoDate(0) } };
}

function list(call: IamCall): XmlObject {
  const prefix = optional(call, 'PathPrefix') ?? '/';
  const users = [...call.account.users.values()].filter(
    (user) => user.path.startsWith(prefix) && seen(call, 'user', user),
  );
  const { items, tail } = page(call, users, byName);
  return { Users: { member: items.map((user) => userView(call.account, user)) }, ...tail };
}

function rename(call: IamCall): void {
  const { account, params } = call;
  const user = findUser(call, existing(call, 'UserName'));
  const newName = params.get('NewUserName') ?? user.name;
  checked('NewUserName', newName, RULES.UserName);
  const newPath = checked('NewPath', params.get('NewPath') ?? user.path, RULES.Path);
  const other = account.users.get(newName.toLowerCase());
  if (other !== undefined && other !== user) refuse('EntityAlreadyExists', `User with name ${newName} already exists.`);
  account.users.delete(user.name.toLowerCase());
  for (const device of account.mfaDevices.values()) if (device.userName === user.name) device.userName = newName;
  user.name = newName;
  user.path = newPath;
  account.users.set(newName.toLowerCase(), user);
}

/** What must be gone before a user can be. Source: IAM API reference, DeleteUser. */
const OBSTACLES: readonly (readonly [(user: User) => boolean, string])[] = [
  [(user) => user.keys.length > 0, 'must delete access keys first'],
  [(user) => user.attached.length > 0, 'must detach all policies first'],
  [(user) => Object.keys(user.inline).length > 0, 'must delete policies first'],
  [(user) => user.groups.length > 0, 'must remove user from all groups first'],
  [(user) => user.loginProfile !== undefined, 'must delete login profile first'],
  [(user) => user.mfa.length > 0, 'must delete MFA device first'],
  [(user) => user.certificates.length > 0, 'must delete signing certificates first'],
  [(user) => user.sshKeys.length > 0, 'must delete SSH public keys first'],
  [(user) => user.serviceCredentials.length > 0, 'must delete service-specific credentials first'],
];

function remove(call: IamCall): void {
  const user = findUser(call, existing(call, 'UserName'));
  const obstacle = OBSTACLES.find(([stands]) => stands(user));
  if (obstacle !== undefined) refuse('DeleteConflict', `Cannot delete entity, ${obstacle[1]}.`);
  call.account.users.delete(user.name.toLowerCase());
  call.consistency.removed(freshnessKey('user', call.account.id, user.name));
}

export const userOperations: OperationTable = {
  CreateUser: { resource: onUser, run: create },
  GetUser: { resource: onUser, run: get },
  ListUsers: { resource: onAll('user'), run: list },
  UpdateUser: { resource: onUser, run: rename },
  DeleteUser: { resource: onUser, run: remove },
};
