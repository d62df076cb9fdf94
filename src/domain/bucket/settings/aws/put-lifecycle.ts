import type { LifecycleRule, PutBucketLifecycleConfigurationCommandInput } from '@aws-sdk/client-s3';
import type { Plain } from '../../../shared/settings-shapes';

type Input = Pick<
  PutBucketLifecycleConfigurationCommandInput,
  'LifecycleConfiguration' | 'TransitionDefaultMinimumObjectSize'
>;

/** Rules that were read and kept as JSON, as they are put: their dates become dates again. */
export function lifecycleInput(rules: readonly Plain[], minimumSize: string | null): Input {
  return {
    LifecycleConfiguration: { Rules: JSON.parse(JSON.stringify(rules), withDates) as LifecycleRule[] },
    ...(minimumSize !== null && {
      TransitionDefaultMinimumObjectSize: minimumSize as NonNullable<Input['TransitionDefaultMinimumObjectSize']>,
    }),
  };
}

/** `Date` is the one member of a rule, in Expiration and Transitions, that the SDK wants as a date. */
function withDates(name: string, value: unknown): unknown {
  return name === 'Date' && typeof value === 'string' ? new Date(value) : value;
}
