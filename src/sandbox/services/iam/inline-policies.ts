/** Policies that live inside a user, group or role. */
import type { XmlObject } from '../../protocol/xml';
import type { IamCall, IamOperation, OperationTable } from './call';
import { checkedDocument, encodedDocument, sizeWithoutSpace } from './documents';
import { findGroup, findRole, findUser } from './find';
import { page } from './paging';
import { existing, present, required } from './params';
import type { Quotas } from './quotas';
import { refuse } from './refusals';
import { onGroup, onRole, onUser } from './resources';
import type { Entity } from './state';

interface Side {
  readonly kind: 'User' | 'Group' | 'Role';
  readonly quota: keyof Quotas;
  readonly resource: IamOperation['resource'];
  readonly find: (call: IamCall) => Entity;
}

function put(call: IamCall, side: Side): void {
  const entity = side.find(call);
  const name = required(call, 'PolicyName');
  const document = present(call, 'PolicyDocument');
  const limit = call.quotas[side.quota];
  const others = Object.entries(entity.inline).filter(([other]) => other !== name);
  const total = [...others.map(([, text]) => text), document].reduce((sum, text) => sum + sizeWithoutSpace(text), 0);
  if (total > limit) {
    refuse(
      'LimitExceeded',
      `Maximum policy size of ${limit} bytes exceeded for ${side.kind.toLowerCase()} ${entity.name}`,
    );
  }
  entity.inline[name] = checkedDocument(document, 'identity');
}

function findDocument(call: IamCall, side: Side, entity: Entity): { readonly name: string; readonly document: string } {
  const name = existing(call, 'PolicyName');
  const document = Object.hasOwn(entity.inline, name) ? entity.inline[name] : undefined;
  if (document !== undefined) return { name, document };
  return refuse('NoSuchEntity', `The ${side.kind.toLowerCase()} policy with name ${name} cannot be found.`);
}

function get(call: IamCall, side: Side): XmlObject {
  const entity = side.find(call);
  const { name, document } = findDocument(call, side, entity);
  return { [`${side.kind}Name`]: entity.name, PolicyName: name, PolicyDocument: encodedDocument(document) };
}

function list(call: IamCall, side: Side): XmlObject {
  const { items, tail } = page(call, Object.keys(side.find(call).inline), (name) => name);
  return { PolicyNames: { member: items }, ...tail };
}

function remove(call: IamCall, side: Side): void {
  const entity = side.find(call);
  const { name } = findDocument(call, side, entity);
  entity.inline = Object.fromEntries(Object.entries(entity.inline).filter(([other]) => other !== name));
}

function operationsFor(side: Side): OperationTable {
  const { kind, resource } = side;
  return {
    [`Put${kind}Policy`]: { resource, run: (call) => put(call, side) },
    [`Get${kind}Policy`]: { resource, run: (call) => get(call, side) },
    [`List${kind}Policies`]: { resource, run: (call) => list(call, side) },
    [`Delete${kind}Policy`]: { resource, run: (call) => remove(call, side) },
  };
}

export const inlinePolicyOperations: OperationTable = {
  ...operationsFor({
    kind: 'User',
    quota: 'inlineUser',
    resource: onUser,
    find: (call) => findUser(call, existing(call, 'UserName')),
  }),
  ...operationsFor({
    kind: 'Group',
    quota: 'inlineGroup',
    resource: onGroup,
    find: (call) => findGroup(call, existing(call, 'GroupName')),
  }),
  ...operationsFor({
    kind: 'Role',
    quota: 'inlineRole',
    resource: onRole,
    find: (call) => findRole(call, existing(call, 'RoleName')),
  }),
};
