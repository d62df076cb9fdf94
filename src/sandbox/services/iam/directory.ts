import type { Directory, SignedPrincipal } from '../../identities';
import type { Grants } from '../../policy/authorize';
import { principalArn } from '../../policy/principal';
import { policyByArn } from './find';
import { type Account, type Entity, type Policy, type Role, type Tag, type User, arnOf } from './state';

const NOTHING: Grants = { identity: [], boundary: undefined };

/** Gives the text in force. */
export function defaultDocument(policy: Policy | undefined): string | undefined {
  return policy?.versions.find((version) => version.id === policy.defaultVersion)?.document;
}

function documentsOf(account: Account, entity: Entity): string[] {
  const attached = entity.attached.map((arn) => defaultDocument(policyByArn(account, arn)));
  return [...Object.values(entity.inline), ...attached.filter((document) => document !== undefined)];
}

function boundaryDocument(account: Account, arn: string | undefined): string | undefined {
  if (arn === undefined) return undefined;
  // A boundary whose policy cannot be read grants nothing; it must not fall away.
  return (
    defaultDocument(policyByArn(account, arn)) ??
    '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}'
  );
}

function tagKeys(tags: readonly Tag[]): Record<string, string> {
  return Object.fromEntries(tags.map((tag) => [`aws:PrincipalTag/${tag.Key}`, tag.Value]));
}

/** Answers from the state of the moment, so that a change of policy acts on the next call. */
export function createDirectory(accounts: ReadonlyMap<string, Account>, now: () => number): Directory {
  const userOf = (principal: SignedPrincipal): User | undefined =>
    principal.kind === 'user'
      ? accounts.get(principal.accountId)?.users.get(principal.userName.toLowerCase())
      : undefined;
  const roleOf = (principal: SignedPrincipal): Role | undefined =>
    principal.kind === 'session'
      ? accounts.get(principal.accountId)?.roles.get(principal.roleName.toLowerCase())
      : undefined;

  return {
    grants: (principal) => {
      const account = accounts.get(principal.accountId);
      const entity = userOf(principal) ?? roleOf(principal);
      if (account === undefined || entity === undefined) return NOTHING;
      const groups = (userOf(principal)?.groups ?? []).map((name) => account.groups.get(name.toLowerCase()));
      const identity = [entity, ...groups.filter((group) => group !== undefined)].flatMap((one) =>
        documentsOf(account, one),
      );
      return { identity, boundary: boundaryDocument(account, entity.boundary) };
    },
    conditionKeys: (principal) => {
      const common = { 'aws:PrincipalAccount': principal.accountId };
      if (principal.kind === 'root') {
        return {
          ...common,
          'aws:PrincipalType': 'Account',
          'aws:PrincipalArn': principalArn(principal),
          'aws:userid': principal.accountId,
        };
      }
      const user = userOf(principal);
      if (user !== undefined && principal.kind === 'user') {
        return {
          ...common,
          ...tagKeys(user.tags),
          'aws:PrincipalType': 'User',
          'aws:PrincipalArn': principal.arn,
          'aws:username': user.name,
          'aws:userid': user.id,
        };
      }
      const role = roleOf(principal);
      const account = accounts.get(principal.accountId);
      if (role === undefined || account === undefined || principal.kind !== 'session') return common;
      // Tags of the session win over tags of the role (IAM User Guide, "Pass session tags").
      const sessionTags = Object.entries(principal.tags).map(([Key, Value]) => ({ Key, Value }));
      return {
        ...common,
        ...tagKeys(role.tags),
        ...tagKeys(sessionTags),
        'aws:PrincipalType': 'AssumedRole',
        'aws:PrincipalArn': arnOf(account, 'role', role.path, role.name),
        'aws:userid': `${role.id}:${principal.sessionName}`,
        'aws:MultiFactorAuthPresent': 'false',
      };
    },
    used: (accessKeyId, service, region) => {
      for (const account of accounts.values()) {
        for (const user of account.users.values()) {
          const key = user.keys.find((one) => one.id === accessKeyId);
          if (key === undefined) continue;
          key.lastUsed = { at: now(), service, region };
          return;
        }
      }
    },
  };
}
