/**
 * Whether a caller may do one thing.
 * Source: IAM User Guide, "Policy evaluation logic", "Cross-account policy evaluation logic".
 */
import type { Permission, Principal } from '../contract';
import { type Question, evaluateIdentity, evaluateResource } from './evaluate';
import { principalArn } from './principal';

/** What a principal's own account grants it: JSON documents. */
export interface Grants {
  /** Policies of the user and the user's groups, or of the role. */
  readonly identity: readonly string[];
  /** Permissions boundary of the user or role. */
  readonly boundary: string | undefined;
}

export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly because: string };

export interface AuthorizationRequest {
  readonly principal: Principal;
  readonly permission: Permission;
  readonly grants: Grants;
  /** Context keys of the call (`aws:username` …); the permission's own conditions are added. */
  readonly conditions: Readonly<Record<string, string | readonly string[] | undefined>>;
}

const ALLOWED: Decision = { allowed: true };

function refused(because: string): Decision {
  return { allowed: false, because };
}

function contextKeys(request: AuthorizationRequest): Map<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries({ ...request.conditions, ...request.permission.conditions })) {
    if (value !== undefined) keys.set(name.toLowerCase(), typeof value === 'string' ? [value] : value);
  }
  return keys;
}

/** What identity policies, boundary and session policies say, together with the reason of a refusal. */
function ownAccount(
  request: AuthorizationRequest,
  question: Question,
): { identity: boolean; limits: string | undefined; denied: string | undefined } {
  const { principal, grants } = request;
  const session =
    principal.kind === 'session' && principal.sessionPolicies.length > 0 ? principal.sessionPolicies : undefined;
  const identity = evaluateIdentity(grants.identity, question);
  const boundary = grants.boundary === undefined ? 'allow' : evaluateIdentity([grants.boundary], question);
  const sessionVerdict = session === undefined ? 'allow' : evaluateIdentity(session, question);
  const denied =
    identity === 'deny'
      ? 'an identity-based policy'
      : boundary === 'deny'
        ? 'a permissions boundary'
        : sessionVerdict === 'deny'
          ? 'a session policy'
          : undefined;
  const limits =
    boundary !== 'allow' ? 'permissions boundary' : sessionVerdict !== 'allow' ? 'session policy' : undefined;
  return { identity: identity === 'allow', limits, denied };
}

/**
 * Decides whether a call is allowed. Deny anywhere wins. Within one account either side may allow; across accounts both
 * must; anonymous callers need the resource's policy. A root key may do everything in its own account.
 */
export function authorize(request: AuthorizationRequest): Decision {
  const { principal, permission } = request;
  if (permission.vouchedBy !== undefined) return authorizeVouched(request, permission.vouchedBy);
  const { action } = permission;
  const foreign =
    principal.kind !== 'anonymous' &&
    permission.resourceOwner !== undefined &&
    permission.resourceOwner !== principal.accountId;
  const needsResource = foreign || permission.requiresResourcePolicy === true;
  if (principal.kind === 'root' && !needsResource) return ALLOWED;
  const question: Question = { action, resource: permission.resource, keys: contextKeys(request) };
  const kind = permission.requiresResourcePolicy === true ? 'trust' : 'resource';
  const resource = evaluateResource(permission.resourcePolicy, kind, question, principal);
  const noResource = refused(`because no resource-based policy allows the ${action} action`);
  const ownerDenied = refused('with an explicit deny in a resource-based policy');

  if (principal.kind === 'anonymous') {
    if (resource.verdict === 'deny') return ownerDenied;
    return resource.verdict === 'allow' && permission.restrictPublic !== true ? ALLOWED : noResource;
  }

  if (resource.verdict === 'deny') return ownerDenied;
  if (needsResource && (resource.verdict !== 'allow' || (foreign && permission.restrictPublic === true)))
    return noResource;
  if (principal.kind === 'root') return ALLOWED;

  const own = ownAccount(request, question);
  if (own.denied !== undefined) return refused(`with an explicit deny in ${own.denied}`);
  // A grant to the caller by name within one account is not narrowed by what its boundary or session leaves out.
  if (!foreign && resource.allowedAs === 'self') return ALLOWED;
  const granted = own.identity || (!foreign && resource.allowedAs === 'role');
  if (!granted) return refused(`because no identity-based policy allows the ${action} action`);
  return own.limits === undefined ? ALLOWED : refused(`because no ${own.limits} allows the ${action} action`);
}

/** Whoever an identity provider vouches for has no policies of its own: the role's trust policy decides alone. */
function authorizeVouched(request: AuthorizationRequest, provider: string): Decision {
  const { action, resource, resourcePolicy } = request.permission;
  const question: Question = { action, resource, keys: contextKeys(request) };
  const { verdict } = evaluateResource(resourcePolicy, 'trust', question, { kind: 'federated', provider });
  return verdict === 'allow' ? ALLOWED : refused(`because no trust policy allows the ${action} action`);
}

/** Writes the sentence AWS answers a refused caller with. */
export function refusalMessage(principal: Principal, permission: Permission, because: string): string {
  const arn = principalArn(principal);
  if (permission.vouchedBy !== undefined) return `Not authorized to perform ${permission.action}`;
  if (arn === undefined) return 'Access Denied';
  return `User: ${arn} is not authorized to perform: ${permission.action} on resource: ${permission.resource} ${because}`;
}
