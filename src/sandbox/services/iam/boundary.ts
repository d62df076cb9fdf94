/** Permissions boundaries of users and roles. */
import type { Conditions, IamCall, OperationTable } from './call';
import { findPolicy, findRole, findUser } from './find';
import { checked, existing, RULES } from './params';
import { onRole, onUser } from './resources';

/** Reads the boundary a call names, and checks that it exists. */
export function boundaryOf(call: IamCall): string | undefined {
  const arn = call.params.get('PermissionsBoundary');
  if (arn === undefined) return undefined;
  checked('PermissionsBoundary', arn, RULES.PolicyArn);
  return findPolicy(call, arn, `Scope ARN: ${arn} does not exist or is not attachable.`).arn;
}

/** Gives `iam:PermissionsBoundary` of a call. */
export function boundaryCondition(call: IamCall): Conditions {
  const arn = call.params.get('PermissionsBoundary');
  return arn === undefined ? {} : { 'iam:PermissionsBoundary': arn };
}

function put(call: IamCall, target: { boundary?: string }): void {
  const arn = checked('PermissionsBoundary', call.params.get('PermissionsBoundary') ?? '', RULES.PolicyArn);
  target.boundary = findPolicy(call, arn, `Scope ARN: ${arn} does not exist or is not attachable.`).arn;
}

function drop(target: { boundary?: string }): void {
  delete target.boundary;
}

export const boundaryOperations: OperationTable = {
  PutUserPermissionsBoundary: {
    resource: onUser,
    run: (call) => put(call, findUser(call, existing(call, 'UserName'))),
  },
  DeleteUserPermissionsBoundary: { resource: onUser, run: (call) => drop(findUser(call, existing(call, 'UserName'))) },
  PutRolePermissionsBoundary: {
    resource: onRole,
    run: (call) => put(call, findRole(call, existing(call, 'RoleName'))),
  },
  DeleteRolePermissionsBoundary: { resource: onRole, run: (call) => drop(findRole(call, existing(call, 'RoleName'))) },
};
