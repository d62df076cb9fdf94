/** Policy documents as IAM takes and gives them. */
import { type PolicyKind, parsePolicy } from '../../policy/document';
import { quotaExceeded, refuse } from './refusals';

/** Counts the length as the quotas do. */
export function sizeWithoutSpace(document: string): number {
  return document.replace(/\s/g, '').length;
}

/**
 * Checks that `document` is a well-formed policy, and gives it back.
 * @throws {MalformedPolicyDocument} when not
 */
export function checkedDocument(document: string, kind: PolicyKind): string {
  const parsed = parsePolicy(document, kind);
  if ('problem' in parsed) refuse('MalformedPolicyDocument', parsed.problem);
  return document;
}

/** Checks a managed policy's document, at most `limit` characters without white space, and gives it back. */
export function managedDocument(document: string, limit: number): string {
  if (sizeWithoutSpace(document) > limit) quotaExceeded('PolicySize', limit);
  return checkedDocument(document, 'identity');
}

/** Encodes by percent (RFC 3986), as IAM gives documents out. */
export function encodedDocument(document: string): string {
  return encodeURIComponent(document).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
