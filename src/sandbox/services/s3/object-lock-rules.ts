import { AwsRefusal } from '../../contract';
import { malformedXml } from '../../protocol/xml-read';
import { integer, oneOf, optional, required, type ShapeType, struct } from '../../protocol/xml-shape';

/** The default rule of object lock. Source: S3 API Reference, ObjectLockConfiguration and DefaultRetention. */

const ruleShape = struct({
  DefaultRetention: required(
    struct({
      Mode: required(oneOf('GOVERNANCE', 'COMPLIANCE')),
      Days: optional(integer),
      Years: optional(integer),
    }),
  ),
});

export const objectLockShape = struct({
  ObjectLockEnabled: required(oneOf('Enabled')),
  Rule: optional(ruleShape),
});

export type ObjectLockConfiguration = ShapeType<typeof objectLockShape>;
export type ObjectLockRule = ShapeType<typeof ruleShape>;

/** 100 years. */
const MOST = { Days: 36_500, Years: 100 } as const;

/** Refuses a retention that has not exactly one period, or one that is out of range. */
export function checkObjectLock(configuration: ObjectLockConfiguration): ObjectLockConfiguration {
  const retention = configuration.Rule?.DefaultRetention;
  if (retention === undefined) return configuration;
  const { Days: days, Years: years } = retention;
  if ((days === undefined) === (years === undefined)) throw malformedXml();
  for (const [period, most] of [
    [days, MOST.Days],
    [years, MOST.Years],
  ] as const) {
    if (period === undefined || (period >= 1 && period <= most)) continue;
    const wording = period < 1 ? 'must be a positive integer value.' : 'is too large.';
    throw new AwsRefusal(400, 'InvalidRetentionPeriod', `Default retention period ${wording}`);
  }
  return configuration;
}
