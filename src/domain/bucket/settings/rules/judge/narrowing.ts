import { accountOfArn, isFixed, isNarrowNetwork } from './fixed';
import { hasWildcard } from './glob';
import type { Condition } from './statement';

/** What conditions leave of an Allow for everyone. */

const STRINGS = ['StringEquals', 'StringEqualsIgnoreCase', 'StringLike', 'ArnEquals', 'ArnLike'];

/** Positive comparisons that fail for a call without the key: `…IfExists`, `ForAllValues:…` and `…Not…` let such calls through. */
const demands = ({ operator, quantifier, ifExists, values }: Condition, operators: readonly string[]): boolean =>
  operators.includes(operator) && !ifExists && quantifier !== 'ForAllValues' && values.length > 0;

/** Those that name callers, and those that name what a service acts for; AWS counts them when all their values are fixed. */
const NARROWING = new Set([
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:sourcearn',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourceowner',
  'aws:sourceaccount',
  's3:dataaccesspointaccount',
]);

/** Tells whether AWS calls an Allow for everyone under these conditions not public. */
export const isNarrow = (conditions: readonly Condition[]): boolean => conditions.some(narrows);

function narrows(condition: Condition): boolean {
  const { key, values } = condition;
  if (key === 'aws:sourceip') return demands(condition, ['IpAddress']) && values.every(isNarrowNetwork);
  if (!demands(condition, STRINGS)) return false;
  if (NARROWING.has(key)) return values.every(isFixed);
  // A role's id with any session is what AWS calls the pattern AROLEID:*.
  if (key === 'aws:userid') return values.every((value) => isFixed(value) && !/^AROA[^:]*:/i.test(value));
  return key === 's3:dataaccesspointarn' && values.every((value) => accountOfAccessPoint(value) !== undefined);
}

/** A bucket policy may leave the access point's name open, but not its account. */
function accountOfAccessPoint(arn: string): string | undefined {
  const account = /^(arn:[a-z-]+:s3:[a-z0-9-]*:\d{12}:accesspoint\/)[^$]+$/.test(arn) ? accountOfArn(arn) : undefined;
  return account !== undefined && hasWildcard(account) ? undefined : account;
}

type AccountOf = (value: string) => string | undefined;
const ofId: AccountOf = (value) => (/^\d{12}$/.test(value) ? value : undefined);
const ofArn: AccountOf = (value) => (isFixed(value) ? accountOfArn(value) : undefined);

/** Keys that say for whose account an AWS service acts. */
const SOURCES: Readonly<Record<string, AccountOf>> = {
  'aws:sourceaccount': ofId,
  'aws:sourceowner': ofId,
  'aws:sourcearn': ofArn,
};

/** Keys that say whose a caller is, or by whose access point it comes. */
const CALLERS: Readonly<Record<string, AccountOf>> = {
  ...SOURCES,
  'aws:principalaccount': ofId,
  'aws:principalarn': ofArn,
  's3:dataaccesspointaccount': ofId,
  's3:dataaccesspointarn': accountOfAccessPoint,
};

/**
 * Lists the accounts that each of the conditions limits an Allow to; conditions that name none are left out. Empty: the
 * account of a value is not told.
 */
export function accountsNamed(
  conditions: readonly Condition[],
  of: 'callers' | 'sources',
): readonly (readonly string[])[] {
  const keys = of === 'sources' ? SOURCES : CALLERS;
  return conditions.flatMap((condition) => {
    const accountOf = Object.hasOwn(keys, condition.key) ? keys[condition.key] : undefined;
    if (accountOf === undefined || !demands(condition, STRINGS)) return [];
    const accounts = condition.values.map(accountOf);
    return accounts.every((account) => account !== undefined) ? [accounts] : [];
  });
}
