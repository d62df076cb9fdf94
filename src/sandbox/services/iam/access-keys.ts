import type { XmlObject } from '../../protocol/xml';
import { type IamCall, type OperationTable, freshnessKey, isoDate } from './call';
import { findUser } from './find';
import { newAccessKeyId, newSecret } from './ids';
import { page } from './paging';
import { required, userNameOrCaller } from './params';
import { quotaExceeded, refuse } from './refusals';
import { onKeyOwner, onUser } from './resources';
import type { AccessKey, User } from './state';

function view(user: User, key: AccessKey): XmlObject {
  return {
    UserName: user.name,
    AccessKeyId: key.id,
    Status: key.active ? 'Active' : 'Inactive',
    CreateDate: isoDate(key.createdAt),
  };
}

function visible(call: IamCall, key: AccessKey): boolean {
  return call.consistency.visible(freshnessKey('key', '', key.id), call.callId);
}

function findKey(call: IamCall, user: User): AccessKey {
  const id = required(call, 'AccessKeyId');
  const key = user.keys.find((one) => one.id === id);
  if (key !== undefined && visible(call, key)) return key;
  return refuse('NoSuchEntity', `The Access Key with id ${id} cannot be found.`);
}

/** Two keys at most, inactive ones included. The secret is shown here and never again. */
function create(call: IamCall): XmlObject {
  const user = findUser(call, userNameOrCaller(call));
  if (user.keys.length >= call.quotas.accessKeysPerUser)
    quotaExceeded('AccessKeysPerUser', call.quotas.accessKeysPerUser);
  const key: AccessKey = { id: newAccessKeyId('AKIA'), secret: newSecret(), createdAt: call.now(), active: true };
  user.keys.push(key);
  call.consistency.created(freshnessKey('key', '', key.id));
  return { AccessKey: { ...view(user, key), SecretAccessKey: key.secret } };
}

function list(call: IamCall): XmlObject {
  const user = findUser(call, userNameOrCaller(call));
  const { items, tail } = page(
    call,
    user.keys.filter((key) => visible(call, key)),
    (key) => key.id,
  );
  return { UserName: user.name, AccessKeyMetadata: { member: items.map((key) => view(user, key)) }, ...tail };
}

function update(call: IamCall): void {
  const status = required(call, 'Status');
  findKey(call, findUser(call, userNameOrCaller(call))).active = status === 'Active';
}

function remove(call: IamCall): void {
  const user = findUser(call, userNameOrCaller(call));
  const key = findKey(call, user);
  user.keys = user.keys.filter((one) => one !== key);
  call.consistency.removed(freshnessKey('key', '', key.id));
}

function lastUsed(call: IamCall): XmlObject {
  const id = required(call, 'AccessKeyId');
  for (const user of call.account.users.values()) {
    const key = user.keys.find((one) => one.id === id);
    if (key === undefined || !visible(call, key)) continue;
    const used = key.lastUsed;
    return {
      UserName: user.name,
      AccessKeyLastUsed: {
        LastUsedDate: used === undefined ? undefined : isoDate(used.at),
        ServiceName: used?.service ?? 'N/A',
        Region: used?.region ?? 'N/A',
      },
    };
  }
  // AWS answers so for keys of others as for keys that never were.
  return refuse('NoSuchEntity', `The Access Key with id ${id} cannot be found.`);
}

export const accessKeyOperations: OperationTable = {
  CreateAccessKey: { resource: onUser, run: create },
  ListAccessKeys: { resource: onUser, run: list },
  UpdateAccessKey: { resource: onUser, run: update },
  DeleteAccessKey: { resource: onUser, run: remove },
  GetAccessKeyLastUsed: { resource: onKeyOwner, run: lastUsed },
};
