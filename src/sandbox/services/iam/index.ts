/** IAM: users, keys, groups, policies, roles of several accounts. Global: one state for every region. */
import type { Consistency } from '../../consistency';
import { AwsRefusal, type CallContext, type ServiceModule, type WireRequest } from '../../contract';
import type { CredentialSource, Directory } from '../../identities';
import { readQuery, writeQueryError, writeQueryResult } from '../../protocol/query';
import { accessKeyOperations } from './access-keys';
import { accountDetailOperations } from './account-details';
import { accountOperations } from './account-summary';
import { attachmentOperations } from './attachments';
import { boundaryCondition, boundaryOperations } from './boundary';
import { type IamCall, type IamOperation, freshnessKey } from './call';
import { createDirectory, defaultDocument } from './directory';
import { policyByArn } from './find';
import { groupOperations } from './groups';
import { inlinePolicyOperations } from './inline-policies';
import { loginProfileOperations } from './login-profiles';
import { mfaOperations } from './mfa-devices';
import { policyOperations } from './policies';
import { policyVersionOperations } from './policy-versions';
import { DEFAULT_QUOTAS, type Quotas } from './quotas';
import { roleOperations } from './roles';
import { serviceCredentialOperations } from './service-credentials';
import { certificateOperations } from './signing-certificates';
import { sshKeyOperations } from './ssh-public-keys';
import {
  type Account,
  type AccountSnapshot,
  type Role,
  arnOf,
  newAccount,
  restoreAccount,
  snapshotAccount,
} from './state';
import { tagConditions, tagOperations } from './tags';
import { userOperations } from './users';

const NAMESPACE = 'https://iam.amazonaws.com/doc/2010-05-08/';

const OPERATIONS: ReadonlyMap<string, IamOperation> = new Map(
  [
    userOperations,
    tagOperations,
    accessKeyOperations,
    groupOperations,
    policyOperations,
    policyVersionOperations,
    attachmentOperations,
    inlinePolicyOperations,
    roleOperations,
    boundaryOperations,
    loginProfileOperations,
    mfaOperations,
    certificateOperations,
    sshKeyOperations,
    serviceCredentialOperations,
    accountOperations,
    accountDetailOperations,
  ].flatMap((table) => Object.entries(table)),
);

export interface IamDeps {
  readonly now: () => number;
  readonly accounts: readonly { readonly id: string; readonly partition: string }[];
  readonly consistency: Consistency;
  readonly quotas: Partial<Quotas>;
}

/** Roles as STS needs them. */
export interface RoleSource {
  readonly find: (
    arn: string,
    callId: string,
  ) => { readonly accountId: string; readonly partition: string; readonly role: Role } | undefined;
}

export interface Iam {
  readonly service: ServiceModule;
  readonly credentials: CredentialSource;
  readonly directory: Directory;
  readonly roles: RoleSource;
  /** Text of a managed policy of an account, or of AWS's own; undefined when there is none. */
  readonly managedPolicy: (accountId: string, arn: string) => string | undefined;
}

export function createIamService(deps: IamDeps): Iam {
  const quotas: Quotas = { ...DEFAULT_QUOTAS, ...deps.quotas };
  const accounts = new Map(deps.accounts.map(({ id, partition }) => [id, newAccount(id, partition)]));
  const accountOf = (id: string): Account => {
    const account = accounts.get(id);
    if (account === undefined)
      throw new AwsRefusal(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
    return account;
  };

  const callOf = (request: WireRequest, context: CallContext): IamCall => {
    if (context.principal.kind === 'anonymous') {
      throw new AwsRefusal(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token');
    }
    return {
      account: accountOf(context.accountId),
      params: readQuery(request),
      principal: context.principal,
      callId: context.requestId,
      quotas,
      consistency: deps.consistency,
      now: context.now,
    };
  };

  const operationOf = (name: string): IamOperation => {
    const operation = OPERATIONS.get(name);
    if (operation === undefined)
      throw new AwsRefusal(501, 'NotImplemented', `The sandbox does not implement iam:${name}.`);
    return operation;
  };

  const service: ServiceModule = {
    name: 'iam',
    identify: (request) => {
      const { action } = readQuery(request);
      if (action === '')
        throw new AwsRefusal(400, 'MissingAction', 'The request is missing an action or a required parameter.');
      operationOf(action);
      return action;
    },
    permissions: (name, request, context) => {
      const call = callOf(request, context);
      const operation = operationOf(name);
      const conditions = { ...tagConditions(call), ...boundaryCondition(call), ...operation.conditions?.(call) };
      return [{ action: `iam:${name}`, resource: operation.resource(call), conditions }];
    },
    execute: (name, request, context) => {
      const result = operationOf(name).run(callOf(request, context));
      return writeQueryResult(name, NAMESPACE, result ?? undefined, context.requestId);
    },
    encodeError: (refusal, _request, requestId) => writeQueryError(refusal, NAMESPACE, requestId),
    snapshot: () => [...accounts.values()].map(snapshotAccount),
    restore: (snapshot) => {
      // Written by `snapshot` above; the file's version says so.
      for (const one of snapshot as readonly AccountSnapshot[])
        accounts.set(one.id, restoreAccount(one, accounts.get(one.id)?.partition));
    },
  };

  const credentials: CredentialSource = {
    find: (accessKeyId, callId) => {
      for (const account of accounts.values()) {
        for (const user of account.users.values()) {
          const key = user.keys.find((one) => one.id === accessKeyId);
          if (key === undefined) continue;
          if (!deps.consistency.visible(freshnessKey('key', '', key.id), callId)) return undefined;
          const arn = arnOf(account, 'user', user.path, user.name);
          return {
            secretAccessKey: key.secret,
            principal: { kind: 'user', accountId: account.id, userName: user.name, arn },
            active: key.active,
            sessionToken: undefined,
            expiresAt: undefined,
          };
        }
      }
      return undefined;
    },
  };

  const roles: RoleSource = {
    find: (arn, callId) => {
      const [, accountId = '', name = ''] = /^arn:[a-z-]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
      const account = accounts.get(accountId);
      const role = account?.roles.get(name.toLowerCase());
      if (account === undefined || role === undefined) return undefined;
      if (arnOf(account, 'role', role.path, role.name) !== arn) return undefined;
      const { partition } = account;
      const isVisible = deps.consistency.visible(freshnessKey('role', accountId, name), callId);
      return isVisible ? { accountId, partition, role } : undefined;
    },
  };

  return {
    service,
    credentials,
    directory: createDirectory(accounts, deps.now),
    roles,
    managedPolicy: (accountId, arn) => {
      const account = accounts.get(accountId);
      return account === undefined ? undefined : defaultDocument(policyByArn(account, arn));
    },
  };
}
