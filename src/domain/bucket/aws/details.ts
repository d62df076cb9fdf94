import { GetBucketLoggingCommand } from '@aws-sdk/client-s3';
import { type Context, owned, reading } from '../../shared/context';
import { DomainFailure, toDomainError } from '../../../base/errors';
import type { SettingName } from '../../shared/settings-shapes';
import type { BucketDetails, LoggingShape } from '../../shared/shapes';
import { optionally, warned } from '../../shared/store-features';
import { visibleTags } from '../../shared/tags';
import { noBucket, taggingOf } from '../../shared/aws/bucket';
import { lookInside } from './emptiness';
import { readSettings } from '../settings/aws/read';

/** Access logging of a bucket; undefined when it is off. */
export async function bucketLogging(context: Context, bucket: string): Promise<LoggingShape | undefined> {
  const { LoggingEnabled: logging } = await reading(context, () =>
    context.session.s3(new GetBucketLoggingCommand({ Bucket: bucket, ...owned(context.session) })),
  );
  return (
    logging && {
      TargetBucket: logging.TargetBucket,
      TargetGrants: logging.TargetGrants,
      TargetPrefix: logging.TargetPrefix,
    }
  );
}

/** Tags, access logging, emptiness and the settings to be included, in one parallel wave. Ends with `not-found`, `denied`. */
export async function showBucket(
  context: Context,
  bucket: string,
  include: readonly SettingName[] = [],
): Promise<BucketDetails> {
  const [tags, logging, inside, { settings, warnings }] = await Promise.all([
    optionally(context, 'tagging', () => taggingOf(context, bucket)),
    optionally(context, 'logging', () => bucketLogging(context, bucket)),
    lookInside(context, bucket),
    readSettings(context, bucket, include),
  ]).catch((thrown: unknown) => {
    const { kind, origin } = toDomainError(thrown);
    throw kind === 'not-found' && origin !== undefined ? new DomainFailure({ ...noBucket(bucket), origin }) : thrown;
  });
  return {
    Tags: visibleTags(tags.value ?? []),
    Logging: logging.value,
    Empty: inside.empty,
    settings,
    ...warned([tags.warning, logging.warning, inside.versions.warning, ...warnings]),
  };
}
