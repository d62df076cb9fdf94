import { createHash } from 'node:crypto';
import type { Principal } from '../../contract';
import { principalArn } from '../../policy/principal';

/** Makes the 64-digit canonical user id S3 shows for an account from the account id; always the same one. */
export function canonicalId(accountId: string): string {
  return createHash('sha256').update(`canonical-user:${accountId}`).digest('hex');
}

export function ownerElement(accountId: string): { readonly ID: string } {
  return { ID: canonicalId(accountId) };
}

export function arnOf(principal: Principal): string {
  return principalArn(principal) ?? 'anonymous';
}
