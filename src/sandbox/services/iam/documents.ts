/** Policy documents as IAM takes and gives them. */
import { type PolicyKind, parsePolicy } from '../../policy/document';
import { quotaExceeded, refuse } from './refusals';

/** Length as the quotas count it. */
export function sizeWithoutSpace(document: string): number {
  return document.replace(/\s/g, '').length;
}

/** `document` when it is a well-formed policy; MalformedPolicyDocument otherwise. */
export function checkedDocument(document: string, kind: PolicyKind): string {
  const parsed = parsePolicy(document, kind);
  if ('problem' in parsed) refuse('MalformedPolicyDocument', parsed.problem);
  return document;
}

/** A managed policy's document, at most `limit` characters without white space. */
export function managedDocument(document: string, limit: number): string {
  if (sizeWithoutSpace(document) > limit) quotaExceeded('PolicySize', limit);
  return checkedDocument(document, 'identity');
}

/** RFC 3986 percent-encoding, as IAM gives documents out. */
export function encodedDocument(document: string): string {
  return encodeURIComponent(document).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
