import type { DomainError } from '../../../../base/errors';

/**
 * An origin access control serves 100 distributions, and so does a function, unless AWS has raised that for the account: so
 * private sites have several of both, by number. Only CloudFront knows how many are in use; it says so when one is full.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
 */

/** An origin access control of ours, by its number; without an id it is yet to be made. */
export interface AccessControl {
  readonly number: number;
  readonly id?: string;
}

/** Gives the name of the thing with that number: the first has the bare name, which was the only one once. */
export const numbered = (name: string, number: number): string => (number === 1 ? name : `${name}-${String(number)}`);

/** Reads the number out of a name; undefined for a name that is not of that form. */
export function numberOf(name: string, text: string): number | undefined {
  if (text === name) return 1;
  const digits = text.startsWith(`${name}-`) ? text.slice(name.length + 1) : '';
  return /^(?:[2-9]|[1-9]\d{1,5})$/.test(digits) ? Number(digits) : undefined;
}

/** New ones beyond the newest that was seen: one is enough, unless others fill it at the same moment. */
const MOST_NEW = 3;

/**
 * Tells which number is to be tried after those that were full: the earlier ones, where sites may have been deleted since,
 * and then new ones. undefined after three of those: then it is another quota that CloudFront speaks of.
 */
export function nextNumber(newest: number, full: readonly number[]): number | undefined {
  for (let number = 1; number < newest; number += 1) if (!full.includes(number)) return number;
  const next = Math.max(newest, ...full) + 1;
  return next > newest + MOST_NEW ? undefined : next;
}

/** The last two are said of CloudFront's functions and of Lambda's. botocore 1.44.8, CreateDistributionWithTags. */
const FULL = new Set([
  'TooManyDistributionsAssociatedToOriginAccessControl',
  'TooManyDistributionsWithFunctionAssociations',
  'TooManyDistributionsWithSingleFunctionARN',
]);

/** Tells whether CloudFront refused a distribution because an origin access control, or its function, has all it may have. */
export const isFull = ({ origin }: DomainError): boolean => FULL.has(origin?.code ?? '');
