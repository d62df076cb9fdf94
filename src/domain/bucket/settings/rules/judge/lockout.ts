import { covers } from './glob';
import { holds } from './holds';
import { type Answer, every, meansUs, type Self } from './self';
import type { Patterns, PolicyStatement } from './statement';

/** The calls that can take a policy away that shuts somebody out. */
const REPAIRS = ['s3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy'] as const;

/**
 * Tells whether a Deny keeps this service from some of them on the bucket with this ARN, so that nobody but root could
 * repair it.
 */
export function locksOut(statement: PolicyStatement, bucketArn: string, self: Self): Answer {
  if (!statement.denies || repairsOf(statement).length === 0) return 'no';
  if (!includes(statement.resources, (pattern) => covers(pattern, bucketArn))) return 'no';
  return every([meansUs(statement, self), ...statement.conditions.map((condition) => holds(condition, self))]);
}

/** Lists those of the calls that its actions include. */
export const repairsOf = ({ actions }: PolicyStatement): readonly string[] =>
  REPAIRS.filter((call) => includes(actions, (pattern) => covers(pattern.toLowerCase(), call.toLowerCase())));

const includes = ({ negated, values }: Patterns, matches: (pattern: string) => boolean): boolean =>
  values.some(matches) !== negated;
