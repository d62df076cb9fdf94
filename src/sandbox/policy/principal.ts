import type { Principal } from '../contract';
import { type Patterns, federatedEntry, serviceEntry } from './document';

/** Who a policy judges: a signer, an AWS service acting by itself, e.g. `cloudfront.amazonaws.com`, or one an identity provider vouches for. */
export type Caller =
  | Principal
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'federated'; readonly provider: string };

/** How a resource policy's Principal element names a caller. */
export type Naming =
  /** Not at all. */
  | 'none'
  /** The caller's account: delegates to that account's own policies, grants nothing by itself. */
  | 'account'
  /** The role behind a session. */
  | 'role'
  /** The user, root or session itself, or everyone. */
  | 'self';

const STRENGTH: readonly Naming[] = ['none', 'account', 'role', 'self'];

type Signer = Exclude<Principal, { kind: 'anonymous' }>;

/** Gives the partition of who signed. */
export const partitionOfSigner = (principal: Signer): string =>
  principal.kind === 'root' ? (principal.partition ?? 'aws') : (principal.arn.split(':')[1] ?? '');

const rootArn = (principal: Signer): string => `arn:${partitionOfSigner(principal)}:iam::${principal.accountId}:root`;

/** Gives `arn:aws:iam::123456789012:user/path/name`, or the assumed-role ARN of a session. */
export function principalArn(principal: Signer): string;
export function principalArn(principal: Principal): string | undefined;
export function principalArn(principal: Principal): string | undefined {
  if (principal.kind === 'anonymous') return undefined;
  return principal.kind === 'root' ? rootArn(principal) : principal.arn;
}

/** The ARN without the role's path, as session ARNs know the role. */
function namesRole(entry: string, principal: Extract<Principal, { kind: 'session' }>): boolean {
  const root = `arn:${partitionOfSigner(principal)}:iam::${principal.accountId}:role/`;
  return entry.startsWith(root) && entry.endsWith(`/${principal.roleName}`);
}

function nameOne(entry: string, principal: Caller): Naming {
  if (principal.kind === 'service') return entry === '*' || entry === serviceEntry(principal.service) ? 'self' : 'none';
  if (principal.kind === 'federated')
    return entry === '*' || entry === federatedEntry(principal.provider) ? 'self' : 'none';
  if (entry === '*') return 'self';
  if (principal.kind === 'anonymous') return 'none';
  if (entry === principalArn(principal)) return 'self';
  if (entry === principal.accountId || entry === rootArn(principal)) return 'account';
  if (principal.kind === 'session' && namesRole(entry, principal)) return 'role';
  return 'none';
}

/**
 * Finds the strongest way `element` names the caller. A negated element (`NotPrincipal`) names everybody it does not
 * list. Source: IAM User Guide, "AWS JSON policy elements: Principal".
 */
export function naming(element: Patterns, principal: Caller): Naming {
  const strongest = element.values
    .map((entry) => nameOne(entry, principal))
    .reduce<Naming>((best, next) => (STRENGTH.indexOf(next) > STRENGTH.indexOf(best) ? next : best), 'none');
  if (!element.negated) return strongest;
  return strongest === 'none' ? 'self' : 'none';
}
